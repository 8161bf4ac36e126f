// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/reclaim.h: when may memory that a reader could still be looking at be given back?
//
// What it is for
//   `unlatch::map` and `unlatch::snapshot` unlink objects while other threads may be reading them.
//   A reader announces the address that it is about to read in a hazard slot (M. Michael, "Hazard
//   Pointers: Safe Memory Reclamation for Lock-Free Objects", IEEE TPDS 15(6), 2004). Whoever has
//   unlinked an object calls `retire`, which looks through all the slots:
//     - no slot names the object: it is destroyed there and then, in the calling thread;
//     - a slot names it: the object is handed over to that slot, and its reader destroys it, or
//       passes it on to the next reader, when it leaves ("pass the pointer": A. Correia,
//       P. Ramalhete, P. Felber, "OrcGC: Automatic Lock-Free Memory Reclamation", PPoPP 2021).
//   So a destructor runs inside the call that removed the object, or at the moment when the last
//   reader that was inside it leaves, and never at some later time. There are no lists of retired
//   objects, and nothing that has to be flushed.
//
// Cost
//   A protected read is one sequentially consistent store and one load more than a bare one. A
//   `retire` is one pass over the slots of all running threads: O(threads). Everything is
//   sequentially consistent, without free-standing fences, which ThreadSanitizer does not model.
//
// Memory
//   A reader that stalls keeps alive what its slots name, and at most one object more a slot: at
//   most two objects for each of the slots in use, however long it stalls and whatever others
//   write. The first 32 threads find their record in static storage. A later one takes the record
//   of a thread that has ended, or allocates one (192 bytes on a 64-bit machine), as does a thread
//   with more than eight slots in use at once. Records are reused and never freed. Nothing else
//   here allocates.
//
// Progress
//   Announcing and retiring are lock-free. They do not wait for any other thread.
//
// Thread exit, static destruction, fork
//   A thread that ends hands its records on; there is nothing else to hand on. A guard that
//   outlives its thread stays valid, and may be destroyed in another thread. The domain is a
//   constant-initialised global without a destructor, so that maps and snapshots of static storage
//   duration may be used and destroyed in any order, and from destructors of thread_local objects.
//   In the child of a fork only the calling thread goes on: the slots of all the others are cleared
//   there, and what had been handed over to them is not destroyed in the child, just as the local
//   variables of those threads are not.

#ifndef UNLATCH_RECLAIM_H
#define UNLATCH_RECLAIM_H

#include <atomic>
#include <cstddef>
#include <utility>

#include "unlatch/detail/config.h"

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#define UNLATCH_HAS_FORK 1
#else
#define UNLATCH_HAS_FORK 0
#endif

namespace unlatch {
namespace reclaim {

/// Base of every object that readers may hold while it is taken out.
struct retired {
  using destroyer = void (*)(retired *) noexcept;

  explicit retired(destroyer how) noexcept : destroy(how) {}
  retired(const retired &) = delete;
  retired &operator=(const retired &) = delete;

  destroyer destroy;
  /// Free for the owner's use until `retire`; from then on the address that readers announce.
  const void *place = nullptr;

protected:
  ~retired() = default;
};

/// One announced address, and the object that was handed over to whoever announced it.
struct slot {
  std::atomic<const void *> announced{nullptr};
  std::atomic<retired *> handed_over{nullptr};
};

/// The slots of one thread.
struct alignas(detail::cache_line) record {
  static constexpr unsigned slot_count = 8;
  static constexpr unsigned all_slots = (1U << slot_count) - 1;
  enum : unsigned { vacant, owned, orphaned };

  slot slots[slot_count];
  std::atomic<record *> next{nullptr};      // in the list of all records; set once
  std::atomic<unsigned> state{vacant};      // vacant records hold no announcement
  std::atomic<const void *> owner{nullptr}; // identity of the owning thread
  std::atomic<unsigned> given_back{0};      // slots that another thread has released
  unsigned used = 0;                        // owner only: slots in use
  record *next_owned = nullptr;             // owner only: further records of this thread
};

/// All records of the process.
struct domain {
  static constexpr unsigned pool_size = 32;

