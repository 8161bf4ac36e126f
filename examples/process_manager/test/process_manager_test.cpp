// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "process_manager.h"

#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using pm::Clock;
using pm::Process;
using pm::ProcessInfo;
using pm::ProcessManager;
using pm::StartResult;
using pm::Status;
using pm::TimePoint;

constexpr auto kPatience = 20s;

std::vector<std::string> shell(const std::string &line) { return {"/bin/sh", "-c", line}; }

TimePoint at(int seconds) { return TimePoint{} + std::chrono::seconds(seconds); }

bool eventually(const std::function<bool()> &condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

/// Whether the kernel knows no process, zombies included, of this id.
bool isGone(pid_t pid) { return ::kill(pid, 0) == -1 && errno == ESRCH; }

// Process

TEST(ProcessTest, StartsOutCreated) {
  const Process process("web", {"server", "--port=80"});
  EXPECT_EQ(process.id(), "web");
  EXPECT_EQ(process.command(), (std::vector<std::string>{"server", "--port=80"}));
  EXPECT_EQ(process.pid(), 0);
  EXPECT_EQ(process.status(), Status::kCreated);
  EXPECT_EQ(process.startTime(), TimePoint{});
  EXPECT_EQ(process.endTime(), TimePoint{});
  EXPECT_EQ(process.exitCode(), 0);
  EXPECT_FALSE(process.isRunning());
  EXPECT_FALSE(process.isFinished());
}

TEST(ProcessTest, MarkStarted) {
  Process process("p", {"true"});
  process.setPid(42);
  EXPECT_TRUE(process.markStarted(at(10)));
  EXPECT_EQ(process.pid(), 42);
  EXPECT_EQ(process.status(), Status::kRunning);
  EXPECT_EQ(process.startTime(), at(10));
  EXPECT_EQ(process.endTime(), TimePoint{});
  EXPECT_TRUE(process.isRunning());
  EXPECT_FALSE(process.isFinished());

  EXPECT_FALSE(process.markStarted(at(20)));
  EXPECT_EQ(process.startTime(), at(10));
}

TEST(ProcessTest, MarkStartedForgetsTheRunBefore) {
  Process process("p", {"true"});
  process.markStarted(at(10));
  process.markExited(7, at(20));
  EXPECT_TRUE(process.markStarted(at(30)));
  EXPECT_TRUE(process.isRunning());
  EXPECT_EQ(process.startTime(), at(30));
  EXPECT_EQ(process.endTime(), TimePoint{});
  EXPECT_EQ(process.exitCode(), 0);
}

TEST(ProcessTest, MarkExited) {
  Process process("p", {"true"});
  process.markStarted(at(10));
  EXPECT_TRUE(process.markExited(3, at(20)));
  EXPECT_EQ(process.status(), Status::kExited);
  EXPECT_EQ(process.startTime(), at(10));
  EXPECT_EQ(process.endTime(), at(20));
  EXPECT_EQ(process.exitCode(), 3);
  EXPECT_FALSE(process.isRunning());
  EXPECT_TRUE(process.isFinished());
}

TEST(ProcessTest, MarkExitedIsIgnoredUnlessRunning) {
  Process process("p", {"true"});
  EXPECT_FALSE(process.markExited(3, at(20)));
  EXPECT_EQ(process.status(), Status::kCreated);
  EXPECT_EQ(process.endTime(), TimePoint{});
  EXPECT_EQ(process.exitCode(), 0);

  process.markStarted(at(30));
  EXPECT_TRUE(process.markExited(4, at(40)));
  EXPECT_FALSE(process.markExited(5, at(50)));
  EXPECT_EQ(process.endTime(), at(40));
  EXPECT_EQ(process.exitCode(), 4);
}

TEST(ProcessTest, MarkFailed) {
  Process process("p", {"true"});
  EXPECT_TRUE(process.markFailed(at(5)));
  EXPECT_EQ(process.status(), Status::kFailed);
  EXPECT_EQ(process.startTime(), TimePoint{});
  EXPECT_EQ(process.endTime(), at(5));
  EXPECT_EQ(process.exitCode(), -1);
  EXPECT_TRUE(process.isFinished());
  EXPECT_FALSE(process.markFailed(at(6)));
  EXPECT_EQ(process.endTime(), at(5));

  Process running("q", {"true"});
  running.markStarted(at(1));
  EXPECT_TRUE(running.markFailed(at(2)));
  EXPECT_EQ(running.status(), Status::kFailed);
  EXPECT_EQ(running.startTime(), at(1));
}

TEST(ProcessTest, MarkKilled) {
  Process process("p", {"true"});
  EXPECT_FALSE(process.markKilled(SIGKILL, at(1)));
  process.markStarted(at(10));
  EXPECT_TRUE(process.markKilled(SIGKILL, at(20)));
  EXPECT_EQ(process.status(), Status::kKilled);
  EXPECT_EQ(process.endTime(), at(20));
  EXPECT_EQ(process.exitCode(), 128 + SIGKILL);
  EXPECT_TRUE(process.isFinished());
  EXPECT_FALSE(process.markExited(0, at(30)));
  EXPECT_FALSE(process.markFailed(at(30)));
  EXPECT_EQ(process.status(), Status::kKilled);
}

TEST(ProcessTest, Runtime) {
  Process process("p", {"true"});
  EXPECT_EQ(process.runtime(at(100)), 0s);
  process.markStarted(at(10));
  EXPECT_EQ(process.runtime(at(100)), 90s);
  process.markExited(0, at(25));
  EXPECT_EQ(process.runtime(at(100)), 15s);

  Process failed("q", {"true"});
  failed.markFailed(at(50));
  EXPECT_EQ(failed.runtime(at(100)), 0s);
}

TEST(ProcessTest, Info) {
  Process process("web", {"server", "-v"});
  process.setPid(42);
  process.markStarted(at(10));
  process.markExited(3, at(20));
  const ProcessInfo info = process.info();
  EXPECT_EQ(info.id, "web");
  EXPECT_EQ(info.command, (std::vector<std::string>{"server", "-v"}));
  EXPECT_EQ(info.pid, 42);
  EXPECT_EQ(info.status, Status::kExited);
  EXPECT_EQ(info.startTime, at(10));
  EXPECT_EQ(info.endTime, at(20));
  EXPECT_EQ(info.exitCode, 3);
}

TEST(ProcessTest, StatusNames) {
  EXPECT_STREQ(pm::toString(Status::kCreated), "created");
  EXPECT_STREQ(pm::toString(Status::kRunning), "running");
  EXPECT_STREQ(pm::toString(Status::kExited), "exited");
  EXPECT_STREQ(pm::toString(Status::kFailed), "failed");
  EXPECT_STREQ(pm::toString(Status::kKilled), "killed");
}

// Run number i starts at second 2i, ends at 2i + 1, and ends in one of three ways.

int codeOf(int run) { return run % 100 + 1; }

void endRun(Process &process, int run) {
  switch (run % 3) {
  case 0:
    process.markExited(codeOf(run), at(2 * run + 1));
    break;
  case 1:
    process.markKilled(codeOf(run), at(2 * run + 1));
    break;
  default:
    process.markFailed(at(2 * run + 1));
    break;
  }
}

/// Whether all of the state in `info` belongs to one moment of one run.
bool isWhole(const ProcessInfo &info) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(info.startTime.time_since_epoch()).count();
  const int run = static_cast<int>(seconds / 2);
  const bool ended = info.endTime == at(2 * run + 1);
  switch (info.status) {
  case Status::kCreated:
    return run == 0 && info.endTime == TimePoint{} && info.exitCode == 0;
  case Status::kRunning:
    return run > 0 && info.endTime == TimePoint{} && info.exitCode == 0;
  case Status::kExited:
    return run > 0 && run % 3 == 0 && ended && info.exitCode == codeOf(run);
  case Status::kKilled:
    return run > 0 && run % 3 == 1 && ended && info.exitCode == 128 + codeOf(run);
  case Status::kFailed:
    return run > 0 && run % 3 == 2 && ended && info.exitCode == -1;
  }
  return false;
}

