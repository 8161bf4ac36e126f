// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: the split-ordered list below `unlatch::map`, without keys, values and ownership.
//
// All entries of a map are one sorted linked list (T. Harris, "A Pragmatic Implementation of
// Non-Blocking Linked-Lists", DISC 2001, in the form that M. Michael gave it for hazard pointers,
// "High Performance Dynamic Lock-Free Hash Tables and List-Based Sets", SPAA 2002). It is sorted by
// the hash with its bits reversed, and each bucket is a pointer into it (O. Shalev, N. Shavit,
// "Split-Ordered Lists: Lock-Free Extensible Hash Tables", JACM 53(3), 2006): when the number of
// buckets doubles, no entry moves, a new bucket's head is spliced in where its entries begin.
//
// Differences from the papers:
// - The heads of the buckets are part of the bucket array, not allocated. One thread splices a head
//   in; until it has, everyone else starts from the bucket that it splits off from. So nobody
//   waits, and a read neither allocates nor initialises anything.
// - An entry is replaced by one compare-and-swap: its link to the successor becomes a marked link
// to
//   the replacement, which takes the old entry out and the new one in at the same moment.
// - Only the thread that marked an entry retires it, after it has made sure that it is unlinked;
//   others help to unlink but never own. Entries with equal hashes stand side by side, and a new
//   one goes behind them, so that two inserts of one key meet at the same link.

#ifndef UNLATCH_DETAIL_SPLIT_LIST_H
#define UNLATCH_DETAIL_SPLIT_LIST_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "unlatch/detail/config.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

/// An entry, or the head of a bucket.
struct list_node {
  std::atomic<std::uintptr_t> next{0}; // lowest bit: this entry is out, the link is frozen
  std::uint64_t order = 0;             // reversed hash; lowest bit: an entry, not a head

  bool is_entry() const noexcept { return (order & 1U) != 0; }
};

inline constexpr std::uintptr_t out_mark = 1;

inline std::uintptr_t to_link(const list_node *node) noexcept {
  return reinterpret_cast<std::uintptr_t>(node);
}
inline list_node *to_node(std::uintptr_t link) noexcept {
  return reinterpret_cast<list_node *>(link & ~out_mark);
}
inline bool is_out(std::uintptr_t link) noexcept { return (link & out_mark) != 0; }

inline std::uint64_t reverse_bits(std::uint64_t word) noexcept {
  word = ((word >> 1) & 0x5555555555555555U) | ((word & 0x5555555555555555U) << 1);
  word = ((word >> 2) & 0x3333333333333333U) | ((word & 0x3333333333333333U) << 2);
  word = ((word >> 4) & 0x0f0f0f0f0f0f0f0fU) | ((word & 0x0f0f0f0f0f0f0f0fU) << 4);
  word = ((word >> 8) & 0x00ff00ff00ff00ffU) | ((word & 0x00ff00ff00ff00ffU) << 8);
  word = ((word >> 16) & 0x0000ffff0000ffffU) | ((word & 0x0000ffff0000ffffU) << 16);
  return (word >> 32) | (word << 32);
}

inline unsigned floor_log2(std::size_t number) noexcept {
  unsigned result = 0;
  while ((number >>= 1U) != 0)
    ++result;
  return result;
}

/// A place in the list, with the hazard pointers that keep it valid.
class cursor {
public:
  cursor() = default;
  cursor(const cursor &) = delete;
  cursor &operator=(const cursor &) = delete;
  ~cursor() { release(); }

  /// Lets go of everything, and destroys what was handed over meanwhile.
  void release() noexcept {
    reclaim::retired *const first = first_.clear();
    reclaim::retired *const second = second_.clear();
    dispose(first);
    dispose(second);
  }

  /// Lets go of all but the current entry: before user code runs that may take its time.
  void keep_current() noexcept {
    reclaim::retired *const passed = behind_->clear();
    reclaim::retired *const stale = ahead_->take();
    dispose(passed);
    dispose(stale);
  }

  list_node *previous = nullptr;
  list_node *current = nullptr; // where the search stopped; null at the end of the list
  std::uintptr_t following = 0; // what came after `current`

private:
  friend class split_list;

  static void dispose(reclaim::retired *object) noexcept {
    if (object != nullptr)
      reclaim::hand_over_or_destroy(object);
  }

