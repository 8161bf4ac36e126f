// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that end, processes that fork, and objects that outlive them.

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "support.h"

#if defined(__unix__) || defined(__APPLE__)
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

using unlatch_test::counted;

// Used again by the destructors of static and thread_local objects below.
unlatch::map<int, counted> global_map;
unlatch::snapshot<counted> global_snapshot;

struct late_user {
  ~late_user() {
    global_map.store(1, 1);
    global_map.store(1, 2);
    global_map.erase(1);
    global_snapshot.replace(3);
    static_cast<void>(global_snapshot.read()->number);
    static_cast<void>(global_map.size());
  }
};

// Constructed before the library is used for the first time in this thread, so destroyed after it.
void be_a_late_user() {
  static thread_local late_user user;
  static_cast<void>(user);
}

struct static_user {
  static_user() { global_map.store(2, 2); }
  ~static_user() { global_map.erase(2); }
};
static_user in_static_storage;

// Records of hazard slots; with a mutex there are none.
std::size_t records() {
#if UNLATCH_BACKEND_LOCKED
  return 0;
#else
  std::size_t number = 0;
  for (auto *each = unlatch::reclaim::the_domain.records.load(); each != nullptr;
       each = each->next.load())
    ++number;
  return number;
#endif
}

TEST(Process, ThousandsOfThreads) {
  unlatch::map<int, counted> m;
  unlatch::counter<> c;
  constexpr int total = 4000;
  for (int i = 0; i < total;) {
    std::vector<std::thread> threads;
    for (int j = 0; j < 20; ++j, ++i)
      threads.emplace_back([&, i] {
        m.store(i % 7, i);
        m.load(3);
        ++c;
      });
    for (std::thread &each : threads)
      each.join();
  }
  EXPECT_EQ(c.sum(), static_cast<std::uint64_t>(total));
  EXPECT_LE(records(), 200U) << "records are used again";
}

TEST(Process, ManyThreadsAtOnce) {
  unlatch::map<int, int> m;
  unlatch_test::in_threads(300, [&](int index) {
    for (int i = 0; i < 20; ++i) {
      m.store((index + i) % 50, i);
      m.erase((index + 2 * i) % 50);
      m.visit(i, [&](int) { m.contains(index % 50); });
    }
  });
  EXPECT_LE(m.size(), 50U);
}

TEST(Process, UseAfterTheThreadHasHandedOnItsRecords) {
  const long before = counted::alive.load();
  const std::size_t records_before = records();
  for (int i = 0; i < 200; ++i)
    std::thread([] {
      be_a_late_user();
      global_map.store(5, 5);
    }).join();
  global_map.erase(5);
  EXPECT_EQ(counted::alive.load(), before);
  EXPECT_LE(records(), records_before + 2);
}

TEST(Process, AGuardMayOutliveItsThread) {
  const long before = counted::alive.load();
  const std::size_t records_before = records();
  for (int i = 0; i < 300; ++i) {
    unlatch::snapshot<counted> s(1);
    std::optional<unlatch::snapshot<counted>::guard> guard;
    std::thread([&] { guard.emplace(s.read()); }).join();
    s.replace(2);
    EXPECT_EQ(counted::alive.load(), before + 2);
    EXPECT_EQ((*guard)->number, 1);
    guard.reset(); // in another thread than where it was made
    EXPECT_EQ(counted::alive.load(), before + 1);
  }
  EXPECT_LE(records(), records_before + 2);
}

TEST(Process, GuardsHandedToAnotherThread) {
  unlatch::snapshot<counted> s(0);
  unlatch_test::in_threads(4, [&](int) {
    for (int i = 0; i < unlatch_test::rounds(500); ++i) {
      auto guard = std::make_unique<unlatch::snapshot<counted>::guard>(s.read());
      s.replace(i);
      std::thread([taken = std::move(guard)] { ASSERT_GE(taken->get().number, 0); }).join();
    }
  });
}

#if defined(__unix__) || defined(__APPLE__)

// The exit status of `body` in the child of a fork.
template <class Body> int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0)
    _exit(body() ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

TEST(Process, ForkWhileOthersAreInside) {
#if UNLATCH_BACKEND_LOCKED
  GTEST_SKIP() << "a mutex that another thread held stays locked in the child";
#endif
  unlatch::map<int, counted> m;
  unlatch::snapshot<counted> s(1);
  std::atomic<bool> stop{false};
  std::vector<std::thread> others;
  for (int index = 0; index < 3; ++index)
    others.emplace_back([&, index] {
      unlatch_test::generator random(static_cast<std::uint64_t>(index) + 1);
      while (!stop.load()) {
        m.store(random.below(20), 1);
        m.erase(random.below(20));
        const auto guard = s.read();
        m.visit(random.below(20), [](const counted &) {});
      }
    });
  for (int i = 0; i < 20; ++i) {
    const int status = in_child([&] {
      alarm(20); // a child that hangs is a failure, not a test that never ends
      // Whatever the others were doing, they are not waited for here, and hold nothing back.
      const long before = counted::alive.load();
      for (int j = 0; j < 100; ++j) {
        s.replace(j);
        m.store(j, j);
        m.store(j, -j);
      }
      if (m.size() < 100 || m.items().size() != m.size())
        return false;
      m.clear();
      s.replace(7);
      return m.empty() && s.read()->number == 7 && counted::alive.load() <= before;
    });
    ASSERT_EQ(status, 0);
  }
  stop = true;
  for (std::thread &each : others)
    each.join();
}

#endif

} // namespace
