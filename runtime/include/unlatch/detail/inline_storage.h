// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: the layout of `unlatch::map` for small keys and values: they stand in the slots.
//
// A key is scrambled by a bijection and is its own hash, so a slot needs nothing else, and nothing
// is allocated for an entry. The value of a slot changes only when it becomes live or is replaced;
// erasing leaves it where it is. So a reader that has seen a slot live, and then reads the value,
// has a value that was current at some moment in between.

#ifndef UNLATCH_DETAIL_INLINE_STORAGE_H
#define UNLATCH_DETAIL_INLINE_STORAGE_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "unlatch/detail/config.h"
#include "unlatch/detail/growing_table.h"
#include "unlatch/detail/map_support.h"
#include "unlatch/detail/scramble.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

template <class T, class Word> Word to_word(const T &value) noexcept {
  Word word = 0;
  std::memcpy(&word, &value, sizeof(T));
  return word;
}
template <class T, class Word> T from_word(Word word) noexcept {
  // T need not be default-constructible; it is trivially copyable.
  alignas(T) unsigned char bytes[sizeof(T)];
  std::memcpy(bytes, &word, sizeof(T));
  return *std::launder(reinterpret_cast<T *>(bytes));
}

/// The word that holds both a K and a V, or void.
template <class K, class V>
using inline_word = std::conditional_t<
    sizeof(K) <= 4 && sizeof(V) <= 4, std::uint32_t,
    std::conditional_t<sizeof(K) <= 8 && sizeof(V) <= 8 && has_double_word<std::uint64_t>,
                       std::uint64_t, void>>;

template <class T>
inline constexpr bool is_plain_value =
    std::is_trivially_copyable<T>::value && std::is_trivially_destructible<T>::value &&
    std::is_copy_constructible<T>::value;

/// Whether keys are equal exactly if their bytes are, and values can be copied as bytes. Then Hash
/// is not needed: any hash that agrees with such an equality does, and the map's own is a good one.
template <class K, class V, class Hash, class Eq>
inline constexpr bool fits_inline =
    !std::is_void<inline_word<K, V>>::value && equal_keys_are_identical<K, Eq>::value &&
    !(is_transparent<Hash>::value && is_transparent<Eq>::value) && is_plain_value<K> &&
    is_plain_value<V>;

