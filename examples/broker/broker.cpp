// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "broker.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace broker {

const char *toString(ProcessStatus status) {
  switch (status) {
  case ProcessStatus::Launching:
    return "launching";
  case ProcessStatus::Starting:
    return "starting";
  case ProcessStatus::Running:
    return "running";
  case ProcessStatus::Stopping:
    return "stopping";
  case ProcessStatus::Restarting:
    return "restarting";
  case ProcessStatus::Exited:
    return "exited";
  case ProcessStatus::Failed:
    return "failed";
  }
  return "unknown";
}

ProcessInfo Process::info() const {
  std::lock_guard<std::mutex> lock(mu);
  ProcessInfo info;
  info.id = spec.id;
  info.command = spec.command;
  info.status = status;
  info.pid = pid;
  info.restartCount = restartCount;
  info.exitCode = exitCode;
  info.messagesReceived = messagesReceived;
  info.startTime = startTime;
  info.endTime = endTime;
  return info;
}

void Optimizer::observe(const Message &message) {
  std::lock_guard lock(mu_);
  ++observed_;
  largest_ = std::max(largest_, message.payload.size());
}

std::uint64_t Optimizer::observed() const {
  std::lock_guard lock(mu_);
  return observed_;
}

std::size_t Optimizer::suggestedChunk() const {
  std::lock_guard lock(mu_);
  return std::clamp(std::bit_ceil(2 * largest_), std::size_t{4096}, Transport::kDefaultChunk * 4);
}

bool PermitManager::tryAcquire() {
  std::lock_guard lock(mu_);
  if (available_ <= 0)
    return false;
  --available_;
  return true;
}

void PermitManager::release() {
  std::lock_guard lock(mu_);
  ++available_;
}

int PermitManager::available() const {
  std::lock_guard lock(mu_);
  return available_;
}

Broker::Broker(BrokerOptions options)
    : options_(options), logger_(std::make_shared<Logger>()),
      spawner_(std::make_shared<Spawner>()) {
  supervisor_ = std::thread([this] { supervise(stop_.get_token()); });
}

Broker::~Broker() { shutdown(); }

std::size_t Broker::processCount() const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  return processes_.size();
}

std::size_t Broker::pendingRequestCount() const {
  std::shared_lock<std::shared_mutex> lock(pendingMu_);
  return pendingRequests_.size();
}

void Broker::insertProcess(const std::string &id, std::shared_ptr<Process> process) {
  std::unique_lock<std::shared_mutex> lock(mu_);
  processes_[id] = std::move(process);
}

void Broker::setLogger(std::shared_ptr<Logger> logger) {
  if (!logger)
    throw std::invalid_argument("setLogger: null");
  std::lock_guard<std::shared_mutex> lock(mu_);
  logger_ = std::move(logger);
}

std::shared_ptr<Logger> Broker::logger() const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  return logger_;
}

void Broker::setSpawner(std::shared_ptr<Spawner> spawner) {
  if (!spawner)
    throw std::invalid_argument("setSpawner: null");
  std::lock_guard<std::shared_mutex> lock(mu_);
  spawner_ = std::move(spawner);
}

std::shared_ptr<Spawner> Broker::spawner() const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  return spawner_;
}

void Broker::setOptimizer(Optimizer *optimizer) {
  std::lock_guard<std::shared_mutex> lock(mu_);
  optimizer_ = optimizer;
}

Optimizer *Broker::optimizer() const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  return optimizer_;
}

void Broker::setPermitManager(std::shared_ptr<PermitManager> permits) {
  std::unique_lock lock(mu_);
  permits_ = std::move(permits);
}

std::shared_ptr<PermitManager> Broker::permitManager() const {
  std::shared_lock lock(mu_);
  return permits_;
}

std::shared_ptr<Process> Broker::findProcess(const std::string &id) const {
  std::shared_lock lock(mu_);
  const auto it = processes_.find(id);
  return it == processes_.end() ? nullptr : it->second;
}

std::optional<ProcessInfo> Broker::getProcess(const std::string &id) const {
  std::shared_ptr<Process> process;
  {
    std::shared_lock<std::shared_mutex> lock(mu_);
    auto it = processes_.find(id);
    if (it == processes_.end())
      return std::nullopt;
    process = it->second;
  }
  return process->info();
}

std::vector<ProcessInfo> Broker::listProcesses() const {
  std::vector<ProcessInfo> infos;
  std::shared_lock<std::shared_mutex> lock(mu_);
  infos.reserve(processes_.size());
  for (const auto &[id, process] : processes_)
    infos.push_back(process->info());
  return infos;
}

} // namespace broker
