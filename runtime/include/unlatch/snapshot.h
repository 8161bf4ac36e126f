// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/snapshot.h: a value that many read and few change, as a whole.
//
// What it is for
//   State whose parts belong together: a configuration, a status with its time stamps, an ordered
//   map with its index. A reader gets one consistent picture that never changes under it. A writer
//   copies the value, changes the copy, and publishes it in one step. This takes the place of a
//   mutex (or a shared_mutex) and a struct, where reads outnumber writes by far or T is small.
//
// Limits
//   Every write copies all of T. For large maps with single-key changes use `unlatch::map`. A guard
//   keeps its picture alive, not current. Not copyable, not movable. T is read by several threads
//   at once through const access, so its const members have to be safe for that.
//
// Cost
//   A read takes one hazard slot: two stores to memory of its own thread, no allocation (see
//   unlatch/reclaim.h for the first read of a thread). A write allocates one T. If T has a
//   destructor, it also reaches all threads with a fence, which takes about a microsecond, and
//   looks through their hazard slots; if not, many writes share that.
//
// Consistency
//   All operations are linearizable, and sequentially consistent at their linearization points: the
//   load or exchange of the one pointer that says which value is current.
//
// When values are destroyed
//   A replaced value is destroyed in the call that replaced it, before it returns; or, if guards
//   hold it at that moment, by the last of them, in the thread that lets go. A guard may outlive
//   the snapshot.
//
// Exceptions
//   If copying T or the callback throws, nothing is published.
//
// With UNLATCH_FALLBACK_MUTEX defined for the whole program, the same on a std::shared_mutex.

#ifndef UNLATCH_SNAPSHOT_H
#define UNLATCH_SNAPSHOT_H

#include <cstddef>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

#include "unlatch/detail/atomic.h"
#include "unlatch/detail/backend.h"
#include "unlatch/detail/config.h"
#if UNLATCH_BACKEND_LOCKED
#include "unlatch/detail/locked_snapshot.h"
#else
#include "unlatch/reclaim.h"
#endif

namespace unlatch {
#if UNLATCH_BACKEND_LOCKED

inline namespace UNLATCH_BACKEND_NAMESPACE {

template <class T> class snapshot : public detail::locked_snapshot<T> {
public:
  using detail::locked_snapshot<T>::locked_snapshot;
};
template <class T> snapshot(T) -> snapshot<T>;

} // namespace UNLATCH_BACKEND_NAMESPACE

#else

namespace detail {

template <class T, bool IsPlain = std::is_trivially_destructible<T>::value &&
                                  alignof(T) <= alignof(std::max_align_t)>
struct snapshot_box : reclaim::retired {
  template <class... Arguments>
  explicit snapshot_box(Arguments &&...arguments)
      : retired(&destroy_box), value(std::forward<Arguments>(arguments)...) {}

  static void destroy_box(reclaim::retired *self) noexcept {
    delete static_cast<snapshot_box *>(self);
  }

