// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: what the two layouts of a map have in common: the current table and how it is replaced
// by another, the gate for operations on the whole map, and the number of entries.
//
// A new table is made when so many slots have been claimed that probing gets long, or a region is
// full: twice as large, of the same size if most of what was claimed is dead, or smaller. Writers
// that meet a frozen slot help to copy, all of it, and go on in the new table; readers go on in the
// old one until the new one is the root. No one waits for a thread that has stopped: what it has
// begun, the others do again. Replacing allocates before it freezes anything, so that removals
// never need memory; only a table that has shrunk, and into which then more came than it holds, is
// replaced again by a larger one.
//
// A sweep removes many entries at one moment. Writers wait outside the gate. All slots that go are
// marked as condemned, then the sweep takes effect (one store), then they are emptied, then the
// effect ends. To a reader, a condemned slot is gone while the sweep is in effect. Before, it is
// there: the reader has to see it condemned once more after it has seen that no sweep is in effect,
// or it may have been emptied and the effect have ended in between.
//
// Whoever sees that another thread's last change has been made may destroy the map, as it could
// under a mutex, while that thread is still on its way out. So a writer names the map in a slot for
// as long as it touches it: the gate, for the change itself, and the map's own mark where more is
// to be done after that. The destructor waits until no slot names either. It has seen the change,
// so it sees what was announced before.

#ifndef UNLATCH_DETAIL_GROWING_TABLE_H
#define UNLATCH_DETAIL_GROWING_TABLE_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <thread>
#include <utility>

#include "unlatch/detail/atomic.h"
#include "unlatch/detail/config.h"
#include "unlatch/detail/gate.h"
#include "unlatch/detail/slot_table.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

