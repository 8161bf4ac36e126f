// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thread that gets no memory does not wait for it: its insertions are refused, its removals go
// on, also while a table that is mostly dead is replaced by a smaller one.

namespace unlatch_test {
void count_step();
}
#define UNLATCH_INTERLEAVE() unlatch_test::count_step()

#include "failing_memory.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include <unlatch/map.h>

#include "maps_of_memory.h"
#include "support.h"

namespace unlatch_test {

// An operation that has taken more steps than any could need gets memory, so that it ends.
thread_local long steps = 0;
thread_local bool has_waited = false;
void count_step() {
  if (++steps > 1000000 && until_failure == 0) {
    has_waited = true;
    until_failure = -1;
  }
}

} // namespace unlatch_test

namespace {

using namespace unlatch_test;

// Fills tables with keys that go again, among a few that stay. After so many allocations all others
// fail: some tables are replaced, then one cannot be.
template <class Map> void churn_without_memory() {
  using key_type = typename Map::key_type;
  constexpr int staying = 16;
  const auto value = make<typename Map::mapped_type>(0);
  for (int round = 0; round < rounds(800) && !has_waited; ++round) {
    Map m(150);
    for (int key = 0; key < staying; ++key)
      store(m, key, key);
    bool have_been_removed = true;
    bool is_refused = false;
    {
      const failure from_now_on(round % 8 + 1, failure::of_all());
      for (int next = staying; next < 600 && !is_refused; ++next) {
        steps = 0;
        const auto key = static_cast<key_type>(next);
        is_refused = !unless_out_of_memory([&] { return m.store(key, value); });
        have_been_removed = (m.erase(key) == 1) != is_refused && have_been_removed;
      }
    }
    ASSERT_TRUE(have_been_removed);
    numbers expected;
    for (int key = 0; key < staying; ++key)
      expected[key] = key;
    ASSERT_EQ(numbers_in(m), expected);
    ASSERT_EQ(m.size(), expected.size());
  }
  EXPECT_FALSE(std::exchange(has_waited, false)) << "an operation has waited for memory";
}

TEST(WaitingForMemory, ThereIsNone) {
  expect_nothing_left_of(&churn_without_memory<slot_map>);
  expect_nothing_left_of(&churn_without_memory<unlatch::map<std::uint32_t, std::uint32_t>>);
  expect_nothing_left_of(&churn_without_memory<plain_node_map>);
}

} // namespace
