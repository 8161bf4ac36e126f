// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/map.h: a hash map that many threads use at once, without a lock around it.
//
// What it is for
//   It takes the place of a std::unordered_map (or a std::map that is looked into, not walked
//   along) and the mutex that guards it. Each operation does in one step what a critical section
//   did: find and copy, find or insert, find and erase, read and write back. What takes two
//   operations is not atomic: use `update`.
//
// What it gives
//   - Every operation is linearizable, and sequentially consistent at its linearization point,
//     misses included. That holds for `range`, `items`, `sorted_items`, `to`, `size`, `empty`,
//     `erase_if`, `clear` and `take_all` as well: they see, or change, the whole map at one moment.
//   - Single-key reads are lock-free, never wait for a whole-map operation, and do not allocate
//     (but see unlatch/reclaim.h for the first operation of a thread). Single-key writes are
//     lock-free among themselves, also while the table grows; they wait while a whole-map operation
//     runs.
//   - Values are immutable once they are in the map. A removed or replaced value is destroyed in
//     the call that removed it, before it returns; or, if another thread is inside it at that
//     moment, when that one leaves, in its thread. Only memory may be given back later. No key,
//     value or callback of yours runs under a lock, except the callbacks and copies of whole-map
//     operations.
//   - If a hash, a comparison, a copy or a callback throws, the map is as it was before.
//
// Limits
//   - No iterators and no references to elements: elements are copied out, or visited in place.
//   - Not copyable, not movable. Destruction must not run concurrently with anything else; but a
//     thread that has seen what another's call changed may destroy the map though that has not
//     returned yet. O(threads).
//   - Copying, comparing, hashing and destroying K and V has to be safe when run concurrently on
//     one const object, and must not call back into the same map; destructors may.
//   - K has to be copyable, V only for the operations that copy it.
//   - The callbacks of `range` and `erase_if` may read this map. A writing operation of the same
//     map from inside them would wait for itself: it throws std::system_error with
//     std::errc::resource_deadlock_would_occur (it ends the program in a build without exceptions,
//     and from `clear`). Loop over `items()` to write inside the loop. Two threads that range over
//     two maps, each writing to the other's, deadlock as two mutexes would.
//   - In the child of a fork a map is usable unless another thread was in a whole-map operation on
//     it at the moment of the fork, as a mutex would be that another thread held.
//   - The hash of a key that is an integer, an enumeration or a pointer, compared by std::equal_to,
//     is the map's own: Hash is not called.
//
// Cost
//   Two layouts, chosen by the types alone:
//   - Keys that are integers, enumerations or pointers, with trivially copyable values of at most
//     eight bytes, stand in the table: a slot of 16 bytes, or of 8 if neither key nor value has
//     more than four. Between a third and two thirds of the slots hold entries: 24 to 48 bytes an
//     entry, or half of that. Nothing is allocated for an entry.
//   - Of all others the table holds a pointer and a part of the hash, in a slot of 8 bytes, two to
//     four fifths of them in use; and each entry is one allocation, of 16 bytes beside key and
//     value, or 8 if both have trivial destructors. Small entries of that kind take the memory of
//     others that the thread has removed before.
//   A small map has 8 slots, or 16 if they hold pointers, or 64 if the keys fill them; an empty one
//   allocates nothing. A table of 2 MiB or more asks the system for huge pages. A single-key
//   operation is O(1) on average. A removal or replacement in the second layout looks through the
//   hazard slots of all threads besides, unless key and value have trivial destructors.
//   A whole-map operation is O(n) and O(threads); `size` is O(threads). Those reach all threads
//   with a fence, which alone takes about a microsecond. The table is replaced by a larger, an
//   equal or a smaller one when it has filled up, by all writers together; the one that fills it
//   pays most. `reserve` avoids that. Hashes are mixed with a seed of the map's own, so that weak
//   hashes (std::hash of an integer is the identity) do no harm, and colliding keys cannot be
//   prepared without it.
//
// How it works
//   See unlatch/detail/slot_table.h for slots and growth, with the papers, unlatch/reclaim.h for
//   memory, and unlatch/detail/gate.h and growing_table.h for what makes whole-map operations
//   atomic. Linearization points: of a hit, the load of the value, or the write that ended it if
//   that came first; of a miss, the load of the slot where the key would be; of a write, the
//   compare-and-swap of the slot. Of a whole-map operation that reads, any moment while the gate is
//   closed; of one that removes, the store that makes the sweep take effect.
//
// With UNLATCH_FALLBACK_MUTEX defined for the whole program, the same interface is built on a
// std::unordered_multimap and a std::shared_mutex; then nothing here is lock-free, and the rest
// holds. A program in which some parts have it and others do not is refused when it is linked or
// started.
//
// Terms used below: "lock-free": some thread always gets on, whatever others do or do not do.
// "Lock-free but for whole-map operations": the same, except that it waits while one of those runs.
// "Blocking": waits for other threads.

