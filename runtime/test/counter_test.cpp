// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include <unlatch/counter.h>

#include "support.h"

namespace {

static_assert(!std::is_copy_constructible<unlatch::counter<>>::value, "shared state");

TEST(Counter, Counts) {
  unlatch::counter<> c;
  EXPECT_EQ(c.sum(), 0U);
  ++c;
  c += 2;
  c.add(3);
  EXPECT_EQ((++c).sum(), 7U);
  EXPECT_EQ(unlatch::counter<int>(5).sum(), 5);
}

TEST(Counter, SignedAndNarrowTypesWrapAround) {
  unlatch::counter<int> c(std::numeric_limits<int>::max());
  ++c;
  EXPECT_EQ(c.sum(), std::numeric_limits<int>::min());
  unlatch::counter<std::uint8_t> narrow(255);
  ++narrow;
  EXPECT_EQ(narrow.sum(), 0);
  unlatch::counter<long> down;
  down.add(-4);
  EXPECT_EQ(down.sum(), -4);
}

TEST(Counter, ExactWhenQuiet) {
  unlatch::counter<> c;
  constexpr int threads = 20; // more than there are cells
  const int each = unlatch_test::rounds(20000);
  unlatch_test::in_threads(threads, [&](int) {
    for (int i = 0; i < each; ++i)
      ++c;
  });
  EXPECT_EQ(c.sum(), static_cast<std::uint64_t>(threads) * static_cast<std::uint64_t>(each));
}

TEST(Counter, NeverGoesBackwardsAndNeverMissesWhatIsDone) {
  unlatch::counter<> c;
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> begun{0};
  const int each = unlatch_test::rounds(20000);
  unlatch_test::in_threads(4, [&](int index) {
    std::uint64_t last = 0;
    for (int i = 0; i < each; ++i) {
      if (index > 0) {
        begun.fetch_add(1);
        ++c;
        done.fetch_add(1);
      } else {
        const std::uint64_t at_least = done.load();
        const std::uint64_t sum = c.sum();
        ASSERT_LE(sum, begun.load());
        ASSERT_GE(sum, at_least);
        ASSERT_GE(sum, last);
        last = sum;
      }
    }
  });
}

} // namespace