  reclaim::hazard first_;
  reclaim::hazard second_;
  reclaim::hazard *behind_ = &first_; // protects `previous`
  reclaim::hazard *ahead_ = &second_; // protects `current`
};

class split_list {
public:
  split_list() noexcept { first_[0].stage.store(bucket::spliced); }
  split_list(const split_list &) = delete;
  split_list &operator=(const split_list &) = delete;
  ~split_list() {
    for (std::size_t index = 0; index < segment_count; ++index)
      delete[] segments_[index].load();
  }

  static std::uint64_t order_of(std::uint64_t hash) noexcept { return reverse_bits(hash) | 1U; }

  /// The nearest bucket head in front of a hash. Lock-free. Writers splice in what is missing.
  list_node *start_for_reading(std::uint64_t hash) noexcept { return start(hash, false); }
  list_node *start_for_writing(std::uint64_t hash) { return start(hash, true); }

  /// Finds the first entry of this order that `matches`, or the place behind all of this order.
  /// Lock-free: it starts over only when another thread's change has gone through.
  template <class Match>
  static bool seek(cursor &at, list_node *start, std::uint64_t order, Match matches) {
  again:
    at.previous = start;
    at.current = to_node(start->next.load());
    for (;;) {
      if (at.current == nullptr) {
        at.following = 0;
        return false;
      }
      UNLATCH_INTERLEAVE();
      at.ahead_->announce(at.current);
      // Still linked from an entry that is itself in the list: so it was not retired before the
      // announcement.
      if (at.previous->next.load() != to_link(at.current))
        goto again;
      at.following = at.current->next.load();
      if (is_out(at.following)) {
        std::uintptr_t expected = to_link(at.current);
        if (!at.previous->next.compare_exchange_strong(expected, at.following & ~out_mark))
          goto again;
        at.current = to_node(at.following);
        continue;
      }
      if (at.current->order > order)
        return false;
      if (at.current->order == order && matches(at.current))
        return true;
      at.previous = at.current;
      std::swap(at.behind_, at.ahead_);
      at.current = to_node(at.following);
    }
  }

  /// Puts an entry at a place where `seek` found no match.
  static bool insert(cursor &at, list_node *fresh) noexcept {
    fresh->next.store(to_link(at.current), std::memory_order_relaxed); // not published yet
    std::uintptr_t expected = to_link(at.current);
    return at.previous->next.compare_exchange_strong(expected, to_link(fresh));
  }

  /// Takes the current entry out, or puts `fresh` into its place. True: this thread did it, the
  /// entry is unlinked, and the caller has to retire it; `at` may have moved on.
  static bool take_out(cursor &at, list_node *start, list_node *fresh) noexcept {
    if (fresh != nullptr)
      fresh->next.store(at.following, std::memory_order_relaxed); // not published yet
    const std::uintptr_t successor = fresh != nullptr ? to_link(fresh) : at.following;
    std::uintptr_t expected = at.following;
    if (!at.current->next.compare_exchange_strong(expected, successor | out_mark))
      return false;
    UNLATCH_INTERLEAVE();
    expected = to_link(at.current);
    if (!at.previous->next.compare_exchange_strong(expected, successor))
      seek(at, start, at.current->order, [](const list_node *) { return false; });
    return true;
  }

  /// Calls `f(entry)` for all entries; it may return false to stop. No writer may be inside. Then
  /// no entry is marked as out, except in the child of a fork, where its writer may have vanished.
  template <class F> void for_each(F f) const {
    for (list_node *each = to_node(first_[0].head.next.load()); each != nullptr;
         each = to_node(each->next.load()))
      if (each->is_entry() && !is_out(each->next.load()) && !f(each))
        return;
  }

  /// Calls `f(entry)` for all entries, which it may delete. The list is of no use afterwards.
  template <class F> void drain(F f) noexcept {
    for (list_node *each = to_node(first_[0].head.next.load()); each != nullptr;) {
      list_node *const following = to_node(each->next.load());
      if (each->is_entry())
        f(each);
      each = following;
    }
  }

