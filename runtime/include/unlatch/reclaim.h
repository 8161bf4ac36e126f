// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/reclaim.h: when may memory that a reader could still be looking at be given back?
//
// What it is for
//   `unlatch::map` and `unlatch::snapshot` unlink objects while other threads may be reading them.
//   A reader announces the address that it is about to read in a hazard slot (M. Michael, "Hazard
//   Pointers: Safe Memory Reclamation for Lock-Free Objects", IEEE TPDS 15(6), 2004). Whoever has
//   unlinked an object looks through all the slots:
//     - no slot names the object: it is destroyed there and then, in the calling thread;
//     - a slot names it: the object is handed over to that slot, and its reader destroys it, or
//       passes it on to the next reader, when it leaves ("pass the pointer": A. Correia,
//       P. Ramalhete, P. Felber, "OrcGC: Automatic Lock-Free Memory Reclamation", PPoPP 2021).
//
// Three ways to retire
//   `retire`         for objects that are announced by `hazard::announce_strongly`: a sequentially
//                    consistent store for the reader, nothing more than the look for the writer.
//   `retire_fenced`  for objects that are announced by `hazard::announce`, which costs next to
//                    nothing: the writer pays with a fence that reaches all threads
//                    (unlatch/detail/asymmetric_fence.h), about a microsecond.
//   `retire_later`   for memory without a destructor, announced by `hazard::announce`: kept until
//                    one fence serves many (512 pieces, or 64 KiB).
//   With the first two a destructor runs inside the call that removed the object, or at the moment
//   when the last reader that was inside it leaves, and never at some later time.
//
// Cost
//   A protected read is one store and one load more than a bare one, to a cache line that no other
//   thread writes to. Retiring is one pass over the slots of all running threads: O(threads). Under
//   ThreadSanitizer, and where membarrier(2) is missing, every announcement is sequentially
//   consistent, which costs some eight nanoseconds on x86.
//
// Memory
//   A reader that stalls keeps alive what its slots name, and at most one object more a slot: at
//   most two objects for each of the slots in use, however long it stalls and whatever others
//   write. Beside that each thread holds back at most 64 KiB through `retire_later`, and one object
//   more; and of small pieces that nobody reads any more it keeps up to 512, of 64 bytes at most,
//   to use them again. The list of those is 4 KiB, allocated by the thread's first `retire_later`;
//   without memory for it, that retires at once.
//   The first 32 threads find their record in static storage. A later one takes the record of a
//   thread that has ended, or allocates one (192 bytes on a 64-bit machine), as does a thread with
//   more than seven slots in use at once. Records are reused and never freed. Without memory for
//   one, whoever needs a slot throws std::bad_alloc: a first read as well as a write, and also a
//   thread that runs its last destructors when all slots that can be lent are in use.
//
// Progress
//   Announcing and retiring are lock-free. They do not wait for any other thread.
//
// Thread exit, static destruction, fork, dlclose
//   A thread that ends retires what it has held back and hands its records on. A guard that
//   outlives its thread stays valid, and may be destroyed in another thread. The domain is a
//   constant-initialised global without a destructor, so that maps and snapshots of static storage
//   duration may be used and destroyed in any order, and from destructors of thread_local objects.
//   In the child of a fork only the calling thread goes on: the slots of all the others are cleared
//   there, and what had been handed over to them is not destroyed in the child, just as the local
//   variables of those threads are not. What is held back is plain memory, given back without any
//   code of the library that it came from, so that one may be unloaded.

#ifndef UNLATCH_RECLAIM_H
#define UNLATCH_RECLAIM_H

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "unlatch/detail/asymmetric_fence.h"
#include "unlatch/detail/atomic.h"
#include "unlatch/detail/config.h"
#include "unlatch/detail/garbage.h"

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#define UNLATCH_HAS_FORK 1
#else
#define UNLATCH_HAS_FORK 0
#endif

namespace unlatch {
namespace reclaim {

/// A word of the slots of a thread: an announced address, or what was handed over to it.
using slot = detail::atomic<std::uintptr_t>;

/// The slots of one thread, and what it holds back. A slot is free while it names nothing.
struct alignas(detail::cache_line) record {
  static constexpr unsigned slot_count = 8;
  static constexpr unsigned lent_slot = slot_count - 1; // see `borrow_slot`
  static constexpr std::uintptr_t taken = 1;            // names nothing: no object has this address
  enum : unsigned { vacant, owned, orphaned };

