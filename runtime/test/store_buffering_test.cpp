// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Store buffering: two threads each write one thing and then read the other. At least one must see
// the other's write; under a common lock that could not be otherwise. Each round has keys of its
// own.

#include <atomic>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/fence.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "support.h"

namespace {

// `left(round)` and `right(round)` write, then return whether they saw the other's write.
template <class Left, class Right> void never_both_miss(int count, Left left, Right right) {
  std::vector<char> seen_left(static_cast<std::size_t>(count));
  std::vector<char> seen_right(static_cast<std::size_t>(count));
  std::atomic<int> arrived{0};
  unlatch_test::in_threads(2, [&](int index) {
    for (int round = 0; round < count; ++round) {
      if (round % 256 == 0) { // keep in step
        arrived.fetch_add(1);
        while (arrived.load() < 2 * (round / 256 + 1))
          std::this_thread::yield();
      }
      if (index == 0)
        seen_left[static_cast<std::size_t>(round)] = left(round);
      else
        seen_right[static_cast<std::size_t>(round)] = right(round);
    }
  });
  int missed = 0;
  for (int round = 0; round < count; ++round)
    missed +=
        !seen_left[static_cast<std::size_t>(round)] && !seen_right[static_cast<std::size_t>(round)];
  EXPECT_EQ(missed, 0);
}

const int count = unlatch_test::rounds(100000);

TEST(StoreBuffering, TwoMaps) {
  unlatch::map<int, int> a, b;
  never_both_miss(
      count,
      [&](int i) {
        a.store(i, 1);
        return b.contains(i);
      },
      [&](int i) {
        b.store(i, 1);
        return a.contains(i);
      });
}

TEST(StoreBuffering, OneMapTwoKeys) {
  unlatch::map<int, int> m;
  never_both_miss(
      count,
      [&](int i) {
        m.store(2 * i, 1);
        return m.contains(2 * i + 1);
      },
      [&](int i) {
        m.store(2 * i + 1, 1);
        return m.contains(2 * i);
      });
}

TEST(StoreBuffering, MapAndAtomic) {
  unlatch::map<int, int> m;
  std::vector<std::atomic<int>> flags(static_cast<std::size_t>(count));
  never_both_miss(
      count,
      [&](int i) {
        m.store(i, 1);
        return flags[static_cast<std::size_t>(i)].load() == 1;
      },
      [&](int i) {
        flags[static_cast<std::size_t>(i)].store(1);
        return m.contains(i);
      });
}

TEST(StoreBuffering, RemovalsAndSizes) {
  unlatch::map<int, int> a, b;
  for (int i = 0; i < count; ++i) {
    a.store(i, 1);
    b.store(i, 1);
  }
  never_both_miss(
      count,
      [&](int i) {
        a.erase(i);
        return !b.contains(i);
      },
      [&](int i) {
        b.update(i, [](std::optional<int> &e) { e.reset(); });
        return !a.load(i);
      });
}

TEST(StoreBuffering, Replacements) {
  unlatch::map<int, int> a, b;
  for (int i = 0; i < count; ++i) {
    a.store(i, 1);
    b.store(i, 1);
  }
  never_both_miss(
      count,
      [&](int i) {
        a.store(i, 2);
        return b.load(i) == 2;
      },
      [&](int i) {
        b.swap(i, 2);
        return a.load(i) == 2;
      });
}

TEST(StoreBuffering, SnapshotAndMap) {
  unlatch::map<int, int> m;
  std::vector<std::unique_ptr<unlatch::snapshot<int>>> snapshots;
  const int fewer = count / 4;
  for (int i = 0; i < fewer; ++i)
    snapshots.push_back(std::make_unique<unlatch::snapshot<int>>(0));
  never_both_miss(
      fewer,
      [&](int i) {
        snapshots[static_cast<std::size_t>(i)]->replace(1);
        return m.contains(i);
      },
      [&](int i) {
        m.store(i, 1);
        return *snapshots[static_cast<std::size_t>(i)]->read() == 1;
      });
}

TEST(StoreBuffering, RelaxedAtomicAndFencedSections) {
  unlatch::map<int, int> m;
  std::vector<std::atomic<int>> flags(static_cast<std::size_t>(count));
  never_both_miss(
      count,
      [&](int i) {
        flags[static_cast<std::size_t>(i)].store(1, std::memory_order_relaxed);
        const unlatch::fenced_section fences;
        return m.contains(i);
      },
      [&](int i) {
        {
          const unlatch::fenced_section fences;
          m.store(i, 1);
        }
        return flags[static_cast<std::size_t>(i)].load(std::memory_order_relaxed) == 1;
      });
}

TEST(StoreBuffering, WholeMapOperations) {
  unlatch::map<int, int> a;
  std::vector<std::atomic<int>> flags(static_cast<std::size_t>(count));
  const int fewer = count / 10;
  std::atomic<int> seen{0};
  never_both_miss(
      fewer,
      [&](int i) {
        a.store(i, 1);
        return flags[static_cast<std::size_t>(i)].load() == 1;
      },
      [&](int i) {
        flags[static_cast<std::size_t>(i)].store(1);
        seen = static_cast<int>(a.size()); // keys come in order: i is there if more than i are
        return seen > i;
      });
}

} // namespace
