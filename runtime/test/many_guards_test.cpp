// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thread that has more hazard slots in use than its records have needs memory for another record.
// Without it, whatever needs a slot says so, and changes nothing.

#include "failing_memory.h"

#include <cstddef>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "maps_of_memory.h"
#include "support.h"

namespace {

using namespace unlatch_test;

#if UNLATCH_BACKEND_LOCKED

TEST(ManyGuards, NeedNoMemory) {
  unlatch::snapshot<std::string> s("a string that does not fit into the object itself");
  std::vector<unlatch::snapshot<std::string>::guard> guards;
  guards.reserve(1000);
  const failure always((failure::of_all()));
  for (int i = 0; i < 1000; ++i)
    guards.push_back(s.read());
}

#else

/// Guards for all slots that there are, but for some.
class guards_but {
public:
  explicit guards_but(std::size_t spared) {
    guards_.reserve(10000);
    const failure always((failure::of_all()));
    while (unless_out_of_memory([&] {
      guards_.push_back(s_.read());
      return true;
    })) {
    }
    for (; spared != 0; --spared)
      guards_.pop_back();
  }
  std::size_t number() const { return guards_.size(); }
  bool are_intact() const {
    for (const auto &each : guards_)
      if (*each != 5)
        return false;
    return true;
  }

private:
  unlatch::snapshot<int> s_{5};
  std::vector<unlatch::snapshot<int>::guard> guards_;
};

TEST(ManyGuards, RunOutOfSlots) {
  expect_nothing_left_of([] {
    const guards_but all_slots(0);
    EXPECT_GE(all_slots.number(), 7 * 32U) << "those in static storage need no memory";
    EXPECT_TRUE(all_slots.are_intact());
  });
}

/// Inserts with ever more slots to spare, and lets each allocation fail once: those of entries, of
/// tables, and of records.
template <class Map> void insert_with_few_slots() {
  // An operation has up to five slots in use at once, a new record has seven.
  for (std::size_t spared = 0; spared <= 6; ++spared)
    expect_nothing_left_of([&] {
      // So many that the table grows in between.
      constexpr int most = std::is_same_v<Map, slot_map> ? 50 : 6;
      bool has_failed = true;
      for (long nth = 1; has_failed; ++nth) {
        Map m;
        store(m, 0, 0);
        numbers expected{{0, 0}};
        const guards_but most_slots(spared);
        int stored = 0;
        {
          const failure now(nth);
          static_cast<void>(unless_out_of_memory([&] {
            while (++stored < most)
              store(m, stored, stored);
            return true;
          }));
          has_failed = now.has_happened();
        }
        for (int i = 0; i < stored; ++i)
          expected[i] = i;
        ASSERT_EQ(numbers_in(m), expected) << spared << " slots, at allocation " << nth;
        for (; stored < most; ++stored)
          ASSERT_TRUE(store(m, stored, stored));
        ASSERT_EQ(m.size(), static_cast<std::size_t>(most));
        ASSERT_TRUE(most_slots.are_intact());
      }
    });
}

TEST(ManyGuards, AndInsertions) {
  for_each_layout([](auto layout) { insert_with_few_slots<typename decltype(layout)::map>(); });
}

/// The same for operations that need no memory but for their slots.
template <class Map, class Operation> void try_with_few_slots(Operation operation) {
  for (std::size_t spared = 0; spared <= 6; ++spared)
    expect_nothing_left_of([&] {
      Map m;
      for (int i = 0; i < 40; ++i)
        store(m, i, i);
      const numbers before = numbers_in(m);
      const auto key = make<typename Map::key_type>(2);
      {
        const guards_but most_slots(spared);
        bool is_done = false;
        {
          const failure always((failure::of_all()));
          is_done = unless_out_of_memory([&] { return operation(m, key); }).has_value();
        }
        EXPECT_TRUE(is_done || spared < 5) << spared;
        if (!is_done) {
          ASSERT_EQ(numbers_in(m), before) << spared;
          operation(m, key);
        }
        ASSERT_TRUE(most_slots.are_intact());
      }
      ASSERT_FALSE(m.contains(key) && numbers_in(m) != before);
    });
}

TEST(ManyGuards, AndRemovals) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    try_with_few_slots<map>([](map &m, auto &key) { return m.erase(key) == 1; });
    try_with_few_slots<map>([](map &m, auto &key) {
      return m.erase_if([&](const auto &each, const auto &) { return each == key; }) == 1;
    });
    try_with_few_slots<map>([](map &m, auto &) {
      m.clear(); // noexcept
      return m.empty();
    });
  });
}

TEST(ManyGuards, AndReads) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    try_with_few_slots<map>([](map &m, auto &key) { return m.contains(key); });
    try_with_few_slots<map>([](map &m, auto &key) {
      int sum = 0;
      m.range([&](const auto &each, const auto &) { sum += each == key ? 1 : 0; });
      return sum + static_cast<int>(m.size()) == 41;
    });
  });
}

TEST(ManyGuards, AndSnapshots) {
  for (std::size_t spared = 0; spared <= 2; ++spared)
    expect_nothing_left_of([&] {
      unlatch::snapshot<std::string> s(make<std::string>(5));
      const std::string other = make<std::string>(7);
      const guards_but most_slots(spared);
      bool has_failed = true;
      for (long nth = 1; has_failed; ++nth) {
        const failure now(nth);
        static_cast<void>(unless_out_of_memory([&] {
          s.replace(other);
          s.modify([](std::string &value) { value += '.'; });
          return s.load().size();
        }));
        has_failed = now.has_happened();
      }
      ASSERT_EQ(*s.read(), other + '.');
      ASSERT_TRUE(most_slots.are_intact());
    });
}

#endif

} // namespace
