// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Slots that point to entries: keys with equal hashes, and entries that are destroyed while readers
// are inside.

#include "map_script.h"
#include "migration_scripts.h"

namespace {

using namespace unlatch;
using namespace unlatch::model;

/// Two keys each have the same hash.
struct pairwise_hash {
  std::size_t operator()(const plain_payload &key) const { return key.value() / 2; }
  std::size_t operator()(std::uint32_t key) const { return key / 2; }
};

/// Entries that are destroyed at once, with keys that can be told apart though they are equal.
using destroyed_entries = map<plain_payload, payload, pairwise_hash>;
/// The same, where a replacement may bring its own key.
using numbered_entries = map<std::uint32_t, payload, pairwise_hash>;
/// Entries that are held back as memory.
using plain_entries = map<plain_payload, plain_payload, pairwise_hash>;

struct paired_keys {
  static constexpr unsigned count = 6;
  static std::uint32_t at(unsigned index) { return index + 2; }
};
struct lone_keys {
  static constexpr unsigned count = 6;
  static std::uint32_t at(unsigned index) { return 2 * index + 2; }
};

/// Of two keys with one hash, each may be in one place only.
const script insert_both{{},
                         {{{op::load_or_store, 0, 1}, {op::load, 1}},
                          {{op::load_or_store, 1, 2}, {op::load_or_store, 0, 3}},
                          {{op::load_or_store, 0, 4}, {op::load_or_store, 1, 5}}}};
/// The first slot of the hash is dead, or becomes so; it must not be taken by the other key as
/// well.
const script revive{{{op::store, 0, 1}},
                    {{{op::erase, 0}, {op::store, 0, 2}},
                     {{op::store, 1, 3}, {op::erase, 1}},
                     {{op::load_or_store, 1, 4}, {op::load_or_store, 0, 5}}}};
const script revive_shared{{{op::store, 0, 1}, {op::store, 1, 2}},
                           {{{op::erase, 0}, {op::load_or_store, 1, 3}},
                            {{op::load_or_store, 0, 4}, {op::load, 1}},
                            {{op::erase, 1}, {op::load_or_store, 1, 5}}}};
/// A key is copied, erased, and its place taken by the other one, before a helper goes on.
const script stale_helper_of_pair{
    {{op::store, 0, 1}, {op::store, 2, 2}, {op::store, 3, 3}},
    {{{op::store, 4, 4}}, {{op::erase, 0}, {op::store, 1, 5}}, {{op::load, 2}, {op::load, 0}}}};
/// Readers that take their time.
const script visit_and_remove{{{op::store, 0, 1}, {op::store, 1, 2}},
                              {{{op::visit, 0}, {op::visit, 1}},
                               {{op::erase, 0}, {op::swap, 1, 3}, {op::reclaim}},
                               {{op::swap, 0, 4}, {op::visit, 1}, {op::reclaim}}}};

} // namespace

#define ADD(map, keys, name, threads, executions)                                                  \
  add_scenario<scripted<map, keys, name, threads>>(#name ", " #map ", " #keys, executions)

int main(int count, char **arguments) {
  ADD(destroyed_entries, paired_keys, insert_same_key, 3, 4000);
  ADD(destroyed_entries, paired_keys, insert_both, 3, 4000);
  ADD(plain_entries, paired_keys, insert_both, 3, 4000);
  ADD(destroyed_entries, paired_keys, revive, 3, 4000);
  ADD(plain_entries, paired_keys, revive, 3, 4000);
  ADD(destroyed_entries, paired_keys, revive_shared, 3, 4000);
  ADD(destroyed_entries, paired_keys, stale_helper_of_pair, 3, 4000);
  ADD(destroyed_entries, paired_keys, visit_and_remove, 3, 4000);
  ADD(plain_entries, paired_keys, visit_and_remove, 3, 4000);
  ADD(numbered_entries, paired_keys, visit_and_remove, 3, 4000);
  ADD(destroyed_entries, paired_keys, grow, 3, 4000);
  ADD(plain_entries, lone_keys, grow, 3, 4000);
  ADD(numbered_entries, paired_keys, same_size, 3, 4000);
  ADD(plain_entries, paired_keys, stale_helper, 3, 4000);
  ADD(destroyed_entries, lone_keys, stale_helper, 3, 4000);
  ADD(destroyed_entries, paired_keys, updates, 3, 4000);
  ADD(destroyed_entries, paired_keys, count_while_growing, 3, 4000);
  ADD(plain_entries, paired_keys, again_and_again, 3, 4000);
  ADD(destroyed_entries, paired_keys, anything, 3, 4000);
  ADD(plain_entries, paired_keys, anything, 3, 4000);
  ADD(numbered_entries, paired_keys, anything, 3, 4000);
  return run(count, arguments);
}
