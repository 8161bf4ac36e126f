// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The histories that every layout of a map is tried with. Threads are preempted everywhere.

#ifndef UNLATCH_RUNTIME_TEST_LINEARIZABILITY_LAYOUTS_H
#define UNLATCH_RUNTIME_TEST_LINEARIZABILITY_LAYOUTS_H

// Before the library's headers.
#include "../preemption.h"

#include "histories.h"
#include "maps.h"

namespace unlatch_test {

// Maps that have just been made: the first table, and growth.
template <class Map> void check_young_maps() {
  plan how;
  how.histories = 10000;
  how.whole_map_share = 15;
  check_histories<Map>(how);
}

// Four threads, one key.
template <class Map> void check_contention() {
  plan how;
  how.histories = 8000;
  how.histories_per_map = 4;
  how.threads = 4;
  how.operations = 7;
  how.keys = 1;
  how.noise_share = 5;
  check_histories<Map>(how);
}

// Tables are replaced all the time.
template <class Map> void check_replacement() {
  plan how;
  how.histories = 8000;
  how.histories_per_map = 50;
  how.noise_share = 70;
  check_histories<Map>(how);
}

// The same, and all entries vanish now and then.
template <class Map> void check_replacement_and_sweeps() {
  plan how;
  how.histories = 6000;
  how.histories_per_map = 10;
  how.noise_share = 50;
  how.whole_map_share = 25;
  check_histories<Map>(how);
}

} // namespace unlatch_test

/// All of these for one type of map.
#define TEST_LAYOUT(name)                                                                          \
  TEST(Linearizability, name##_young) { unlatch_test::check_young_maps<unlatch_test::name>(); }    \
  TEST(Linearizability, name##_contended) {                                                        \
    unlatch_test::check_contention<unlatch_test::name>();                                          \
  }                                                                                                \
  TEST(Linearizability, name##_replaced) {                                                         \
    unlatch_test::check_replacement<unlatch_test::name>();                                         \
  }                                                                                                \
  TEST(Linearizability, name##_replaced_and_swept) {                                               \
    unlatch_test::check_replacement_and_sweeps<unlatch_test::name>();                              \
  }

#endif // UNLATCH_RUNTIME_TEST_LINEARIZABILITY_LAYOUTS_H