  std::atomic<record *> records{nullptr};
  std::atomic<unsigned> pool_used{0};
  std::atomic<bool> watches_fork{false};
  std::atomic<unsigned> forks{0}; // how many lie between this process and the first
  record pool[pool_size];
};

static_assert(std::is_trivially_destructible<domain>::value,
              "the domain has to outlive every static object");

UNLATCH_SHARED_ACROSS_LIBRARIES inline domain the_domain;

/// What a thread knows about itself. Trivial, so that it can be used until the thread's very end.
struct thread_state {
  record *first;
  bool ended;
};

UNLATCH_SHARED_ACROSS_LIBRARIES inline thread_state &this_thread() noexcept {
  static thread_local thread_state state{nullptr, false};
  return state;
}

/// Gives the calling thread's records to others. A record with guards still alive is left as an
/// orphan: it is scanned like any other, and whoever takes it over finds those slots in use.
inline void hand_on_records(thread_state &self) noexcept {
  for (record *mine = std::exchange(self.first, nullptr); mine != nullptr;) {
    record *const following = std::exchange(mine->next_owned, nullptr);
    mine->used &= ~mine->given_back.exchange(0);
    mine->owner.store(nullptr);
    mine->state.store(mine->used == 0 ? record::vacant : record::orphaned);
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

UNLATCH_SHARED_ACROSS_LIBRARIES inline void watch_thread_end() noexcept {
  static thread_local thread_end hook;
  static_cast<void>(hook);
}

/// In the child of a fork: the other threads are gone, and their readers with them.
inline void drop_other_threads() noexcept {
  const void *const self = &this_thread();
  the_domain.forks.fetch_add(1);
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load()) {
    if (each->state.load() != record::owned || each->owner.load() == self)
      continue;
    for (slot &one : each->slots) {
      one.announced.store(nullptr);
      one.handed_over.store(nullptr);
    }
    each->used = 0;
    each->given_back.store(0);
    each->next_owned = nullptr;
    each->owner.store(nullptr);
    each->state.store(record::vacant);
  }
}

inline void watch_fork() noexcept {
#if UNLATCH_HAS_FORK
  if (!the_domain.watches_fork.load() && !the_domain.watches_fork.exchange(true))
    static_cast<void>(pthread_atfork(nullptr, nullptr, &drop_other_threads));
#endif
}

/// Finds or makes a record for the calling thread.
inline record *acquire_record(thread_state &self) {
  record *mine = the_domain.records.load();
  for (; mine != nullptr; mine = mine->next.load()) {
    unsigned state = mine->state.load();
    if (state != record::owned && mine->state.compare_exchange_strong(state, record::owned))
      break;
  }
  if (mine == nullptr) {
    watch_fork();
    const unsigned index = the_domain.pool_used.load() < domain::pool_size
                               ? the_domain.pool_used.fetch_add(1)
                               : domain::pool_size;
    mine = index < domain::pool_size ? &the_domain.pool[index] : new record;
    mine->state.store(record::owned);
    record *head = the_domain.records.load();
    do {
      mine->next.store(head);
    } while (!the_domain.records.compare_exchange_weak(head, mine));
  }
  mine->owner.store(&self);
  mine->next_owned = self.first;
  self.first = mine;
  if (!self.ended)
    watch_thread_end();
  return mine;
}

/// Destroys an object that nobody can reach any more, or hands it over to a reader that is inside.
/// The object must be unlinked: no new reader can find it. `place` is the address that its readers
/// announce. Lock-free; O(threads). Runs the object's destructor, so call it with no lock held.
inline void hand_over_or_destroy(retired *object) noexcept {
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load()) {
    // Vacant means that no announcement was valid when the object was unlinked: an announcement
    // counts only if the object was still linked after it was made, and the record was owned
    // before.
    if (each->state.load() == record::vacant)
      continue;
    for (slot &one : each->slots) {
      while (one.announced.load() == object->place) {
        const void *const place = object->place;
        // What comes out of the slot has already been looked for in all the slots before this one.
        UNLATCH_INTERLEAVE();
        object = one.handed_over.exchange(object);
        if (one.announced.load() != place) {
          // The reader left in between, and may not have seen what was handed over. Take it back,
          // or it would lie there until the slot is used again. Either we or the reader get it: it
          // clears the announcement, then looks; we hand over, then look.
          retired *const left_behind = one.handed_over.exchange(nullptr);
          if (object == nullptr)
            object = left_behind;
          else if (left_behind != nullptr)
            hand_over_or_destroy(left_behind);
        }
        if (object == nullptr)
          return;
      }
    }
  }
  object->destroy(object);
}

/// As above, for the thread that has unlinked the object.
inline void retire(retired *object, const void *place) noexcept {
  object->place = place;
  hand_over_or_destroy(object);
}

/// One hazard slot, for as long as it lives. May be destroyed in another thread. Acquiring one is
/// wait-free and allocates nothing once the thread has used as many at a time before.
class hazard {
public:
  hazard() : hazard(this_thread()) {}
  hazard(hazard &&other) noexcept
      : record_(std::exchange(other.record_, nullptr)), index_(other.index_) {}
  hazard(const hazard &) = delete;
  hazard &operator=(const hazard &) = delete;
  hazard &operator=(hazard &&) = delete;

