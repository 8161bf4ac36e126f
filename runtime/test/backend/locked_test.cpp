// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What could go wrong only in the form with a mutex. The tests of both forms are one folder up.

#ifndef UNLATCH_FALLBACK_MUTEX
#define UNLATCH_FALLBACK_MUTEX
#endif

#include <atomic>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "../support.h"

namespace {

static_assert(UNLATCH_BACKEND_LOCKED, "the form that is tested here");

using number_map = unlatch::map<int, int>;

// Readers overlap all the time, so if they went first, the writer would not get on.
template <class Read, class Write> void writer_gets_on(Read read, Write write) {
  std::atomic<bool> written{false};
  std::atomic<long> reads{0};
  unlatch_test::in_threads(33, [&](int index) {
    if (index > 0) {
      while (!written.load()) {
        read();
        reads.fetch_add(1);
      }
      return;
    }
    for (int i = 0; i < 20; ++i) {
      for (const long before = reads.load(); reads.load() < before + 100;) // they are at it
        std::this_thread::yield();
      write(i);
    }
    written = true;
  });
}

TEST(Locked, ReadersOfAMapDoNotKeepAWriterOut) {
  number_map m{{1, 1}};
  writer_gets_on([&] { ASSERT_TRUE(m.contains(1)); }, [&](int i) { m.store(1, i); });
  EXPECT_EQ(m.load(1), 19);
}

TEST(Locked, ReadersOfASnapshotDoNotKeepAWriterOut) {
  unlatch::snapshot<int> s(0);
  writer_gets_on([&] { ASSERT_GE(*s.read(), 0); }, [&](int i) { s.replace(i); });
  EXPECT_EQ(s.load(), 19);
}

// Nor do those who look at the whole map, one of them at any moment.
TEST(Locked, RangesDoNotKeepAWriterOut) {
  number_map m{{1, 1}};
  writer_gets_on(
      [&] {
        m.range([](int, int) {
          std::atomic<int> steps{0};
          while (steps.fetch_add(1) < 10000) {
          }
        });
      },
      [&](int i) { m.store(1, i); });
  EXPECT_EQ(m.load(1), 19);
}

// Two threads are inside a range each, and look at the other's map while writers wait for both.
TEST(Locked, CrossedRangesDoNotWaitForWaitingWriters) {
  number_map first{{1, 1}}, second{{1, 1}};
  const int rounds = unlatch_test::rounds(100);
  std::atomic<int> inside{0};
  std::atomic<int> looking{2};
  unlatch_test::in_threads(4, [&](int index) {
    number_map &mine = index % 2 == 0 ? first : second;
    number_map &other = index % 2 == 0 ? second : first;
    if (index >= 2) {
      while (looking.load() > 0)
        mine.store(1, index);
      return;
    }
    for (int i = 1; i <= rounds; ++i) {
      int seen = 0;
      mine.range([&](int, int) {
        inside.fetch_add(1);
        while (inside.load() < 2 * i)
          std::this_thread::yield();
        other.range([&](int, int) { ++seen; });
        mine.range([&](int, int) { ++seen; });
      });
      EXPECT_EQ(seen, 2);
    }
    looking.fetch_sub(1);
  });
}

// Which would make a range skip entries or see them twice.
TEST(Locked, ReservingDoesNotMoveWhatIsLookedAt) {
  number_map m;
  for (int i = 0; i < 100; ++i)
    m.store(i, i);
  int seen = 0;
  m.range([&](int, int) {
    ++seen;
    m.reserve(10000); // its own thread: must not wait for itself either
  });
  EXPECT_EQ(seen, 100);
  m.range([&](int, int) {
    ++seen;
    std::thread([&] { m.reserve(20000); }).join();
  });
  EXPECT_EQ(seen, 200);
  m.reserve(30000);
  m.reserve(10);
  EXPECT_EQ(m.size(), 100U);
}

TEST(Locked, ASweepThatFailedLeavesNoTrace) {
  number_map m;
  for (int i = 0; i < 20; ++i)
    m.store(i, i);
  int calls = 0;
  EXPECT_THROW(m.erase_if([&](int, int) {
    if (++calls == 10)
      throw std::runtime_error("no");
    return true;
  }),
               std::runtime_error);
  EXPECT_EQ(m.size(), 20U);
  EXPECT_EQ(m.erase_if([](int key, int) { return key == 3; }), 1U);
  EXPECT_EQ(m.size(), 19U);
}

// An update that is overtaken between its look and its write sees the entry again, even if the
// value that came in between is an equal one.
TEST(Locked, UpdateComparesEntriesNotValues) {
  number_map m{{1, 1}};
  int runs = 0;
  m.update(1, [&](std::optional<int> &entry) {
    if (++runs == 1)
      std::thread([&] { m.store(1, 1); }).join();
    entry = *entry + 1;
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(m.load(1), 2);
  m.update(2, [&](std::optional<int> &entry) {
    if (++runs == 3)
      std::thread([&] { m.store(2, 5); }).join();
    entry = entry.value_or(0) + 1;
  });
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(m.load(2), 6);
}

} // namespace
