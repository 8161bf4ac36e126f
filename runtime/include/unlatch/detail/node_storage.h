// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: the layout of `unlatch::map` for any key and value: a slot holds some bits of a hash and
// a pointer to an entry that does not change while it is there. To change a value is to put another
// entry in its place.
//
// A reader announces the entry before it looks into it, and then looks whether the slot still has
// it. A slot whose entry was erased has a null pointer; so if the pointer is the same, the entry is
// linked. If the slot is frozen as well, its table has to be current: in a later one the entry may
// have been erased.
//
// Entries without destructors are retired many at a time. Others are destroyed by the call that
// removes them, so their readers announce them strongly (see unlatch/reclaim.h).

#ifndef UNLATCH_DETAIL_NODE_STORAGE_H
#define UNLATCH_DETAIL_NODE_STORAGE_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "unlatch/detail/config.h"
#include "unlatch/detail/growing_table.h"
#include "unlatch/detail/map_entry.h"
#include "unlatch/detail/map_support.h"
#include "unlatch/detail/packed_slot.h"
#include "unlatch/detail/scramble.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

/// Slots that point to entries.
template <bool IsPlain> struct node_layout {
  using word = packed_slot::word;
  using slot = packed_slot;
  using header = entry_header<IsPlain>;
  static constexpr unsigned region_bits = 0;
  static constexpr bool holds_pointers = true;

  static constexpr word tag_for(word hash) noexcept { return packed_slot::tag_for(hash); }
  static header *entry_in(word second) noexcept {
    return reinterpret_cast<header *>(static_cast<std::uintptr_t>(second & ~shared_mark<word>));
  }
  static word hash_in(word second) noexcept { return entry_in(second)->hash; }

  static void protect(reclaim::hazard &guard, word second) noexcept {
    if constexpr (IsPlain)
      guard.announce(entry_in(second));
    else
      guard.announce_strongly(static_cast<const reclaim::retired *>(entry_in(second)));
  }
};