TEST(ProcessConcurrencyTest, ReadersNeverSeeAHalfChangedState) {
  constexpr int kRuns = 5000;
  constexpr int kReaders = 4;
  Process process("p", {"true"});
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  std::atomic<int> backwards{0};
  std::atomic<int> ready{0};

  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      TimePoint last{};
      ++ready;
      do {
        const ProcessInfo info = process.info();
        if (!isWhole(info))
          ++torn;
        if (info.startTime < last)
          ++backwards;
        last = info.startTime;
        if (process.runtime(at(3 * kRuns)) < 0s)
          ++torn;
        if (process.startTime() < last)
          ++backwards;
      } while (!done.load());
    });
  }
  while (ready.load() < kReaders)
    std::this_thread::yield();
  for (int run = 1; run <= kRuns; ++run) {
    EXPECT_TRUE(process.markStarted(at(2 * run)));
    endRun(process, run);
    if (run % 16 == 0)
      std::this_thread::yield();
  }
  done = true;
  for (std::thread &reader : readers)
    reader.join();

  EXPECT_EQ(torn.load(), 0);
  EXPECT_EQ(backwards.load(), 0);
  EXPECT_EQ(process.startTime(), at(2 * kRuns));
  EXPECT_TRUE(process.isFinished());
}

TEST(ProcessConcurrencyTest, OnlyOneOfManyWritersEndsARun) {
  constexpr int kRuns = 200;
  constexpr int kWriters = 4;
  for (int run = 1; run <= kRuns; ++run) {
    Process process("p", {"true"});
    std::atomic<int> starts{0};
    std::atomic<int> ends{0};
    std::atomic<int> winner{0};
    std::atomic<int> started{0};
    std::vector<std::thread> writers;
    for (int i = 1; i <= kWriters; ++i) {
      writers.emplace_back([&, i] {
        starts += process.markStarted(at(i)) ? 1 : 0;
        // All have tried to start it before any ends it: a later start would be a second run.
        ++started;
        while (started.load() < kWriters)
          std::this_thread::yield();
        if (process.markExited(i, at(100 + i))) {
          ++ends;
          winner = i;
        }
      });
    }
    for (std::thread &writer : writers)
      writer.join();
    ASSERT_EQ(starts.load(), 1);
    ASSERT_EQ(ends.load(), 1);
    ASSERT_EQ(process.exitCode(), winner.load());
    ASSERT_EQ(process.endTime(), at(100 + winner.load()));
  }
}

