// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A table full of what has been erased is replaced by a small one, and while that is under way most
// of it comes back: more than the small one holds.

#include "stopping_place.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>

#include <gtest/gtest.h>

#include <unlatch/map.h>

namespace {

using unlatch_test::stopping_place;

constexpr std::uint32_t keys = 150; // that come and go, enough for several tables
constexpr std::uint32_t back = 40;  // of the last of them

template <class Value> Value value_of(std::uint32_t key) {
  Value result{};
  if constexpr (std::is_arithmetic<Value>::value)
    result = key;
  else
    result[0] = key;
  return result;
}

/// Stops at the n-th access. False if there are fewer.
template <class Key, class Value> bool revive_at(long nth) {
  unlatch::map<Key, Value> m(back);
  std::atomic<std::uint32_t> gone{0};
  stopping_place place(nth);
  std::thread coming_and_going([&] {
    place.run([&] {
      for (std::uint32_t key = 0; key < keys; ++key) {
        m.store(key, value_of<Value>(0));
        m.erase(key);
        gone.store(key + 1);
      }
    });
  });
  const bool has_stopped = place.wait_for_stop();
  const std::uint32_t end = gone.load();
  const std::uint32_t begin = end < back ? 0 : end - back;
  for (std::uint32_t key = begin; key < end; ++key)
    EXPECT_TRUE(m.store(key, value_of<Value>(key))) << "stopped at " << nth;
  place.release();
  coming_and_going.join();
  for (std::uint32_t key = begin; key < end; ++key)
    EXPECT_EQ(m.load(key), value_of<Value>(key)) << "stopped at " << nth;
  EXPECT_EQ(m.size(), end - begin) << "stopped at " << nth;
  return has_stopped;
}

template <class Key, class Value> void revive_everywhere() {
  long nth = 1;
  while (!testing::Test::HasFailure() && revive_at<Key, Value>(nth))
    ++nth;
  EXPECT_GT(nth, long{keys}); // or it did not stop where it was meant to
}

TEST(Shrinking, SlotsComeBack) { revive_everywhere<std::uint64_t, std::uint64_t>(); }
TEST(Shrinking, SlotsInRegionsComeBack) { revive_everywhere<std::uint32_t, std::uint32_t>(); }
TEST(Shrinking, EntriesComeBack) { revive_everywhere<std::uint64_t, std::array<long, 4>>(); }

} // namespace
