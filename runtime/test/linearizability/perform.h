// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations of the specification on a real map, and types of value that show when they are
// torn, or looked into after they have died.

#ifndef UNLATCH_RUNTIME_TEST_LINEARIZABILITY_PERFORM_H
#define UNLATCH_RUNTIME_TEST_LINEARIZABILITY_PERFORM_H

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "specification.h"

namespace unlatch_test {

inline constexpr int broken = -1; // what a value says of itself that is no value

// Values as they are stored differ from what memory is full of otherwise.
inline constexpr int offset = 1000;
template <class Word> int number_from(Word word) {
  return word < static_cast<Word>(offset) || word > static_cast<Word>(offset + most_value)
             ? broken
             : static_cast<int>(word) - offset;
}

/// A value without a destructor that is too large to stand in a slot.
template <std::size_t Words> struct plain_value {
  plain_value() = default;
  explicit plain_value(int number) {
    for (std::size_t i = 0; i < Words; ++i)
      words[i] = offset + number + static_cast<long>(i);
  }
  int number() const {
    for (std::size_t i = 0; i < Words; ++i)
      if (words[i] != words[0] + static_cast<long>(i))
        return broken;
    return number_from(words[0]);
  }
  friend bool operator==(const plain_value &left, const plain_value &right) {
    return left.words == right.words;
  }
  std::array<long, Words> words;
};

/// A value that is counted while it is alive, and knows whether it is.
struct mortal_value {
  /// Where the values that the calling thread makes are counted.
  static inline thread_local std::atomic<long> *census = nullptr;

  explicit mortal_value(int its_number) : number_(its_number) { alive_->fetch_add(1); }
  mortal_value(const mortal_value &other) : number_(other.number()) { alive_->fetch_add(1); }
  mortal_value &operator=(const mortal_value &other) {
    number_ = other.number();
    return *this;
  }
  ~mortal_value() {
    mark_ = dead_mark;
    alive_->fetch_sub(1);
  }
  int number() const { return mark_ == alive_mark ? number_ : broken; }
  friend bool operator==(const mortal_value &left, const mortal_value &right) {
    return left.number() == right.number();
  }

private:
  static constexpr unsigned alive_mark = 0x0a11f00dU;
  static constexpr unsigned dead_mark = 0xdeadbeefU;
  int number_;
  std::atomic<long> *const alive_ = census;
  // The allocator writes into the beginning of what is given back.
  [[maybe_unused]] unsigned padding_[4] = {};
  volatile unsigned mark_ = alive_mark; // volatile: what a destructor writes is not dropped
};

template <class Value> Value value_of(int number) {
  if constexpr (std::is_integral_v<Value>)
    return static_cast<Value>(offset + number);
  else
    return Value(number);
}
template <class Value> int number_in(const Value &value) {
  if constexpr (std::is_integral_v<Value>)
    return number_from(value);
  else
    return value.number();
}

/// Only the keys that the specification knows: the map may have others.
template <class Items> state state_in(const Items &items) {
  state s{};
  for (const auto &[key, value] : items)
    if (key < static_cast<std::decay_t<decltype(key)>>(key_count))
      s[static_cast<std::size_t>(key)] = number_in(value);
  return s;
}

template <class Map> int perform(const operation &op, Map &m) {
  using key_type = typename Map::key_type;
  using value_type = typename Map::mapped_type;
  const key_type key = static_cast<key_type>(op.key);
  const auto value = &value_of<value_type>;
  const auto in = [](const std::optional<value_type> &found) {
    return found ? number_in(*found) : absent;
  };
  switch (op.what) {
  case kind::load:
    return in(m.load(key));
  case kind::contains:
    return m.contains(key);
  case kind::visit: {
    int seen = absent;
    m.visit(key, [&](const value_type &found) { seen = number_in(found); });
    return seen;
  }
  case kind::store:
    return m.store(key, value(op.argument));
  case kind::swap:
    return in(m.swap(key, value(op.argument)));
  case kind::load_or_store: {
    const auto [now, inserted] = m.load_or_store(key, value(op.argument));
    return number_in(now) * 2 + inserted;
  }
  case kind::load_or_emplace: {
    const auto [now, inserted] = m.load_or_emplace(key, [&] { return value(op.argument); });
    return number_in(now) * 2 + inserted;
  }
  case kind::load_and_delete:
    return in(m.load_and_delete(key));
  case kind::erase:
    return static_cast<int>(m.erase(key));
  case kind::compare_and_swap:
    return m.compare_and_swap(key, value(op.expected), value(op.argument));
  case kind::compare_and_delete:
    return m.compare_and_delete(key, value(op.expected));
  case kind::increment:
    return m.update(key, [&](std::optional<value_type> &entry) {
      const int before = in(entry);
      entry = value(next_value(before));
      return before;
    });
  case kind::toggle:
    return m.update(key, [&](std::optional<value_type> &entry) {
      const int before = in(entry);
      if (entry)
        entry.reset();
      else
        entry = value(op.argument);
      return before;
    });
  case kind::items:
    return encode(state_in(m.items()));
  case kind::erase_odd:
    return static_cast<int>(m.erase_if([](const key_type &its_key, const value_type &its_value) {
      return its_key < static_cast<key_type>(key_count) && number_in(its_value) % 2 == 1;
    }));
  case kind::clear:
    m.clear();
    return 0;
  case kind::take_all:
    return encode(state_in(m.take_all()));
  case kind::size:
    return static_cast<int>(m.size());
  }
  return broken;
}

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_LINEARIZABILITY_PERFORM_H
