// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a map is meant to do: each operation as a step of a machine that one thread uses. It has a
// few keys, and values from 1 to 31; 0 stands for none.

#ifndef UNLATCH_RUNTIME_TEST_LINEARIZABILITY_SPECIFICATION_H
#define UNLATCH_RUNTIME_TEST_LINEARIZABILITY_SPECIFICATION_H

#include <array>
#include <cstddef>
#include <string>

namespace unlatch_test {

inline constexpr int key_count = 3;
inline constexpr int absent = 0;
inline constexpr int most_value = 31;
using state = std::array<int, key_count>;

enum class kind {
  load,
  contains,
  visit,
  store,
  swap,
  load_or_store,
  load_or_emplace,
  load_and_delete,
  erase,
  compare_and_swap,
  compare_and_delete,
  increment, // by `update`
  toggle,    // by `update`: inserts or erases
  items,     // from here on: the whole map
  erase_odd,
  clear,
  take_all,
  size, // the last: where the map has other keys too, it cannot be foretold
};
inline constexpr int single_key_kinds = static_cast<int>(kind::items);
inline constexpr int all_kinds = static_cast<int>(kind::size) + 1;

struct operation {
  kind what = kind::load;
  int key = 0;
  int argument = 0;
  int expected = 0;
  int result = 0; // whatever came back, as one number
  long begin = 0;
  long end = 0;
};

inline int encode(const state &s) {
  int code = 0;
  for (int each : s)
    code = code * (most_value + 1) + each;
  return code;
}

inline int next_value(int value) { return value % most_value + 1; }

/// What the operation does to a map that no one else uses, and what it returns.
inline int execute(const operation &op, state &s) {
  int &entry = s[static_cast<std::size_t>(op.key)];
  const int before = entry;
  switch (op.what) {
  case kind::load:
  case kind::visit:
    return before;
  case kind::contains:
    return before != absent;
  case kind::store:
    entry = op.argument;
    return before == absent;
  case kind::swap:
    entry = op.argument;
    return before;
  case kind::load_or_store:
  case kind::load_or_emplace:
    if (before == absent)
      entry = op.argument;
    return entry * 2 + (before == absent);
  case kind::load_and_delete:
    entry = absent;
    return before;
  case kind::erase:
    entry = absent;
    return before != absent;
  case kind::compare_and_swap:
    if (before != op.expected)
      return 0;
    entry = op.argument;
    return 1;
  case kind::compare_and_delete:
    if (before != op.expected)
      return 0;
    entry = absent;
    return 1;
  case kind::increment:
    entry = next_value(before);
    return before;
  case kind::toggle:
    entry = before == absent ? op.argument : absent;
    return before;
  case kind::items:
    return encode(s);
  case kind::erase_odd: {
    int removed = 0;
    for (int &each : s)
      if (each % 2 == 1) {
        each = absent;
        ++removed;
      }
    return removed;
  }
  case kind::clear:
    s = state{};
    return 0;
  case kind::take_all: {
    const int code = encode(s);
    s = state{};
    return code;
  }
  case kind::size: {
    int number = 0;
    for (int each : s)
      number += each != absent;
    return number;
  }
  }
  return -1;
}

inline const char *name_of(kind what) {
  static constexpr const char *names[all_kinds] = {"load",
                                                   "contains",
                                                   "visit",
                                                   "store",
                                                   "swap",
                                                   "load_or_store",
                                                   "load_or_emplace",
                                                   "load_and_delete",
                                                   "erase",
                                                   "compare_and_swap",
                                                   "compare_and_delete",
                                                   "increment",
                                                   "toggle",
                                                   "items",
                                                   "erase_odd",
                                                   "clear",
                                                   "take_all",
                                                   "size"};
  return names[static_cast<int>(what)];
}

inline std::string describe(const operation &op) {
  return "[" + std::to_string(op.begin) + ", " + std::to_string(op.end) + "] " + name_of(op.what) +
         " key " + std::to_string(op.key) + " argument " + std::to_string(op.argument) +
         " expected " + std::to_string(op.expected) + " gave " + std::to_string(op.result) + "\n";
}

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_LINEARIZABILITY_SPECIFICATION_H