template <class K, class V, class Hash, class Eq> class inline_storage {
  using word = inline_word<K, V>;
  // The smallest word that holds the key is scrambled, and stands in the upper bits.
  using key_word = std::conditional_t<sizeof(K) <= 4, std::uint32_t, std::uint64_t>;
  static constexpr unsigned spare_bits = (sizeof(word) - sizeof(key_word)) * 8;
  static constexpr unsigned region_bits = spare_bits >= 4 ? 0 : 4;
  using tables = growing_table<inline_layout<word, region_bits>>;
  using table = typename tables::table;
  using writer = typename tables::writer;

  using found = typename table::found;

public:
  inline_storage(Hash hash, Eq equal) : hash_(std::move(hash)), equal_(std::move(equal)) {}

  const Hash &hash() const noexcept { return hash_; }
  const Eq &equal() const noexcept { return equal_; }

  template <class F> UNLATCH_ALWAYS_INLINE bool read(const K &key, F &&f) const {
    const reading now = look_up(hash_of(key));
    if (!now.is_present)
      return false;
    const V copy = from_word<V>(now.value);
    f(copy);
    return true;
  }

  template <class F> bool exchange(K &&key, V &&value, F on_old) {
    const word hash = hash_of(key);
    const word desired = to_word<V, word>(value);
    return tables_.repeat([&](auto &op) -> std::optional<bool> {
      const found at = op.start().find(hash);
      if (!op.may_insert(at, hash))
        return std::nullopt;
      const word second = at.where->second();
      const bool present = kind_of(at.first) == slot_state::live;
      if (present)
        on_old(from_word<V>(second));
      if (!op.replace(*at.where, at.first, second, live(hash), desired, present ? 0 : 1))
        return std::nullopt;
      return !present;
    });
  }

  template <class Key, class Value> std::pair<V, bool> load_or_store(Key &&key, Value &&value) {
    const word hash = hash_of(key);
    if (const reading now = look_up(hash); now.is_present)
      return {from_word<V>(now.value), false};
    const word desired = to_word<V, word>(value);
    return tables_.repeat([&](auto &op) -> std::optional<std::pair<V, bool>> {
      const found at = op.start().find(hash);
      if (!op.may_insert(at, hash))
        return std::nullopt;
      const word second = at.where->second();
      if (kind_of(at.first) == slot_state::live)
        return std::pair<V, bool>(from_word<V>(second), false);
      if (!op.replace(*at.where, at.first, second, live(hash), desired, 1))
        return std::nullopt;
      return std::pair<V, bool>(from_word<V>(desired), true);
    });
  }

  template <class F> std::size_t erase(const K &key, F accepts) {
    const word hash = hash_of(key);
    return tables_.repeat([&](auto &op) -> std::optional<std::size_t> {
      const sight now = look(op, hash);
      if (now.what == sight::obstructed)
        return std::nullopt;
      if (now.what == sight::absent || !accepts(from_word<V>(now.second)))
        return 0;
      if (!op.replace(*now.at.where, now.at.first, now.second, dead(hash), now.second, -1))
        return std::nullopt;
      return 1;
    });
  }

  bool compare_and_swap(const K &key, const V &expected, V &&desired) {
    const word hash = hash_of(key);
    return tables_.repeat([&](auto &op) -> std::optional<bool> {
      const sight now = look(op, hash);
      if (now.what == sight::obstructed)
        return std::nullopt;
      if (now.what == sight::absent)
        return false;
      const V current = from_word<V>(now.second);
      if (!(current == expected))
        return false;
      if (!op.replace(*now.at.where, now.at.first, now.second, live(hash),
                      to_word<V, word>(desired), 0))
        return std::nullopt;
      return true;
    });
  }

  template <class F> auto update(K &&key, F &f) -> std::invoke_result_t<F &, std::optional<V> &> {
    using kept = kept_result<std::invoke_result_t<F &, std::optional<V> &>>;
    const word hash = hash_of(key);
    {
      typename tables::quick_writer op(tables_);
      if (op.begin()) {
        const sight before = look(op, hash);
        if (UNLATCH_LIKELY(before.what != sight::obstructed)) {
          std::optional<V> entry = value_at(before);
          kept result(f, entry);
          if (UNLATCH_LIKELY(try_to_publish(op, hash, before, entry)))
            return result.get();
        }
      }
    }
    writer op(tables_);
    for (;;) {
      const sight before = look(op, hash);
      if (before.what == sight::obstructed)
        continue;
      std::optional<V> entry = value_at(before);
      kept result(f, entry);
      if (publish(op, hash, before, entry))
        return result.get();
    }
  }

  template <class F> void for_each(F f) const {
    tables_.for_each([&](std::size_t index, auto &each, word first, table &all) {
      const K key = key_of(all, index, first);
      const V value = from_word<V>(each.second());
      return f(key, value);
    });
  }

  template <class F> std::size_t sweep(F takes) {
    return tables_.sweep(
        [&](std::size_t index, auto &each, word first, table &all) -> bool {
          const K key = key_of(all, index, first);
          const V value = from_word<V>(each.second());
          return takes(key, value);
        },
        [](auto &each, word first) {
          const word second = each.second();
          each.replace(first, second, tag_of(first) | slot_state::dead, second);
        });
  }

  std::size_t size() const noexcept { return tables_.entries(); }
  void reserve(std::size_t entries) { tables_.reserve(entries); }

private:
  /// What a writer has found of a key.
  struct sight {
    enum kind { obstructed, absent, present } what;
    found at;
    word second;
  };

  static word live(word hash) noexcept { return table::tag_for(hash) | slot_state::live; }
  static word dead(word hash) noexcept { return table::tag_for(hash) | slot_state::dead; }

  UNLATCH_ALWAYS_INLINE word hash_of(const K &key) const noexcept {
    const key_word scrambled = scramble_(to_word<K, key_word>(key));
    return static_cast<word>(static_cast<word>(scrambled) << spare_bits);
  }
  K key_of(table &all, std::size_t index, word first) const noexcept {
    const word hash = all.hash_of(index, first);
    return from_word<K>(scramble_.inverse(static_cast<key_word>(hash >> spare_bits)));
  }

  struct reading {
    bool is_present;
    word value;
  };

  UNLATCH_ALWAYS_INLINE reading look_up(word hash) const {
    reclaim::quick_hazard guard;
    if (table *const all = tables_.current(guard); UNLATCH_LIKELY(all != nullptr)) {
      auto *const where = all->find_nearby(hash);
      if (UNLATCH_LIKELY(where != nullptr)) {
        const word second = where->second();
        guard.drop();
        return {true, second};
      }
      guard.drop();
    }
    return look_up_everywhere(hash);
  }

  UNLATCH_NEVER_INLINE reading look_up_everywhere(word hash) const {
    for (bool was_condemned = false;;) {
      reclaim::hazard guard;
      table *const all = tables_.current(guard);
      if (all == nullptr)
        return {false, 0};
      const found at = all->find(hash);
      if (!UNLATCH_LIKELY(at.where != nullptr && is_at_rest(at.first))) {
        if (!tables_.is_current(all))
          continue;
        if (at.where == nullptr)
          return {false, 0};
        if (has(at.first, slot_state::condemned)) {
          if (tables_.sweep_is_in_effect())
            return {false, 0};
          if (!std::exchange(was_condemned, true))
            continue;
        }
      }
      if (kind_of(at.first) != slot_state::live)
        return {false, 0};
      return {true, at.where->second()};
    }
  }

  template <class Writer> UNLATCH_ALWAYS_INLINE static sight look(Writer &op, word hash) {
    table *const all = op.start_if_any();
    if (all == nullptr)
      return {sight::absent, {nullptr, 0}, 0};
    const found at = all->find(hash);
    if (at.where == nullptr)
      return {op.table_is_current() ? sight::absent : sight::obstructed, at, 0};
    if (!op.may_change(at.first))
      return {sight::obstructed, at, 0};
    return {kind_of(at.first) == slot_state::live ? sight::present : sight::absent, at,
            at.where->second()};
  }

  static std::optional<V> value_at(const sight &seen) {
    if (seen.what != sight::present)
      return std::nullopt;
    return from_word<V>(seen.second);
  }

  /// One attempt to make the entry what `update` wants, where it was seen.
  template <class Writer>
  UNLATCH_ALWAYS_INLINE static bool try_to_publish(Writer &op, word hash, const sight &seen,
                                                   const std::optional<V> &entry) {
    const bool was_present = seen.what == sight::present;
    if (!was_present && !entry)
      return true; // it was absent, and is meant to be
    return op.may_insert(seen.at, hash) &&
           op.replace(*seen.at.where, seen.at.first, seen.second, entry ? live(hash) : dead(hash),
                      entry ? to_word<V, word>(*entry) : seen.second,
                      static_cast<int>(entry.has_value()) - static_cast<int>(was_present));
  }

  /// The same until it is done. False if the entry is no longer what it was before.
  static bool publish(writer &op, word hash, const sight &before, const std::optional<V> &entry) {
    for (sight now = before; !try_to_publish(op, hash, now, entry);) {
      do
        now = look(op, hash);
      while (now.what == sight::obstructed);
      if (now.what != before.what || (before.what == sight::present && now.second != before.second))
        return false;
    }
    return true;
  }

  tables tables_;
  scramble<key_word> scramble_;
  Hash hash_;
  Eq equal_;
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_INLINE_STORAGE_H
