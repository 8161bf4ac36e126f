// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For libFuzzer: reads bytes as operations on a map, does the same with a std::unordered_map, and
// compares what they return and, now and then, all that is in them. The first byte says which
// layout it is. One thread: the algorithm's cases that data alone leads to, such as probing, equal
// hashes, growing, shrinking, and slots that are dead, spent or shared.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <unlatch/map.h>

#include "maps_of_memory.h"
#include "support.h"

namespace {

using namespace unlatch_test;

/// Keys are equal that are so modulo a number that the equality carries. So a key that is there can
/// be told from the one that was looked for; and with a hash of three values all else collides.
struct same_residue {
  int modulus = 1000;
  bool operator()(int left, int right) const { return left % modulus == right % modulus; }
};
struct hash_of_residue {
  int modulus = 1000;
  std::size_t operator()(int key) const { return static_cast<std::size_t>(key % modulus % 3); }
};

/// The bytes that are left; zeros after the end.
class input {
public:
  input(const std::uint8_t *data, std::size_t size) : next_(data), end_(data + size) {}

  bool is_empty() const { return next_ == end_; }
  int byte() { return is_empty() ? 0 : *next_++; }
  int below(int limit) { return byte() % limit; }
  /// One of a few, or, rarely, one of very many.
  int number() {
    const int first = byte();
    if (first < 224)
      return first % 14;
    const int second = byte();
    return ((first - 224) * 256 + second) * (first % 2 == 0 ? 1 : 65521);
  }

private:
  const std::uint8_t *next_;
  const std::uint8_t *end_;
};

void expect(bool holds, const char *what) {
  if (holds)
    return;
  std::fprintf(stderr, "the map and std::unordered_map differ: %s\n", what);
  std::abort();
}

struct refusal : std::runtime_error {
  refusal() : std::runtime_error("thrown by a callback") {}
};

/// A map, and one that is known to be right.
template <class Map> class pair_of_maps {
  using key_type = typename Map::key_type;
  using value_type = typename Map::mapped_type;
  using hasher = typename Map::hasher;
  using key_equal = typename Map::key_equal;

public:
  pair_of_maps(std::size_t expected, hasher hash, key_equal equal)
      : tested_(expected, hash, equal), right_(8, hash, equal) {}

  void run(input &in) {
    for (int steps = 0; !in.is_empty(); ++steps) {
      step(in);
      if (steps % 16 == 0)
        compare_all();
    }
    compare_all();
  }

private:
  void step(input &in) {
    const int operation = in.below(20);
    switch (operation) {
    case 0:
      return read(key_from(in));
    case 1:
      return store(key_from(in), value_from(in));
    case 2:
      return swap(key_from(in), value_from(in));
    case 3:
    case 4:
      return load_or_store(key_from(in), value_from(in), operation == 3);
    case 5:
    case 6:
      return erase(key_from(in), operation == 5);
    case 7:
      return compare_and_swap(key_from(in), value_from(in), value_from(in));
    case 8:
      return compare_and_delete(key_from(in), value_from(in));
    case 9:
    case 10:
      return update(key_from(in), value_from(in), in.below(5));
    case 11:
      return erase_if(in.below(4), in.byte());
    case 12:
      return take_all(in.below(2) == 0);
    case 13:
      return tested_.reserve(static_cast<std::size_t>(in.below(64) * in.below(8)));
    case 14:
      return range(in.byte());
    case 15:
      return expect(tested_.size() == right_.size() && tested_.empty() == right_.empty(), "size");
    case 16:
    case 17:
      return store_many(in.number(), in.below(50));
    case 18:
      return erase_many(in.number(), in.below(50));
    default:
      return come_and_go(in.number(), in.below(50));
    }
  }

  static key_type key_from(input &in) { return make<key_type>(in.number()); }
  static value_type value_from(input &in) { return make<value_type>(in.below(6)); }

  std::optional<value_type> right_value(const key_type &key) const {
    const auto at = right_.find(key);
    return at != right_.end() ? std::optional<value_type>(at->second) : std::nullopt;
  }

  void read(const key_type &key) {
    const std::optional<value_type> value = right_value(key);
    expect(tested_.load(key) == value, "load");
    expect(tested_.contains(key) == value.has_value(), "contains");
    std::optional<value_type> visited;
    const bool is_there = tested_.visit(key, [&](const value_type &each) { visited = each; });
    expect(is_there == value.has_value() && visited == value, "visit");
    try {
      expect(tested_.at(key) == value, "at");
    } catch (const std::out_of_range &) {
      expect(!value, "at throws");
    }
  }

  void store(const key_type &key, const value_type &value) {
    const bool is_new = right_.insert_or_assign(key, value).second;
    expect(tested_.store(key, value) == is_new, "store");
  }

  void swap(const key_type &key, const value_type &value) {
    const std::optional<value_type> before = right_value(key);
    right_.insert_or_assign(key, value);
    expect(tested_.swap(key, value) == before, "swap");
  }

  void load_or_store(const key_type &key, const value_type &value, bool with_a_factory) {
    const auto [at, is_new] = right_.try_emplace(key, value);
    const std::pair<value_type, bool> expected(at->second, is_new);
    if (!with_a_factory) {
      key_type moved_key = key;
      value_type moved_value = value;
      expect(tested_.load_or_store(std::move(moved_key), std::move(moved_value)) == expected,
             "load_or_store");
      expect(is_new || (moved_key == key && moved_value == value), "arguments of load_or_store");
      return;
    }
    int calls = 0;
    const auto factory = [&, copy = value] {
      ++calls;
      return copy;
    };
    expect(tested_.load_or_emplace(key, factory) == expected, "load_or_emplace");
    expect(calls == (expected.second ? 1 : 0), "calls of the factory");
  }

  void erase(const key_type &key, bool and_load) {
    const std::optional<value_type> before = right_value(key);
    const std::size_t number = right_.erase(key);
    if (and_load)
      expect(tested_.load_and_delete(key) == before, "load_and_delete");
    else
      expect(tested_.erase(key) == number, "erase");
  }

  void compare_and_swap(const key_type &key, const value_type &expected,
                        const value_type &desired) {
    const auto at = right_.find(key);
    const bool is_equal = at != right_.end() && at->second == expected;
    if (is_equal)
      at->second = desired;
    expect(tested_.compare_and_swap(key, expected, desired) == is_equal, "compare_and_swap");
  }

  void compare_and_delete(const key_type &key, const value_type &expected) {
    const auto at = right_.find(key);
    const bool is_equal = at != right_.end() && at->second == expected;
    if (is_equal)
      right_.erase(at);
    expect(tested_.compare_and_delete(key, expected) == is_equal, "compare_and_delete");
  }

  void update(const key_type &key, const value_type &value, int what) {
    std::optional<value_type> seen;
    const auto change = [&](std::optional<value_type> &entry) {
      seen = entry;
      if (what == 0)
        throw refusal();
      if (what == 1)
        entry.reset();
      else if (what == 2 || (what == 3 && !entry))
        entry = value;
      return entry.has_value();
    };
    const std::optional<value_type> before = right_value(key);
    std::optional<value_type> after = before;
    try {
      change(after);
      if (after)
        right_.insert_or_assign(key, *after);
      else
        right_.erase(key);
    } catch (const refusal &) {
    }
    try {
      expect(tested_.update(key, change) == after.has_value(), "update");
    } catch (const refusal &) {
      expect(what == 0, "update throws");
    }
    expect(seen == before, "what update shows");
  }

  void erase_if(int modulus, int last) {
    if (modulus == 0)
      return throw_in_erase_if(last);
    const auto goes = [&](const key_type &key) { return number_in(key) % (modulus + 1) == 0; };
    std::size_t number = 0;
    for (auto at = right_.begin(); at != right_.end();) {
      const bool does_go = goes(at->first);
      number += does_go ? 1 : 0;
      at = does_go ? right_.erase(at) : std::next(at);
    }
    expect(tested_.erase_if([&](const key_type &key, const value_type &) { return goes(key); }) ==
               number,
           "erase_if");
  }

  void throw_in_erase_if(int calls) {
    const bool throws = static_cast<std::size_t>(calls) < right_.size();
    try {
      tested_.erase_if([&](const key_type &, const value_type &) -> bool {
        if (calls-- == 0)
          throw refusal();
        return throws;
      });
      expect(!throws, "erase_if swallows");
    } catch (const refusal &) {
      expect(throws, "erase_if throws");
    }
  }

  void take_all(bool and_return) {
    if (and_return)
      expect(sorted(tested_.take_all()) == sorted(right_), "take_all");
    else
      tested_.clear();
    right_.clear();
  }

  void range(int most) {
    int seen = 0;
    tested_.range([&](const key_type &key, const value_type &value) {
      expect(right_value(key) == value, "range");
      return ++seen < most;
    });
    const int all = static_cast<int>(right_.size());
    expect(seen == (most == 0 ? (all == 0 ? 0 : 1) : std::min(most, all)), "end of range");
  }

  // Many keys, so that tables grow, or are left behind with what is dead.
  void store_many(int first, int count) {
    for (int i = 0; i < count; ++i)
      store(make<key_type>(first + i), make<value_type>(i % 6));
  }
  void erase_many(int first, int count) {
    for (int i = 0; i < count; ++i)
      erase(make<key_type>(first + i), false);
  }
  void come_and_go(int first, int count) {
    for (int i = 0; i < count; ++i) {
      store(make<key_type>(first + i), make<value_type>(1));
      erase(make<key_type>(first + i), i % 2 == 0);
    }
  }

  /// Keys, too, are those that were put in first.
  template <class Container> static std::vector<std::pair<int, int>> sorted(const Container &all) {
    std::vector<std::pair<int, int>> result;
    for (const auto &[key, value] : all)
      result.emplace_back(number_in(key), number_in(value));
    std::sort(result.begin(), result.end());
    return result;
  }
  void compare_all() {
    expect(sorted(tested_.items()) == sorted(right_), "contents");
    expect(tested_.size() == right_.size(), "size");
  }

  Map tested_;
  std::unordered_map<key_type, value_type, hasher, key_equal> right_;
};

template <class Map>
void run(input &in, typename Map::hasher hash = {}, typename Map::key_equal equal = {}) {
  pair_of_maps<Map>(static_cast<std::size_t>(in.below(3)) * 40, hash, equal).run(in);
}

} // namespace

