// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: what `unlatch::map` is made of in a program that is built with UNLATCH_FALLBACK_MUTEX: a
// std::unordered_multimap under a std::shared_mutex. The quick way back for whoever suspects the
// lock-free form; it shares no part with that.
//
// A writing operation looks at the value of its key, works out the new one with no lock held, and
// puts it in only if the value is still the same object; otherwise it starts over. So, as in the
// lock-free form, no callback, copy, hash or destructor of the user's runs under a lock, and a
// value that a reader is inside lives until that reader leaves. Only the comparison of keys runs
// under a lock.
//
// The operations mean the same in both forms. What differs is progress: everything here may wait,
// for a moment, for a thread that is inside any other operation on the same map. In the child of a
// fork the map is usable only if no other thread was inside one at the moment of the fork.
//
// Linearization points: the moment under the lock at which a read finds the value or misses it, or
// a write changes the table. Of an operation on the whole map that reads, any moment while the gate
// is closed.

#ifndef UNLATCH_DETAIL_LOCKED_STORAGE_H
#define UNLATCH_DETAIL_LOCKED_STORAGE_H

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "unlatch/detail/config.h"
#include "unlatch/detail/fair_shared_mutex.h"
#include "unlatch/detail/locked_gate.h"
#include "unlatch/detail/map_support.h"

