// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: the gate that lets one operation see, or change, a whole map at one moment, in the form
// of the library that is built on mutexes.
//
// Writers hold its mutex for the few instructions that change the map. Whoever needs the whole map
// closes the gate: then the contents stand still, and no mutex is held while callbacks run, so that
// they may read the map, and so may other threads.
//
// Closing is shared (several operations that only look) or exclusive (one that changes).

#ifndef UNLATCH_DETAIL_LOCKED_GATE_H
#define UNLATCH_DETAIL_LOCKED_GATE_H

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "unlatch/detail/config.h"
#include "unlatch/detail/gate_closure.h"

namespace unlatch {
namespace detail {

class locked_gate {
public:
  locked_gate() = default;
  /// Waits until a writer, or a closure, whose change could be seen already has left.
  ~locked_gate() {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return !exclusive_; });
    }
    while (opening_.load(std::memory_order_acquire) != 0)
      std::this_thread::yield();
  }
  locked_gate(const locked_gate &) = delete;
  locked_gate &operator=(const locked_gate &) = delete;

  /// Holds the gate closed. Blocking: waits for closures that exclude this one. A thread that holds
  /// the gate closed already may close it again to look.
  using closure = gate_closure<locked_gate>;

  /// For one change of the map; hold the lock meanwhile. Blocking: until the gate is open.
  [[nodiscard]] std::unique_lock<std::mutex> enter() {
    if (closure::held_by_this_thread(*this))
      fail_deadlock();
    std::unique_lock<std::mutex> lock(mutex_);
    wait_until_open(lock);
    return lock;
  }

  /// The same, but if the gate is closed it gives back a lock that holds nothing.
  [[nodiscard]] std::unique_lock<std::mutex> try_enter() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!is_open())
      lock.unlock();
    return lock;
  }

private:
  friend closure;

  bool is_open() const noexcept { return !exclusive_ && sharers_ == 0; }

  void wait_until_open(std::unique_lock<std::mutex> &lock) {
    if (is_open())
      return;
    ++kept_waiting_;
    changed_.wait(lock, [this] { return is_open(); });
    if (--kept_waiting_ == 0)
      changed_.notify_all();
  }

  void close(closure::kind how, bool holds_another) {
    std::unique_lock<std::mutex> lock(mutex_);
    // Courtesy: whoever waits for all the closures to end goes first, so that a map that some
    // thread looks at all the time can still be written to. Bounded, because it may be waiting for
    // a callback that waits for the calling thread; and not if this thread holds a closure already,
    // for which somebody else might be waiting.
    if (!holds_another)
      changed_.wait_for(lock, std::chrono::milliseconds(1), [this] { return kept_waiting_ == 0; });
    if (how == closure::exclusive) {
      wait_until_open(lock);
      exclusive_ = true;
    } else {
      changed_.wait(lock, [this] { return !exclusive_; });
      ++sharers_;
    }
  }

  void open(closure::kind how) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (how == closure::exclusive)
        exclusive_ = false;
      else
        --sharers_;
      opening_.fetch_add(1, std::memory_order_relaxed);
    }
    // Not under the mutex, for which those who are told would only queue. The map may be destroyed
    // as soon as the last line is done.
    changed_.notify_all();
    opening_.fetch_sub(1, std::memory_order_release);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned sharers_ = 0;
  unsigned kept_waiting_ = 0;
  bool exclusive_ = false;
  std::atomic<unsigned> opening_{0}; // closures that are gone, but for telling so
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_LOCKED_GATE_H