// ProcessManager

TEST(ProcessManagerTest, StartsEmpty) {
  ProcessManager manager;
  EXPECT_EQ(manager.count(), 0U);
  EXPECT_EQ(manager.runningCount(), 0U);
  EXPECT_TRUE(manager.list().empty());
  EXPECT_EQ(manager.get("a"), nullptr);
  EXPECT_FALSE(manager.exists("a"));
  EXPECT_FALSE(manager.remove("a"));
  EXPECT_FALSE(manager.signal("a", SIGTERM));
  EXPECT_FALSE(manager.kill("a"));
  EXPECT_FALSE(manager.wait("a", 1ms));
  EXPECT_EQ(manager.cleanupFinished(), 0U);
}

TEST(ProcessManagerTest, RunsACommandToItsEnd) {
  ProcessManager manager;
  const TimePoint before = Clock::now();
  ASSERT_EQ(manager.start("a", shell("exit 7")), StartResult::kStarted);
  const auto process = manager.get("a");
  ASSERT_NE(process, nullptr);
  EXPECT_EQ(process->id(), "a");
  EXPECT_GT(process->pid(), 0);
  ASSERT_TRUE(manager.wait("a", kPatience));

  EXPECT_EQ(process->status(), Status::kExited);
  EXPECT_EQ(process->exitCode(), 7);
  EXPECT_GE(process->startTime(), before);
  EXPECT_GE(process->endTime(), process->startTime());
  EXPECT_LE(process->endTime(), Clock::now());
  EXPECT_TRUE(isGone(process->pid()));
  EXPECT_TRUE(manager.exists("a"));
}

TEST(ProcessManagerTest, LooksTheProgramUpInPath) {
  ProcessManager manager;
  ASSERT_EQ(manager.start("a", {"true"}), StartResult::kStarted);
  ASSERT_TRUE(manager.wait("a", kPatience));
  EXPECT_EQ(manager.get("a")->status(), Status::kExited);
  EXPECT_EQ(manager.get("a")->exitCode(), 0);
}