  slot slots[2 * slot_count] = {};        // announcements, then what was handed over to each
  detail::atomic<record *> next{nullptr}; // in the list of all records; set once
  detail::atomic<unsigned> state{
      vacant};         // vacant records hold no announcement; their last slot is taken
  unsigned number = 0; // of the record; for spreading threads over counters
  detail::atomic<const void *> owner{nullptr}; // identity of the owning thread

  // For the owner only.
  record *next_owned = nullptr; // further records of this thread
  held_back_list *held_back = nullptr;
  unsigned held_back_count = 0;
  std::size_t held_back_bytes = 0;
};

inline slot &handed_over_to(slot &announcement) noexcept {
  return (&announcement)[record::slot_count];
}

/// All records of the process.
struct domain {
  static constexpr unsigned pool_size = 32;

  detail::atomic<record *> records{nullptr};
  detail::atomic<unsigned> pool_used{0};
  detail::atomic<unsigned> numbered{0};
  detail::atomic<bool> watches_fork{false};
  detail::atomic<unsigned> forks{0}; // how many lie between this process and the first
  record pool[pool_size];
};

static_assert(std::is_trivially_destructible<domain>::value,
              "the domain has to outlive every static object");

UNLATCH_SHARED_ACROSS_LIBRARIES inline domain the_domain;

/// For threads that have no slot: a read then finds that it is not free, and needs no other test.
UNLATCH_SHARED_ACROSS_LIBRARIES inline slot never_free{record::taken};

/// What a thread knows about itself. Trivial, so that it can be used until the thread's very end.
struct thread_state {
  slot *light; // the first slot of the thread, if it has one and light announcements are enough
  record *first;
  bool ended;
};

UNLATCH_SHARED_ACROSS_LIBRARIES inline thread_state &this_thread() noexcept {
  static thread_local thread_state state{&never_free, nullptr, false};
  return state;
}

/// Destroys something that nobody can reach any more, or hands it over to a reader that is inside.
/// Announcements made while it was reachable have to be visible to this thread. Lock-free;
/// O(threads). Runs destructors, so call it with no lock held.
inline void hand_over_or_destroy(garbage object) noexcept {
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load()) {
    // Vacant means that no announcement was valid when the object was unlinked: an announcement
    // counts only if the object was still linked after it was made, and the record was owned
    // before.
    if (each->state.load() == record::vacant)
      continue;
    for (unsigned index = 0; index < record::slot_count; ++index) {
      slot &announced = each->slots[index];
      while (announced.load() == object.address()) {
        const std::uintptr_t place = object.address();
        // What comes out of the slot has already been looked for in all the slots before this one.
        UNLATCH_INTERLEAVE();
        object = garbage::from_word(handed_over_to(announced).exchange(object.word()));
        detail::heavy_fence();
        if (announced.load() != place) {
          // The reader left in between, and may not have seen what was handed over. Take it back,
          // or it would lie there until the slot is used again. Either we or the reader get it: it
          // clears the announcement, then looks; we hand over, then look.
          const garbage left_behind = garbage::from_word(handed_over_to(announced).exchange(0));
          if (!object)
            object = left_behind;
          else if (left_behind)
            hand_over_or_destroy(left_behind);
        }
        if (!object)
          return;
      }
    }
  }
  object.destroy();
}

/// Retires what this thread has held back. One fence, and one pass over the slots, for all of it.
inline void retire_held_back(record &mine) noexcept {
  detail::heavy_fence();
  held_back_list &list = *mine.held_back;
  // Which addresses are announced, roughly: a Bloom filter with one hash function.
  constexpr unsigned filter_words = 16;
  std::uint64_t filter[filter_words] = {};
  const auto bit_of = [](std::uintptr_t address) {
    return static_cast<unsigned>(static_cast<std::uint64_t>(address) * 0x9e3779b97f4a7c15U >> 54);
  };
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load())
    for (unsigned index = 0; index < record::slot_count; ++index)
      if (const std::uintptr_t address = each->slots[index].load()) {
        const unsigned bit = bit_of(address);
        filter[bit / 64] |= std::uint64_t{1} << bit % 64;
      }
  constexpr unsigned most_at_once = 32;
  garbage maybe_read[most_at_once];
  unsigned number = 0;
  unsigned kept = 0;
  for (unsigned i = 0; i < mine.held_back_count; ++i) {
    const garbage each = list.pieces[i];
    const unsigned bit = bit_of(each.address());
    if ((filter[bit / 64] >> bit % 64 & 1) == 0)
      each.keep_or_destroy(list.spare);
    else if (number < most_at_once)
      maybe_read[number++] = each;
    else
      list.pieces[kept++] = each;
  }
  mine.held_back_count = kept;
  mine.held_back_bytes = 0;
  // What had been handed over to a reader before may come out here, and its destructor may retire
  // more: hence after the list is in order again.
  for (unsigned i = 0; i < number; ++i)
    hand_over_or_destroy(maybe_read[i]);
}

