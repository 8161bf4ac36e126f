// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <cstdint>

#include <gtest/gtest.h>

#include <unlatch/atomic.h>

#include "support.h"

namespace {

enum class Phase { Idle, Running, Done };

TEST(Atomic, KeepsTheLargest) {
  std::atomic<int> peak{3};
  EXPECT_EQ(unlatch::fetch_max(peak, 2), 3);
  EXPECT_EQ(peak.load(), 3);
  EXPECT_EQ(unlatch::fetch_max(peak, 5), 3);
  EXPECT_EQ(peak.load(), 5);
  std::atomic<std::uint8_t> narrow{200};
  EXPECT_EQ(unlatch::fetch_max(narrow, 100), 200);
  EXPECT_EQ(narrow.load(), 200);
}

TEST(Atomic, KeepsTheSmallest) {
  std::atomic<long> least{3};
  EXPECT_EQ(unlatch::fetch_min(least, 4), 3);
  EXPECT_EQ(least.load(), 3);
  EXPECT_EQ(unlatch::fetch_min(least, -5), 3);
  EXPECT_EQ(least.load(), -5);
}

TEST(Atomic, SwapsWhatIsExpected) {
  std::atomic<Phase> phase{Phase::Idle};
  EXPECT_FALSE(unlatch::compare_and_swap(phase, Phase::Running, Phase::Done));
  EXPECT_EQ(phase.load(), Phase::Idle);
  EXPECT_TRUE(unlatch::compare_and_swap(phase, Phase::Idle, Phase::Running));
  EXPECT_EQ(phase.load(), Phase::Running);
  int value = 0;
  std::atomic<int *> place{nullptr};
  EXPECT_TRUE(unlatch::compare_and_swap(place, nullptr, &value));
  EXPECT_FALSE(unlatch::compare_and_swap(place, nullptr, nullptr));
  EXPECT_EQ(place.load(), &value);
}

TEST(Atomic, ExtremesOfAllThreads) {
  std::atomic<int> most{0};
  std::atomic<int> least{0};
  const int each = unlatch_test::rounds(20000);
  unlatch_test::in_threads(4, [&](int index) {
    for (int i = 1; i <= each; ++i) {
      const int before = unlatch::fetch_max(most, i * 4 + index);
      // It never goes back.
      if (before > most.load())
        ADD_FAILURE() << before;
      unlatch::fetch_min(least, -(i * 4 + index));
    }
  });
  EXPECT_EQ(most.load(), each * 4 + 3);
  EXPECT_EQ(least.load(), -(each * 4 + 3));
}

TEST(Atomic, SumsOfFloatingPointNumbers) {
  std::atomic<double> total{1.5};
  EXPECT_EQ(unlatch::fetch_add(total, 2), 1.5);
  EXPECT_EQ(unlatch::fetch_sub(total, 0.25), 3.5);
  EXPECT_EQ(total.load(), 3.25);
  std::atomic<float> sum{0};
  const int each = unlatch_test::rounds(20000);
  unlatch_test::in_threads(4, [&](int) {
    for (int i = 0; i < each; ++i) {
      unlatch::fetch_add(sum, 2.0F);
      unlatch::fetch_sub(sum, 1.0F);
    }
  });
  EXPECT_EQ(sum.load(), static_cast<float>(4 * each));
}

TEST(Atomic, OneOfAllThreadsSwaps) {
  const int each = unlatch_test::rounds(5000);
  std::atomic<int> turn{0};
  std::atomic<int> won{0};
  unlatch_test::in_threads(4, [&](int) {
    for (int i = 0; i < each; ++i)
      if (unlatch::compare_and_swap(turn, i, i + 1))
        won.fetch_add(1);
  });
  EXPECT_EQ(won.load(), turn.load());
  EXPECT_EQ(turn.load(), each);
}

} // namespace