  /// Unlinks every entry that is marked as out. No writer may be inside.
  void unlink_all_out() noexcept {
    list_node *previous = &first_[0].head;
    for (;;) {
      const std::uintptr_t link = previous->next.load();
      list_node *const current = to_node(link);
      if (current == nullptr)
        return;
      const std::uintptr_t following = current->next.load();
      if (!is_out(following)) {
        previous = current;
        continue;
      }
      // Readers help to unlink, so the link may have moved on already: look at it again either way.
      std::uintptr_t expected = link;
      previous->next.compare_exchange_strong(expected, following & ~out_mark);
    }
  }

  /// Doubles the number of buckets if there are more entries. Lock-free, never throws: without
  /// memory the buckets stay as they are.
  void grow_for(std::size_t entries) noexcept {
    std::size_t buckets = buckets_.load();
    if (entries <= buckets || buckets >= most_buckets)
      return;
    if (reach(buckets, false) != nullptr)
      buckets_.compare_exchange_strong(buckets, buckets * 2);
  }

  /// At least as many buckets as entries. Throws std::bad_alloc.
  void reserve(std::size_t entries) {
    for (std::size_t buckets = buckets_.load(); buckets < entries && buckets < most_buckets;) {
      reach(buckets, true);
      if (buckets_.compare_exchange_strong(buckets, buckets * 2))
        buckets *= 2;
    }
  }

private:
  struct bucket {
    enum : unsigned char { untouched, claimed, spliced };
    list_node head;
    std::atomic<unsigned char> stage{untouched};
  };

  // Buckets [0, 8) are part of the map, and segment i holds [8 << i, 16 << i).
  static constexpr std::size_t first_count = 8;
  static constexpr std::size_t segment_count = sizeof(std::size_t) > 4 ? 33 : 23;
  static constexpr std::size_t most_buckets = first_count << segment_count;

  /// The bucket of that index; allocates its segment. Null if there is no memory.
  bucket *reach(std::size_t index, bool may_throw) {
    if (index < first_count)
      return &first_[index];
    const unsigned log = floor_log2(index);
    std::atomic<bucket *> &segment = segments_[log - 3];
    bucket *buckets = segment.load();
    if (buckets == nullptr) {
      const std::size_t size = std::size_t{1} << log;
      std::unique_ptr<bucket[]> fresh(may_throw ? new bucket[size]
                                                : new (std::nothrow) bucket[size]);
      if (fresh == nullptr)
        return nullptr;
      if (segment.compare_exchange_strong(buckets, fresh.get()))
        buckets = fresh.release();
    }
    return buckets + (index - (std::size_t{1} << log));
  }

  bucket *look(std::size_t index) noexcept {
    if (index < first_count)
      return &first_[index];
    const unsigned log = floor_log2(index);
    bucket *const buckets = segments_[log - 3].load();
    return buckets == nullptr ? nullptr : buckets + (index - (std::size_t{1} << log));
  }

  /// The bucket that this one splits off from.
  static std::size_t parent_of(std::size_t index) noexcept {
    return index & ~(std::size_t{1} << floor_log2(index));
  }

  list_node *start(std::uint64_t hash, bool splices) {
    std::size_t index = static_cast<std::size_t>(hash) & (buckets_.load() - 1);
    for (;;) {
      if (bucket *const candidate = splices ? reach(index, false) : look(index)) {
        if (candidate->stage.load() == bucket::spliced)
          return &candidate->head;
        if (splices && splice(index, *candidate))
          return &candidate->head;
      }
      index = parent_of(index); // bucket 0 has always been spliced
    }
  }

  /// Puts the head of a bucket into the list, unless another thread is at it.
  bool splice(std::size_t index, bucket &fresh) {
    list_node *const before = start(parent_of(index), true);
    cursor at; // may throw, so before the claim
    unsigned char stage = bucket::untouched;
    if (!fresh.stage.compare_exchange_strong(stage, bucket::claimed))
      return stage == bucket::spliced;
    fresh.head.order = reverse_bits(index);
    do {
      seek(at, before, fresh.head.order, [](const list_node *) { return false; });
    } while (!insert(at, &fresh.head));
    fresh.stage.store(bucket::spliced);
    return true;
  }

  std::atomic<std::size_t> buckets_{first_count};
  std::atomic<bucket *> segments_[segment_count] = {};
  bucket first_[first_count];
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_SPLIT_LIST_H