/// Gives the calling thread's records to others. A record with guards still alive is left as an
/// orphan: it is scanned like any other, and whoever takes it over finds those slots in use.
UNLATCH_NEVER_INLINE inline void hand_on_records(thread_state &self) noexcept {
  self.light = &never_free;
  for (record *mine = std::exchange(self.first, nullptr); mine != nullptr;) {
    record *const following = std::exchange(mine->next_owned, nullptr);
    while (mine->held_back_count != 0)
      retire_held_back(*mine);
    delete std::exchange(mine->held_back, nullptr);
    slot &lent = mine->slots[record::lent_slot];
    std::uintptr_t nothing = 0;
    const bool took = lent.compare_exchange_strong(nothing, record::taken);
    bool in_use = !took;
    for (unsigned index = 0; index < record::lent_slot; ++index)
      in_use = in_use || mine->slots[index].load() != 0;
    if (took && in_use)
      lent.store(0);
    mine->owner.store(nullptr);
    mine->state.store(in_use ? record::orphaned : record::vacant);
    mine = following;
  }
}

struct thread_end {
  thread_end() noexcept {}
  thread_end(const thread_end &) = delete;
  thread_end &operator=(const thread_end &) = delete;
  ~thread_end() {
    this_thread().ended = true;
    hand_on_records(this_thread());
  }
};

// What registers code that is called later is shared, and not inlined: otherwise that code would be
// a library's, which could not be unloaded as long as the thread runs, or would leave nobody to
// watch when it is.
UNLATCH_SHARED_ACROSS_LIBRARIES UNLATCH_NEVER_INLINE inline void watch_thread_end() noexcept {
  static thread_local thread_end hook;
  static_cast<void>(hook);
}

/// In the child of a fork: the other threads are gone, and their readers with them.
UNLATCH_SHARED_ACROSS_LIBRARIES inline void drop_other_threads() noexcept {
  const void *const self = &this_thread();
  the_domain.forks.fetch_add(1);
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load()) {
    if (each->state.load() != record::owned || each->owner.load() == self)
      continue;
    for (slot &one : each->slots)
      one.store(0);
    each->slots[record::lent_slot].store(record::taken);
    each->held_back_count = 0; // may have been in the middle of a change
    each->held_back_bytes = 0;
    if (each->held_back != nullptr)
      each->held_back->spare.forget();
    each->next_owned = nullptr;
    each->owner.store(nullptr);
    each->state.store(record::vacant);
  }
}

UNLATCH_SHARED_ACROSS_LIBRARIES UNLATCH_NEVER_INLINE inline void watch_fork() noexcept {
#if UNLATCH_HAS_FORK
  if (!the_domain.watches_fork.load() && !the_domain.watches_fork.exchange(true))
    static_cast<void>(pthread_atfork(nullptr, nullptr, &drop_other_threads));
#endif
}

/// Null if there is no memory.
inline record *add_record() noexcept {
  watch_fork();
  const unsigned index = the_domain.pool_used.load() < domain::pool_size
                             ? the_domain.pool_used.fetch_add(1)
                             : domain::pool_size;
  record *const fresh =
      index < domain::pool_size ? &the_domain.pool[index] : new (std::nothrow) record;
  if (fresh == nullptr)
    return nullptr;
  fresh->number = the_domain.numbered.fetch_add(1);
  fresh->state.store(record::owned);
  record *head = the_domain.records.load();
  do {
    fresh->next.store(head);
  } while (!the_domain.records.compare_exchange_weak(head, fresh));
  return fresh;
}

