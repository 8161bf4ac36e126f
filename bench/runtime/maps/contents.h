// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is in the maps: a few types of entries, and one hash for all contenders.

#ifndef UNLATCH_BENCH_CONTENTS_H
#define UNLATCH_BENCH_CONTENTS_H

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../harness/adapter.h"

namespace bench {

/// How many strings there are as keys: they are made in advance.
inline constexpr std::size_t most_strings = 200'000;

/// A strong hash: the finaliser of MurmurHash3 for integers, the standard library's for strings.
struct same_hash {
  using is_avalanching = void; // tells Boost that no further mixing is needed

  std::size_t operator()(std::uint64_t key) const {
    key ^= key >> 33;
    key *= 0xff51afd7ed558ccdU;
    key ^= key >> 33;
    key *= 0xc4ceb9fe1a85ec53U;
    key ^= key >> 33;
    return key;
  }
  std::size_t operator()(const std::string &key) const { return std::hash<std::string>()(key); }
};

/// Keys that no map contains: each worker makes its own, and never the same twice.
class fresh_numbers {
public:
  explicit fresh_numbers(int worker) : last_(static_cast<std::uint64_t>(worker + 1) << 40) {}
  const std::uint64_t &next() { return ++last_; }

private:
  std::uint64_t last_;
};

/// Key and value fit into a machine word each.
struct numbers {
  static constexpr const char *name = "u64 -> u64";
  static constexpr std::size_t entries = 100'000;
  using key_type = std::uint64_t;
  using value_type = std::uint64_t;
  using fresh_keys = fresh_numbers;

  static key_type key(std::uint64_t index) { return index + 1; }
  static value_type value(std::uint64_t seed) { return seed; }
  static std::uint64_t weight(const value_type &value) { return value; }
  static void change(value_type &value) { ++value; }
};

/// Trivial, but too large for a word.
struct record {
  std::uint64_t parts[4];
};

struct records {
  static constexpr const char *name = "u64 -> 32 bytes";
  static constexpr std::size_t entries = 100'000;
  using key_type = std::uint64_t;
  using value_type = record;
  using fresh_keys = fresh_numbers;

  static key_type key(std::uint64_t index) { return index + 1; }
  static value_type value(std::uint64_t seed) { return {{seed, seed + 1, seed + 2, seed + 3}}; }
  static std::uint64_t weight(const value_type &value) {
    return value.parts[0] + value.parts[1] + value.parts[2] + value.parts[3];
  }
  static void change(value_type &value) { ++value.parts[1]; }
};

/// A registry as a process manager has it: small, and the entries are objects with a life of their
/// own.
struct processes {
  static constexpr const char *name = "u64 -> process";
  static constexpr std::size_t entries = 1'000;
  struct process {
    std::uint64_t status[8];
  };
  using key_type = std::uint64_t;
  using value_type = std::shared_ptr<process>;
  using fresh_keys = fresh_numbers;

  static key_type key(std::uint64_t index) { return index + 1; }
  static value_type value(std::uint64_t seed) {
    return std::make_shared<process>(process{{seed, 0, 0, 0, 0, 0, 0, 0}});
  }
  static std::uint64_t weight(const value_type &value) { return value->status[0]; }
};

/// Strings of 24 characters, too long to be stored without memory of their own.
struct names {
  static constexpr const char *name = "string -> shared_ptr";
  static constexpr std::size_t entries = 100'000;
  using key_type = std::string;
  using value_type = std::shared_ptr<int>;

  static std::string text(char kind, std::uint64_t number) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "key-%c-%018llu", kind,
                  static_cast<unsigned long long>(number));
    return buffer;
  }

  static const std::string &key(std::uint64_t index) {
    static const std::vector<std::string> all = [] {
      std::vector<std::string> made;
      for (std::uint64_t i = 0; i < most_strings; ++i)
        made.push_back(text('k', i));
      return made;
    }();
    return all[index];
  }
  static value_type value(std::uint64_t seed) { return std::make_shared<int>(seed & 0xffff); }
  static std::uint64_t weight(const value_type &value) {
    return static_cast<std::uint64_t>(*value);
  }

  /// Counts in the last characters, in place, so that making a key costs next to nothing.
  class fresh_keys {
  public:
    explicit fresh_keys(int worker) : key_(text('f', static_cast<std::uint64_t>(worker))) {
      for (std::size_t i = digits_from; i < key_.size(); ++i)
        key_[i] = '0';
      key_[digits_from - 1] = static_cast<char>('A' + worker);
    }
    const std::string &next() {
      std::size_t i = key_.size() - 1;
      while (key_[i] == '9')
        key_[i--] = '0';
      ++key_[i];
      return key_;
    }

  private:
    static constexpr std::size_t digits_from = 10;
    std::string key_;
  };
};

} // namespace bench

#endif // UNLATCH_BENCH_CONTENTS_H
