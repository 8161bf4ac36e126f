// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "broker.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern char **environ;

namespace broker {

namespace {

void check(int error, const char *what) {
  if (error != 0)
    throw std::system_error(error, std::generic_category(), what);
}

/// A file descriptor with an owner.
class Descriptor {
public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

private:
  int fd_;
};

/// What posix_spawn does in the child before it runs the command.
class SpawnSetup {
public:
  SpawnSetup() {
    check(::posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
    if (const int error = ::posix_spawnattr_init(&attributes_); error != 0) {
      ::posix_spawn_file_actions_destroy(&actions_);
      check(error, "posix_spawnattr_init");
    }
  }
  ~SpawnSetup() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnSetup(const SpawnSetup &) = delete;
  SpawnSetup &operator=(const SpawnSetup &) = delete;

  void inherit(int fd, int as) {
    check(::posix_spawn_file_actions_adddup2(&actions_, fd, as), "adddup2");
  }

  void resetSignals() {
    sigset_t none;
    sigset_t defaults;
    ::sigemptyset(&none);
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGTERM);
    ::sigaddset(&defaults, SIGPIPE);
    check(::posix_spawnattr_setsigmask(&attributes_, &none), "setsigmask");
    check(::posix_spawnattr_setsigdefault(&attributes_, &defaults), "setsigdefault");
    check(::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF),
          "setflags");
  }

  const posix_spawn_file_actions_t *actions() const { return &actions_; }
  const posix_spawnattr_t *attributes() const { return &attributes_; }

private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

bool isValidId(const std::string &id) {
  return !id.empty() && id.find('\n') == std::string::npos && id != kBrokerName;
}

/// Takes note that the child has ended. The caller holds the process's mutex.
void recordExit(Process &process, int waitStatus) {
  process.exitCode = WIFEXITED(waitStatus) ? WEXITSTATUS(waitStatus) : 128 + WTERMSIG(waitStatus);
  const bool asked = process.status == ProcessStatus::Stopping;
  process.status = asked || process.exitCode == 0 ? ProcessStatus::Exited : ProcessStatus::Failed;
  process.pid = -1;
  process.endTime = std::chrono::system_clock::now();
  process.transport.reset();
  process.changed.notify_all();
}

} // namespace

Spawner::Child Spawner::launch(const ProcessSpec &spec) {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    check(errno, "socketpair");
  Descriptor ours(fds[0]);
  const Descriptor theirs(fds[1]);

  SpawnSetup setup;
  setup.inherit(theirs.get(), kChildDescriptor);
  setup.resetSignals();

  std::vector<std::string> words = spec.args;
  words.insert(words.begin(), spec.command);
  std::vector<char *> argv;
  argv.reserve(words.size() + 1);
  for (auto &word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);

  Child child;
  check(::posix_spawn(&child.pid, spec.command.c_str(), setup.actions(), setup.attributes(),
                      argv.data(), environ),
        spec.command.c_str());
  child.fd = ours.release();
  return child;
}

SpawnStatus Broker::spawn(const ProcessSpec &spec) {
  if (!isValidId(spec.id))
    return SpawnStatus::InvalidId;
  if (stop_.stop_requested())
    return SpawnStatus::ShutDown;

  std::shared_ptr<Process> process;
  {
    std::unique_lock<std::shared_mutex> lock(mu_);
    if (processes_.find(spec.id) != processes_.end())
      return SpawnStatus::AlreadyPresent;
    process = std::make_shared<Process>(spec, ProcessStatus::Launching);
    processes_[spec.id] = process;
  }

  if (!startChild(process)) {
    std::unique_lock<std::shared_mutex> lock(mu_);
    processes_.erase(spec.id);
    return stop_.stop_requested() ? SpawnStatus::ShutDown : SpawnStatus::LaunchFailed;
  }
  logger()->info("started " + spec.id);
  return SpawnStatus::Started;
}

bool Broker::startChild(const std::shared_ptr<Process> &process) {
  const std::string &id = process->spec.id;
  try {
    const auto child = spawner()->launch(process->spec);
    const Optimizer *advice = optimizer();
    const auto chunk = advice ? advice->suggestedChunk() : Transport::kDefaultChunk;
    auto transport = std::make_shared<Transport>(child.fd, chunk);
    {
      std::lock_guard<std::mutex> lock(process->mu);
      process->pid = child.pid;
      process->status = ProcessStatus::Starting;
      process->startTime = std::chrono::system_clock::now();
      process->transport = std::move(transport);
      process->changed.notify_all();
    }
    if (readers_.start([this, process] { readLoop(process); }))
      return true;
    logger()->warn("not started, the broker shuts down: " + id);
  } catch (const std::system_error &error) {
    logger()->error("can't start " + id + ": " + error.what());
  }

  {
    std::lock_guard<std::mutex> lock(process->mu);
    process->claimed = true;
    process->status = process->pid > 0 ? ProcessStatus::Stopping : ProcessStatus::Failed;
    process->changed.notify_all();
  }
  terminate(*process);
  return false;
}

bool Broker::kill(const std::string &id) {
  std::shared_ptr<Process> process;
  {
    std::lock_guard<std::mutex> noRestart(restartMu_);
    {
      std::shared_lock<std::shared_mutex> lock(mu_);
      auto it = processes_.find(id);
      if (it == processes_.end())
        return false;
      process = it->second;
    }
    std::unique_lock<std::mutex> own(process->mu);
    process->changed.wait(own, [&] { return process->status != ProcessStatus::Launching; });
    if (process->claimed)
      return false;
    process->claimed = true;
    if (process->pid > 0)
      process->status = ProcessStatus::Stopping;
  }
  terminate(*process);
  {
    std::lock_guard<std::shared_mutex> lock(mu_);
    processes_.erase(id);
  }
  logger()->info("killed " + id);
  return true;
}

void Broker::terminate(Process &process) {
  signalChild(process, SIGTERM);
  if (awaitExit(process, options_.killGrace))
    return;
  logger()->warn(process.spec.id + " does not end, killing it");
  signalChild(process, SIGKILL);
  while (!awaitExit(process, std::chrono::seconds(1))) {
  }
}

void signalChild(Process &process, int signal) {
  std::lock_guard lock(process.mu);
  if (process.pid > 0)
    ::kill(process.pid, signal);
}

bool awaitExit(Process &process, std::chrono::milliseconds timeout) {
  using namespace std::chrono_literals;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  auto pause = 1ms;
  std::unique_lock<std::mutex> lock(process.mu);
  while (process.pid > 0) {
    int waitStatus = 0;
    const pid_t ended = ::waitpid(process.pid, &waitStatus, WNOHANG);
    if (ended == process.pid || (ended < 0 && errno == ECHILD)) {
      recordExit(process, waitStatus);
      break;
    }
    if (std::chrono::steady_clock::now() >= deadline)
      return false;
    process.changed.wait_for(lock, pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
  return true;
}

} // namespace broker
