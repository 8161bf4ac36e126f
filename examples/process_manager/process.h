// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef PM_PROCESS_H
#define PM_PROCESS_H

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace pm {

using Clock = std::chrono::system_clock;
using TimePoint = Clock::time_point;

enum class Status { kCreated, kRunning, kExited, kFailed, kKilled };

const char *toString(Status status);

/// What is known of a process at one moment. The epoch stands for a time that has not come yet.
struct ProcessInfo {
  std::string id;
  std::vector<std::string> command;
  pid_t pid = 0;
  Status status = Status::kCreated;
  TimePoint startTime{};
  TimePoint endTime{};
  int exitCode = 0;
};

/// One managed process: what was asked for, and how far it got. Safe to use from any thread.
class Process {
public:
  Process(std::string id, std::vector<std::string> command);
  Process(const Process &) = delete;
  Process &operator=(const Process &) = delete;

  const std::string &id() const { return id_; }
  const std::vector<std::string> &command() const { return command_; }

  /// The child's process id, 0 before there is one.
  pid_t pid() const { return pid_.load(); }
  void setPid(pid_t pid) { pid_.store(pid); }

  /// Records a start, and forgets the outcome of an earlier run. False if it is running already.
  bool markStarted(TimePoint when);
  /// Records a normal exit. False, and nothing changes, unless it is running.
  bool markExited(int code, TimePoint when);
  /// Records that it could not be started or waited for. False if it has finished already.
  bool markFailed(TimePoint when);
  /// Records the end by a signal; the exit code is the shell's, 128 + signal. False unless running.
  bool markKilled(int signal, TimePoint when);

  Status status() const;
  TimePoint startTime() const;
  TimePoint endTime() const;
  int exitCode() const;
  bool isRunning() const;
  /// Whether it has exited, failed or been killed.
  bool isFinished() const;
  /// How long it ran, or has been running at `now`; zero if it never started.
  Clock::duration runtime(TimePoint now) const;
  ProcessInfo info() const;

private:
  const std::string id_;
  const std::vector<std::string> command_;
  std::atomic<pid_t> pid_{0};

  mutable std::mutex mu_; // guards the four below
  Status status_ = Status::kCreated;
  TimePoint startTime_{};
  TimePoint endTime_{};
  int exitCode_ = 0;
};

} // namespace pm

#endif // PM_PROCESS_H
