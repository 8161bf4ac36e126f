// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: an entry of `unlatch::map`, and how one is made before it is put in.

#ifndef UNLATCH_DETAIL_MAP_ENTRY_H
#define UNLATCH_DETAIL_MAP_ENTRY_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "unlatch/detail/map_support.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

/// Whether an entry can be given back as memory, without its destructor.
template <class K, class V>
inline constexpr bool is_plain_entry =
    std::is_trivially_destructible<K>::value && std::is_trivially_destructible<V>::value &&
    alignof(K) <= alignof(std::max_align_t) && alignof(V) <= alignof(std::max_align_t);

/// What stands before key and value: their hash, and how to destroy them, if that takes more than
/// giving back memory. A sweep chains the entries that it removes through it, out of sight of
/// readers.
template <bool IsPlain> struct entry_header : reclaim::retired {
  entry_header(std::uint64_t its_hash, destroyer how) noexcept : retired(how), hash(its_hash) {}

  void chain(entry_header *following) noexcept { this->chained = following; }
  entry_header *next() const noexcept { return static_cast<entry_header *>(this->chained); }
  void unchain(destroyer how) noexcept { this->destroy = how; }

  const std::uint64_t hash;
};
template <> struct entry_header<true> : reclaim::reused {
  entry_header(std::uint64_t its_hash, reclaim::retired::destroyer) noexcept : hash(its_hash) {}

  // Only who copies a table asks for the hash, and has passed the gate for that.
  void chain(entry_header *following) noexcept {
    hash = reinterpret_cast<std::uintptr_t>(following);
  }
  entry_header *next() const noexcept {
    return reinterpret_cast<entry_header *>(static_cast<std::uintptr_t>(hash));
  }
  void unchain(reclaim::retired::destroyer) noexcept {}

  std::uint64_t hash;
};

/// Immutable once it is in the map.
template <class K, class V> struct map_entry : entry_header<is_plain_entry<K, V>> {
  template <class Key, class... Arguments>
  explicit map_entry(std::uint64_t its_hash, Key &&its_key, Arguments &&...arguments)
      : entry_header<is_plain_entry<K, V>>(its_hash, &destroy_entry),
        key(std::forward<Key>(its_key)), value(std::forward<Arguments>(arguments)...) {}

  static void destroy_entry(reclaim::retired *self) noexcept {
    if constexpr (!is_plain_entry<K, V>)
      delete static_cast<map_entry *>(self);
    else
      static_cast<void>(self); // is given back as memory
  }

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
      node_pointer next(movable_key_ != nullptr
                            ? new node(hash, std::move(*movable_key_), std::move(*value_))
                            : new node(hash, *key_, std::move(*value_)));
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
      node_pointer next(new node(hash, present.key, std::move(*value_)));
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