TEST(ProcessManagerTest, PassesArgumentsUnchanged) {
  ProcessManager manager;
  manager.start("a",
                {"/bin/sh", "-c", "test \"$1\" = 'two  words' && test -z \"$2\" && test $# -eq 2",
                 "sh", "two  words", ""});
  ASSERT_TRUE(manager.wait("a", kPatience));
  EXPECT_EQ(manager.get("a")->exitCode(), 0);
}

TEST(ProcessManagerTest, RefusesADuplicateId) {
  ProcessManager manager;
  ASSERT_EQ(manager.start("a", {"sleep", "60"}), StartResult::kStarted);
  const auto first = manager.get("a");
  EXPECT_EQ(manager.start("a", {"true"}), StartResult::kDuplicateId);
  EXPECT_EQ(manager.get("a"), first);
  EXPECT_EQ(manager.count(), 1U);

  // A finished process keeps its id until it is removed.
  manager.kill("a");
  ASSERT_TRUE(manager.wait("a", kPatience));
  EXPECT_EQ(manager.start("a", {"true"}), StartResult::kDuplicateId);
  EXPECT_TRUE(manager.remove("a"));
  EXPECT_EQ(manager.start("a", {"true"}), StartResult::kStarted);
  EXPECT_NE(manager.get("a"), first);
}

TEST(ProcessManagerTest, MarksWhatCannotBeStartedAsFailed) {
  ProcessManager manager;
  EXPECT_EQ(manager.start("missing", {"/no/such/program"}), StartResult::kFailed);
  EXPECT_EQ(manager.start("empty", {}), StartResult::kFailed);
  for (const char *id : {"missing", "empty"}) {
    const auto process = manager.get(id);
    ASSERT_NE(process, nullptr);
    EXPECT_EQ(process->status(), Status::kFailed);
    EXPECT_EQ(process->exitCode(), -1);
    EXPECT_EQ(process->pid(), 0);
    EXPECT_TRUE(manager.wait(id, 0ms));
    EXPECT_FALSE(manager.kill(id));
  }
  EXPECT_EQ(manager.cleanupFinished(), 2U);
}

TEST(ProcessManagerTest, RemoveForgetsARunningProcessButGoesOnWaitingForIt) {
  ProcessManager manager;
  ASSERT_EQ(manager.start("a", {"sleep", "0.05"}), StartResult::kStarted);
  const auto process = manager.get("a");
  EXPECT_TRUE(manager.remove("a"));
  EXPECT_FALSE(manager.remove("a"));
  EXPECT_FALSE(manager.exists("a"));
  EXPECT_EQ(manager.count(), 0U);
  EXPECT_TRUE(eventually([&] { return process->isFinished(); }));
  EXPECT_EQ(process->status(), Status::kExited);
}

TEST(ProcessManagerTest, ListShowsEveryProcess) {
  ProcessManager manager;
  manager.start("run", {"sleep", "60"});
  manager.start("exit", shell("exit 2"));
  manager.start("fail", {"/no/such/program"});
  ASSERT_TRUE(manager.wait("exit", kPatience));

  std::vector<ProcessInfo> infos = manager.list();
  ASSERT_EQ(infos.size(), 3U);
  std::sort(infos.begin(), infos.end(),
            [](const ProcessInfo &a, const ProcessInfo &b) { return a.id < b.id; });
  EXPECT_EQ(infos[0].id, "exit");
  EXPECT_EQ(infos[0].status, Status::kExited);
  EXPECT_EQ(infos[0].exitCode, 2);
  EXPECT_EQ(infos[1].id, "fail");
  EXPECT_EQ(infos[1].status, Status::kFailed);
  EXPECT_EQ(infos[2].id, "run");
  EXPECT_EQ(infos[2].status, Status::kRunning);
  EXPECT_EQ(infos[2].command, (std::vector<std::string>{"sleep", "60"}));
  EXPECT_GT(infos[2].pid, 0);

  EXPECT_EQ(manager.count(), 3U);
  EXPECT_EQ(manager.runningCount(), 1U);
}