template <class K, class V, class Hash, class Eq> class node_storage {
  using layout = node_layout<is_plain_entry<K, V>>;
  using hash_word = typename layout::word;
  using tables = growing_table<layout>;
  using table = typename tables::table;
  using slot = typename table::slot;
  using writer = typename tables::writer;
  using found = typename table::found;
  using node = map_entry<K, V>;
  using node_pointer = std::unique_ptr<node>;
  using draft = map_draft<K, V, Eq>;

public:
  node_storage(Hash hash, Eq equal) : hash_(std::move(hash)), equal_(std::move(equal)) {}
  node_storage(const node_storage &) = delete;
  node_storage &operator=(const node_storage &) = delete;
  ~node_storage() {
    tables_.drain([](hash_word second) { delete node_in(second); });
  }

  const Hash &hash() const noexcept { return hash_; }
  const Eq &equal() const noexcept { return equal_; }

  template <class Key, class F> bool read(const Key &key, F &&f) const {
    const hash_word hash = hash_of(key);
    reclaim::quick_hazard table_guard;
    if (table *const all = tables_.current(table_guard); UNLATCH_LIKELY(all != nullptr)) {
      slot *const where = all->find_nearby(hash);
      reclaim::slot *const mine = table_guard.another(1);
      if (UNLATCH_LIKELY(where != nullptr && mine != nullptr)) {
        reclaim::hazard entry_guard(*mine);
        const sight at = protect(*where, hash, entry_guard);
        table_guard.drop(); // the key may be compared by others' code
        if (UNLATCH_LIKELY(at.entry != nullptr && equal_(at.entry->key, key))) {
          f(std::as_const(at.entry->value));
          return true;
        }
      } else {
        const found at = all->find(hash);
        const bool is_absent = at.where != nullptr && at.first == slot_state::empty;
        table_guard.drop();
        if (is_absent)
          return false;
      }
    }
    return read_patiently(hash, key, f);
  }

  template <class F> bool exchange(K &&key, V &&value, F on_old) {
    const hash_word hash = hash_of(std::as_const(key));
    draft made(key, value);
    return tables_.repeat([&](auto &op) -> std::optional<bool> {
      reclaim::hazard entry_guard;
      const sight at = find(op.start(), hash, made.key(), entry_guard);
      if (!may_insert(op, at, hash))
        return std::nullopt;
      if (at.entry == nullptr) {
        if (!insert(op, at, hash, made.with_own_key(hash)))
          return std::nullopt;
        return true;
      }
      node_pointer &fresh = made.with_key_of(hash, *at.entry);
      on_old(std::as_const(at.entry->value));
      if (!replace(op, at, hash, fresh, entry_guard))
        return std::nullopt;
      return false;
    });
  }

  template <class Key, class Value> std::pair<V, bool> load_or_store(Key &&key, Value &&value) {
    const hash_word hash = hash_of(std::as_const(key));
    std::optional<V> result;
    lent_arguments<node, Key, Value> fresh{std::forward<Key>(key), std::forward<Value>(value),
                                           nullptr};
    return tables_.repeat([&](auto &op) -> std::optional<std::pair<V, bool>> {
      reclaim::hazard entry_guard;
      const K &probe = fresh.entry != nullptr ? fresh.entry->key : key;
      const sight at = find(op.start(), hash, probe, entry_guard);
      if (!may_insert(op, at, hash))
        return std::nullopt;
      if (at.entry != nullptr)
        return std::pair<V, bool>(std::as_const(at.entry->value), false);
      if (fresh.entry == nullptr)
        fresh.entry.reset(new node(hash, lend(std::forward<Key>(key)),
                                   settled(lend(std::forward<Value>(value)))));
      if (!result)
        result.emplace(std::as_const(fresh.entry->value)); // before others can see it: may throw
      if (!insert(op, at, hash, fresh.entry))
        return std::nullopt;
      return std::pair<V, bool>(*std::move(result), true);
    });
  }

  template <class Key, class F> std::size_t erase(const Key &key, F accepts) {
    const hash_word hash = hash_of(key);
    node_pointer nothing;
    return tables_.repeat([&](auto &op) -> std::optional<std::size_t> {
      reclaim::hazard entry_guard;
      const sight at = look(op, hash, key, entry_guard);
      if (at.is_obstructed)
        return std::nullopt;
      if (at.entry == nullptr || !accepts(std::as_const(at.entry->value)))
        return 0;
      if (!replace(op, at, hash, nothing, entry_guard))
        return std::nullopt;
      return 1;
    });
  }

  bool compare_and_swap(const K &key, const V &expected, V &&desired) {
    const hash_word hash = hash_of(key);
    draft made(key, desired);
    return tables_.repeat([&](auto &op) -> std::optional<bool> {
      reclaim::hazard entry_guard;
      const sight at = look(op, hash, made.key(), entry_guard);
      if (at.is_obstructed)
        return std::nullopt;
      if (at.entry == nullptr || !(std::as_const(at.entry->value) == expected))
        return false;
      if (!replace(op, at, hash, made.with_key_of(hash, *at.entry), entry_guard))
        return std::nullopt;
      return true;
    });
  }

  template <class F> auto update(K &&key, F &f) -> std::invoke_result_t<F &, std::optional<V> &> {
    using kept = kept_result<std::invoke_result_t<F &, std::optional<V> &>>;
    const hash_word hash = hash_of(std::as_const(key));
    // The guards keep the entry that f sees, so that no other can get its address.
    {
      typename tables::quick_writer op(tables_);
      if (op.begin()) {
        reclaim::hazard entry_guard;
        const sight before = look(op, hash, key, entry_guard);
        if (UNLATCH_LIKELY(!before.is_obstructed)) {
          std::optional<V> entry = value_at(before);
          kept result(f, entry);
          if (before.entry == nullptr && !entry)
            return result.get(); // it was absent, and is meant to be
          node_pointer fresh = made_from(hash, key, before, entry);
          if (UNLATCH_LIKELY(try_to_publish(op, hash, before, fresh, entry_guard)))
            return result.get();
        }
      }
    }
    writer op(tables_);
    for (;;) {
      reclaim::hazard entry_guard;
      const sight before = look(op, hash, key, entry_guard);
      if (before.is_obstructed)
        continue;
      std::optional<V> entry = value_at(before);
      op.pause(); // f may be long, and the table large
      kept result(f, entry);
      if (publish(op, hash, key, before, entry))
        return result.get();
    }
  }

  template <class F> void for_each(F f) const {
    tables_.for_each([&](std::size_t, slot &each, hash_word, table &) {
      const node &entry = *node_in(each.second());
      return f(entry.key, entry.value);
    });
  }

  template <class F> std::size_t sweep(F takes) {
    node *removed = nullptr;
    const std::size_t number = tables_.sweep(
        [&](std::size_t, slot &each, hash_word, table &) -> bool {
          const node &entry = *node_in(each.second());
          return takes(entry.key, entry.value);
        },
        [&](slot &each, hash_word first) {
          const hash_word second = each.second();
          each.replace(first, second, emptied(first, second), 0);
          node *const entry = node_in(second);
          entry->chain(removed);
          removed = entry;
        });
    while (removed != nullptr) { // with the gate open: destructors may use the map
      node *const each = std::exchange(removed, static_cast<node *>(removed->next()));
      each->unchain(&node::destroy_entry);
      retire(each);
    }
    return number;
  }

  std::size_t size() const noexcept { return tables_.entries(); }
  void reserve(std::size_t entries) { tables_.reserve(entries); }

private:
  template <class Key, class F>
  UNLATCH_NEVER_INLINE bool read_patiently(hash_word hash, const Key &key, F &f) const {
    for (bool was_condemned = false;;) {
      reclaim::hazard table_guard;
      table *const all = tables_.current(table_guard);
      if (all == nullptr)
        return false;
      reclaim::hazard entry_guard;
      const sight at = find_everywhere(*all, hash, key, entry_guard);
      if (!UNLATCH_LIKELY(at.where != nullptr && is_at_rest(at.first))) {
        if (!tables_.is_current(all))
          continue;
        if (at.where == nullptr)
          return false;
        if (has(at.first, slot_state::condemned)) {
          if (tables_.sweep_is_in_effect())
            return false;
          if (!std::exchange(was_condemned, true))
            continue;
        }
      }
      if (at.entry == nullptr)
        return false;
      table_guard.drop(); // f may be long, and the table large
      f(std::as_const(at.entry->value));
      return true;
    }
  }

  /// A copy may throw, so it is made before the key is moved.
  static V settled(const V &value) { return value; }
  static V &&settled(V &&value) noexcept { return std::move(value); }

  /// What was found of a key: its slot, or the one that it would get.
  struct sight {
    slot *where = nullptr; // null: none is left
    hash_word first = 0;
    hash_word second = 0;
    node *entry = nullptr; // protected
    bool is_obstructed = false;
    // Other keys have the same hash. The first slot of that hash, unless it is marked as shared.
    bool shares_hash = false;
    slot *unmarked = nullptr;
    hash_word unmarked_first = 0;
    hash_word unmarked_second = 0;
  };

  static node *node_in(hash_word second) noexcept {
    return static_cast<node *>(layout::entry_in(second));
  }
  static hash_word word_for(const node *entry) noexcept {
    return slot::second_for(static_cast<const typename layout::header *>(entry));
  }
  static hash_word live(hash_word hash) noexcept { return table::tag_for(hash) | slot_state::live; }
  /// What the first word of a slot becomes when its entry is removed.
  static hash_word emptied(hash_word first, hash_word second) noexcept {
    return tag_of(first) |
           ((second & shared_mark<hash_word>) != 0 ? slot_state::spent : slot_state::dead);
  }

  template <class Key> UNLATCH_ALWAYS_INLINE hash_word hash_of(const Key &key) const {
    return scramble_(static_cast<hash_word>(hash_(key)));
  }

  static void retire(node *entry) noexcept {
    if constexpr (is_plain_entry<K, V>)
      reclaim::retire_later(entry, sizeof(node));
    else
      reclaim::retire(entry);
  }

  /// What a slot says of that hash, if it is live and at rest; the guard has a slot. Otherwise
  /// nothing: the caller has to look again, with more patience.
  UNLATCH_ALWAYS_INLINE static sight protect(slot &where, hash_word hash,
                                             reclaim::hazard &guard) noexcept {
    const typename slot::words before = where.both();
    UNLATCH_PREFETCH(node_in(before.second())); // comes while the announcement goes out
    layout::protect(guard, before.second());
    UNLATCH_INTERLEAVE();
    if (UNLATCH_LIKELY(where.both() == before && before.first() == live(hash)))
      return {&where, live(hash), before.second(), node_in(before.second())};
    return {};
  }

  template <class Key>
  UNLATCH_ALWAYS_INLINE sight find(table &all, hash_word hash, const Key &key,
                                   reclaim::hazard &guard) const {
    // Most searches end at the first slot with the right tag, or without one.
    const found first_place = all.find(hash);
    if (UNLATCH_LIKELY(first_place.where != nullptr)) {
      if (first_place.first == slot_state::empty)
        return {first_place.where, first_place.first};
      guard.take_slot();
      const sight at = protect(*first_place.where, hash, guard);
      if (UNLATCH_LIKELY(at.entry != nullptr && equal_(at.entry->key, key)))
        return at;
    }
    return find_everywhere(all, hash, key, guard);
  }

  template <class Key>
  UNLATCH_NEVER_INLINE sight find_everywhere(table &all, hash_word hash, const Key &key,
                                             reclaim::hazard &guard) const {
    guard.take_slot();
    sight at;
    const found end = all.walk(hash, [&](slot &here, hash_word first) {
      return is_here(all, here, first, key, guard, at);
    });
    if (at.where == nullptr) {
      at.where = end.where;
      at.first = end.first;
    }
    if (at.entry == nullptr)
      guard.drop(); // it names nothing that matters, and what is called meanwhile may need a slot
    return at;
  }

  /// Whether the search ends at this slot, which has, or had, the right hash.
  template <class Key>
  bool is_here(table &all, slot &here, hash_word first, const Key &key, reclaim::hazard &guard,
               sight &at) const {
    while (kind_of(first) == slot_state::live) {
      const typename slot::words before = here.both();
      node *const entry = node_in(before.second());
      if (entry != nullptr) {
        layout::protect(guard, before.second());
        UNLATCH_INTERLEAVE();
        // Pointer and state of one moment: another entry may be there an instant later.
        const typename slot::words now = here.both();
        first = now.first();
        if (now.second() == before.second()) {
          const bool is_outdated = has(first, slot_state::frozen) && !tables_.is_current(&all);
          if (is_outdated || (kind_of(first) == slot_state::live && equal_(entry->key, key))) {
            guard.pass_on();
            at.where = &here;
            at.first = first;
            at.second = now.second();
            at.entry = is_outdated ? nullptr : entry;
            return true;
          }
          if (kind_of(first) == slot_state::live) {
            at.shares_hash = true;
            if ((now.second() & shared_mark<hash_word>) == 0) {
              at.unmarked = &here;
              at.unmarked_first = first;
              at.unmarked_second = now.second();
            }
            return false;
          }
        }
      } else {
        first = before.first();
      }
    }
    if (kind_of(first) == slot_state::spent) {
      at.shares_hash = true;
      return false;
    }
    at.where = &here; // dead: the place of this hash alone
    at.first = first;
    return true;
  }

  template <class Writer, class Key>
  UNLATCH_ALWAYS_INLINE sight look(Writer &op, hash_word hash, const Key &key,
                                   reclaim::hazard &guard) const {
    sight at;
    table *const all = op.start_if_any();
    if (all == nullptr)
      return at;
    at = find(*all, hash, key, guard);
    at.is_obstructed = at.where == nullptr ? !op.table_is_current() : !op.may_change(at.first);
    return at;
  }

  /// As the writer's; moreover a hash that two keys share has to be marked first.
  template <class Writer>
  UNLATCH_ALWAYS_INLINE static bool may_insert(Writer &op, const sight &at, hash_word hash) {
    if (!op.may_insert({at.where, at.first}, hash))
      return false;
    if (at.entry != nullptr || at.unmarked == nullptr)
      return true;
    if (op.may_change(at.unmarked_first))
      op.replace(*at.unmarked, at.unmarked_first, at.unmarked_second, at.unmarked_first,
                 at.unmarked_second | shared_mark<hash_word>, 0);
    return false;
  }

  /// One attempt. On success the map owns `fresh`.
  template <class Writer>
  UNLATCH_ALWAYS_INLINE static bool insert(Writer &op, const sight &at, hash_word hash,
                                           node_pointer &fresh) {
    const hash_word mark = at.shares_hash ? shared_mark<hash_word> : 0;
    if (!op.replace(*at.where, at.first, 0, live(hash), word_for(fresh.get()) | mark, 1))
      return false;
    static_cast<void>(fresh.release());
    return true;
  }

  /// One attempt to put `fresh` in the place of the entry, or nothing if it is null. On success the
  /// old one is destroyed or handed over, and the map owns the new one.
  template <class Writer>
  UNLATCH_ALWAYS_INLINE static bool replace(Writer &op, const sight &at, hash_word hash,
                                            node_pointer &fresh, reclaim::hazard &guard) {
    const hash_word mark = at.second & shared_mark<hash_word>;
    const bool replaced = fresh != nullptr ? op.replace(*at.where, at.first, at.second, live(hash),
                                                        word_for(fresh.get()) | mark, 0)
                                           : op.replace(*at.where, at.first, at.second,
                                                        emptied(at.first, at.second), 0, -1);
    if (!replaced)
      return false;
    static_cast<void>(fresh.release());
    guard.drop(); // a destructor may take the slot
    retire(at.entry);
    return true;
  }

  static std::optional<V> value_at(const sight &seen) {
    if (seen.entry == nullptr)
      return std::nullopt;
    return std::as_const(seen.entry->value);
  }
  /// Null if there is to be none.
  static node_pointer made_from(hash_word hash, const K &key, const sight &seen,
                                std::optional<V> &entry) {
    if (!entry)
      return nullptr;
    return node_pointer(
        new node(hash, seen.entry != nullptr ? seen.entry->key : key, *std::move(entry)));
  }

  /// One attempt to make the entry what `update` wants, where it was seen.
  template <class Writer>
  UNLATCH_ALWAYS_INLINE static bool try_to_publish(Writer &op, const hash_word hash,
                                                   const sight &seen, node_pointer &fresh,
                                                   reclaim::hazard &guard) {
    if (seen.entry != nullptr)
      return replace(op, seen, hash, fresh, guard);
    return may_insert(op, seen, hash) && insert(op, seen, hash, fresh);
  }

  /// The same until it is done. False if the entry is no longer the one that was seen.
  bool publish(writer &op, hash_word hash, const K &key, const sight &before,
               std::optional<V> &entry) {
    if (before.entry == nullptr && !entry)
      return true; // it was absent, and is meant to be
    node_pointer fresh = made_from(hash, key, before, entry);
    for (;;) {
      reclaim::hazard guard;
      const sight now = look(op, hash, key, guard);
      if (now.is_obstructed)
        continue;
      if (now.entry != before.entry)
        return false;
      if (try_to_publish(op, hash, now, fresh, guard))
        return true;
    }
  }

  tables tables_;
  scramble<hash_word> scramble_;
  Hash hash_;
  Eq equal_;
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_NODE_STORAGE_H