template <class Layout> class growing_table {
public:
  using Word = typename Layout::word;
  using table = slot_table<Layout>;
  using slot = typename table::slot;
  class writer;
  class quick_writer;

  growing_table() = default;
  growing_table(const growing_table &) = delete;
  growing_table &operator=(const growing_table &) = delete;
  ~growing_table() {
    wait_for_leavers();
    if (table *const last = root_.load()) {
      if (table *const successor = last->next.load())
        table::destroy(successor);
      table::destroy(last);
    }
  }

  /// Calls `f(payload)` for all entries, when no one else uses the table any more.
  template <class F> void drain(F f) noexcept {
    wait_for_leavers();
    if (table *const all = root_.load())
      for_each_live(*all, [&](std::size_t, slot &each, Word, table &) {
        f(each.second());
        return true;
      });
  }

  /// The current table, or null if there is none yet. The guard protects it.
  UNLATCH_ALWAYS_INLINE table *current(reclaim::hazard &guard) const {
    return guard.protect(root_);
  }
  /// The same; null as well where a `hazard` is needed.
  UNLATCH_ALWAYS_INLINE table *current(reclaim::quick_hazard &guard) const noexcept {
    return guard.try_protect(root_);
  }
  bool is_current(const table *one) const noexcept { return root_.load() == one; }
  bool sweep_is_in_effect() const noexcept { return (sweeps_.load() & 1) != 0; }

  /// Makes room for that many entries. Throws std::bad_alloc.
  void reserve(std::size_t entries);

  /// Calls `f(index, slot, first word, table)` for all entries of one picture, until it returns
  /// false. Blocking.
  template <class F> void for_each(F f) const {
    const gate::closure closed(gate_, gate::closure::shared);
    if (table *const all = root_.load())
      for_each_live(*all, f);
  }

  /// Exact. Blocking; O(threads).
  std::size_t entries() const noexcept {
    const gate::closure closed(gate_, gate::closure::shared);
    table *const all = root_.load();
    if (all == nullptr)
      return 0;
    const unsigned forks = reclaim::the_domain.forks.load();
    if (counted_at_fork_.load() != forks) {
      all->recount(); // no writer is inside; others who look would count the same
      counted_at_fork_.store(forks);
    }
    return all->entries();
  }

  /// A writing operation: calls `attempt` with a `quick_writer`, and then with a `writer` until
  /// there is a result.
  template <class Attempt> UNLATCH_ALWAYS_INLINE auto repeat(Attempt attempt) {
    {
      quick_writer op(*this);
      if (op.begin())
        if (auto result = attempt(op); UNLATCH_LIKELY(result.has_value()))
          return *std::move(result);
    }
    return repeat_patiently(attempt);
  }

  /// Removes all entries for which `takes(index, slot, first word, table)`, at one moment for
  /// writers and readers alike. Calls `removed(payload)` for each after that, while the gate is
  /// still closed. Blocking. Returns how many. If `takes` throws, nothing is removed.
  template <class Takes, class Removed> std::size_t sweep(Takes takes, Removed removed);

private:
  template <class Attempt> UNLATCH_NEVER_INLINE auto repeat_patiently(Attempt &attempt) {
    writer op(*this);
    for (;;)
      if (auto result = attempt(op))
        return *std::move(result);
  }

  /// Keeps the map from being destroyed by those who see what the calling thread has changed.
  class presence {
  public:
    explicit presence(const growing_table &where) : slot_(reclaim::free_slot()) {
      reclaim::announce_lightly(slot_, where.mark());
    }
    presence(const presence &) = delete;
    presence &operator=(const presence &) = delete;
    ~presence() { reclaim::announce_lightly(slot_, 0); }

  private:
    reclaim::slot &slot_;
  };
  /// No address that a hazard could name.
  std::uintptr_t mark() const noexcept { return reinterpret_cast<std::uintptr_t>(&sweeps_); }

  void wait_for_leavers() const noexcept {
    if (root_.load() == nullptr)
      return; // nothing was ever changed
    gate_.wait_for_exclusion();
    const auto changing = reinterpret_cast<std::uintptr_t>(&gate_);
    reclaim::for_each_slot([=, here = mark()](const reclaim::slot &announced) {
      for (int turns = 0; announced.load() == changing || announced.load() == here; ++turns)
        if (turns > 32)
          std::this_thread::yield();
    });
  }

  /// Tables that have had their day, to be retired where destructors may run.
  struct outdated_tables {
    table *first = nullptr;

    void add(table &one) noexcept { one.next_outdated = std::exchange(first, &one); }
    ~outdated_tables() {
      // A small table may wait for others, a large one is worth a fence of its own.
      constexpr std::size_t large = 8192;
      while (first != nullptr) {
        table *const each = std::exchange(first, first->next_outdated);
        if (each->bytes() < large)
          reclaim::retire_later(each, each->bytes());
        else
          reclaim::retire_fenced(reclaim::garbage::memory(each, each->bytes()));
      }
    }
  };

  template <class F> static void for_each_live(table &all, F f) {
    for (std::size_t index = 0; index < all.slots(); ++index) {
      slot &each = all.at(index);
      const Word first = each.first();
      if (kind_of(first) == slot_state::live && !f(index, each, first, all))
        return;
    }
  }

  static std::size_t power_of_two_above(std::size_t least) noexcept {
    std::size_t result = table::least_slots;
    while (result < least)
      result *= 2;
    return result;
  }

  /// How large a table should follow on this one. A region that is full of live entries needs more
  /// room whatever the rest looks like.
  static std::size_t size_after(const table &full, bool region_is_crowded) noexcept {
    const std::size_t slots = full.slots();
    // Others may be counting: a removal can show before the insertion it undoes.
    const std::size_t counted = full.entries();
    const std::size_t live = counted <= slots ? counted : 0;
    if (region_is_crowded || live > table::most_claims(slots) / 2)
      return slots * 2;
    if (live >= slots / 10)
      return slots;
    // Small regions may be filled very differently.
    const std::size_t room = full.most_in_a_region() * 2 << Layout::region_bits;
    return power_of_two_above(room > live * 4 ? room : live * 4);
  }

  /// Whether live entries fill half of the region.
  static bool is_crowded(table &full, Word hash) noexcept {
    std::size_t live = 0;
    std::size_t all = 0;
    full.for_each_in_region(hash, [&](Word first) {
      ++all;
      live += kind_of(first) == slot_state::live;
    });
    return live * 2 >= all;
  }

  // Of hazards: the gate, the successor, and an entry that is copied.
  static constexpr unsigned slots_for_replacing = 3;

  /// What `replace` needs cannot be had in the midst of it. Throws std::bad_alloc.
  static void prepare_replacement() {
    if (!reclaim::reserve_slots(slots_for_replacing))
      fail_no_memory();
  }

  /// Replaces a table whose successor exists, together with all others who try to. The table has to
  /// be protected, and the gate passed. Adds to the list what has had its day.
  void replace(table &from, outdated_tables &outdated) noexcept {
    while (root_.load() == &from) {
      reclaim::hazard guard;
      table *const successor = guard.protect(from.next);
      // A successor is retired when it has been the root itself, or when it was too small. As long
      // as `from` is the root and this its successor, neither has happened.
      if (root_.load() != &from)
        return;
      const typename table::outcome result = successor->take_over(from, root_);
      if (result == table::outcome::full) {
        // Only after shrinking. Removals come here too, and must not fail: so wait for memory.
        table *const larger = table::try_to_make(successor->slots() * 2, from.slots());
        table *expected = successor;
        if (larger == nullptr)
          std::this_thread::yield();
        else if (from.next.compare_exchange_strong(expected, larger))
          outdated.add(*successor);
        else
          table::destroy(larger);
      } else if (result == table::outcome::done) {
        table *expected = &from;
        if (root_.compare_exchange_strong(expected, successor))
          outdated.add(from);
        return;
      }
    }
  }

  /// Counts a change of a slot that had this first word. True if it is time to look whether the
  /// table is full.
  UNLATCH_ALWAYS_INLINE static bool count(table &where, Word first, int change) noexcept {
    const unsigned thread = reclaim::thread_number();
    where.count(thread, change);
    return kind_of(first) == slot_state::empty && where.count_claim(thread);
  }

  void make_first(std::size_t slots) {
    table *const fresh = table::make(slots, 0);
    table *none = nullptr;
    if (!root_.compare_exchange_strong(none, fresh))
      table::destroy(fresh);
  }

  atomic<table *> root_{nullptr};
  atomic<unsigned> sweeps_{0}; // odd while one is in effect
  mutable gate gate_;
  mutable atomic<unsigned> counted_at_fork_{reclaim::the_domain.forks.load()};
};

