// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/map.h: a hash map that many threads use at once, without a lock around it.
//
// What it is for
//   It takes the place of a std::unordered_map (or a std::map whose order nobody needs) and the
//   mutex that guards it. Each operation does in one step what a critical section did: find and
//   copy, find or insert, find and erase, read and write back. What takes two operations is not
//   atomic: use `update`.
//
// What it gives
//   - Every operation is linearizable, and sequentially consistent at its linearization point,
//   misses
//     included. That holds for `range`, `items`, `to`, `size`, `empty`, `erase_if`, `clear` and
//     `take_all` as well: they see, or change, the whole map at one moment.
//   - Single-key reads are lock-free, never wait for a whole-map operation, and do not allocate
//   (but see
//     unlatch/reclaim.h for the first operation of a thread). Single-key writes are lock-free among
//     themselves; they wait while a whole-map operation runs.
//   - Values are immutable once they are in the map. A removed or replaced value is destroyed in
//   the call
//     that removed it, before it returns; or, if another thread is inside it at that moment, when
//     that one leaves, in its thread. No key, value or callback of yours runs under a lock, except
//     the callbacks and copies of whole-map operations.
//   - If a hash, a comparison, a copy or a callback throws, the map is as it was before.
//
// Limits
//   - No iterators and no references to elements: elements are copied out, or visited in place.
//   - Not copyable, not movable. Destruction must not run concurrently with anything else.
//   - Copying, comparing, hashing and destroying K and V has to be safe when run concurrently on
//   one
//     const object, and must not call back into the same map; destructors may.
//   - K has to be copyable, V only for the operations that copy it.
//   - The callbacks of `range` and `erase_if` may read this map. A writing operation of the same
//   map from
//     inside them would wait for itself: it throws std::system_error with
//     std::errc::resource_deadlock_would_occur (it ends the program in a build without exceptions,
//     and from `clear`). Loop over `items()` to write inside the loop. Two threads that range over
//     two maps, each writing to the other's, deadlock as two mutexes would.
//   - In the child of a fork a map is usable unless another thread was in a whole-map operation on
//   it at
//     the moment of the fork, as a mutex would be that another thread held.
//
// Cost
//   One allocation an entry: 40 bytes beside key and value, on a 64-bit machine; 24 bytes a bucket,
//   one or two buckets an entry. The buckets never shrink. A single-key operation is O(1) on
//   average; a write that removes or replaces looks through the hazard slots of all threads
//   besides. A whole-map operation is O(n) and O(threads); `size` is O(threads). Hashes are mixed
//   with a seed of the map's own, so that weak hashes (std::hash of an integer is the identity) do
//   no harm, and colliding keys cannot be prepared without it.
//
// How it works
//   See unlatch/detail/split_list.h for the list and its papers, unlatch/reclaim.h for memory, and
//   unlatch/detail/gate.h for what makes whole-map operations atomic.
//   Linearization points: a hit, the load that saw the entry's link unmarked; a miss, a load on the
//   way to where the entry would be; an insert, the compare-and-swap that links the entry; a
//   removal or replacement, the compare-and-swap that marks it. Of a whole-map operation that
//   reads, any moment while the gate is closed; of one that removes, the store to the sweep number:
//   all entries that it takes carry that number already, and readers treat them as absent from then
//   on.
//
// Terms used below: "lock-free": some thread always gets on, whatever others do or do not do.
// "Lock-free but for whole-map operations": the same, except that it waits while one of those runs.
// "Blocking": waits for other threads.

#ifndef UNLATCH_MAP_H
#define UNLATCH_MAP_H

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

#include "unlatch/detail/config.h"
#include "unlatch/detail/gate.h"
#include "unlatch/detail/map_entry.h"
#include "unlatch/detail/map_support.h"
#include "unlatch/detail/split_list.h"
#include "unlatch/reclaim.h"

