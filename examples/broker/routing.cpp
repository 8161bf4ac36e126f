// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "broker.h"

#include <sstream>

namespace broker {

bool Broker::routeMessage(const Message &message) {
  if (Optimizer *watcher = optimizer())
    watcher->observe(message);

  if (message.type == MessageType::Response || message.type == MessageType::Error) {
    std::shared_ptr<PendingRequest> pending;
    bool wasPending = false;
    {
      std::unique_lock<std::shared_mutex> lock(pendingMu_);
      auto it = pendingRequests_.find(message.correlationId);
      wasPending = it != pendingRequests_.end();
      if (wasPending) {
        pending = it->second;
        pendingRequests_.erase(it);
      }
    }
    if (wasPending) {
      pending->complete(message);
      return true;
    }
  }

  if (message.target == kBrokerName)
    return handleBrokerMessage(message);

  if (sendToProcess(message.target, message))
    return true;
  logger()->warn("no way to " + message.target + " for a message from " + message.source);
  if (message.type == MessageType::Request && message.source != kBrokerName)
    sendToProcess(message.source, makeError(message, "no such process: " + message.target));
  return false;
}

bool Broker::sendToProcess(const std::string &id, const Message &message) {
  std::shared_ptr<Process> process;
  {
    std::shared_lock<std::shared_mutex> lock(mu_);
    const auto it = processes_.find(id);
    if (it == processes_.end())
      return false;
    process = it->second;
  }
  std::shared_ptr<Transport> transport;
  {
    std::lock_guard<std::mutex> own(process->mu);
    transport = process->transport;
  }
  return transport && transport->send(message, options_.sendTimeout);
}

/// Messages for the broker: a child registers its endpoints, or asks what there is.
bool Broker::handleBrokerMessage(const Message &message) {
  if (message.type == MessageType::Event && message.method == "register") {
    std::istringstream names(message.payload);
    for (std::string name; std::getline(names, name);)
      if (!name.empty())
        registerEndpoint(message.source, name);
    return true;
  }
  if (message.type != MessageType::Request) {
    logger()->debug("dropped a " + std::string(toString(message.type)) + " from " + message.source);
    return false;
  }

  std::string answer;
  if (message.method == "endpoints") {
    for (const auto &endpoint : getEndpoints(message.payload))
      answer += endpoint + '\n';
  } else if (message.method == "processes") {
    for (const auto &info : listProcesses())
      answer += info.id + ' ' + toString(info.status) + '\n';
  } else {
    return routeMessage(makeError(message, "no such method: " + message.method));
  }
  return routeMessage(makeResponse(message, std::move(answer)));
}

void Broker::registerEndpoint(const std::string &processId, const std::string &endpoint) {
  std::unique_lock<std::shared_mutex> lock(endpointsMu_);
  if (rpcEndpoints_.find(processId) == rpcEndpoints_.end())
    rpcEndpoints_[processId] = {};
  auto &endpoints = rpcEndpoints_[processId];
  for (const auto &known : endpoints) {
    if (known == endpoint)
      return;
  }
  endpoints.push_back(endpoint);
  logger_->debug("registered endpoint " + endpoint + " of " + processId);
}

std::vector<std::string> Broker::getEndpoints(const std::string &processId) const {
  std::shared_lock<std::shared_mutex> lock(endpointsMu_);
  if (auto it = rpcEndpoints_.find(processId); it != rpcEndpoints_.end())
    return it->second;
  return {};
}

std::unordered_map<std::string, std::vector<std::string>> Broker::getAllEndpoints() const {
  std::shared_lock lock(endpointsMu_);
  return rpcEndpoints_;
}

} // namespace broker
