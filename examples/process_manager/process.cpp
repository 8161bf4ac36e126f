// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "process.h"

#include <utility>

namespace pm {

namespace {

bool finished(Status status) {
  return status == Status::kExited || status == Status::kFailed || status == Status::kKilled;
}

} // namespace

const char *toString(Status status) {
  switch (status) {
  case Status::kCreated:
    return "created";
  case Status::kRunning:
    return "running";
  case Status::kExited:
    return "exited";
  case Status::kFailed:
    return "failed";
  case Status::kKilled:
    return "killed";
  }
  return "unknown";
}

Process::Process(std::string id, std::vector<std::string> command)
    : id_(std::move(id)), command_(std::move(command)) {}

bool Process::markStarted(TimePoint when) {
  std::lock_guard<std::mutex> lock(mu_);
  if (status_ == Status::kRunning)
    return false;
  status_ = Status::kRunning;
  startTime_ = when;
  endTime_ = TimePoint{};
  exitCode_ = 0;
  return true;
}

bool Process::markExited(int code, TimePoint when) {
  std::lock_guard<std::mutex> lock(mu_);
  if (status_ != Status::kRunning)
    return false;
  status_ = Status::kExited;
  endTime_ = when;
  exitCode_ = code;
  return true;
}

bool Process::markFailed(TimePoint when) {
  std::lock_guard<std::mutex> lock(mu_);
  if (finished(status_))
    return false;
  status_ = Status::kFailed;
  endTime_ = when;
  exitCode_ = -1;
  return true;
}

bool Process::markKilled(int signal, TimePoint when) {
  std::lock_guard<std::mutex> lock(mu_);
  if (status_ != Status::kRunning)
    return false;
  status_ = Status::kKilled;
  endTime_ = when;
  exitCode_ = 128 + signal;
  return true;
}

Status Process::status() const {
  std::lock_guard<std::mutex> lock(mu_);
  return status_;
}

TimePoint Process::startTime() const {
  std::lock_guard<std::mutex> lock(mu_);
  return startTime_;
}

TimePoint Process::endTime() const {
  std::lock_guard<std::mutex> lock(mu_);
  return endTime_;
}

int Process::exitCode() const {
  std::lock_guard<std::mutex> lock(mu_);
  return exitCode_;
}

bool Process::isRunning() const {
  std::lock_guard<std::mutex> lock(mu_);
  return status_ == Status::kRunning;
}

bool Process::isFinished() const {
  std::lock_guard<std::mutex> lock(mu_);
  return finished(status_);
}

Clock::duration Process::runtime(TimePoint now) const {
  std::lock_guard<std::mutex> lock(mu_);
  if (startTime_ == TimePoint{})
    return Clock::duration::zero();
  if (status_ == Status::kRunning)
    return now - startTime_;
  return endTime_ - startTime_;
}

ProcessInfo Process::info() const {
  ProcessInfo info;
  info.id = id_;
  info.command = command_;

  {
    std::lock_guard<std::mutex> lock(mu_);
    info.status = status_;
    info.startTime = startTime_;
    info.endTime = endTime_;
    info.exitCode = exitCode_;
  }
  info.pid = pid(); // known before the process counts as running
  return info;
}

} // namespace pm