/// A writing operation in the usual case, with the face of `writer`: a second attempt, another size
/// of the table, a closed gate are left to that one. What it holds stays in registers.
template <class Layout> class growing_table<Layout>::quick_writer {
public:
  explicit quick_writer(growing_table &which) noexcept : owner_(which) {}
  quick_writer(const quick_writer &) = delete;
  quick_writer &operator=(const quick_writer &) = delete;
  UNLATCH_ALWAYS_INLINE ~quick_writer() {
    if (table_ != nullptr)
      guard_.drop();
    if (UNLATCH_UNLIKELY(present_ != nullptr)) {
      look_whether_full(owner_);
      reclaim::announce_lightly(*present_, 0);
    }
  }

  /// False: only a `writer` can do it.
  UNLATCH_ALWAYS_INLINE bool begin() noexcept {
    table_ = owner_.current(guard_);
    return table_ != nullptr;
  }

  UNLATCH_ALWAYS_INLINE table *start_if_any() const noexcept { return table_; }
  UNLATCH_ALWAYS_INLINE table &start() const noexcept { return *table_; }
  UNLATCH_ALWAYS_INLINE static bool may_change(Word first) noexcept { return is_at_rest(first); }
  UNLATCH_ALWAYS_INLINE static bool may_insert(const typename table::found &at, Word) noexcept {
    return at.where != nullptr && may_change(at.first);
  }
  bool table_is_current() const noexcept { return owner_.is_current(table_); }

  UNLATCH_ALWAYS_INLINE bool replace(slot &where, Word first, Word second, Word new_first,
                                     Word new_second, int change) noexcept {
    reclaim::slot *const mine = guard_.another(gate_slot);
    if (mine == nullptr || !owner_.gate_.try_enter_quickly(*mine))
      return false;
    const bool replaced = where.replace(first, second, new_first, new_second);
    UNLATCH_INTERLEAVE();
    if (UNLATCH_UNLIKELY(replaced && change != 0 && count(*table_, first, change))) {
      present_ = mine; // outside of the gate, but not yet done
      reclaim::announce_lightly(*mine, owner_.mark());
    } else {
      gate::leave_quickly(*mine);
    }
    return replaced;
  }

private:
  // Where slots hold pointers, the next one protects an entry.
  static constexpr unsigned gate_slot = Layout::holds_pointers ? 2 : 1;

  UNLATCH_NEVER_INLINE static void look_whether_full(growing_table &owner) noexcept {
    UNLATCH_INTERLEAVE();
    writer(owner).look_whether_full();
  }

  growing_table &owner_;
  reclaim::quick_hazard guard_;
  table *table_ = nullptr;
  reclaim::slot *present_ = nullptr; ///< the table may be full
};