namespace unlatch {
namespace detail {

template <class K, class V, class Hash, class Eq> class locked_storage {
  using closure = locked_gate::closure;

  /// Values are shared with the readers inside them. The address tells which one it is.
  using seen_value = std::shared_ptr<const V>;

  struct entry {
    explicit entry(const K &its_key) : key(its_key) {}
    explicit entry(K &&its_key) : key(std::move(its_key)) {}

    K key;
    std::shared_ptr<V> value; // set before it is in the table
    bool taken = false;       // by the sweep that is running
    entry *next_taken = nullptr;
  };
  using entry_pointer = std::unique_ptr<entry>;

  /// What a write is going to put in. If it is a new key, the entry holds that already.
  struct draft {
    std::shared_ptr<V> value;
    entry_pointer made;
  };

  // By the hash of the key, not by the key, so that whatever Hash and Eq take can be looked for.
  using table = std::unordered_multimap<std::size_t, entry_pointer>;

public:
  locked_storage(Hash hash, Eq equal) : hash_(std::move(hash)), equal_(std::move(equal)) {}
  locked_storage(const locked_storage &) = delete;
  locked_storage &operator=(const locked_storage &) = delete;

  const Hash &hash() const { return hash_; }
  const Eq &equal() const { return equal_; }

  /// Calls `f(const V&)` on the value of the key, if there is one. False if not.
  template <class Key, class F> bool read(const Key &key, F &&f) const {
    const seen_value found = find(hash_of(key), key);
    if (found == nullptr)
      return false;
    f(*found);
    return true;
  }

  /// Sets the value; calls `on_old(const V&)` on the one that it replaces, before it does, and
  /// again if that changed meanwhile. True if the key was new.
  template <class F> bool exchange(K &&key, V &&value, F on_old) {
    const std::size_t hash = hash_of(key);
    draft fresh{std::make_shared<V>(std::move(value)), nullptr};
    for (;;) {
      const K &name = name_of(fresh, key);
      const seen_value before = find(hash, name);
      if (before == nullptr) {
        if (insert(hash, key, fresh))
          return true;
      } else {
        on_old(*before);
        if (replace(hash, name, before, fresh))
          return false;
      }
    }
  }

  /// Inserts unless the key is there. Returns a copy of the value that is in the map now, and
  /// whether it was inserted. If not, the arguments are as they were.
  template <class Key, class Value> std::pair<V, bool> load_or_store(Key &&key, Value &&value) {
    const std::size_t hash = hash_of(key);
    std::optional<V> result;
    lent_arguments<Key, Value> lent{std::forward<Key>(key), std::forward<Value>(value), {}};
    draft &fresh = lent.fresh;
    for (;;) {
      if (const seen_value found = find(hash, name_of(fresh, lent.key)))
        return {*found, false};
      if (fresh.made == nullptr) {
        fresh.value = std::make_shared<V>(lend(std::forward<Value>(lent.value)));
        fresh.made.reset(new entry(lend(std::forward<Key>(lent.key))));
        result.emplace(std::as_const(*fresh.value)); // before others can see it: may throw
      }
      if (insert(hash, fresh))
        return {*std::move(result), true};
    }
  }

  /// Removes the key if `accepts(const V&)`. How many were removed.
  template <class Key, class F> std::size_t erase(const Key &key, F accepts) {
    const std::size_t hash = hash_of(key);
    draft nothing;
    for (;;) {
      const seen_value before = find(hash, key);
      if (before == nullptr || !accepts(*before))
        return 0;
      if (replace(hash, key, before, nothing))
        return 1;
    }
  }

  /// Sets the value if it compares equal to `expected`.
  bool compare_and_swap(const K &key, const V &expected, V &&desired) {
    const std::size_t hash = hash_of(key);
    draft fresh{std::make_shared<V>(std::move(desired)), nullptr};
    for (;;) {
      const seen_value before = find(hash, key);
      if (before == nullptr || !(*before == expected))
        return false;
      if (replace(hash, key, before, fresh))
        return true;
    }
  }

  /// See `map::update`.
  template <class F> auto update(K &&key, F &f) -> std::invoke_result_t<F &, std::optional<V> &> {
    using result_type = std::invoke_result_t<F &, std::optional<V> &>;
    const std::size_t hash = hash_of(key);
    draft fresh;
    for (;;) {
      const seen_value before = find(hash, name_of(fresh, key));
      std::optional<V> value;
      if (before != nullptr)
        value.emplace(*before);
      if constexpr (std::is_void_v<result_type>) {
        f(value);
        if (publish(hash, key, before, value, fresh))
          return;
      } else {
        decltype(auto) result = f(value);
        if (publish(hash, key, before, value, fresh))
          return std::forward<result_type>(result);
      }
    }
  }

  /// Calls `f(const K&, const V&)` for all entries of one picture, until it returns false.
  template <class F> void for_each(F f) const {
    const closure closed(gate_, closure::shared);
    for (const auto &[hash, each] : entries_)
      if (!f(std::as_const(each->key), std::as_const(*each->value)))
        return;
  }

  /// Removes all entries for which `takes(const K&, const V&)`, in one step. takes runs exactly
  /// once for each entry, and before anything is removed: if it throws, nothing is. Returns how
  /// many.
  template <class F> std::size_t sweep(F takes) {
    entry *taken = nullptr;
    std::size_t number = 0;
    {
      const closure closed(gate_, closure::exclusive);
      for (const auto &[hash, each] : entries_) {
        each->taken = takes(std::as_const(each->key), std::as_const(*each->value));
        if (each->taken)
          ++number;
      }
      if (number == 0)
        return 0;
      UNLATCH_INTERLEAVE();
      const std::unique_lock<fair_shared_mutex> lock(mutex_);
      for (auto at = entries_.begin(); at != entries_.end();) {
        if (at->second->taken) {
          at->second->next_taken = taken;
          taken = at->second.release();
          at = entries_.erase(at);
        } else {
          ++at;
        }
      }
    }
    while (taken != nullptr) // with the gate open: destructors may use the map
      delete std::exchange(taken, taken->next_taken);
    return number;
  }

  std::size_t size() const {
    const std::shared_lock<fair_shared_mutex> lock(mutex_);
    return entries_.size();
  }

  /// Makes room for that many entries. Does not wait for operations on the whole map: while one
  /// runs, this does nothing, and the table grows when it has to.
  void reserve(std::size_t entries) {
    const std::unique_lock<std::mutex> entered = gate_.try_enter();
    if (!entered)
      return;
    const std::unique_lock<fair_shared_mutex> lock(mutex_);
    if (entries > entries_.bucket_count()) // never to make it smaller
      entries_.reserve(entries);
  }

private:
  /// Moves what a failed insert was lent back to where it came from.
  template <class Key, class Value> struct lent_arguments {
    Key &&key;
    Value &&value;
    draft fresh;

    ~lent_arguments() {
      if (fresh.value != nullptr)
        give_back(std::forward<Value>(value), *fresh.value);
      if (fresh.made != nullptr)
        give_back(std::forward<Key>(key), fresh.made->key);
    }
  };

  /// The key of a write: the caller's, until an entry has been made of it.
  static const K &name_of(const draft &fresh, const K &key) noexcept {
    return fresh.made != nullptr ? fresh.made->key : key;
  }

  template <class Key> std::size_t hash_of(const Key &key) const {
    return static_cast<std::size_t>(hash_(key));
  }

  /// With the lock held.
  template <class Table, class Key>
  auto locate(Table &entries, std::size_t hash, const Key &key) const {
    auto [each, last] = entries.equal_range(hash);
    while (each != last && !static_cast<bool>(equal_(std::as_const(each->second->key), key)))
      ++each;
    return each != last ? each : entries.end();
  }

  template <class Key> seen_value find(std::size_t hash, const Key &key) const {
    UNLATCH_INTERLEAVE();
    const std::shared_lock<fair_shared_mutex> lock(mutex_);
    const auto at = locate(entries_, hash, key);
    return at != entries_.end() ? at->second->value : nullptr;
  }

  /// One attempt. On success the table owns what `fresh` held. False if the key is there.
  bool insert(std::size_t hash, draft &fresh) {
    UNLATCH_INTERLEAVE();
    const std::unique_lock<std::mutex> entered = gate_.enter();
    const std::unique_lock<fair_shared_mutex> lock(mutex_);
    if (locate(entries_, hash, fresh.made->key) != entries_.end())
      return false;
    entry_pointer &place = entries_.emplace(hash, nullptr)->second; // if it throws, fresh stays
    fresh.made->value = std::move(fresh.value);
    place = std::move(fresh.made);
    return true;
  }
  bool insert(std::size_t hash, K &key, draft &fresh) {
    if (fresh.made == nullptr)
      fresh.made.reset(new entry(std::move(key)));
    return insert(hash, fresh);
  }

  /// One attempt to put the value of `fresh` in the place of `before`, or to remove the entry if
  /// there is none. False if the entry is no longer the one that was seen. The key stays the object
  /// that it was. The old value is destroyed with `before` and `fresh`.
  template <class Key>
  bool replace(std::size_t hash, const Key &key, const seen_value &before, draft &fresh) {
    UNLATCH_INTERLEAVE();
    entry_pointer removed; // destroyed after the locks have been let go
    const std::unique_lock<std::mutex> entered = gate_.enter();
    const std::unique_lock<fair_shared_mutex> lock(mutex_);
    const auto at = locate(entries_, hash, key);
    if (at == entries_.end() || at->second->value != before)
      return false;
    if (fresh.value != nullptr) {
      at->second->value.swap(fresh.value);
    } else {
      removed = std::move(at->second);
      entries_.erase(at);
    }
    return true;
  }

  /// Second half of `update`. False if the entry is no longer the one that was seen.
  bool publish(std::size_t hash, K &key, const seen_value &before, std::optional<V> &value,
               draft &fresh) {
    fresh.value = nullptr;
    if (value)
      fresh.value = std::make_shared<V>(*std::move(value));
    if (before != nullptr)
      return replace(hash, name_of(fresh, key), before, fresh);
    return fresh.value == nullptr || insert(hash, key, fresh);
  }

  table entries_;
  mutable fair_shared_mutex mutex_; // for the table as it is at one moment
  mutable locked_gate gate_;        // for its contents to stand still
  Hash hash_;
  Eq equal_;
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_LOCKED_STORAGE_H