/// Finds or makes a record for the calling thread. Null if there is no memory.
inline record *acquire_record(thread_state &self) noexcept {
  detail::choose_fences();
  record *mine = the_domain.records.load();
  for (; mine != nullptr; mine = mine->next.load()) {
    unsigned state = mine->state.load();
    if (state != record::owned && mine->state.compare_exchange_strong(state, record::owned)) {
      if (state == record::vacant)
        mine->slots[record::lent_slot].store(0);
      break;
    }
  }
  if (mine == nullptr)
    mine = add_record();
  if (mine == nullptr)
    return nullptr;
  mine->owner.store(&self);
  mine->next_owned = self.first;
  self.first = mine;
  if (detail::fences_are_asymmetric())
    self.light = mine->slots;
  watch_thread_end();
  return mine;
}

/// A small number that no other thread has at the same time, or `no_number`.
inline constexpr unsigned no_number = ~0U;
UNLATCH_ALWAYS_INLINE unsigned thread_number() noexcept {
  const record *const mine = this_thread().first;
  return UNLATCH_LIKELY(mine != nullptr) ? mine->number : no_number;
}

/// For what was announced strongly. It must be unlinked: no new reader can find it.
inline void retire(garbage object) noexcept { hand_over_or_destroy(object); }

/// For what was announced lightly.
inline void retire_fenced(garbage object) noexcept {
  detail::choose_fences();
  detail::heavy_fence();
  hand_over_or_destroy(object);
}

/// For memory of that many bytes without a destructor, announced lightly.
inline void retire_later(void *start, std::size_t bytes) noexcept {
  record *const mine = this_thread().first;
  if (mine != nullptr && mine->held_back == nullptr)
    mine->held_back = new (std::nothrow) held_back_list;
  if (mine == nullptr || mine->held_back == nullptr) {
    retire_fenced(garbage::memory(start, bytes));
    return;
  }
  mine->held_back->pieces[mine->held_back_count++] = garbage::memory(start, bytes);
  mine->held_back_bytes += bytes;
  if (mine->held_back_count == held_back_list::most_pieces ||
      mine->held_back_bytes >= held_back_list::most_bytes)
    retire_held_back(*mine);
}

/// Base of objects that are retired as memory, later: a thread that makes one takes the memory of
/// one that it has retired, if there is any.
struct reused {
  static void *operator new(std::size_t bytes) {
    const unsigned kind = spare_memory::kind_of(bytes);
    const record *const mine = this_thread().first;
    if (kind != 0 && mine != nullptr && mine->held_back != nullptr)
      if (void *const found = mine->held_back->spare.take(kind))
        return found;
    return ::operator new(bytes);
  }
  static void operator delete(void *memory) noexcept { ::operator delete(memory); }
};

/// A thread that runs its last destructors has handed its records on. It borrows the last slot of
/// any record, which their owners leave alone.
inline slot &borrow_slot() {
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load()) {
    slot &lent = each->slots[record::lent_slot];
    unsigned vacant = record::vacant;
    if (each->state.compare_exchange_strong(vacant, record::orphaned))
      return lent; // was taken, and now is by this thread
    std::uintptr_t nothing = 0;
    if (lent.compare_exchange_strong(nothing, record::taken))
      return lent;
  }
  record *const fresh = add_record();
  if (fresh == nullptr)
    detail::fail_no_memory();
  fresh->slots[record::lent_slot].store(record::taken);
  fresh->state.store(record::orphaned);
  return fresh->slots[record::lent_slot];
}

UNLATCH_NEVER_INLINE inline slot &find_free_slot() {
  thread_state &self = this_thread();
  if (self.ended)
    return borrow_slot();
  for (record *mine = self.first;; mine = mine->next_owned) {
    if (mine == nullptr)
      mine = acquire_record(self);
    if (mine == nullptr)
      detail::fail_no_memory();
    for (unsigned index = 0; index < record::lent_slot; ++index)
      if (mine->slots[index].load(std::memory_order_relaxed) == 0)
        return mine->slots[index];
  }
}