#ifndef UNLATCH_MAP_H
#define UNLATCH_MAP_H

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "unlatch/detail/backend.h"
#include "unlatch/detail/config.h"
#include "unlatch/detail/map_support.h"
#if UNLATCH_BACKEND_LOCKED
#include "unlatch/detail/locked_storage.h"
#else
#include "unlatch/detail/inline_storage.h"
#include "unlatch/detail/node_storage.h"
#endif

namespace unlatch {
inline namespace UNLATCH_BACKEND_NAMESPACE {
namespace detail_of_map {

/// How entries are laid out. Decided by the types alone.
#if UNLATCH_BACKEND_LOCKED
template <class K, class V, class Hash, class Eq>
using storage = detail::locked_storage<K, V, Hash, Eq>;
#else
template <class K, class V, class Hash, class Eq>
using storage =
    std::conditional_t<detail::fits_inline<K, V, Hash, Eq>, detail::inline_storage<K, V, Hash, Eq>,
                       detail::node_storage<K, V, Hash, Eq>>;
#endif

} // namespace detail_of_map

template <class K, class V, class Hash = std::hash<K>, class Eq = std::equal_to<K>> class map {
  using storage = detail_of_map::storage<K, V, Hash, Eq>;

  template <class Key>
  using if_transparent =
      std::enable_if_t<detail::is_transparent<Hash>::value && detail::is_transparent<Eq>::value &&
                       !std::is_same<Key, K>::value>;

public:
  using key_type = K;
  using mapped_type = V;
  using size_type = std::size_t;
  using hasher = Hash;
  using key_equal = Eq;

  /// An empty map. Allocates nothing.
  map() : map(size_type{0}) {}

  /// An empty map with room for `expected` entries before it has to grow.
  explicit map(size_type expected, Hash hash = Hash(), Eq equal = Eq())
      : storage_(std::move(hash), std::move(equal)) {
    reserve(expected);
  }

  /// The given entries; of those with equal keys the first, as in std::unordered_map.
  map(std::initializer_list<std::pair<const K, V>> entries) : map(entries.size()) {
    for (const std::pair<const K, V> &each : entries)
      load_or_store(each.first, each.second);
  }

  map(const map &) = delete;
  map &operator=(const map &) = delete;

  hasher hash_function() const { return storage_.hash(); }
  key_equal key_eq() const { return storage_.equal(); }

  // Reading one key. O(1) on average, lock-free, no allocation. Each has a second form for any type
  // that Hash and Eq can take directly, if both have `is_transparent`.

  /// A copy of the value, if there is one.
  UNLATCH_ALWAYS_INLINE std::optional<V> load(const K &key) const { return load_key(key); }
  template <class Key, class = if_transparent<Key>> std::optional<V> load(const Key &key) const {
    return load_key(key);
  }

  /// Whether there is a value.
  bool contains(const K &key) const {
    return storage_.read(key, [](const V &) {});
  }
  template <class Key, class = if_transparent<Key>> bool contains(const Key &key) const {
    return storage_.read(key, [](const V &) {});
  }

  /// A copy of the value; throws std::out_of_range if there is none.
  V at(const K &key) const {
    std::optional<V> found = load_key(key);
    if (!found)
      detail::fail_key_not_found();
    return *std::move(found);
  }

  /// Calls `f(const V&)` on the value in place, without a copy. False if there is none. Meanwhile
  /// the value may be removed from the map or replaced, by f itself too: it stays alive until f has
  /// returned.
  template <class F> bool visit(const K &key, F &&f) const { return storage_.read(key, f); }
  template <class Key, class F, class = if_transparent<Key>>
  bool visit(const Key &key, F &&f) const {
    return storage_.read(key, f);
  }

  // Writing one key. O(1) on average, lock-free but for whole-map operations. An insertion may
  // throw std::bad_alloc; a removal allocates nothing and throws nothing of its own.

  /// Sets the value, whatever was there. True if the key was new. A key that is there stays the
  /// object it was.
  bool store(K key, V value) {
    return storage_.exchange(std::move(key), std::move(value), [](const V &) {});
  }

  /// Sets the value and returns a copy of the one before, if any.
  std::optional<V> swap(K key, V value) {
    std::optional<V> before;
    if (storage_.exchange(std::move(key), std::move(value),
                          [&](const V &old) { before.emplace(old); }))
      before.reset(); // what was copied has been removed before this got its turn
    return before;
  }

  /// Inserts unless the key is there. Returns a copy of the value that is in the map now, and
  /// whether it was inserted. If not, the arguments are as they were, rvalues too.
  std::pair<V, bool> load_or_store(const K &key, const V &value) {
    return storage_.load_or_store(key, value);
  }
  std::pair<V, bool> load_or_store(const K &key, V &&value) {
    return storage_.load_or_store(key, std::move(value));
  }
  std::pair<V, bool> load_or_store(K &&key, const V &value) {
    return storage_.load_or_store(std::move(key), value);
  }
  std::pair<V, bool> load_or_store(K &&key, V &&value) {
    return storage_.load_or_store(std::move(key), std::move(value));
  }

  /// Inserts what `f()` returns unless the key is there. f is called at most once, only if the key
  /// was absent when looked for, and not under a lock; if another thread inserts meanwhile, its
  /// value wins, and what f returned is dropped.
  template <class Factory> std::pair<V, bool> load_or_emplace(K key, Factory &&f) {
    if (std::optional<V> found = load_key(key))
      return {*std::move(found), false};
    V made = std::forward<Factory>(f)();
    return storage_.load_or_store(std::move(key), std::move(made));
  }

  /// Removes the key and returns a copy of its value, if it was there. If the copy throws, nothing
  /// is removed.
  std::optional<V> load_and_delete(const K &key) { return load_and_delete_key(key); }
  template <class Key, class = if_transparent<Key>>
  std::optional<V> load_and_delete(const Key &key) {
    return load_and_delete_key(key);
  }

  /// Removes the key. Returns how many entries that were: 0 or 1. Does not allocate.
  size_type erase(const K &key) { return storage_.erase(key, accept_any()); }
  template <class Key, class = if_transparent<Key>> size_type erase(const Key &key) {
    return storage_.erase(key, accept_any());
  }

  /// Sets the value if it compares equal to `expected`. False if not, or if the key is absent.
  bool compare_and_swap(const K &key, const V &expected, V desired) {
    return storage_.compare_and_swap(key, expected, std::move(desired));
  }

  /// Removes the key if its value compares equal to `expected`.
  bool compare_and_delete(const K &key, const V &expected) {
    return storage_.erase(key, [&](const V &value) { return value == expected; }) != 0;
  }

  /// Reads, changes and writes back the entry of a key in one step. Calls `f(std::optional<V>&)`
  /// with a copy of the value, or with nothing if the key is absent. What f leaves there becomes
  /// the value; if it leaves nothing, the key is removed. Returns what f returned. f runs without a
  /// lock, and again if the entry may have been changed, or moved to another table, meanwhile; so
  /// it should do nothing else than compute: only the last run counts. If f throws, nothing is
  /// changed.
  template <class F> auto update(K key, F &&f) -> std::invoke_result_t<F &, std::optional<V> &> {
    return storage_.update(std::move(key), f);
  }

  // The whole map. Blocking: these wait for writers that are inside, for a moment, and writers wait
  // for these; readers do not. Those that only look run side by side, those that remove queue.

  /// Calls `f(const K&, const V&)` for all entries of one consistent picture, in no particular
  /// order. If f returns bool, false ends it. O(n) and no copies. f may read this map, but not
  /// write to it.
  template <class F> void range(F &&f) const {
    storage_.for_each([&](const K &key, const V &value) {
      if constexpr (std::is_same_v<std::decay_t<std::invoke_result_t<F &, const K &, const V &>>,
                                   bool>) {
        return f(key, value);
      } else {
        f(key, value);
        return true;
      }
    });
  }

  /// The picture as copies. To loop over, and write to the map while doing so.
  std::vector<std::pair<K, V>> items() const { return to<std::vector<std::pair<K, V>>>(); }

  /// The picture as copies, in the order of their keys. O(n log n).
  template <class Compare = std::less<K>>
  std::vector<std::pair<K, V>> sorted_items(Compare less = Compare()) const {
    using entry = std::pair<K, V>;
    std::vector<entry> all;
    range([&](const K &key, const V &value) { all.emplace_back(key, value); });
    // By their places: neither K nor V need be assignable.
    std::vector<entry *> places;
    places.reserve(all.size());
    for (entry &each : all)
      places.push_back(&each);
    std::sort(places.begin(), places.end(), [&](const entry *left, const entry *right) {
      return less(left->first, right->first);
    });
    std::vector<entry> result;
    result.reserve(all.size());
    for (entry *each : places)
      result.push_back(std::move(*each));
    return result;
  }

  /// The picture as copies, in any container of pairs: `m.to<std::map<K, V>>()`.
  template <class Container> Container to() const {
    Container result;
    range([&](const K &key, const V &value) { detail::append(result, key, value); });
    return result;
  }

  /// Removes all entries for which `pred(const K&, const V&)`, or else `pred(const std::pair<const
  /// K&, const V&>&)`, returns true, in one step. Returns how many. pred runs exactly once for each
  /// entry, and before anything is removed: if it throws, nothing is. It may read this map, but not
  /// write to it.
  template <class Predicate> size_type erase_if(Predicate pred) {
    return storage_.sweep([&](const K &key, const V &value) -> bool {
      if constexpr (std::is_invocable_v<Predicate &, const K &, const V &>) {
        return static_cast<bool>(pred(key, value));
      } else {
        const std::pair<const K &, const V &> both(key, value);
        return static_cast<bool>(pred(both));
      }
    });
  }

  /// Removes all entries in one step and returns copies of them. If a copy throws, nothing is
  /// removed.
  std::vector<std::pair<K, V>> take_all() { return take_all<std::vector<std::pair<K, V>>>(); }
  template <class Container> Container take_all() {
    Container result;
    storage_.sweep([&](const K &key, const V &value) {
      detail::append(result, key, value);
      return true;
    });
    return result;
  }

  /// Removes all entries in one step. Does not allocate.
  void clear() noexcept {
    storage_.sweep([](const K &, const V &) { return true; });
  }

  /// The number of entries. O(threads): it is counted along, and read while no writer is inside.
  [[nodiscard]] size_type size() const noexcept { return storage_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Makes room for `expected` entries. Lock-free, never waits. Throws std::bad_alloc.
  void reserve(size_type expected) { storage_.reserve(expected); }

private:
  struct accept_any {
    bool operator()(const V &) const noexcept { return true; }
  };

  template <class Key> UNLATCH_ALWAYS_INLINE std::optional<V> load_key(const Key &key) const {
    std::optional<V> result;
    storage_.read(key, [&](const V &value) { result.emplace(value); });
    return result;
  }

  template <class Key> std::optional<V> load_and_delete_key(const Key &key) {
    std::optional<V> result;
    if (storage_.erase(key, [&](const V &value) {
          result.emplace(value);
          return true;
        }) == 0)
      result.reset(); // another thread was faster after the copy was made
    return result;
  }

  storage storage_;
};

} // namespace UNLATCH_BACKEND_NAMESPACE
} // namespace unlatch

#endif // UNLATCH_MAP_H