TEST(ProcessManagerTest, KillEndsTheProcessAndItsChildren) {
  ProcessManager manager;
  ASSERT_EQ(manager.start("a", shell("sleep 60 & sleep 60")), StartResult::kStarted);
  const auto process = manager.get("a");
  EXPECT_TRUE(manager.kill("a"));
  ASSERT_TRUE(manager.wait("a", kPatience));
  EXPECT_EQ(process->status(), Status::kKilled);
  EXPECT_EQ(process->exitCode(), 128 + SIGKILL);
  EXPECT_FALSE(manager.kill("a"));
  EXPECT_TRUE(isGone(process->pid()));
}

TEST(ProcessManagerTest, SignalReachesTheProcess) {
  ProcessManager manager;
  ASSERT_EQ(manager.start("term", {"sleep", "60"}), StartResult::kStarted);
  EXPECT_TRUE(manager.signal("term", 0));
  EXPECT_FALSE(manager.signal("term", 100000));
  EXPECT_TRUE(manager.get("term")->isRunning());
  EXPECT_TRUE(manager.signal("term", SIGTERM));
  ASSERT_TRUE(manager.wait("term", kPatience));
  EXPECT_EQ(manager.get("term")->status(), Status::kKilled);
  EXPECT_EQ(manager.get("term")->exitCode(), 128 + SIGTERM);

  // One that stops and goes on hasn't ended.
  ASSERT_EQ(manager.start("stop", {"sleep", "60"}), StartResult::kStarted);
  EXPECT_TRUE(manager.signal("stop", SIGSTOP));
  EXPECT_FALSE(manager.wait("stop", 20ms));
  EXPECT_TRUE(manager.signal("stop", SIGCONT));
  EXPECT_TRUE(manager.get("stop")->isRunning());
}

TEST(ProcessManagerTest, WaitTimesOut) {
  ProcessManager manager;
  ASSERT_EQ(manager.start("a", {"sleep", "60"}), StartResult::kStarted);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(manager.wait("a", 50ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
  EXPECT_FALSE(manager.wait("a", 0ms));
  manager.kill("a");
  EXPECT_TRUE(manager.wait("a", std::chrono::milliseconds::max()));
}

TEST(ProcessManagerTest, CleanupTakesOnlyTheFinished) {
  ProcessManager manager;
  for (int i = 0; i < 5; ++i) {
    manager.start("quick" + std::to_string(i), {"true"});
    manager.start("slow" + std::to_string(i), {"sleep", "60"});
  }
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(manager.wait("quick" + std::to_string(i), kPatience));
  EXPECT_EQ(manager.count(), 10U);
  EXPECT_EQ(manager.runningCount(), 5U);
  EXPECT_EQ(manager.cleanupFinished(), 5U);
  EXPECT_EQ(manager.cleanupFinished(), 0U);
  EXPECT_EQ(manager.count(), 5U);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(manager.exists("quick" + std::to_string(i)));
    EXPECT_TRUE(manager.exists("slow" + std::to_string(i)));
  }
}

TEST(ProcessManagerTest, DestructorKillsAndReaps) {
  std::shared_ptr<Process> registered;
  std::shared_ptr<Process> removed;
  {
    ProcessManager manager;
    ASSERT_EQ(manager.start("a", {"sleep", "60"}), StartResult::kStarted);
    ASSERT_EQ(manager.start("b", {"sleep", "60"}), StartResult::kStarted);
    registered = manager.get("a");
    removed = manager.get("b");
    manager.remove("b");
  }
  EXPECT_EQ(registered->status(), Status::kKilled);
  EXPECT_EQ(removed->status(), Status::kKilled);
  EXPECT_TRUE(isGone(registered->pid()));
  EXPECT_TRUE(isGone(removed->pid()));
}

TEST(ProcessManagerConcurrencyTest, OnlyOneOfManyStartsOfAnIdWins) {
  constexpr int kThreads = 4;
  constexpr int kIds = 2000;
  ProcessManager manager;
  std::barrier together(kThreads);
  std::atomic<int> started{0};
  std::atomic<int> failed{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int id = 0; id < kIds; ++id) {
        // A few real children; the others have no command, which makes the race for an id tighter.
        std::vector<std::string> command;
        if (id % 400 == 0)
          command.emplace_back("true");
        together.arrive_and_wait();
        switch (manager.start(std::to_string(id), std::move(command))) {
        case StartResult::kStarted:
          ++started;
          break;
        case StartResult::kFailed:
          ++failed;
          break;
        case StartResult::kDuplicateId:
          ++refused;
          break;
        }
      }
    });
  }
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(started.load(), kIds / 400);
  EXPECT_EQ(failed.load(), kIds - kIds / 400);
  EXPECT_EQ(refused.load(), kIds * (kThreads - 1));
  EXPECT_EQ(manager.count(), static_cast<std::size_t>(kIds));
}

