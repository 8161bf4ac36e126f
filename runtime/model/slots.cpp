// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Slots and their migration to the next table, where keys and values stand in the slots.

#include "map_script.h"
#include "migration_scripts.h"

namespace {

using namespace unlatch;
using namespace unlatch::model;

using eight_slots = map<std::uint32_t, std::uint64_t>;

/// The smallest has sixteen regions of four slots, which are replaced when one is full.
using regions_of_four_slots = map<std::uint32_t, std::uint32_t>;

struct near_keys { // all are looked for from the first slot on
  static constexpr unsigned count = 6;
  static std::uint32_t at(unsigned index) { return index + 1; }
};
struct last_keys { // from the last slots on, so that probing comes round
  static constexpr unsigned count = 6;
  static std::uint32_t at(unsigned index) { return ~index; }
};
struct far_keys { // from different slots on
  static constexpr unsigned count = 6;
  static std::uint32_t at(unsigned index) { return index + 1 + (index << 30); }
};

} // namespace

#define ADD(map, keys, name, threads, executions)                                                  \
  add_scenario<scripted<map, keys, name, threads>>(#name ", " #map ", " #keys, executions)

int main(int count, char **arguments) {
  ADD(eight_slots, near_keys, insert_same_key, 3, 8000);
  ADD(eight_slots, near_keys, insert_erase_load, 3, 8000);
  ADD(eight_slots, near_keys, grow, 3, 8000);
  ADD(eight_slots, far_keys, grow, 3, 8000);
  ADD(eight_slots, near_keys, same_size, 3, 8000);
  ADD(eight_slots, last_keys, same_size, 3, 8000);
  ADD(eight_slots, near_keys, stale_helper, 3, 8000);
  ADD(eight_slots, last_keys, stale_helper, 3, 8000);
  ADD(eight_slots, near_keys, count_while_growing, 3, 8000);
  ADD(eight_slots, near_keys, updates, 3, 8000);
  ADD(eight_slots, near_keys, again_and_again, 3, 8000);
  ADD(eight_slots, near_keys, two_generations, 2, 15000);
  ADD(eight_slots, near_keys, anything, 3, 8000);
  ADD(eight_slots, near_keys, count_in_stripes, 3, 5000);
  ADD(eight_slots, far_keys, two_parts, 2, 3000);
  ADD(regions_of_four_slots, near_keys, anything, 3, 1000);
  ADD(regions_of_four_slots, near_keys, stale_helper, 3, 1000);
  return run(count, arguments);
}
