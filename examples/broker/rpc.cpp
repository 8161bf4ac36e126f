// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "broker.h"

namespace broker {

namespace {

/// Takes a pending request off the broker's list again, however its call ends.
class PendingGuard {
public:
  PendingGuard(Broker &owner, std::string correlationId)
      : owner_(owner), correlationId_(std::move(correlationId)) {}
  ~PendingGuard() { owner_.removePendingRequest(correlationId_); }
  PendingGuard(const PendingGuard &) = delete;
  PendingGuard &operator=(const PendingGuard &) = delete;

private:
  Broker &owner_;
  const std::string correlationId_;
};

/// Gives a permit back.
class Permit {
public:
  explicit Permit(std::shared_ptr<PermitManager> manager)
      : manager_(std::move(manager)), granted_(!manager_ || manager_->tryAcquire()) {}
  ~Permit() {
    if (manager_ && granted_)
      manager_->release();
  }
  Permit(const Permit &) = delete;
  Permit &operator=(const Permit &) = delete;

  bool granted() const { return granted_; }

private:
  const std::shared_ptr<PermitManager> manager_;
  const bool granted_;
};

} // namespace

PendingRequest::PendingRequest(std::string target, std::string method)
    : target_(std::move(target)), method_(std::move(method)) {}

void PendingRequest::complete(Message response) {
  {
    std::lock_guard<std::mutex> lock(mu_);
    if (!response_)
      response_ = std::move(response);
  }
  done_.notify_all();
}

std::optional<Message> PendingRequest::wait(std::chrono::milliseconds timeout,
                                            const std::stop_token &stop) {
  std::unique_lock<std::mutex> lock(mu_);
  done_.wait_for(lock, stop, timeout, [this] { return response_.has_value(); });
  return std::move(response_);
}

std::string Broker::nextCorrelationId() {
  std::uint64_t sequence = 0;
  {
    std::lock_guard<std::mutex> lock(seqMu_);
    sequence = ++correlationSeq_;
  }
  return "broker-" + std::to_string(sequence);
}

std::uint64_t Broker::issuedCorrelationIds() const {
  std::lock_guard lock(seqMu_);
  return correlationSeq_;
}

void Broker::addPendingRequest(const std::string &correlationId,
                               std::shared_ptr<PendingRequest> request) {
  std::unique_lock<std::shared_mutex> lock(pendingMu_);
  pendingRequests_[correlationId] = std::move(request);
}

void Broker::removePendingRequest(const std::string &correlationId) {
  std::lock_guard<std::shared_mutex> lock(pendingMu_);
  pendingRequests_.erase(correlationId);
}

RpcResult Broker::callRpc(const std::string &target, const std::string &method,
                          const std::string &payload, std::chrono::milliseconds timeout) {
  if (stop_.stop_requested())
    return {RpcStatus::ShutDown, "the broker is shut down"};
  const Permit permit(permitManager());
  if (!permit.granted())
    return {RpcStatus::Busy, "too many calls"};

  Message request;
  request.type = MessageType::Request;
  request.correlationId = nextCorrelationId();
  request.source = kBrokerName;
  request.target = target;
  request.method = method;
  request.payload = payload;

  auto pending = std::make_shared<PendingRequest>(target, method);
  addPendingRequest(request.correlationId, pending);
  const PendingGuard guard(*this, request.correlationId);

  if (!routeMessage(request))
    return {RpcStatus::UnknownTarget, "can't reach " + target};
  auto response = pending->wait(timeout, stop_.get_token());
  if (!response) {
    if (stop_.stop_requested())
      return {RpcStatus::ShutDown, "the broker is shut down"};
    return {RpcStatus::Timeout, "no answer from " + target};
  }
  const auto status = response->type == MessageType::Error ? RpcStatus::Failed : RpcStatus::Ok;
  return {status, std::move(response->payload)};
}

} // namespace broker