extern "C" {
std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t most);
std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t most,
                                    unsigned seed);
int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);
}

/// Now and then something altogether new, of full length: a short run has no time to get there.
std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t most,
                                    unsigned seed) {
  if (seed % 4 != 0)
    return LLVMFuzzerMutate(data, size, most);
  generator random(seed);
  std::generate(data, data + most, [&] { return static_cast<std::uint8_t>(random.below(256)); });
  return most;
}

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  input in(data, size);
  const int layout = in.below(7);
  const int modulus = layout < 5 ? 0 : 1 + in.number();
  switch (layout) {
  case 0: // keys as wide as half a slot, or not
    run<slot_map>(in);
    break;
  case 1:
    run<unlatch::map<std::uint32_t, std::uint32_t>>(in);
    break;
  case 2:
    run<unlatch::map<std::uint32_t, std::uint64_t>>(in);
    break;
  case 3:
    run<plain_node_map>(in);
    break;
  case 4:
    run<unlatch::map<std::string, std::string>>(in);
    break;
  case 5:
    run<unlatch::map<int, four_words, hash_of_residue, same_residue>>(in, {modulus}, {modulus});
    break;
  default:
    run<unlatch::map<int, std::string, hash_of_residue, same_residue>>(in, {modulus}, {modulus});
  }
  return 0;
}
