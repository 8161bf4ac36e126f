// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// However long keys come and go, values are replaced, and threads begin and end: what is alive
// needs so much memory and no more. UNLATCH_CHURN multiplies how long that is.

#include "failing_memory.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "maps_of_memory.h"
#include "support.h"

namespace {

using namespace unlatch_test;

constexpr int thread_count = 3;

int turns() {
  const char *const factor = std::getenv("UNLATCH_CHURN");
  return std::max(1, rounds(5) * (factor != nullptr ? std::atoi(factor) : 1));
}

// What an entry needs: key and value with memory of their own, and what stands around them. With a
// mutex an entry is four pieces of memory.
constexpr long entry_bytes = 320;
// A slot of 16 bytes. A table has a successor while it is replaced.
constexpr long slot_bytes = 16;

/// The most that a map of that many entries and its threads may need at any moment.
constexpr long most_bytes(long entries) {
  // A tenth of the slots holds entries, or the next table is a smaller one.
  const long table = 2 * slot_bytes * std::max(64L, 10 * entries) + 8 * 1024;
  // What each thread holds back, with the list for it, and one object more; and what it looks at:
  // at most two objects for each slot in use.
  const long threads = (thread_count + 1) * (64 + 4 + 4) * 1024L + thread_count * 4 * table / 2;
  return table + entries * entry_bytes + threads;
}

/// Measures what has been allocated since it was made.
class allocated {
public:
  void look() noexcept {
    const long now = live_bytes.load() - before_;
    long most = most_.load();
    while (now > most && !most_.compare_exchange_weak(most, now)) {
    }
  }
  long most() const { return most_.load(); }

private:
  const long before_ = live_bytes.load();
  std::atomic<long> most_{0};
};

/// Lets `body(thread, turn, look)` run in several threads, in each turn in new ones, which look at
/// the memory in use now and then. It has to stay within what is needed for so many entries.
template <class Body> void churn(long entries, Body body) {
  allocated memory;
  for (int turn = 0; turn < turns() && memory.most() <= most_bytes(entries); ++turn)
    in_threads(thread_count, [&](int index) { body(index, turn, [&] { memory.look(); }); });
  EXPECT_LE(memory.most(), most_bytes(entries)) << "bytes, in " << turns() << " turns";
}

// Keys that never come again. Each thread has a window of its own that moves on.
TEST(Churn, KeysComeAndGo) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    constexpr int width = 100;
    expect_nothing_left_of([] {
      map m;
      churn(thread_count * width, [&](int index, int turn, auto look) {
        const int times = rounds(12000);
        for (int i = 0; i < times; ++i) {
          const int key = (turn * times + i) * thread_count + index;
          store(m, key, i);
          m.erase(make<typename map::key_type>(key - width * thread_count));
          if (i % 64 == 0)
            look();
        }
      });
      EXPECT_EQ(m.size(), static_cast<std::size_t>(thread_count * width));
    });
  });
}

TEST(Churn, ValuesAreReplaced) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    using value_type = typename map::mapped_type;
    constexpr int keys = 50;
    expect_nothing_left_of([] {
      map m;
      churn(keys, [&](int index, int turn, auto look) {
        generator random(static_cast<std::uint64_t>(index + turn * thread_count));
        for (int i = 0; i < rounds(12000); ++i) {
          const auto key = make<typename map::key_type>(random.below(keys));
          const auto value = make<value_type>(i);
          switch (i % 4) {
          case 0:
            m.store(key, value);
            break;
          case 1:
            m.update(key, [&](std::optional<value_type> &entry) { entry = value; });
            break;
          case 2:
            m.swap(key, value);
            break;
          default:
            m.compare_and_swap(key, m.load_or_store(key, value).first, value);
          }
          if (i % 64 == 0)
            look();
        }
      });
      EXPECT_EQ(m.size(), static_cast<std::size_t>(keys));
    });
  });
}

// Tables grow and are left behind nearly empty, by all the ways to remove entries.
TEST(Churn, TheSizeGoesUpAndDown) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    constexpr int most = 1000;
    expect_nothing_left_of([] {
      map m;
      churn(thread_count * most, [&](int index, int turn, auto look) {
        for (int wave = 0; wave < rounds(8); ++wave) {
          const int first = ((turn * 100 + wave) * thread_count + index) * most;
          const auto is_mine = [&](const auto &key) {
            return number_in(key) >= first && number_in(key) < first + most;
          };
          for (int key = first; key < first + most; ++key) {
            store(m, key, wave);
            if (key % 64 == 0)
              look();
          }
          if (wave % 4 == 3)
            m.clear();
          else if (wave % 4 == 2)
            m.take_all();
          else if (wave % 4 == 1)
            m.erase_if([&](const auto &key, const auto &) { return is_mine(key); });
          for (int key = first; key < first + most; ++key)
            m.erase(make<typename map::key_type>(key));
          look();
        }
      });
      EXPECT_EQ(m.size(), 0U);
    });
  });
}

// Each thread does little, and ends.
TEST(Churn, ThreadsComeAndGo) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    constexpr int keys = 20;
    expect_nothing_left_of([] {
      map m;
      unlatch::snapshot<typename map::mapped_type> s;
      allocated memory;
      for (int i = 0; i < turns() * rounds(40); ++i) {
        in_threads(thread_count, [&](int index) {
          const auto guard = s.read();
          for (int key = index; key < keys; ++key) {
            store(m, key, i);
            m.erase(make<typename map::key_type>(key / 2));
            s.replace(make<typename map::mapped_type>(i));
          }
        });
        memory.look();
      }
      EXPECT_LE(memory.most(), most_bytes(keys));
    });
  });
}

template <class T> void replace_snapshots() {
  expect_nothing_left_of([] {
    unlatch::snapshot<T> s;
    churn(1, [&](int index, int, auto look) {
      for (int i = 0; i < rounds(8000); ++i) {
        const auto guard = s.read();
        if (i % 3 == 0)
          s.modify([&](T &value) { value = make<T>(i); });
        else if (i % 3 == index)
          s.compare_and_swap(guard, make<T>(i));
        else
          s.replace(make<T>(i));
        if (i % 64 == 0)
          look();
      }
    });
  });
}

TEST(Churn, SnapshotsAreReplaced) {
  replace_snapshots<std::uint64_t>();
  replace_snapshots<four_words>();
  replace_snapshots<std::string>();
}

// Maps themselves come and go.
TEST(Churn, MapsComeAndGo) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    constexpr int entries = 60;
    churn(thread_count * entries, [](int, int, auto look) {
      for (int i = 0; i < rounds(100); ++i) {
        map m;
        for (int key = 0; key < entries; ++key)
          store(m, key, i);
        look();
      }
    });
  });
}

} // namespace
