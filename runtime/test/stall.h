// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thread that is stopped anywhere inside an operation holds nobody up, and when it goes on, all
// results are explained by some order. Every operation is stopped at each of its accesses to shared
// memory in turn, in the midst of a table's replacement too, while others do as much as they like.

#ifndef UNLATCH_RUNTIME_TEST_STALL_H
#define UNLATCH_RUNTIME_TEST_STALL_H

// Before the library's headers.
#include "stopping_place.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "linearizability/checker.h"
#include "linearizability/maps.h"
#include "support.h"

namespace unlatch_test {

inline constexpr int first_value = 7;

inline operation draw(kind what, int key, generator &random) {
  return {what, key, 1 + random.below(most_value), first_value};
}
inline operation draw(generator &random) {
  const kind what = static_cast<kind>(random.below(single_key_kinds));
  return draw(what, random.below(2), random);
}

// A map, what has been done to it, and those who do it.
template <class Map> class scene {
  using key_type = typename Map::key_type;
  using value_type = typename Map::mapped_type;

public:
  scene() { mortal_value::census = &alive_; }

  /// Claims slots by keys that no history speaks of, and leaves some of them alive.
  void make_noise(int times, generator &random) {
    for (int i = 0; i < times; ++i) {
      const key_type key = static_cast<key_type>(next_noise_.fetch_add(1));
      map_.store(key, value_of<value_type>(1));
      if (random.below(4) != 0)
        map_.erase(key);
    }
  }

  /// In any thread.
  void perform_and_record(operation op, std::vector<operation> &where) {
    op.begin = clock_.fetch_add(1);
    op.result = perform(op, map_);
    op.end = clock_.fetch_add(1);
    where.push_back(op);
  }

  /// The first key is there, the second is not.
  void begin() { perform_and_record({kind::store, 0, first_value}, history_); }
  std::vector<operation> &history() { return history_; }

  /// When everyone has left.
  void check(const std::vector<std::vector<operation>> &others) {
    for (const std::vector<operation> &each : others)
      history_.insert(history_.end(), each.begin(), each.end());
    perform_and_record({kind::items}, history_);
    checker search(history_);
    ASSERT_TRUE(search.explains()) << search.description();
    ASSERT_EQ(map_.size(), map_.items().size());
    if (std::is_same_v<value_type, mortal_value>) {
      ASSERT_EQ(alive_.load(), static_cast<long>(map_.size()));
    }
  }

private:
  std::atomic<long> alive_{0}; // values; before the map that holds them
  Map map_;
  std::atomic<int> next_noise_{key_count};
  std::atomic<long> clock_{0};
  std::vector<operation> history_;
};

// How many accesses an operation may need while no one else does anything, tables' replacements
// included.
inline constexpr long accesses_enough = 1000000;

// A thread that is going to stop.
template <class Map, class Body>
std::thread stopping_thread(stopping_place &place, scene<Map> &, Body body) {
  return std::thread([&place, body, census = mortal_value::census] {
    mortal_value::census = census;
    unlatch::map<int, int>(1).erase(1); // what a thread does once
    place.run(body);
  });
}

// A thread stops in `body(record)` at its n-th access; in half of the cases another one somewhere
// in a second operation. A third goes on. Returns whether the first one has come that far.
template <class Map, class Body>
bool stop_at(long nth, scene<Map> &stage, generator &random, Body body) {
  std::vector<std::vector<operation>> recorded(2);
  stopping_place first_place(nth);
  std::thread first = stopping_thread(first_place, stage, [&] { body(recorded[0]); });
  const bool has_stopped = first_place.wait_for_stop();
  stopping_place second_place(1 + random.below(60));
  std::thread second;
  if (random.below(2) == 0) {
    const operation op = draw(random);
    second = stopping_thread(second_place, stage,
                             [&, op] { stage.perform_and_record(op, recorded[1]); });
    second_place.wait_for_stop();
  }
  const int busy = random.below(3); // the third one does much or little
  for (int i = 0; i < 8; ++i) {
    accesses_left() = accesses_enough;
    if (busy != 0)
      stage.make_noise(random.below(busy == 1 ? 3 : 30), random);
    stage.perform_and_record(draw(random), stage.history());
  }
  accesses_left() = -1;
  if (second.joinable() && random.below(2) == 0)
    second_place.release(); // both orders
  first_place.release();
  first.join();
  if (second.joinable()) {
    second_place.release();
    second.join();
  }
  stage.check(recorded);
  return has_stopped;
}

// Every operation, at every access.
template <class Map> void stop_everywhere() {
  generator random(1);
  for (int what = 0; what < single_key_kinds; ++what)
    for (const int key : {0, 1})
      for (const int slots_claimed_before : {0, 1, 2, 12}) {
        const auto stop = [&](long nth) {
          scene<Map> stage;
          stage.begin();
          generator same(1);
          stage.make_noise(slots_claimed_before, same);
          const operation op = draw(static_cast<kind>(what), key, random);
          return stop_at(nth, stage, random, [&](std::vector<operation> &record) {
            stage.perform_and_record(op, record);
          });
        };
        for (long nth = 1; stop(nth); nth += sanitized ? 1 + random.below(8) : 1)
          if (testing::Test::HasFatalFailure())
            return;
      }
}

// Somewhere while a table fills up and is replaced, once or several times.
template <class Map> void stop_in_replacements() {
  generator random(2);
  for (int times = rounds(4000); times > 0 && !testing::Test::HasFatalFailure(); --times) {
    scene<Map> stage;
    stage.begin();
    stage.make_noise(random.below(40), random);
    const std::uint64_t seed = random();
    const operation op = draw(random);
    const int noise_before = random.below(60);
    stop_at(1 + random.below(3000), stage, random, [&](std::vector<operation> &record) {
      generator own(seed);
      stage.make_noise(noise_before, own);
      stage.perform_and_record(op, record);
      stage.make_noise(60 - noise_before, own);
    });
  }
}

// An operation on the whole map that stands still: reads go on, and see all of a sweep or nothing.
template <class Map> void stop_whole_map_operations() {
  generator random(1);
  for (int what = single_key_kinds; what < all_kinds; ++what)
    for (long nth = 1;; ++nth) {
      scene<Map> stage;
      stage.begin();
      stage.perform_and_record(draw(kind::store, 1, random), stage.history());
      std::vector<std::vector<operation>> recorded(1);
      stopping_place place(nth);
      const operation op = draw(static_cast<kind>(what), 0, random);
      std::thread sweeper =
          stopping_thread(place, stage, [&] { stage.perform_and_record(op, recorded[0]); });
      const bool has_stopped = place.wait_for_stop();
      for (int i = 0; i < 6; ++i) {
        accesses_left() = accesses_enough;
        const kind read = static_cast<kind>(random.below(3)); // load, contains or visit
        stage.perform_and_record(draw(read, random.below(2), random), stage.history());
      }
      accesses_left() = -1;
      place.release();
      sweeper.join();
      stage.check(recorded);
      if (!has_stopped || testing::Test::HasFatalFailure())
        break;
    }
}

// A sweep stands still, others read, then a reader begins and stands still until the sweep is over
// and, in half of the cases, something else was put there: what one reader has missed the next one
// must not find.
template <class Map> void stop_sweeps_and_readers() {
  generator random(3);
  const kind sweeps[] = {kind::erase_odd, kind::clear, kind::take_all};
  for (int turn = 0; turn < 6; ++turn)
    for (long nth = 1, stops = 1; stops != 0; ++nth) {
      stops = 0;
      for (long reads = 1;; ++reads) {
        scene<Map> stage;
        stage.begin();
        std::vector<std::vector<operation>> recorded(2);
        stopping_place sweeping(nth);
        stopping_place reading(reads);
        const operation sweep = draw(sweeps[turn / 2], 0, random);
        std::thread sweeper =
            stopping_thread(sweeping, stage, [&] { stage.perform_and_record(sweep, recorded[0]); });
        stops += sweeping.wait_for_stop();
        stage.perform_and_record(draw(kind::load, 0, random), stage.history());
        std::thread reader = stopping_thread(reading, stage, [&] {
          stage.perform_and_record(draw(kind::load, 0, random), recorded[1]);
        });
        const bool has_stopped = reading.wait_for_stop();
        sweeping.release();
        sweeper.join();
        if (turn % 2 != 0)
          stage.perform_and_record(draw(kind::store, 0, random), stage.history());
        reading.release();
        reader.join();
        stage.check(recorded);
        if (testing::Test::HasFatalFailure())
          return;
        if (!has_stopped)
          break;
      }
    }
}

} // namespace unlatch_test

/// All of these for one type of map.
#define TEST_STALLS(name)                                                                          \
  TEST(Stall, name##_anywhere) { unlatch_test::stop_everywhere<unlatch_test::name>(); }            \
  TEST(Stall, name##_replaced) { unlatch_test::stop_in_replacements<unlatch_test::name>(); }       \
  TEST(Stall, name##_whole_map) { unlatch_test::stop_whole_map_operations<unlatch_test::name>(); } \
  TEST(Stall, name##_sweeps) { unlatch_test::stop_sweeps_and_readers<unlatch_test::name>(); }

#endif // UNLATCH_RUNTIME_TEST_STALL_H
