// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scenarios of a map as tables: which operations come before, and which each thread performs. The
// history has to be linearizable, the size right, and every value destroyed when it should be.

#ifndef UNLATCH_MODEL_MAP_SCRIPT_H
#define UNLATCH_MODEL_MAP_SCRIPT_H

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "history.h"
#include "payload.h"
#include "scenario.h"
#include "unlatch/map.h"

namespace unlatch {
namespace model {

struct script {
  std::vector<step> before;
  std::vector<std::vector<step>> threads;
};

/// An operation drawn at random, on one of the first keys if none is given.
inline step drawn(const step &one) {
  constexpr unsigned few_keys = 3;
  if (one.what != operation::any)
    return one;
  return {static_cast<operation>(choose(static_cast<unsigned>(operation::any))), choose(few_keys),
          1 + choose(5)};
}

inline unsigned number_in(std::uint32_t value) { return value; }
inline unsigned number_in(std::uint64_t value) { return static_cast<unsigned>(value); }
inline unsigned number_in(const plain_payload &value) { return value.value(); }

/// `Keys::at(i)` is the i-th key, `Keys::count` how many there are.
template <class Map, class Keys> class recorded_map {
  using K = typename Map::key_type;
  using V = typename Map::mapped_type;

public:
  explicit recorded_map(unsigned threads) : history_(threads) {}

  void prepare(const std::vector<step> &steps) {
    picture contents;
    for (const step &each : steps)
      require(perform(each) == contents.apply(each), "wrong even with one thread");
    history_.start(contents);
  }

  void run(unsigned thread, const step &one) {
    if (one.what == operation::reserve || one.what == operation::reclaim)
      perform(one);
    else
      history_.record(thread, one, [&] { return perform(one); });
  }

  void check() {
    picture last;
    for (unsigned key = 0; key < Keys::count; ++key)
      last.set(key, perform({operation::load, key}));
    require(history_.is_linearizable(last), "not linearizable");
    require(map_.size() == last.size(), "wrong size");
    require(perform({operation::items}) == last.all(), "an entry is there twice, or not found");
    if constexpr (std::is_same<V, payload>::value)
      require(payload::alive == last.size(), "a value was left behind, or destroyed twice");
  }

private:
  unsigned perform(const step &one) {
    const K key(Keys::at(one.key));
    const V value(one.argument);
    switch (one.what) {
    case operation::load:
      return number(map_.load(key));
    case operation::visit: {
      unsigned seen = 0;
      map_.visit(key, [&](const V &now) {
        seen = number_in(now);
        yield();
        require(number_in(now) == seen, "changed under its reader");
      });
      return seen;
    }
    case operation::store:
      return map_.store(key, value);
    case operation::swap:
      return number(map_.swap(key, value));
    case operation::load_or_store: {
      const auto result = map_.load_or_store(key, value);
      return number_in(result.first) + (result.second ? inserted : 0);
    }
    case operation::erase:
      return static_cast<unsigned>(map_.erase(key));
    case operation::take:
      return number(map_.load_and_delete(key));
    case operation::compare_and_swap:
      return map_.compare_and_swap(key, value, V(one.argument + 1));
    case operation::increment:
      return map_.update(key, [](std::optional<V> &entry) {
        const unsigned after = number(entry) + 1;
        entry.emplace(after);
        return after;
      });
    case operation::erase_by_update:
      return map_.update(key, [](std::optional<V> &entry) {
        const unsigned before = number(entry);
        entry.reset();
        return before;
      });
    case operation::size:
      return static_cast<unsigned>(map_.size());
    case operation::items:
      return picture_of(map_.items());
    case operation::clear:
      return static_cast<unsigned>(map_.erase_if([](const K &, const V &) { return true; }));
    case operation::erase_if:
      return static_cast<unsigned>(
          map_.erase_if([&](const K &, const V &each) { return number_in(each) > one.argument; }));
    case operation::take_all:
      return picture_of(map_.take_all());
    case operation::any:
      break;
    case operation::reserve:
      map_.reserve(one.argument);
      break;
    case operation::reclaim:
      if (reclaim::record *const mine = reclaim::this_thread().first)
        reclaim::retire_held_back(*mine);
      break;
    }
    return 0;
  }

  static unsigned number(const std::optional<V> &value) { return value ? number_in(*value) : 0; }
  static unsigned picture_of(const std::vector<std::pair<K, V>> &items) {
    picture all;
    for (const auto &each : items)
      for (unsigned key = 0; key < Keys::count; ++key)
        if (number_in(each.first) == Keys::at(key)) {
          require(all.of(key) == 0, "an entry is there twice");
          all.set(key, number_in(each.second));
        }
    return all.all();
  }

  Map map_;
  history history_;
};

/// Runs a script.
template <class Map, class Keys, const script &Script, unsigned Threads> struct scripted {
  static constexpr unsigned threads = Threads;

  scripted() : map_((payload::alive = 0, threads)) { map_.prepare(Script.before); }

  void thread(unsigned index) {
    for (const step &each : Script.threads[index])
      map_.run(index, drawn(each));
  }
  void end() { map_.check(); }

private:
  recorded_map<Map, Keys> map_;
};

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_MAP_SCRIPT_H