/// Makes sure that so many slots can be taken without an allocation. False if there is no memory.
inline bool reserve_slots(unsigned wanted) noexcept {
  thread_state &self = this_thread();
  if (self.ended)
    return true; // it borrows them one by one
  for (;;) {
    unsigned free = 0;
    for (record *mine = self.first; mine != nullptr; mine = mine->next_owned)
      for (unsigned index = 0; index < record::lent_slot; ++index)
        free += mine->slots[index].load(std::memory_order_relaxed) == 0;
    if (free >= wanted)
      return true;
    if (acquire_record(self) == nullptr)
      return false;
  }
}

/// A slot of the calling thread that names nothing.
UNLATCH_ALWAYS_INLINE slot &free_slot() {
  if (record *const mine = this_thread().first; UNLATCH_LIKELY(mine != nullptr))
    for (unsigned index = 0; index < 3; ++index) // as many as an operation of a map needs
      if (UNLATCH_LIKELY(mine->slots[index].load(std::memory_order_relaxed) == 0))
        return mine->slots[index];
  return find_free_slot();
}

/// Where `thread_state::light` says that this is enough.
UNLATCH_ALWAYS_INLINE void announce_lightly(slot &where, std::uintptr_t word) noexcept {
  where.store(word, std::memory_order_release);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

/// One hazard slot, or none. May be destroyed in another thread. A free slot is one that names
/// nothing, so announce something before the next one is taken. Taking one is wait-free and
/// allocates nothing once the thread has used as many at a time before.
class hazard {
public:
  hazard() noexcept = default;

  /// Takes this slot, which still names nothing. For one that a `quick_hazard` has found.
  UNLATCH_ALWAYS_INLINE explicit hazard(slot &mine) noexcept
      : place_(reinterpret_cast<std::uintptr_t>(&mine)) {
    if (place_ == 0 || (place_ & sequential_mark) != 0)
      UNLATCH_UNREACHABLE();
  }

  /// Takes a slot, which still names nothing.
  UNLATCH_ALWAYS_INLINE void take_slot() {
    drop();
    place_ = place_of(free_slot());
  }

  /// What a source pointed to, and the slot that protects it. Has to be given to a hazard.
  template <class T> struct protection {
    std::uintptr_t place;
    T *seen;
  };
  /// Takes a slot, and protects what `source` points to now. Lock-free.
  template <class T>
  UNLATCH_ALWAYS_INLINE static protection<T> take(const detail::atomic<T *> &source) {
    // The usual case written out: it is most of what a read costs.
    slot &mine = *this_thread().light;
    if (!UNLATCH_LIKELY(mine.load(std::memory_order_relaxed) == 0))
      return protect_patiently(free_place(), source);
    const auto place = reinterpret_cast<std::uintptr_t>(&mine);
    T *const seen = source.load();
    announce_lightly(mine, word_of(seen));
    if (!UNLATCH_LIKELY(source.load() == seen))
      return protect_patiently(place, source);
    return {place, seen}; // has not been retired, so nothing has been handed over
  }
  template <class T>
  UNLATCH_ALWAYS_INLINE explicit hazard(const protection<T> &taken) noexcept : place_(taken.place) {
    if (place_ == 0)
      UNLATCH_UNREACHABLE();
  }

  /// Gives back the slot it has, takes one, and protects what `source` points to now.
  template <class T> UNLATCH_ALWAYS_INLINE T *protect(const detail::atomic<T *> &source) {
    drop();
    const protection<T> taken = take(source);
    place_ = taken.place;
    return taken.seen;
  }

  hazard(hazard &&other) noexcept : place_(std::exchange(other.place_, std::uintptr_t{0})) {}
  hazard(const hazard &) = delete;
  hazard &operator=(const hazard &) = delete;
  hazard &operator=(hazard &&) = delete;

  UNLATCH_ALWAYS_INLINE ~hazard() { drop(); }

  /// Has a slot no longer.
  UNLATCH_ALWAYS_INLINE void drop() noexcept {
    if (place_ != 0) {
      put(place_, 0);
      pass_on();
      place_ = 0;
    }
  }

  /// Names what is about to be read. It is protected if it is still reachable after this.
  UNLATCH_ALWAYS_INLINE void announce(const void *address) noexcept {
    put(place_, word_of(address));
  }
  /// The same for what is retired without a fence.
  UNLATCH_ALWAYS_INLINE void announce_strongly(const void *address) noexcept {
    slot_at(place_).store(word_of(address));
  }

  /// Passes on what was handed over, the announcement stays. Used after an announcement has
  /// changed, so that an object that was announced in passing does not wait for the end of a long
  /// read of another.
  UNLATCH_ALWAYS_INLINE void pass_on() noexcept { pass_on_from(slot_at(place_)); }

private:
  friend class quick_hazard;

  // What is rare takes the place by value, so that it can stay in a register.
  static constexpr std::uintptr_t sequential_mark = 1;

  static slot &slot_at(std::uintptr_t place) noexcept {
    return *reinterpret_cast<slot *>(place & ~sequential_mark);
  }
  static std::uintptr_t word_of(const void *address) noexcept {
    return reinterpret_cast<std::uintptr_t>(address);
  }

  UNLATCH_ALWAYS_INLINE static std::uintptr_t place_of(slot &free) noexcept {
    const auto place = reinterpret_cast<std::uintptr_t>(&free);
    return detail::fences_are_asymmetric() ? place : place | sequential_mark;
  }
  /// For what is rare.
  UNLATCH_NEVER_INLINE static std::uintptr_t free_place() { return place_of(free_slot()); }

  template <class T>
  UNLATCH_NEVER_INLINE static protection<T>
  protect_patiently(std::uintptr_t place, const detail::atomic<T *> &source) noexcept {
    T *seen = source.load();
    for (;;) {
      put(place, word_of(seen));
      T *const again = source.load();
      if (again == seen)
        break;
      seen = again;
    }
    pass_on_from(slot_at(place));
    return {place, seen};
  }

  UNLATCH_ALWAYS_INLINE static void put(std::uintptr_t place, std::uintptr_t word) noexcept {
    if (UNLATCH_LIKELY((place & sequential_mark) == 0))
      announce_lightly(slot_at(place), word);
    else
      slot_at(place).store(word);
  }

  UNLATCH_ALWAYS_INLINE static void pass_on_from(slot &announcement) noexcept {
    if (!UNLATCH_LIKELY(handed_over_to(announcement).load() == 0))
      pass_on_now(announcement);
  }
  UNLATCH_NEVER_INLINE static void pass_on_now(slot &announcement) noexcept {
    if (const garbage object = garbage::from_word(handed_over_to(announcement).exchange(0)))
      hand_over_or_destroy(object);
  }

  // The slot's address, and whether writes to it have to be sequentially consistent.
  std::uintptr_t place_ = 0;
};

/// A hazard for the usual case alone: the first slot of the thread is free, and light announcements
/// are enough. What is rare is left to `hazard`, so that a short read has no code for it.
class quick_hazard {
public:
  quick_hazard() noexcept = default;
  quick_hazard(const quick_hazard &) = delete;
  quick_hazard &operator=(const quick_hazard &) = delete;
  ~quick_hazard() = default;

  /// What `source` points to, protected until `drop`; or null, and there is nothing to drop.
  template <class T>
  UNLATCH_ALWAYS_INLINE T *try_protect(const detail::atomic<T *> &source) noexcept {
    slot &mine = *this_thread().light;
    if (!UNLATCH_LIKELY(mine.load(std::memory_order_relaxed) == 0))
      return nullptr;
    T *const seen = source.load();
    announce_lightly(mine, hazard::word_of(seen));
    slot_ = &mine;
    if (UNLATCH_LIKELY(source.load() == seen))
      return seen;
    drop();
    return nullptr;
  }

  UNLATCH_ALWAYS_INLINE void drop() noexcept {
    announce_lightly(*slot_, 0);
    hazard::pass_on_from(*slot_);
  }

  /// One of the two slots that follow, if that is free too, or null. After `try_protect`.
  UNLATCH_ALWAYS_INLINE slot *another(unsigned which) const noexcept {
    slot *const other = slot_ + which;
    return UNLATCH_LIKELY(other->load(std::memory_order_relaxed) == 0) ? other : nullptr;
  }

private:
  slot *slot_ = nullptr;
};

/// Calls `f(announcement)` for every slot of the process.
template <class F> void for_each_slot(F f) {
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load()) {
    if (each->state.load() == record::vacant)
      continue;
    for (unsigned index = 0; index < record::slot_count; ++index)
      f(each->slots[index]);
  }
}

} // namespace reclaim
} // namespace unlatch

#endif // UNLATCH_RECLAIM_H