namespace unlatch {

template <class K, class V, class Hash = std::hash<K>, class Eq = std::equal_to<K>> class map {
  using node = detail::map_entry<K, V>;
  using node_pointer = std::unique_ptr<node>;
  using draft = detail::map_draft<K, V, Eq>;
  using cursor = detail::cursor;
  using closure = detail::gate::closure;
  using writer = detail::gate::writer;

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
      : hash_(std::move(hash)), equal_(std::move(equal)) {
    reserve(expected);
  }

  /// The given entries; of those with equal keys the first, as in std::unordered_map.
  map(std::initializer_list<std::pair<const K, V>> entries) : map(entries.size()) {
    for (const std::pair<const K, V> &each : entries)
      load_or_store(each.first, each.second);
  }

  map(const map &) = delete;
  map &operator=(const map &) = delete;

  ~map() {
    list_.drain([](detail::list_node *each) { delete static_cast<node *>(each); });
  }

  hasher hash_function() const { return hash_; }
  key_equal key_eq() const { return equal_; }

  // Reading one key. O(1) on average, lock-free, no allocation. Each has a second form for any type
  // that Hash and Eq can take directly, if both have `is_transparent`.

  /// A copy of the value, if there is one.
  std::optional<V> load(const K &key) const { return load_key(key); }
  template <class Key, class = if_transparent<Key>> std::optional<V> load(const Key &key) const {
    return load_key(key);
  }

  /// Whether there is a value.
  bool contains(const K &key) const {
    return read(key, [](const V &) {});
  }
  template <class Key, class = if_transparent<Key>> bool contains(const Key &key) const {
    return read(key, [](const V &) {});
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
  template <class F> bool visit(const K &key, F &&f) const { return read(key, f); }
  template <class Key, class F, class = if_transparent<Key>>
  bool visit(const Key &key, F &&f) const {
    return read(key, f);
  }

  // Writing one key. O(1) on average (removals and replacements: O(threads) besides), lock-free but
  // for whole-map operations.

  /// Sets the value, whatever was there. True if the key was new. A key that is there stays the
  /// object it was.
  bool store(K key, V value) {
    return exchange(std::move(key), std::move(value), [](const V &) {});
  }

  /// Sets the value and returns a copy of the one before, if any.
  std::optional<V> swap(K key, V value) {
    std::optional<V> before;
    if (exchange(std::move(key), std::move(value), [&](const V &old) { before.emplace(old); }))
      before.reset(); // what was copied has been removed before this got its turn
    return before;
  }

  /// Inserts unless the key is there. Returns a copy of the value that is in the map now, and
  /// whether it was inserted. If not, the arguments are as they were, rvalues too.
  std::pair<V, bool> load_or_store(const K &key, const V &value) {
    return load_or_store_copying(key, value);
  }
  std::pair<V, bool> load_or_store(const K &key, V &&value) {
    return load_or_store_copying(key, std::move(value));
  }
  std::pair<V, bool> load_or_store(K &&key, const V &value) {
    return load_or_store_copying(std::move(key), value);
  }
  std::pair<V, bool> load_or_store(K &&key, V &&value) {
    return load_or_store_copying(std::move(key), std::move(value));
  }

  /// Inserts what `f()` returns unless the key is there. f is called at most once, only if the key
  /// was absent when looked for, and not under a lock; if another thread inserts meanwhile, its
  /// value wins, and what f returned is dropped.
  template <class Factory> std::pair<V, bool> load_or_emplace(K key, Factory &&f) {
    if (std::optional<V> found = load_key(key))
      return {*std::move(found), false};
    V made = std::forward<Factory>(f)();
    return load_or_store_copying(std::move(key), std::move(made));
  }

  /// Removes the key and returns a copy of its value, if it was there. If the copy throws, nothing
  /// is removed.
  std::optional<V> load_and_delete(const K &key) { return load_and_delete_key(key); }
  template <class Key, class = if_transparent<Key>>
  std::optional<V> load_and_delete(const Key &key) {
    return load_and_delete_key(key);
  }

  /// Removes the key. Returns how many entries that were: 0 or 1. Does not allocate.
  size_type erase(const K &key) { return erase_key(key, accept_any()); }
  template <class Key, class = if_transparent<Key>> size_type erase(const Key &key) {
    return erase_key(key, accept_any());
  }

  /// Sets the value if it compares equal to `expected`. False if not, or if the key is absent.
  bool compare_and_swap(const K &key, const V &expected, V desired) {
    const std::uint64_t hash = mixed_hash(key);
    writer gate(gate_);
    draft made(key, desired);
    for (;;) {
      cursor at;
      detail::list_node *const start = list_.start_for_reading(hash);
      node *const found = find(at, start, hash, made.key());
      if (found != nullptr && is_swept(*found)) {
        wait(gate, at);
        continue;
      }
      if (found == nullptr || !(std::as_const(found->value) == expected))
        return false;
      if (take_out(gate, at, start, found, made.with_key_of(hash, *found)))
        return true;
    }
  }

  /// Removes the key if its value compares equal to `expected`.
  bool compare_and_delete(const K &key, const V &expected) {
    return erase_key(key, [&](const V &value) { return value == expected; }) != 0;
  }

  /// Reads, changes and writes back the entry of a key in one step. Calls `f(std::optional<V>&)`
  /// with a copy of the value, or with nothing if the key is absent. What f leaves there becomes
  /// the value; if it leaves nothing, the key is removed. Returns what f returned. f runs without a
  /// lock, and again if another thread has changed the entry meanwhile, so it should do nothing
  /// else than compute: only the last run counts. If f throws, nothing is changed.
  template <class F> auto update(K key, F &&f) -> std::invoke_result_t<F &, std::optional<V> &> {
    using result_type = std::invoke_result_t<F &, std::optional<V> &>;
    const std::uint64_t hash = mixed_hash(key);
    writer gate(gate_);
    for (;;) {
      cursor seen; // keeps the entry that f saw, so that no other can have its address
      node *const before = find(seen, list_.start_for_reading(hash), hash, key);
      if (before != nullptr && is_swept(*before)) {
        wait(gate, seen);
        continue;
      }
      std::optional<V> entry;
      if (before != nullptr) {
        seen.keep_current();
        entry.emplace(std::as_const(before->value));
      } else {
        seen.release();
      }
      if constexpr (std::is_void_v<result_type>) {
        f(entry);
        if (publish(gate, hash, key, before, entry))
          return;
      } else {
        decltype(auto) result = f(entry);
        if (publish(gate, hash, key, before, entry))
          return std::forward<result_type>(result);
      }
    }
  }

  // The whole map. Blocking: these wait for writers that are inside, for a moment, and writers wait
  // for these; readers do not. Those that only look run side by side, those that remove queue.

  /// Calls `f(const K&, const V&)` for all entries of one consistent picture, in no particular
  /// order. If f returns bool, false ends it. O(n) and no copies. f may read this map, but not
  /// write to it.
  template <class F> void range(F &&f) const {
    const closure closed(gate_, closure::shared);
    list_.for_each([&](const detail::list_node *each) {
      const node &entry = *static_cast<const node *>(each);
      if constexpr (std::is_same_v<std::decay_t<std::invoke_result_t<F &, const K &, const V &>>,
                                   bool>) {
        return f(entry.key, entry.value);
      } else {
        f(entry.key, entry.value);
        return true;
      }
    });
  }

  /// The picture as copies. To loop over, and write to the map while doing so.
  std::vector<std::pair<K, V>> items() const { return to<std::vector<std::pair<K, V>>>(); }

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
    return sweep([&](const node &entry) -> bool {
      if constexpr (std::is_invocable_v<Predicate &, const K &, const V &>)
        return static_cast<bool>(pred(entry.key, entry.value));
      else {
        const std::pair<const K &, const V &> both(entry.key, entry.value);
        return static_cast<bool>(pred(both));
      }
    });
  }

  /// Removes all entries in one step and returns copies of them. If a copy throws, nothing is
  /// removed.
  std::vector<std::pair<K, V>> take_all() { return take_all<std::vector<std::pair<K, V>>>(); }
  template <class Container> Container take_all() {
    Container result;
    sweep([&](const node &entry) {
      detail::append(result, entry.key, entry.value);
      return true;
    });
    return result;
  }

  /// Removes all entries in one step. Does not allocate.
  void clear() noexcept {
    sweep([](const node &) { return true; });
  }

  /// The number of entries. O(threads): it is counted along, and read while no writer is inside.
  [[nodiscard]] size_type size() const noexcept {
    const closure closed(gate_, closure::shared);
    recount_after_fork();
    return count_.load();
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Makes room for `expected` entries. Lock-free, never waits. Throws std::bad_alloc.
  void reserve(size_type expected) { list_.reserve(expected); }

private:
  struct accept_any {
    bool operator()(const V &) const noexcept { return true; }
  };

  template <class Key> std::uint64_t mixed_hash(const Key &key) const {
    return detail::mix(static_cast<std::uint64_t>(hash_(key)) ^ seed_);
  }

  template <class Key>
  node *find(cursor &at, detail::list_node *start, std::uint64_t hash, const Key &key) const {
    const bool found = detail::split_list::seek(
        at, start, detail::split_list::order_of(hash), [&](const detail::list_node *each) {
          return static_cast<bool>(equal_(static_cast<const node *>(each)->key, key));
        });
    return found ? static_cast<node *>(at.current) : nullptr;
  }

  /// Whether a sweep has taken this entry, though it is not unlinked yet. The order matters:
  /// entries are numbered before the sweep number is raised. An entry found unmarked and not
  /// numbered was present then.
  bool is_swept(const node &entry) const noexcept {
    const std::uint64_t number = entry.swept.load();
    return number != 0 && number <= last_sweep_.load();
  }

  template <class Key, class F> bool read(const Key &key, F &&f) const {
    const std::uint64_t hash = mixed_hash(key);
    cursor at;
    const node *const found = find(at, list_.start_for_reading(hash), hash, key);
    if (found == nullptr || is_swept(*found))
      return false;
    at.keep_current();
    f(found->value);
    return true;
  }

  template <class Key> std::optional<V> load_key(const Key &key) const {
    std::optional<V> result;
    read(key, [&](const V &value) { result.emplace(value); });
    return result;
  }

  /// Waits for the end of a whole-map operation, holding no entry back from destruction meanwhile.
  static void wait(writer &gate, cursor &at) {
    at.release();
    gate.wait();
  }

  /// One attempt. On success the map owns `fresh`.
  bool insert(writer &gate, cursor &at, node_pointer &fresh) {
    if (!gate.try_enter()) {
      wait(gate, at);
      return false;
    }
    const bool inserted = detail::split_list::insert(at, fresh.get());
    UNLATCH_INTERLEAVE();
    const size_type entries = inserted ? count_.fetch_add(1) + 1 : 0;
    gate.leave();
    if (!inserted)
      return false;
    static_cast<void>(fresh.release());
    gate.done();
    list_.grow_for(entries);
    return true;
  }

  /// One attempt to remove the entry that `at` stands on, or to replace it by `fresh` unless that
  /// is null. On success the old one is destroyed or handed over, and the map owns the new one.
  bool take_out(writer &gate, cursor &at, detail::list_node *start, node *old,
                node_pointer &fresh) {
    if (!gate.try_enter()) {
      wait(gate, at);
      return false;
    }
    const bool taken = detail::split_list::take_out(at, start, fresh.get());
    if (taken && fresh == nullptr)
      count_.fetch_sub(1);
    gate.leave();
    if (!taken)
      return false;
    static_cast<void>(fresh.release());
    gate.done();
    at.release();
    retire(old);
    return true;
  }

  static void retire(node *old) noexcept {
    reclaim::retire(old, static_cast<const detail::list_node *>(old));
  }

  /// Sets the value; calls `on_old(const V&)` on the one that it replaces, before it does.
  template <class F> bool exchange(K &&key, V &&value, F on_old) {
    const std::uint64_t hash = mixed_hash(key);
    writer gate(gate_);
    draft made(key, value);
    for (;;) {
      cursor at;
      detail::list_node *const start = list_.start_for_writing(hash);
      node *const found = find(at, start, hash, made.key());
      if (found == nullptr) {
        if (insert(gate, at, made.with_own_key(hash)))
          return true;
      } else if (is_swept(*found)) {
        wait(gate, at);
      } else {
        node_pointer &fresh = made.with_key_of(hash, *found);
        on_old(std::as_const(found->value));
        if (take_out(gate, at, start, found, fresh))
          return false;
      }
    }
  }

  template <class Key, class Value>
  std::pair<V, bool> load_or_store_copying(Key &&key, Value &&value) {
    const std::uint64_t hash = mixed_hash(key);
    writer gate(gate_);
    std::optional<V> result;
    detail::lent_arguments<node, Key, Value> fresh{std::forward<Key>(key),
                                                   std::forward<Value>(value), nullptr};
    for (;;) {
      cursor at;
      const K &probe = fresh.entry != nullptr ? fresh.entry->key : key;
      node *const found = find(at, list_.start_for_writing(hash), hash, probe);
      if (found != nullptr) {
        if (!is_swept(*found))
          return {found->value, false};
        wait(gate, at);
        continue;
      }
      if (fresh.entry == nullptr)
        fresh.entry.reset(new node(detail::split_list::order_of(hash),
                                   detail::lend(std::forward<Key>(key)),
                                   detail::lend(std::forward<Value>(value))));
      if (!result)
        result.emplace(std::as_const(fresh.entry->value)); // before others can see it: may throw
      if (insert(gate, at, fresh.entry))
        return {*std::move(result), true};
    }
  }

  template <class Key> std::optional<V> load_and_delete_key(const Key &key) {
    std::optional<V> result;
    if (erase_key(key, [&](const V &value) {
          result.emplace(value);
          return true;
        }) == 0)
      result.reset(); // another thread was faster after the copy was made
    return result;
  }

  /// Removes the key if `accepts(value)`.
  template <class Key, class F> size_type erase_key(const Key &key, F accepts) {
    const std::uint64_t hash = mixed_hash(key);
    writer gate(gate_);
    node_pointer nothing;
    for (;;) {
      cursor at;
      detail::list_node *const start = list_.start_for_reading(hash);
      node *const found = find(at, start, hash, key);
      if (found == nullptr)
        return 0;
      if (is_swept(*found))
        wait(gate, at);
      else if (!accepts(std::as_const(found->value)))
        return 0;
      else if (take_out(gate, at, start, found, nothing))
        return 1;
    }
  }

  /// Second half of `update`. False if the entry is no longer the one that was seen.
  bool publish(writer &gate, std::uint64_t hash, const K &key, const node *before,
               std::optional<V> &entry) {
    if (before == nullptr && !entry)
      return true; // it was absent, and is meant to be
    node_pointer fresh;
    if (entry)
      fresh.reset(new node(detail::split_list::order_of(hash),
                           before != nullptr ? before->key : key, *std::move(entry)));
    for (;;) {
      cursor at;
      detail::list_node *const start = list_.start_for_writing(hash);
      node *const now = find(at, start, hash, key);
      if (now != before)
        return false;
      if (now != nullptr ? take_out(gate, at, start, now, fresh) : insert(gate, at, fresh))
        return true;
    }
  }

  /// In the child of a fork, writers may have vanished between changing the map and counting that.
  void recount_after_fork() const noexcept {
    const unsigned forks = reclaim::the_domain.forks.load();
    if (counted_at_fork_.load() == forks)
      return;
    size_type entries = 0;
    list_.for_each([&](const detail::list_node *) {
      ++entries;
      return true;
    });
    count_.store(entries); // no writer is inside; others who look would store the same
    counted_at_fork_.store(forks);
  }

  /// Removes all entries that `takes(entry)`, at one moment for writers and readers alike.
  template <class F> size_type sweep(F takes) {
    node *taken = nullptr; // chained through `place`, which is free as long as they are not retired
    const auto next_of = [](const node *entry) {
      return const_cast<node *>(static_cast<const node *>(entry->place));
    };
    size_type number = 0;
    {
      const closure closed(gate_, closure::exclusive);
      list_.for_each([&](detail::list_node *each) {
        node *const entry = static_cast<node *>(each);
        if (takes(std::as_const(*entry))) {
          entry->place = taken;
          taken = entry;
          ++number;
        }
        return true;
      });
      if (number == 0)
        return 0;
      const std::uint64_t sweep_number = last_sweep_.load() + 1;
      for (node *each = taken; each != nullptr; each = next_of(each))
        each->swept.store(sweep_number);
      UNLATCH_INTERLEAVE();
      last_sweep_.store(sweep_number); // from here on readers miss all of them
      for (node *each = taken; each != nullptr; each = next_of(each))
        each->next.fetch_or(detail::out_mark);
      list_.unlink_all_out();
      count_.fetch_sub(number);
    }
    while (taken != nullptr) // with the gate open: destructors may use the map
      retire(std::exchange(taken, next_of(taken)));
    return number;
  }

  mutable detail::split_list list_;
  mutable detail::gate gate_;
  mutable std::atomic<size_type> count_{0};
  mutable std::atomic<unsigned> counted_at_fork_{reclaim::the_domain.forks.load()};
  std::atomic<std::uint64_t> last_sweep_{0};
  const std::uint64_t seed_ = detail::new_seed();
  Hash hash_;
  Eq equal_;
};

} // namespace unlatch

#endif // UNLATCH_MAP_H
