// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One face for all maps. A batch of operations is one virtual call, so the call costs nothing.
//
// A contender is a class template `map<K, V>` with
//   map(expected)          room for that many entries, or grown from nothing if 0
//   bool read(key, value&) copies the value out
//   void store(key, value) inserts or replaces
//   bool erase(key)
//   bool hold(key, f)      calls f while it keeps the entry as a slow reader would
// and, where that means anything,
//   void change(key, f)    calls `f(value&)` as one step with storing what that leaves
//   void settle()          finishes what was put off
//   static void enter()    called by a thread before it uses the map, again and again

#ifndef UNLATCH_BENCH_ANY_MAP_H
#define UNLATCH_BENCH_ANY_MAP_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../harness/figures.h"
#include "../harness/random.h"
#include "contents.h"

namespace bench {

enum class workload { read, read_hot, mixed_90_10, mixed_50_50, overwrite, update, churn };
inline constexpr const char *name_of(workload which) {
  constexpr const char *names[] = {"read",      "read hot", "90/10", "50/50",
                                   "overwrite", "update",   "churn"};
  return names[static_cast<int>(which)];
}

class any_map {
public:
  virtual ~any_map() = default;
  /// Whether the contender has the operations for it.
  virtual bool offers(workload what) const = 0;
  /// Does about that many operations as that worker, and returns how many it did.
  virtual std::uint64_t run(workload what, int worker, std::uint64_t count) = 0;
  virtual void store(std::uint64_t index, std::uint64_t seed) = 0;
  virtual bool read(std::uint64_t index) = 0;
  virtual bool hold(std::uint64_t index, const std::function<void()> &inside) = 0;
  virtual void settle() = 0;
};

template <class Map, class Contents> class map_of final : public any_map {
public:
  explicit map_of(std::size_t expected) : map_(expected) {
    for (int worker = 0; worker < most_workers; ++worker)
      states_.emplace_back(worker);
  }

  bool offers(workload what) const override { return what != workload::update || has_change; }

  std::uint64_t run(workload what, int worker, std::uint64_t count) override {
    enter();
    state &mine = states_[static_cast<std::size_t>(worker)];
    switch (what) {
    case workload::read:
      return reads(mine, count, Contents::entries);
    case workload::read_hot:
      return reads(mine, count, hot_entries);
    case workload::mixed_90_10:
      return mixed<10>(mine, count);
    case workload::mixed_50_50:
      return mixed<50>(mine, count);
    case workload::overwrite:
      return mixed<100>(mine, count);
    case workload::update:
      return updates(mine, count);
    case workload::churn:
      return churn(mine, count);
    }
    return 0;
  }

  void store(std::uint64_t index, std::uint64_t seed) override {
    enter();
    map_.store(Contents::key(index), Contents::value(seed));
  }
  bool read(std::uint64_t index) override {
    enter();
    value_type value{};
    const bool found = map_.read(Contents::key(index), value);
    keep(value);
    return found;
  }
  bool hold(std::uint64_t index, const std::function<void()> &inside) override {
    enter();
    return map_.hold(Contents::key(index), inside);
  }
  void settle() override {
    if constexpr (requires(Map map) { map.settle(); })
      map_.settle();
  }

private:
  using value_type = typename Contents::value_type;
  static constexpr bool has_change = requires(Map map, value_type value) {
    Contents::change(value);
    map.change(Contents::key(0), &Contents::change);
  };
  static constexpr int most_workers = 40;
  /// So few that they fit into the caches of one processor, however large the map is.
  static constexpr std::uint64_t hot_entries = 4'096;

  static void enter() {
    if constexpr (requires { Map::enter(); })
      Map::enter();
  }

  struct alignas(128) state {
    explicit state(int worker) : random(static_cast<std::uint64_t>(worker) + 1), fresh(worker) {}
    generator random;
    typename Contents::fresh_keys fresh;
  };

  std::uint64_t reads(state &mine, std::uint64_t count, std::uint64_t among) {
    generator random = mine.random;
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      value_type value{};
      if (map_.read(Contents::key(random.below(among)), value))
        sum += Contents::weight(value);
    }
    keep(sum);
    mine.random = random;
    return count;
  }

  template <unsigned percent_writes> std::uint64_t mixed(state &mine, std::uint64_t count) {
    generator random = mine.random;
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t index = random.below(Contents::entries);
      if (random.below(100) < percent_writes) {
        map_.store(Contents::key(index), Contents::value(i));
      } else {
        value_type value{};
        if (map_.read(Contents::key(index), value))
          sum += Contents::weight(value);
      }
    }
    keep(sum);
    mine.random = random;
    return count;
  }

  /// Adds to the values of random keys, in one step each.
  std::uint64_t updates(state &mine, std::uint64_t count) {
    if constexpr (has_change) {
      generator random = mine.random;
      for (std::uint64_t i = 0; i < count; ++i)
        map_.change(Contents::key(random.below(Contents::entries)),
                    [](value_type &value) { Contents::change(value); });
      mine.random = random;
    }
    return count;
  }

  /// Inserts and removes keys that were never there before. Each of the two is an operation.
  std::uint64_t churn(state &mine, std::uint64_t count) {
    std::uint64_t erased = 0;
    for (std::uint64_t i = 0; i < count; i += 2) {
      const typename Contents::key_type &key = mine.fresh.next();
      map_.store(key, Contents::value(i));
      erased += map_.erase(key);
    }
    keep(erased);
    return (count + 1) / 2 * 2;
  }

  Map map_;
  std::vector<state> states_;
};

/// A contender for one type of entries.
struct map_kind {
  std::string name;
  role what;
  bool concurrent; // may be written to while others use it
  std::function<std::unique_ptr<any_map>(std::size_t expected)> make;

  std::unique_ptr<any_map> filled(std::size_t entries) const {
    std::unique_ptr<any_map> made = make(entries);
    for (std::size_t i = 0; i < entries; ++i)
      made->store(i, i);
    return made;
  }
};

/// All contenders that were found when this was built.
std::vector<map_kind> maps_of_numbers();
std::vector<map_kind> maps_of_records();
std::vector<map_kind> maps_of_names();
std::vector<map_kind> maps_of_processes();

} // namespace bench

#endif // UNLATCH_BENCH_ANY_MAP_H
