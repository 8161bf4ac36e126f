// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "broker.h"

#include <csignal>
#include <map>

namespace broker {

bool Broker::waitUntilReady(const std::string &id, std::chrono::milliseconds timeout) const {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const auto process = findProcess(id);
  if (!process)
    return false;
  std::unique_lock<std::mutex> lock(process->mu);
  process->changed.wait_until(lock, deadline, [&] {
    return process->status != ProcessStatus::Launching &&
           process->status != ProcessStatus::Starting;
  });
  return process->status == ProcessStatus::Running;
}

/// Runs in the read loop's thread when the child's socket is closed or the child has ended.
void Broker::reap(const std::shared_ptr<Process> &process) {
  if (!awaitExit(*process, options_.killGrace)) {
    signalChild(*process, SIGKILL);
    while (!awaitExit(*process, std::chrono::seconds(1))) {
    }
  }

  bool failed = false;
  int exitCode = 0;
  {
    std::lock_guard<std::mutex> own(process->mu);
    failed = process->status == ProcessStatus::Failed && !process->claimed;
    exitCode = process->exitCode;
  }
  logger()->info(process->spec.id + " ended, exit code " + std::to_string(exitCode));
  if (!failed)
    return;
  {
    std::lock_guard<std::mutex> lock(supervisorMu_);
    failed_.push_back(process);
  }
  supervisorWake_.notify_one();
}

void Broker::supervise(const std::stop_token &stop) {
  using Clock = std::chrono::steady_clock;
  std::multimap<Clock::time_point, std::shared_ptr<Process>> restarts; // by the time they are due

  while (!stop.stop_requested()) {
    std::deque<std::shared_ptr<Process>> failed;
    {
      std::unique_lock<std::mutex> lock(supervisorMu_);
      const auto haveFailed = [this] { return !failed_.empty(); };
      if (restarts.empty())
        supervisorWake_.wait(lock, stop, haveFailed);
      else
        supervisorWake_.wait_until(lock, stop, restarts.begin()->first, haveFailed);
      failed.swap(failed_);
    }

    for (const auto &process : failed)
      if (planRestart(*process))
        restarts.emplace(Clock::now() + process->spec.restartDelay, process);

    while (!stop.stop_requested() && !restarts.empty() && restarts.begin()->first <= Clock::now()) {
      const auto process = restarts.begin()->second;
      restarts.erase(restarts.begin());
      restartProcess(process);
    }
  }
}

/// Whether a process that has failed is to be started again.
bool Broker::planRestart(Process &process) {
  int restartCount = 0;
  {
    std::lock_guard<std::mutex> own(process.mu);
    if (process.claimed)
      return false;
    restartCount = process.restartCount;
    if (restartCount < process.spec.maxRestarts) {
      process.status = ProcessStatus::Restarting;
      process.changed.notify_all();
    }
  }
  if (restartCount < process.spec.maxRestarts)
    return true;
  if (process.spec.maxRestarts > 0)
    logger()->error(process.spec.id + " keeps failing, giving up after " +
                    std::to_string(restartCount) + " restarts");
  return false;
}

void Broker::restartProcess(const std::shared_ptr<Process> &old) {
  const std::string &id = old->spec.id;
  std::lock_guard<std::mutex> noKill(restartMu_);
  int restartCount = 0;
  {
    std::lock_guard<std::mutex> own(old->mu);
    if (old->claimed)
      return; // killed in the meantime
    old->claimed = true;
    restartCount = old->restartCount + 1;
  }
  {
    std::unique_lock<std::shared_mutex> lock(mu_);
    processes_.erase(id);
  }
  if (spawn(old->spec) != SpawnStatus::Started) {
    logger()->error("can't start " + id + " again");
    return;
  }

  std::shared_lock<std::shared_mutex> lock(mu_);
  if (auto it = processes_.find(id); it != processes_.end()) {
    std::lock_guard<std::mutex> own(it->second->mu);
    it->second->restartCount = restartCount;
  }
}

void Broker::shutdown() { std::call_once(shutdownOnce_, &Broker::doShutdown, this); }

void Broker::doShutdown() {
  stop_.request_stop();
  stopEvent_.signal();
  supervisor_.join();
  readers_.joinAll();

  std::vector<std::string> ids;
  {
    std::shared_lock<std::shared_mutex> lock(mu_);
    ids.reserve(processes_.size());
    for (const auto &entry : processes_)
      ids.push_back(entry.first);
  }

  std::vector<std::shared_ptr<Process>> ending;
  for (const auto &id : ids) {
    auto it = processes_.find(id);
    if (it != processes_.end()) {
      auto process = it->second;
      {
        std::lock_guard<std::mutex> own(process->mu);
        if (process->pid > 0)
          process->status = ProcessStatus::Stopping;
        else if (process->status == ProcessStatus::Restarting)
          process->status = ProcessStatus::Failed;
      }
      signalChild(*process, SIGTERM); // all of them first, so that they end side by side
      ending.push_back(std::move(process));
    }
  }
  for (const auto &process : ending)
    terminate(*process);
  logger()->info("shut down");
}

} // namespace broker
