// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A map of each layout.

#ifndef UNLATCH_RUNTIME_TEST_LINEARIZABILITY_MAPS_H
#define UNLATCH_RUNTIME_TEST_LINEARIZABILITY_MAPS_H

#include <cstddef>
#include <cstdint>

#include <unlatch/map.h>

#include "perform.h"

namespace unlatch_test {

// Equal hashes for the keys that are looked at, and for a few more. If all were equal, every search
// would be long.
struct constant_hash {
  std::size_t operator()(int key) const { return key < 64 ? 0 : static_cast<std::size_t>(key); }
};
struct two_valued_hash {
  std::size_t operator()(int key) const {
    return static_cast<std::size_t>(key < 64 ? key % 2 : key);
  }
};

// Keys and values that stand in the slots. Of a key as wide as half a slot, the region that the
// slot is in holds a part.
using slots = unlatch::map<int, std::uint64_t>;
using small_slots_in_regions = unlatch::map<int, int>;
using slots_in_regions = unlatch::map<std::uint64_t, std::uint64_t>;

// Entries that slots point to, without a destructor, and with one.
using plain_nodes = unlatch::map<int, plain_value<2>>;
using large_nodes = unlatch::map<int, plain_value<256>>;
using mortal_nodes = unlatch::map<int, mortal_value>;

// Slots that several keys share.
using plain_collisions = unlatch::map<int, plain_value<2>, constant_hash>;
using mortal_collisions = unlatch::map<int, mortal_value, constant_hash>;
using halves = unlatch::map<int, mortal_value, two_valued_hash>;

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_LINEARIZABILITY_MAPS_H
