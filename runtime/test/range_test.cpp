// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole-map operations are one moment, for writers and for readers.

#include <atomic>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/map.h>

#include "support.h"

namespace {

using number_map = unlatch::map<int, int>;

// Each writer writes to its two keys in turn, so that in every picture the first is equal to the
// second or one ahead.
TEST(Range, OnePictureUnderWriters) {
  number_map m;
  constexpr int writers = 4;
  for (int i = 0; i < 2 * writers; ++i)
    m.store(i, 0);
  std::atomic<int> running{writers};
  unlatch_test::in_threads(writers + 3, [&](int index) {
    if (index < writers) {
      for (int i = 1; i < unlatch_test::rounds(8000); ++i) {
        m.store(2 * index, i);
        m.update(2 * index + 1, [i](std::optional<int> &entry) { entry = i; });
      }
      running.fetch_sub(1);
      return;
    }
    while (running.load() > 0) {
      std::map<int, int> seen;
      if (index % 2 == 0)
        m.range([&](int key, int value) { seen[key] = value; });
      else
        seen = m.to<std::map<int, int>>();
      ASSERT_EQ(seen.size(), static_cast<std::size_t>(2 * writers));
      for (int i = 0; i < writers; ++i) {
        ASSERT_LE(seen[2 * i + 1], seen[2 * i]);
        ASSERT_LE(seen[2 * i], seen[2 * i + 1] + 1);
      }
      std::this_thread::yield();
    }
  });
}

// A token is in one of two places: moved by inserting there, then removing here. A picture holds it
// once or twice, never not at all; and the same for size.
TEST(Range, NothingIsMissedWhileItMoves) {
  number_map m;
  m.store(0, 0);
  std::atomic<bool> running{true};
  unlatch_test::in_threads(3, [&](int index) {
    if (index == 0) {
      for (int i = 1; i < unlatch_test::rounds(20000); ++i) {
        m.store(i, i);
        m.erase(i - 1);
      }
      running = false;
      return;
    }
    while (running.load()) {
      if (index == 1) {
        const std::size_t entries = m.size();
        ASSERT_TRUE(entries == 1 || entries == 2) << entries;
        ASSERT_FALSE(m.empty());
      } else {
        const std::vector<std::pair<int, int>> items = m.items();
        ASSERT_TRUE(items.size() == 1 || items.size() == 2) << items.size();
        if (items.size() == 2) {
          ASSERT_EQ(std::abs(items[0].first - items[1].first), 1);
        }
      }
      std::this_thread::yield();
    }
  });
}

// Lock-free readers see a sweep as one moment too: once one of its victims is gone, all are.
template <class Sweep> void sweep_is_one_moment(Sweep sweep) {
  number_map m;
  constexpr int keys = 20;
  std::atomic<bool> running{true};
  unlatch_test::in_threads(4, [&](int index) {
    if (index == 0) {
      for (int generation = 1; generation < unlatch_test::rounds(4000); ++generation) {
        for (int key = 0; key < keys; ++key)
          m.store(key, generation);
        sweep(m);
      }
      running = false;
      return;
    }
    unlatch_test::generator random(static_cast<std::uint64_t>(index));
    while (running.load()) {
      const int first = random.below(keys);
      const int second = random.below(keys);
      const std::optional<int> all_there = m.load(keys - 1); // the last to be stored
      if (!all_there)
        continue;
      const std::optional<int> gone = m.load(first);
      const std::optional<int> after = m.load(second);
      if (!gone) {
        ASSERT_FALSE(after && *after <= *all_there) << "half of a sweep was seen";
      } else {
        ASSERT_GE(*gone, *all_there);
      }
      if (after) {
        ASSERT_GE(*after, *all_there);
      }
    }
  });
  EXPECT_TRUE(m.empty());
}

TEST(Range, ClearIsOneMoment) {
  sweep_is_one_moment([](number_map &m) { m.clear(); });
}
TEST(Range, EraseIfIsOneMoment) {
  sweep_is_one_moment(
      [](number_map &m) { ASSERT_EQ(m.erase_if([](int, int) { return true; }), 20U); });
}
TEST(Range, TakeAllIsOneMoment) {
  sweep_is_one_moment([](number_map &m) { ASSERT_EQ(m.take_all().size(), 20U); });
}

TEST(Range, EraseIfAsksOnceForEach) {
  number_map m;
  std::atomic<int> running{4};
  unlatch_test::in_threads(5, [&](int index) {
    if (index < 4) {
      unlatch_test::generator random(static_cast<std::uint64_t>(index) + 1);
      for (int i = 0; i < unlatch_test::rounds(10000); ++i)
        m.store(random.below(64), i);
      running.fetch_sub(1);
      return;
    }
    while (running.load() > 0) {
      std::set<int> asked;
      m.erase_if([&](int key, int value) {
        EXPECT_TRUE(asked.insert(key).second);
        return value % 2 == 0;
      });
      std::this_thread::yield();
    }
  });
}

// What goes in comes out exactly once.
TEST(Range, TakeAllLosesAndDoublesNothing) {
  number_map m;
  constexpr int writers = 4;
  const int each = unlatch_test::rounds(10000);
  std::atomic<int> running{writers};
  std::vector<std::vector<std::pair<int, int>>> taken(2);
  unlatch_test::in_threads(writers + 2, [&](int index) {
    if (index < writers) {
      for (int i = 0; i < each; ++i)
        EXPECT_TRUE(m.store(index * each + i, index));
      running.fetch_sub(1);
      return;
    }
    auto &mine = taken[static_cast<std::size_t>(index - writers)];
    while (running.load() > 0) {
      for (const auto &item : m.take_all())
        mine.push_back(item);
      std::this_thread::yield();
    }
  });
  std::set<int> all;
  for (const auto &[key, value] : m.take_all())
    all.insert(key);
  std::size_t total = all.size();
  for (const auto &mine : taken) {
    total += mine.size();
    for (const auto &[key, value] : mine)
      all.insert(key);
  }
  EXPECT_EQ(total, static_cast<std::size_t>(writers * each));
  EXPECT_EQ(all.size(), total);
}

TEST(Range, ReadersDoNotWait) {
  number_map m{{1, 1}};
  m.range([&](int, int) {
    std::thread reader([&] {
      EXPECT_EQ(m.load(1), 1);
      EXPECT_FALSE(m.contains(2));
      EXPECT_TRUE(m.visit(1, [](int) {}));
    });
    reader.join();
  });
  m.erase_if([&](int, int) {
    std::thread reader([&] { EXPECT_EQ(m.load(1), 1); });
    reader.join();
    return false;
  });
}

TEST(Range, RangesRunSideBySideAndWritersWait) {
  number_map m{{1, 1}};
  std::atomic<bool> written{false};
  std::thread writer;
  m.range([&](int, int) {
    writer = std::thread([&] {
      m.store(1, 2);
      written = true;
    });
    std::thread other([&] {
      m.range([](int, int value) { EXPECT_EQ(value, 1); });
      EXPECT_EQ(m.size(), 1U);
    });
    other.join();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_FALSE(written.load());
  });
  writer.join();
  EXPECT_EQ(m.load(1), 2);
}

// Ranges over two maps, each looking into the other, with sweeps and writers about: nobody waits
// for ever.
TEST(Range, NestedOverTwoMaps) {
  number_map a{{1, 1}, {2, 2}}, b{{1, 1}, {2, 2}};
  unlatch_test::in_threads(6, [&](int index) {
    number_map &mine = index % 2 == 0 ? a : b;
    number_map &other = index % 2 == 0 ? b : a;
    for (int i = 0; i < unlatch_test::rounds(2000); ++i) {
      if (index < 4)
        mine.range([&](int, int) { ASSERT_LE(other.size(), 2U); });
      else if (i % 8 == 0)
        mine.erase_if([](int key, int) { return key == 1; });
      else
        mine.store(1, i);
    }
  });
}

// Writers get on even if someone asks for the size all the time.
TEST(Range, WritersAreNotStarved) {
  number_map m;
  std::atomic<int> writing{2};
  unlatch_test::in_threads(5, [&](int index) {
    if (index < 2) {
      for (int i = 0; i < 300; ++i)
        m.store(i, index);
      writing.fetch_sub(1);
      return;
    }
    while (writing.load() > 0)
      ASSERT_LE(m.size(), 300U);
  });
  EXPECT_EQ(m.size(), 300U);
}

} // namespace
