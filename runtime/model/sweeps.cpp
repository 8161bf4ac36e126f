// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations on a whole map: the gate that writers pass, and sweeps, which remove many entries at
// one moment for readers who do not take part.

#include "map_script.h"

namespace {

using namespace unlatch;
using namespace unlatch::model;
using op = operation;

struct same_hash {
  std::size_t operator()(const plain_payload &) const { return 2; }
};

using slots = map<std::uint32_t, std::uint64_t>;
using entries = map<plain_payload, payload, same_hash>;
using plain_entries = map<plain_payload, plain_payload, same_hash>;

struct few_keys {
  static constexpr unsigned count = 4;
  static std::uint32_t at(unsigned index) { return index + 1; }
};

/// A reader of two keys finds both or neither.
const script clear_and_read{
    {{op::store, 0, 1}, {op::store, 1, 2}},
    {{{op::clear}}, {{op::load, 0}, {op::load, 1}}, {{op::load, 1}, {op::load, 0}}}};
/// What one reader misses, nobody finds later.
const script clear_and_compare{{{op::store, 0, 1}, {op::store, 1, 2}},
                               {{{op::clear}}, {{op::load, 0}}, {{op::load, 1}}}};
/// One that saw an entry condemned by the first sweep meets it in the second.
const script clear_twice{{{op::store, 0, 1}, {op::store, 1, 2}},
                         {{{op::clear}, {op::store, 0, 3}, {op::clear}},
                          {{op::load, 1}, {op::load, 0}},
                          {{op::load, 0}, {op::load, 1}}}};
const script sweep_and_write{{{op::store, 0, 1}, {op::store, 1, 5}, {op::store, 2, 6}},
                             {{{op::erase_if, 0, 4}, {op::size}},
                              {{op::store, 0, 7}, {op::load, 1}},
                              {{op::erase, 1}, {op::load_or_store, 2, 8}}}};
const script sweep_and_grow{
    {{op::store, 0, 1}, {op::store, 1, 5}, {op::store, 2, 6}},
    {{{op::take_all}}, {{op::store, 3, 7}, {op::load, 1}}, {{op::load, 0}, {op::load, 2}}}};
const script two_sweeps{{{op::store, 0, 1}, {op::store, 1, 5}},
                        {{{op::erase_if, 0, 3}, {op::load, 0}},
                         {{op::clear}, {op::store, 0, 6}},
                         {{op::load, 0}, {op::load, 1}}}};
/// A size, or a picture, that was true at one moment.
const script look_while_writing{{{op::store, 0, 1}},
                                {{{op::store, 1, 2}, {op::erase, 0}},
                                 {{op::load, 1}, {op::size}, {op::items}},
                                 {{op::store, 2, 3}, {op::size}}}};
/// An entry that is moved is never in both places.
const script look_while_moving{{{op::store, 0, 1}},
                               {{{op::erase, 0}, {op::store, 1, 2}, {op::erase, 1}},
                                {{op::items}, {op::load, 1}, {op::size}},
                                {{op::load, 1}, {op::items}}}};

} // namespace

#define ADD(map, name, executions)                                                                 \
  add_scenario<scripted<map, few_keys, name, 3>>(#name ", " #map, executions)

int main(int count, char **arguments) {
  ADD(slots, clear_and_read, 5000);
  ADD(entries, clear_and_read, 5000);
  ADD(plain_entries, clear_and_read, 5000);
  ADD(slots, clear_and_compare, 5000);
  ADD(entries, clear_and_compare, 5000);
  ADD(slots, clear_twice, 5000);
  ADD(entries, clear_twice, 5000);
  ADD(slots, sweep_and_write, 5000);
  ADD(entries, sweep_and_write, 5000);
  ADD(slots, sweep_and_grow, 5000);
  ADD(entries, sweep_and_grow, 5000);
  ADD(slots, two_sweeps, 5000);
  ADD(plain_entries, two_sweeps, 5000);
  ADD(slots, look_while_writing, 5000);
  ADD(entries, look_while_writing, 5000);
  ADD(slots, look_while_moving, 5000);
  ADD(entries, look_while_moving, 5000);
  return run(count, arguments);
}