  ~hazard() {
    if (record_ == nullptr)
      return;
    retired *const object = clear();
    give_back();
    if (object != nullptr)
      hand_over_or_destroy(object);
  }

  /// Names what is about to be read. It is protected if it is still reachable after this.
  void announce(const void *address) noexcept { here().announced.store(address); }

  /// Names nothing more. Returns what was handed over meanwhile: pass it to `hand_over_or_destroy`.
  [[nodiscard]] retired *clear() noexcept {
    here().announced.store(nullptr);
    return take();
  }

  /// Takes what was handed over, the announcement stays. Used after an announcement has changed, so
  /// that an object that was announced in passing does not wait for the end of a long read of
  /// another.
  [[nodiscard]] retired *take() noexcept {
    if (here().handed_over.load() == nullptr)
      return nullptr;
    return here().handed_over.exchange(nullptr);
  }

  /// Protects what `source` points to now. Lock-free.
  template <class T> T *protect(const std::atomic<T *> &source) noexcept {
    T *seen = source.load();
    for (;;) {
      announce(static_cast<const void *>(seen));
      T *const again = source.load();
      if (again == seen)
        break;
      seen = again;
    }
    if (retired *const passed = take())
      hand_over_or_destroy(passed);
    return seen;
  }

private:
  explicit hazard(thread_state &self) {
    for (record *mine = self.first;; mine = mine->next_owned) {
      if (mine == nullptr)
        mine = acquire_record(self);
      if (mine->used == record::all_slots)
        mine->used &= ~mine->given_back.exchange(0);
      if (mine->used != record::all_slots) {
        unsigned index = 0;
        while ((mine->used & (1U << index)) != 0)
          ++index;
        mine->used |= 1U << index;
        record_ = mine;
        index_ = index;
        return;
      }
    }
  }

  slot &here() noexcept { return record_->slots[index_]; }

  void give_back() noexcept {
    thread_state &self = this_thread();
    if (record_->owner.load() != &self) {
      record_->given_back.fetch_or(1U << index_);
      return;
    }
    record_->used &= ~(1U << index_);
    if (self.ended && record_->used == 0)
      hand_on_records(self);
  }

  record *record_ = nullptr;
  unsigned index_ = 0;
};

/// Calls `f(address)` for every announced address of the process.
template <class F> void for_each_slot(F f) {
  for (record *each = the_domain.records.load(); each != nullptr; each = each->next.load()) {
    if (each->state.load() == record::vacant)
      continue;
    for (slot &one : each->slots)
      f(one);
  }
}

} // namespace reclaim
} // namespace unlatch

#endif // UNLATCH_RECLAIM_H