/// A writing operation: it looks, decides, and tries to change one slot, again and again.
template <class Layout> class growing_table<Layout>::writer {
public:
  explicit writer(growing_table &which) : present_(which), owner_(which), pass_(which.gate_) {}
  writer(const writer &) = delete;
  writer &operator=(const writer &) = delete;
  ~writer() {
    guard_.drop(); // before the outdated tables: it may name one
  }

  /// The table to look at, protected until the next call. First does what the last attempt was held
  /// up by. Nothing else of the operation may be protected meanwhile: this can block.
  UNLATCH_ALWAYS_INLINE table *start_if_any() {
    if (!UNLATCH_LIKELY(held_up_ == by::nothing))
      get_on();
    table_ = owner_.current(guard_);
    if (!UNLATCH_LIKELY(table_ != nullptr))
      guard_.drop(); // it names nothing, so whoever is called meanwhile would take the same slot
    return table_;
  }
  /// The same; makes the first table if there is none. Throws std::bad_alloc.
  UNLATCH_ALWAYS_INLINE table &start() {
    while (!UNLATCH_LIKELY(start_if_any() != nullptr))
      owner_.make_first(table::least_slots);
    return *table_;
  }

  /// Whether a slot with this first word may be changed. If not, start again.
  UNLATCH_ALWAYS_INLINE bool may_change(Word first) noexcept {
    if (UNLATCH_LIKELY(is_at_rest(first)))
      return true;
    held_up_ = has(first, slot_state::frozen) ? by::replacement : by::gate;
    return false;
  }

  /// Whether what was found can take an entry. If not, start again. Throws std::bad_alloc.
  UNLATCH_ALWAYS_INLINE bool may_insert(const typename table::found &at, Word hash) {
    if (UNLATCH_LIKELY(at.where != nullptr))
      return may_change(at.first);
    make_room(hash);
    return false;
  }

  /// Protects the table no longer, until it is started again.
  void pause() noexcept { guard_.drop(); }

  bool table_is_current() const noexcept { return owner_.is_current(table_); }

  /// There is no slot for this hash. Throws std::bad_alloc. Start again.
  UNLATCH_NEVER_INLINE void make_room(Word hash) {
    if (table_ == nullptr) {
      owner_.make_first(table::least_slots);
      return;
    }
    if (table_->next.load() == nullptr)
      add_successor(table::make(size_after(*table_, is_crowded(*table_, hash)), table_->slots()));
    held_up_ = by::replacement;
  }

  /// Throws std::bad_alloc.
  void grow_to(std::size_t slots) {
    while (start().slots() < slots) {
      add_successor(table::make(slots, table_->slots()));
      held_up_ = by::replacement;
    }
  }

  /// One attempt to change a slot. `change` is what that does to the number of entries.
  UNLATCH_ALWAYS_INLINE bool replace(slot &where, Word first, Word second, Word new_first,
                                     Word new_second, int change) {
    if (!pass_.try_enter()) {
      held_up_ = by::gate;
      return false;
    }
    const bool replaced = where.replace(first, second, new_first, new_second);
    UNLATCH_INTERLEAVE();
    const bool look = replaced && change != 0 && count(*table_, first, change);
    pass_.leave(); // but present
    if (!replaced)
      return false;
    pass_.done();
    if (look && table_->is_full())
      grow();
    return true;
  }

  /// What a quick writer has left to do, if its table is still the current one.
  UNLATCH_NEVER_INLINE void look_whether_full() noexcept {
    table_ = owner_.current(guard_);
    if (table_->is_full())
      grow();
  }

private:
  enum class by : char { nothing, gate, replacement };

  UNLATCH_NEVER_INLINE void get_on() {
    if (held_up_ == by::replacement)
      owner_.prepare_replacement();
    if (held_up_ == by::replacement && pass_.try_enter()) {
      owner_.replace(*table_, outdated_);
      pass_.leave();
    } else {
      guard_.drop();
      pass_.wait();
    }
    held_up_ = by::nothing;
  }

  void add_successor(table *fresh) noexcept {
    table *none = nullptr;
    if (!table_->next.compare_exchange_strong(none, fresh))
      table::destroy(fresh);
  }

  /// Never throws: without memory, the table goes on filling up.
  UNLATCH_NEVER_INLINE void grow() noexcept {
    if (table_->next.load() == nullptr)
      if (table *const fresh = table::try_to_make(size_after(*table_, false), table_->slots()))
        add_successor(fresh);
    if (table_->next.load() != nullptr && reclaim::reserve_slots(slots_for_replacing) &&
        pass_.try_enter()) {
      owner_.replace(*table_, outdated_);
      pass_.leave();
    }
  }

  const presence present_;
  growing_table &owner_;
  outdated_tables outdated_;
  gate::writer pass_;
  reclaim::hazard guard_;
  table *table_ = nullptr;
  by held_up_ = by::nothing;
};

