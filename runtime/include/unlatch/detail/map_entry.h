// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: an entry of `unlatch::map`, and how one is made before it is put in.

#ifndef UNLATCH_DETAIL_MAP_ENTRY_H
#define UNLATCH_DETAIL_MAP_ENTRY_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "unlatch/detail/map_support.h"
#include "unlatch/detail/split_list.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

/// Immutable once it is in the map, but for its link and the sweep that takes it.
template <class K, class V> struct map_entry : list_node, reclaim::retired {
  template <class Key, class... Arguments>
  explicit map_entry(std::uint64_t its_order, Key &&its_key, Arguments &&...arguments)
      : retired(&destroy_entry), key(std::forward<Key>(its_key)),
        value(std::forward<Arguments>(arguments)...) {
    order = its_order;
  }

  static void destroy_entry(reclaim::retired *self) noexcept {
    delete static_cast<map_entry *>(self);
  }

  std::atomic<std::uint64_t> swept{0}; // number of the sweep that takes this entry, or 0
  K key;
  V value;
};

/// The entry that a write is going to put in, made at most once unless its key has to change.
template <class K, class V, class Eq> class map_draft {
  using node = map_entry<K, V>;
  using node_pointer = std::unique_ptr<node>;

public:
  map_draft(K &key, V &value) : key_(&key), movable_key_(&key), value_(&value) {}
  map_draft(const K &key, V &value) : key_(&key), value_(&value) {}

  const K &key() const noexcept { return *key_; }

  /// With the key that the caller brought.
  node_pointer &with_own_key(std::uint64_t hash) {
    if (fresh_ == nullptr || !has_own_key_) {
      const std::uint64_t order = split_list::order_of(hash);
      node_pointer next(movable_key_ != nullptr
                            ? new node(order, std::move(*movable_key_), std::move(*value_))
                            : new node(order, *key_, std::move(*value_)));
      movable_key_ = &next->key;
      key_ = &next->key;
      value_ = &next->value;
      has_own_key_ = true;
      fresh_ = std::move(next);
      spare_.reset();
    }
    return fresh_;
  }

  /// With the key that is in the map.
  node_pointer &with_key_of(std::uint64_t hash, const node &present) {
    if constexpr (equal_keys_are_identical<K, Eq>::value) {
      return with_own_key(hash);
    } else {
      node_pointer next(new node(split_list::order_of(hash), present.key, std::move(*value_)));
      value_ = &next->value;
      if (has_own_key_)
        spare_ = std::move(fresh_); // keeps the caller's key, should it be needed again
      has_own_key_ = false;
      fresh_ = std::move(next);
      return fresh_;
    }
  }

private:
  const K *key_;
  K *movable_key_ = nullptr;
  V *value_;
  node_pointer fresh_;
  node_pointer spare_;
  bool has_own_key_ = false;
};

/// Moves what a failed insert was lent back to where it came from.
template <class Entry, class Key, class Value> struct lent_arguments {
  Key &&key;
  Value &&value;
  std::unique_ptr<Entry> entry;

  ~lent_arguments() {
    if (entry != nullptr) {
      give_back(std::forward<Key>(key), entry->key);
      give_back(std::forward<Value>(value), entry->value);
    }
  }
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_MAP_ENTRY_H
