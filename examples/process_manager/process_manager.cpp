// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "process_manager.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace pm {

namespace {

/// The settings every child starts with: a process group of its own, no signal blocked, and nothing
/// to read on standard input.
class SpawnSettings {
public:
  SpawnSettings() {
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_init(&actions_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  SpawnSettings(const SpawnSettings &) = delete;
  SpawnSettings &operator=(const SpawnSettings &) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawnattr_t *attributes() const { return &attributes_; }
  const posix_spawn_file_actions_t *actions() const { return &actions_; }

private:
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

/// Starts `command`; returns its process id, or 0 if that did not work.
pid_t spawn(const std::vector<std::string> &command) {
  if (command.empty())
    return 0;
  std::vector<char *> argv;
  argv.reserve(command.size() + 1);
  for (const std::string &argument : command)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);

  const SpawnSettings settings;
  pid_t pid = 0;
  if (posix_spawnp(&pid, argv[0], settings.actions(), settings.attributes(), argv.data(),
                   environ) != 0)
    return 0;
  return pid;
}

void reap(pid_t pid) {
  while (waitpid(pid, nullptr, 0) == -1 && errno == EINTR) {
  }
}

} // namespace

ProcessManager::~ProcessManager() {
  {
    std::unique_lock<std::mutex> lock(childrenMu_);
    for (const auto &[pid, child] : children_)
      ::kill(-pid, SIGKILL);
    finished_.wait(lock, [this] { return children_.empty(); });
  }
  joinDoneWaiters();
}

StartResult ProcessManager::start(const std::string &id, std::vector<std::string> command) {
  joinDoneWaiters();

  auto process = std::make_shared<Process>(id, std::move(command));
  {
    std::unique_lock<std::shared_mutex> lock(mu_);
    if (processes_.find(id) != processes_.end())
      return StartResult::kDuplicateId;
    processes_.emplace(id, process);
  }

  if (launch(process))
    return StartResult::kStarted;

  std::lock_guard<std::mutex> lock(childrenMu_);
  process->markFailed(Clock::now());
  finished_.notify_all();
  return StartResult::kFailed;
}

std::shared_ptr<Process> ProcessManager::get(const std::string &id) const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  auto it = processes_.find(id);
  if (it == processes_.end())
    return nullptr;
  return it->second;
}

bool ProcessManager::remove(const std::string &id) {
  std::unique_lock<std::shared_mutex> lock(mu_);
  return processes_.erase(id) > 0;
}

bool ProcessManager::exists(const std::string &id) const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  return processes_.contains(id);
}

std::size_t ProcessManager::count() const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  return processes_.size();
}

std::vector<ProcessInfo> ProcessManager::list() const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  std::vector<ProcessInfo> infos;
  infos.reserve(processes_.size());
  for (const auto &[id, process] : processes_)
    infos.push_back(process->info());
  return infos;
}

std::size_t ProcessManager::runningCount() const {
  std::shared_lock<std::shared_mutex> lock(mu_);
  std::size_t running = 0;
  for (const auto &entry : processes_) {
    if (entry.second->isRunning())
      ++running;
  }
  return running;
}

bool ProcessManager::signal(const std::string &id, int signal) {
  std::shared_ptr<Process> process = get(id);
  if (!process)
    return false;
  std::lock_guard<std::mutex> lock(childrenMu_);
  if (!process->isRunning())
    return false;
  return ::kill(-process->pid(), signal) == 0;
}

bool ProcessManager::kill(const std::string &id) { return signal(id, SIGKILL); }

bool ProcessManager::wait(const std::string &id, std::chrono::milliseconds timeout) {
  // A longer timeout could carry the deadline past what the clock can represent.
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365);

  std::shared_ptr<Process> process = get(id);
  if (!process)
    return false;
  std::unique_lock<std::mutex> lock(childrenMu_);
  return finished_.wait_for(lock, std::min(timeout, kLongest),
                            [&] { return process->isFinished(); });
}

std::size_t ProcessManager::cleanupFinished() {
  std::unique_lock<std::shared_mutex> lock(mu_);
  std::size_t removed = 0;
  for (auto it = processes_.begin(); it != processes_.end();) {
    if (it->second->isFinished()) {
      it = processes_.erase(it);
      ++removed;
    } else {
      ++it;
    }
  }
  return removed;
}

bool ProcessManager::launch(const std::shared_ptr<Process> &process) {
  const pid_t pid = spawn(process->command());
  if (pid == 0)
    return false;
  if (supervise(process, pid))
    return true;
  // Nobody would ever wait for this child.
  ::kill(-pid, SIGKILL);
  reap(pid);
  return false;
}

bool ProcessManager::supervise(const std::shared_ptr<Process> &process, pid_t pid) {
  std::lock_guard<std::mutex> lock(childrenMu_);
  Child &child = children_[pid];
  child.process = process;
  try {
    child.waiter = std::thread([this, process, pid] { waitForChild(process, pid); });
  } catch (const std::system_error &) {
    children_.erase(pid);
    return false;
  }
  process->setPid(pid);
  process->markStarted(Clock::now());
  return true;
}

void ProcessManager::waitForChild(const std::shared_ptr<Process> &process, pid_t pid) {
  // Leave the child a zombie for now, so that its pid stays ours until its end is on record.
  siginfo_t result{};
  int waited = 0;
  do {
    waited = waitid(P_PID, static_cast<id_t>(pid), &result, WEXITED | WNOWAIT);
  } while (waited == -1 && errno == EINTR);

  std::lock_guard<std::mutex> lock(childrenMu_);
  const TimePoint now = Clock::now();
  if (waited == -1)
    process->markFailed(now);
  else if (result.si_code == CLD_EXITED)
    process->markExited(result.si_status, now);
  else
    process->markKilled(result.si_status, now);
  reap(pid);

  auto child = children_.find(pid);
  doneWaiters_.push_back(std::move(child->second.waiter));
  children_.erase(child);
  finished_.notify_all();
}

void ProcessManager::joinDoneWaiters() {
  std::vector<std::thread> done;
  {
    std::lock_guard<std::mutex> lock(childrenMu_);
    done.swap(doneWaiters_);
  }
  for (std::thread &waiter : done)
    waiter.join();
}

} // namespace pm