template <class Layout> void growing_table<Layout>::reserve(std::size_t entries) {
  if (entries == 0)
    return;
  std::size_t wanted = table::least_slots;
  while (table::most_claims(wanted) <= entries)
    wanted *= 2;
  if (root_.load() == nullptr)
    make_first(wanted);
  writer op(*this);
  op.grow_to(wanted);
}

template <class Layout>
template <class Takes, class Removed>
std::size_t growing_table<Layout>::sweep(Takes takes, Removed removed) {
  outdated_tables outdated; // retired when the gate is open again
  const gate::closure closed(gate_, gate::closure::exclusive);
  table *all = root_.load();
  if (all == nullptr)
    return 0;
  if (all->next.load() != nullptr) { // after a fork: those who were copying are gone
    prepare_replacement();
    replace(*all, outdated);
    all = root_.load();
  }
  struct mark_remover { // should `takes` throw
    table *all;
    ~mark_remover() {
      if (all != nullptr)
        for (std::size_t index = 0; index < all->slots(); ++index)
          if (has(all->at(index).first(), slot_state::condemned))
            all->at(index).clear_in_first(slot_state::condemned);
    }
  } marks{all};
  std::size_t number = 0;
  for_each_live(*all, [&](std::size_t index, slot &each, Word first, table &) {
    if (takes(index, each, first, *all)) {
      each.set_in_first(slot_state::condemned);
      ++number;
    }
    return true;
  });
  marks.all = nullptr;
  if (number == 0)
    return 0;
  UNLATCH_INTERLEAVE();
  sweeps_.fetch_add(1); // from here on readers miss all of them
  for_each_live(*all, [&](std::size_t, slot &each, Word first, table &) {
    if (has(first, slot_state::condemned))
      removed(each, first);
    return true;
  });
  UNLATCH_INTERLEAVE();
  sweeps_.fetch_add(1);
  all->count(reclaim::thread_number(), -static_cast<std::ptrdiff_t>(number));
  return number;
}

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_GROWING_TABLE_H