TEST(ProcessManagerConcurrencyTest, EveryFinishedProcessIsCleanedUpOnce) {
  constexpr int kProcesses = 200;
  ProcessManager manager;
  // What can't be started is registered and finished at once, and costs no child.
  for (int i = 0; i < kProcesses; ++i)
    manager.start(std::to_string(i), {});

  std::atomic<std::size_t> cleaned{0};
  std::atomic<std::size_t> removed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] { cleaned += manager.cleanupFinished(); });
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kProcesses; ++i)
        removed += manager.remove(std::to_string(i)) ? 1U : 0U;
    });
  }
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(cleaned + removed, static_cast<std::size_t>(kProcesses));
  EXPECT_EQ(manager.count(), 0U);
}

TEST(ProcessManagerConcurrencyTest, ManyWaitersSeeOneEnd) {
  ProcessManager manager;
  ASSERT_EQ(manager.start("a", {"sleep", "60"}), StartResult::kStarted);
  std::atomic<int> woken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      if (manager.wait("a", kPatience) && manager.get("a")->status() == Status::kKilled)
        ++woken;
    });
  }
  std::atomic<int> kills{0};
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] { kills += manager.kill("a") ? 1 : 0; });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(woken.load(), 6);
  EXPECT_GE(kills.load(), 1);
}

TEST(ProcessManagerConcurrencyTest, ReadersWhileProcessesComeAndGo) {
  constexpr int kStarters = 3;
  constexpr int kEach = 20;
  ProcessManager manager;
  ASSERT_EQ(manager.start("stays", {"sleep", "60"}), StartResult::kStarted);

  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::atomic<std::size_t> removed{0};

  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      do {
        std::set<std::string> ids;
        for (const ProcessInfo &info : manager.list()) {
          ids.insert(info.id);
          const bool notStarted = info.status == Status::kCreated &&
                                  info.startTime == TimePoint{} && info.endTime == TimePoint{} &&
                                  info.exitCode == 0;
          const bool running = info.status == Status::kRunning && info.pid > 0 &&
                               info.startTime != TimePoint{} && info.endTime == TimePoint{} &&
                               info.exitCode == 0;
          const bool exited = info.status == Status::kExited && info.startTime != TimePoint{} &&
                              info.endTime != TimePoint{} && info.exitCode == 5;
          const bool killed = info.status == Status::kKilled && info.startTime != TimePoint{} &&
                              info.endTime != TimePoint{} && info.exitCode == 128 + SIGKILL;
          if (!notStarted && !running && !exited && !killed)
            ++wrong;
        }
        if (!ids.contains("stays") || !manager.exists("stays") || manager.count() < 1 ||
            manager.runningCount() < 1)
          ++wrong;
        const auto stays = manager.get("stays");
        if (!stays || !stays->isRunning())
          ++wrong;
        std::this_thread::yield();
      } while (!done.load());
    });
  }
  std::thread cleaner([&] {
    do {
      removed += manager.cleanupFinished();
      std::this_thread::sleep_for(1ms);
    } while (!done.load());
  });

  std::vector<std::thread> starters;
  for (int t = 0; t < kStarters; ++t) {
    starters.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string id = std::to_string(t) + "/" + std::to_string(i);
        if (manager.start(id, shell(i % 2 == 0 ? "exit 5" : "sleep 60")) != StartResult::kStarted)
          ++wrong;
        if (i % 2 != 0 && !manager.kill(id))
          ++wrong;
      }
    });
  }
  for (std::thread &starter : starters)
    starter.join();
  EXPECT_TRUE(eventually([&] { return manager.count() == 1; }));
  done = true;
  cleaner.join();
  for (std::thread &reader : readers)
    reader.join();

  EXPECT_EQ(wrong.load(), 0);
  EXPECT_EQ(removed.load(), static_cast<std::size_t>(kStarters * kEach));
}

} // namespace