  T value;
};
/// Without a destructor, memory is all there is to give back.
template <class T> struct snapshot_box<T, true> : reclaim::reused {
  template <class... Arguments>
  explicit snapshot_box(Arguments &&...arguments) : value(std::forward<Arguments>(arguments)...) {}

  T value;
};

template <class T> void retire_box(snapshot_box<T, false> *old) noexcept {
  reclaim::retire_fenced(old);
}
template <class T> void retire_box(snapshot_box<T, true> *old) noexcept {
  reclaim::retire_later(old, sizeof(*old));
}

} // namespace detail

inline namespace UNLATCH_BACKEND_NAMESPACE {

template <class T> class snapshot {
  using box = detail::snapshot_box<T>;

public:
  using value_type = T;

  /// Access to one picture, which stays alive and unchanged as long as the guard does. Movable.
  /// Several guards of one thread, of the same and of other snapshots, can be alive at once.
  class guard {
  public:
    guard(guard &&other) noexcept
        : hazard_(std::move(other.hazard_)), box_(std::exchange(other.box_, nullptr)) {}
    guard(const guard &) = delete;
    guard &operator=(const guard &) = delete;
    guard &operator=(guard &&) = delete;
    UNLATCH_ALWAYS_INLINE ~guard() = default;

    const T &operator*() const noexcept { return box_->value; }
    const T *operator->() const noexcept { return std::addressof(box_->value); }
    const T &get() const noexcept { return box_->value; }

  private:
    friend class snapshot;
    UNLATCH_ALWAYS_INLINE explicit guard(const reclaim::hazard::protection<box> &current) noexcept
        : hazard_(current), box_(current.seen) {}

    reclaim::hazard hazard_;
    const box *box_;
  };

  /// A value-initialised T.
  template <class U = T, class = std::enable_if_t<std::is_default_constructible<U>::value>>
  snapshot() : current_(new box()) {}

  snapshot(T value) : current_(new box(std::move(value))) {} // implicit, as T itself would be

  /// T built in place, for types that cannot be moved.
  template <class... Arguments>
  explicit snapshot(std::in_place_t, Arguments &&...arguments)
      : current_(new box(std::forward<Arguments>(arguments)...)) {}

  snapshot(const snapshot &) = delete;
  snapshot &operator=(const snapshot &) = delete;

  /// Not to be run concurrently with any other operation; guards may still be alive. Whoever has
  /// seen what the last write published may destroy it: this waits until that has let go of the
  /// mutex.
  ~snapshot() {
    static_cast<void>(std::lock_guard<std::mutex>(writers_));
    box *const last = current_.load();
    detail::retire_box(last);
  }

  /// The current picture. O(1). Lock-free: starts over only if a write was published in between.
  /// Linearizes at a load of the current pointer. No allocation, see unlatch/reclaim.h.
  [[nodiscard]] UNLATCH_ALWAYS_INLINE guard read() const {
    return guard(reclaim::hazard::take(current_));
  }

  /// A copy of the current value. Lock-free, and whatever copying T does.
  [[nodiscard]] T load() const { return read().get(); }

  /// What `f(const T&)` returns, by value. The picture is held while f runs. Lock-free, and
  /// whatever f does.
  template <class F> auto view(F &&f) const { return std::forward<F>(f)(read().get()); }

  /// Makes `value` the current one. Blocking: writers queue. O(threads).
  void replace(T value) {
    auto fresh = std::make_unique<box>(std::move(value));
    std::unique_lock<std::mutex> lock(writers_);
    publish(std::move(fresh), std::move(lock));
  }

  /// Calls `f(T&)` once, on a copy of the current value, makes that the current one, and returns
  /// what f returned. No other write comes in between. Nothing is published if f throws. Blocking:
  /// writers queue while f runs, so f must not write to this snapshot; it may read it.
  template <class F> auto modify(F &&f) -> std::invoke_result_t<F, T &> {
    std::unique_ptr<box> fresh; // outlives the lock: no destructor of T runs under the mutex
    std::unique_lock<std::mutex> lock(writers_);
    // Writers hold the mutex, so the current value cannot be replaced while it is copied.
    fresh = std::make_unique<box>(std::as_const(current_.load()->value));
    if constexpr (std::is_void_v<std::invoke_result_t<F, T &>>) {
      std::forward<F>(f)(fresh->value);
      publish(std::move(fresh), std::move(lock));
    } else {
      decltype(auto) result = std::forward<F>(f)(fresh->value);
      publish(std::move(fresh), std::move(lock));
      return std::forward<std::invoke_result_t<F, T &>>(result);
    }
  }

  /// Makes `desired` the current value if `expected` still is: the same publication, not an equal
  /// value, so there is no ABA. On failure `desired` is dropped. Blocking: writers queue.
  bool compare_and_swap(const guard &expected, T desired) {
    auto fresh = std::make_unique<box>(std::move(desired));
    std::unique_lock<std::mutex> lock(writers_);
    if (current_.load() != expected.box_)
      return false; // `lock` goes before `fresh`: no user code runs under the mutex
    publish(std::move(fresh), std::move(lock));
    return true;
  }

private:
  void publish(std::unique_ptr<box> fresh, std::unique_lock<std::mutex> lock) noexcept {
    box *const old = current_.exchange(fresh.release());
    lock.unlock();
    detail::retire_box(old); // runs T's destructor: after the mutex was let go
  }

  detail::atomic<box *> current_;
  std::mutex writers_;
};

} // namespace UNLATCH_BACKEND_NAMESPACE

#endif
} // namespace unlatch

#endif // UNLATCH_SNAPSHOT_H
