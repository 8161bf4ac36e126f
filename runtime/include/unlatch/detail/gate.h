// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: the gate that lets one operation see, or change, a whole map at one moment.
//
// Writers pass through the gate around the few instructions that change the map. They announce that
// in a hazard slot of their own, so that writers share no memory with each other for it, and a map
// that is never ranged over pays one store to memory of its own thread. Whoever needs the whole map
// closes the gate and waits until no slot names it: then the contents stand still. Readers do not
// take part.
//
// Announcing and closing are Dekker's pattern: the writer announces, then looks whether the gate is
// closed; the closer closes, then looks for announcements. Asymmetric fences let at least one see
// the other, at no cost to the writer.
//
// Closing is shared (several operations that only look) or exclusive (one that changes).

#ifndef UNLATCH_DETAIL_GATE_H
#define UNLATCH_DETAIL_GATE_H

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "unlatch/detail/atomic.h"
#include "unlatch/detail/config.h"
#include "unlatch/detail/gate_closure.h"
#include "unlatch/reclaim.h"

namespace unlatch {
namespace detail {

class gate {
public:
  gate() = default;
  gate(const gate &) = delete;
  gate &operator=(const gate &) = delete;

  /// Holds the gate closed. Blocking: waits for writers that are inside, and for closures that
  /// exclude this one. A thread that holds the gate closed already may close it again to look.
  using closure = gate_closure<gate>;

  /// A writing operation: passes the gate as often as its attempts need.
  class writer {
  public:
    explicit writer(gate &which) : gate_(which) {}
    writer(const writer &) = delete;
    writer &operator=(const writer &) = delete;
    ~writer() { done(); }

    /// Wait-free. False: the gate is closed; call `wait` with nothing else held, and try again.
    bool try_enter() {
      slot_ = &reclaim::free_slot();
      light_store(*slot_, reinterpret_cast<std::uintptr_t>(&gate_));
      UNLATCH_INTERLEAVE();
      if (UNLATCH_LIKELY(gate_.closed_.load() == 0))
        return true;
      leave();
      return false;
    }
    void leave() noexcept { light_store(*slot_, std::uintptr_t{0}); }

    /// The change has been made: nobody has to let this writer pass any more.
    void done() noexcept {
      if (std::exchange(waited_, false))
        gate_.kept_waiting_.fetch_sub(1);
    }

    /// Blocking: until the gate is open.
    void wait() {
      if (!waited_) {
        gate_.kept_waiting_.fetch_add(1);
        waited_ = true;
      }
      gate_.wait_until_open();
    }

  private:
    gate &gate_;
    reclaim::slot *slot_ = nullptr;
    bool waited_ = false;
  };

  /// The same for a writer that knows a free slot and that light announcements are enough. False:
  /// the gate is closed, and this writer outside.
  UNLATCH_ALWAYS_INLINE bool try_enter_quickly(reclaim::slot &mine) noexcept {
    reclaim::announce_lightly(mine, reinterpret_cast<std::uintptr_t>(this));
    UNLATCH_INTERLEAVE();
    if (UNLATCH_LIKELY(closed_.load() == 0))
      return true;
    leave_quickly(mine);
    return false;
  }
  UNLATCH_ALWAYS_INLINE static void leave_quickly(reclaim::slot &mine) noexcept {
    reclaim::announce_lightly(mine, 0);
  }

  /// Blocking: until nobody holds the gate closed to make changes, which can be seen before it is
  /// opened again.
  void wait_for_exclusion() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !exclusive_; });
  }

private:
  friend closure;

  void close(bool exclusively, bool holds_another) {
    // Courtesy: a writer that has already waited once gets a moment to pass, so that a map whose
    // size is asked for all the time can still be written to. Bounded, because that writer may be
    // running a callback that waits for something the calling thread holds.
    if (!holds_another)
      for (int patience = 100; patience > 0 && kept_waiting_.load() != 0; --patience)
        std::this_thread::sleep_for(std::chrono::microseconds(10));
    std::unique_lock<std::mutex> lock(mutex_);
    if (exclusively) {
      ++waiting_exclusive_;
      changed_.wait(lock, [this] { return !exclusive_ && sharers_ == 0; });
      --waiting_exclusive_;
      exclusive_ = true;
    } else {
      // New sharers let a waiting exclusive closure go first; not if this thread already holds a
      // closure, for which that one might be waiting.
      changed_.wait(lock, [this, holds_another] {
        return !exclusive_ && (holds_another || waiting_exclusive_ == 0);
      });
      ++sharers_;
    }
    closed_.store(1);
    lock.unlock();
    choose_fences();
    heavy_fence();
    const auto here = reinterpret_cast<std::uintptr_t>(this);
    reclaim::for_each_slot([here](const reclaim::slot &announced) {
      for (int turns = 0; announced.load() == here; ++turns)
        if (turns > 32)
          std::this_thread::yield();
    });
  }

  void open(bool exclusively) noexcept {
    // Under the mutex: as soon as it is let go, the map may be destroyed.
    const std::lock_guard<std::mutex> lock(mutex_);
    if (exclusively)
      exclusive_ = false;
    else
      --sharers_;
    if (sharers_ == 0)
      closed_.store(0);
    changed_.notify_all();
  }

  void wait_until_open() {
    if (closure::held_by_this_thread(*this))
      fail_deadlock();
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return closed_.load() == 0; });
  }

  atomic<unsigned> closed_{0};
  atomic<unsigned> kept_waiting_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned sharers_ = 0;
  unsigned waiting_exclusive_ = 0;
  bool exclusive_ = false;
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_GATE_H
