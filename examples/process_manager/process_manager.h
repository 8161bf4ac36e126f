// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef PM_PROCESS_MANAGER_H
#define PM_PROCESS_MANAGER_H

#include "process.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace pm {

enum class StartResult {
  kStarted,
  kDuplicateId, ///< the id is taken; nothing was started
  kFailed       ///< registered, but the command could not be started: its status is kFailed
};

/// Starts child processes, waits for them, and keeps a registry of them by id. Safe to use from any
/// thread; only the destructor needs the manager to itself.
class ProcessManager {
public:
  ProcessManager() = default;
  ProcessManager(const ProcessManager &) = delete;
  ProcessManager &operator=(const ProcessManager &) = delete;
  /// Kills every child that still runs, those no longer registered included, and waits for them.
  ~ProcessManager();

  /// Starts `command` (program, looked up in PATH, and arguments) as the process `id`.
  StartResult start(const std::string &id, std::vector<std::string> command);

  /// The process registered under `id`, or null.
  std::shared_ptr<Process> get(const std::string &id) const;
  /// Takes `id` out of the registry, whatever its state; a running child goes on running.
  bool remove(const std::string &id);
  bool exists(const std::string &id) const;
  std::size_t count() const;
  /// All registered processes, in no particular order.
  std::vector<ProcessInfo> list() const;
  std::size_t runningCount() const;

  /// Sends a signal to the process and the children it has in its process group. False if there is
  /// no such process or it isn't running.
  bool signal(const std::string &id, int signal);
  bool kill(const std::string &id);
  /// Waits until the process has finished. False if there is no such process or time ran out.
  bool wait(const std::string &id, std::chrono::milliseconds timeout);
  /// Takes the finished processes out of the registry; returns how many.
  std::size_t cleanupFinished();

private:
  struct Child {
    std::shared_ptr<Process> process;
    std::thread waiter;
  };

  bool launch(const std::shared_ptr<Process> &process);
  bool supervise(const std::shared_ptr<Process> &process, pid_t pid);
  void waitForChild(const std::shared_ptr<Process> &process, pid_t pid);
  void joinDoneWaiters();

  mutable std::shared_mutex mu_;
  std::unordered_map<std::string, std::shared_ptr<Process>> processes_; // guarded by mu_

  // A child is marked as finished and reaped under childrenMu_, so whoever holds it and sees a
  // process running can signal its pid: the kernel cannot have given it to another process.
  // Locked before a process's own mutex and never together with mu_.
  std::mutex childrenMu_;
  std::condition_variable finished_;
  std::unordered_map<pid_t, Child> children_; // not yet reaped; guarded by childrenMu_
  std::vector<std::thread> doneWaiters_;      // about to end; guarded by childrenMu_
};

} // namespace pm

#endif // PM_PROCESS_MANAGER_H
