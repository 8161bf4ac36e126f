// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A reader that stalls, wherever that is, keeps a bounded amount of memory alive, whatever others
// write meanwhile. What it holds is given back when it goes on.

// Before the library's headers.
#include "stopping_place.h"

#include "global_new.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <type_traits>

#include <gtest/gtest.h>

#include <unlatch/snapshot.h>

#include "linearizability/maps.h"
#include "support.h"

namespace {

using namespace unlatch_test;

// What two threads may hold back for later, with their lists; and some tables and entries, each of
// them of less than a kilobyte.
constexpr long bound = 2 * (64 + 4) * 1024 + 16 * 1024;

// Calls `write(number)` again and again while a reader stands still.
template <class Write> void write_meanwhile(int times, Write write) {
  const long before = live_bytes.load();
  long most = 0;
  for (int number = 0; number < times; ++number) {
    write(number);
    most = std::max(most, live_bytes.load() - before);
  }
  EXPECT_LT(most, bound);
}

template <class Map> struct writing {
  using key_type = typename Map::key_type;
  using value_type = typename Map::mapped_type;

  // A value is replaced, one is erased, and slots are claimed, so that tables are replaced.
  void operator()(int number) const {
    m.store(1, value_of<value_type>(number % most_value));
    m.store(static_cast<key_type>(2 + number), value_of<value_type>(1));
    m.erase(static_cast<key_type>(2 + number));
  }
  Map &m;
};

template <class Map> void stall_everywhere_in_a_read() {
  std::atomic<long> alive{0};
  mortal_value::census = &alive;
  for (long nth = 1;; ++nth) {
    Map m;
    m.store(1, value_of<typename Map::mapped_type>(1));
    stopping_place place(nth);
    std::thread reader([&m, &place, &alive] {
      mortal_value::census = &alive;
      unlatch::map<int, int>(1).erase(1); // what a thread does once
      place.run([&m] {
        const auto value = m.load(1);
        ASSERT_TRUE(value);
        ASSERT_NE(number_in(*value), broken);
      });
    });
    const bool has_stopped = place.wait_for_stop();
    if (has_stopped)
      write_meanwhile(rounds(4000), writing<Map>{m});
    place.release();
    reader.join();
    if (!has_stopped || testing::Test::HasFailure())
      break;
  }
  EXPECT_EQ(alive.load(), 0);
}

TEST(StalledReader, InALoad) {
  stall_everywhere_in_a_read<slots>();
  stall_everywhere_in_a_read<small_slots_in_regions>();
  stall_everywhere_in_a_read<plain_nodes>();
  stall_everywhere_in_a_read<mortal_nodes>();
}

template <class Map> void stall_in_a_visit() {
  std::atomic<long> alive{0};
  mortal_value::census = &alive;
  {
    Map m;
    m.store(1, value_of<typename Map::mapped_type>(7));
    stopping_place place;
    std::thread reader([&] {
      place.run([&] {
        m.visit(1, [&](const typename Map::mapped_type &value) {
          place.stop();
          EXPECT_EQ(number_in(value), 7);
        });
      });
    });
    place.wait_for_stop();
    write_meanwhile(rounds(200000), writing<Map>{m});
    place.release();
    reader.join();
    EXPECT_EQ(m.size(), 1U);
  }
  EXPECT_EQ(alive.load(), 0);
}

TEST(StalledReader, InAVisit) {
  stall_in_a_visit<plain_nodes>();
  stall_in_a_visit<mortal_nodes>();
}

template <class T> void stall_everywhere_on_the_way_to_a_guard() {
  std::atomic<long> alive{0};
  mortal_value::census = &alive;
  for (long nth = 1;; ++nth) {
    unlatch::snapshot<T> s(T(7));
    stopping_place place(nth);
    std::thread reader([&s, &place, &alive] {
      mortal_value::census = &alive;
      static_cast<void>(unlatch::snapshot<int>(1).read()); // what a thread does once
      place.run([&s] {
        const auto guard = s.read();
        ASSERT_NE(number_in(*guard), broken);
      });
    });
    const bool has_stopped = place.wait_for_stop();
    if (has_stopped)
      write_meanwhile(rounds(4000), [&](int number) { s.replace(T(number % most_value)); });
    place.release();
    reader.join();
    if (!has_stopped || testing::Test::HasFailure())
      break;
  }
  EXPECT_EQ(alive.load(), 0);
}

TEST(StalledReader, OnTheWayToAGuard) {
  stall_everywhere_on_the_way_to_a_guard<plain_value<4>>();
  stall_everywhere_on_the_way_to_a_guard<mortal_value>();
}

template <class T> void stall_with_a_guard() {
  std::atomic<long> alive{0};
  mortal_value::census = &alive;
  {
    unlatch::snapshot<T> s(T(7));
    stopping_place place;
    std::thread reader([&] {
      place.run([&] {
        const auto guard = s.read();
        place.stop();
        EXPECT_EQ(number_in(*guard), 7);
      });
    });
    place.wait_for_stop();
    write_meanwhile(rounds(200000), [&](int number) {
      if (number % 2 == 0)
        s.replace(T(number % most_value));
      else
        s.modify([](T &value) { value = T(next_value(number_in(value))); });
    });
    place.release();
    reader.join();
    if (std::is_same_v<T, mortal_value>) {
      EXPECT_EQ(alive.load(), 1);
    }
  }
  EXPECT_EQ(alive.load(), 0);
}

TEST(StalledReader, WithAGuard) {
  stall_with_a_guard<plain_value<4>>();
  stall_with_a_guard<mortal_value>();
}

} // namespace
