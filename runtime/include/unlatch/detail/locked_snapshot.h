// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: `unlatch::snapshot` in a program that is built with UNLATCH_FALLBACK_MUTEX: a
// std::shared_ptr under a std::shared_mutex. See unlatch/snapshot.h for what the operations mean.
//
// The lock is held only while the pointer is read or changed, so no copy, callback or destructor of
// the user's runs under it. What differs from the lock-free form is progress: a read may wait, for
// a moment, for a write. In the child of a fork a snapshot is usable only if no other thread was
// inside one of its operations at the moment of the fork.

#ifndef UNLATCH_DETAIL_LOCKED_SNAPSHOT_H
#define UNLATCH_DETAIL_LOCKED_SNAPSHOT_H

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <type_traits>
#include <utility>

#include "unlatch/detail/config.h"
#include "unlatch/detail/fair_shared_mutex.h"

namespace unlatch {
namespace detail {

template <class T> class locked_snapshot {
public:
  using value_type = T;

  /// Access to one picture, which stays alive and unchanged as long as the guard does.
  class guard {
  public:
    guard(guard &&other) noexcept = default;
    guard(const guard &) = delete;
    guard &operator=(const guard &) = delete;
    guard &operator=(guard &&) = delete;
    ~guard() = default;

    const T &operator*() const noexcept { return *value_; }
    const T *operator->() const noexcept { return value_.get(); }
    const T &get() const noexcept { return *value_; }

  private:
    friend class locked_snapshot;
    explicit guard(std::shared_ptr<const T> value) noexcept : value_(std::move(value)) {}

    std::shared_ptr<const T> value_;
  };

  /// A value-initialised T.
  template <class U = T, class = std::enable_if_t<std::is_default_constructible<U>::value>>
  locked_snapshot() : current_(std::make_shared<T>()) {}

  locked_snapshot(T value) : current_(std::make_shared<T>(std::move(value))) {}

  /// T built in place, for types that cannot be moved.
  template <class... Arguments>
  explicit locked_snapshot(std::in_place_t, Arguments &&...arguments)
      : current_(std::make_shared<T>(std::forward<Arguments>(arguments)...)) {}

  /// Waits until a writer whose value could be seen already has let go of the mutex.
  ~locked_snapshot() { static_cast<void>(std::lock_guard<std::mutex>(writers_)); }

  locked_snapshot(const locked_snapshot &) = delete;
  locked_snapshot &operator=(const locked_snapshot &) = delete;

  /// The current picture. Blocking, for a moment. Linearizes under the lock. No allocation.
  [[nodiscard]] guard read() const {
    UNLATCH_INTERLEAVE();
    const std::shared_lock<fair_shared_mutex> lock(mutex_);
    return guard(current_);
  }

  /// A copy of the current value.
  [[nodiscard]] T load() const { return read().get(); }

  /// What `f(const T&)` returns, by value. The picture is held while f runs.
  template <class F> auto view(F &&f) const { return std::forward<F>(f)(read().get()); }

  /// Makes `value` the current one. Blocking: writers queue.
  void replace(T value) {
    auto fresh = std::make_shared<T>(std::move(value));
    std::unique_lock<std::mutex> lock(writers_);
    publish(std::move(fresh), std::move(lock));
  }

  /// Calls `f(T&)` once, on a copy of the current value, makes that the current one, and returns
  /// what f returned. Nothing is published if f throws. Blocking: writers queue while f runs, so f
  /// must not write to this snapshot; it may read it.
  template <class F> auto modify(F &&f) -> std::invoke_result_t<F, T &> {
    std::shared_ptr<T> fresh; // outlives the lock: no destructor of T runs under the mutex
    std::unique_lock<std::mutex> lock(writers_);
    // Writers hold the mutex, so the current value cannot be replaced while it is copied.
    fresh = std::make_shared<T>(*current_);
    if constexpr (std::is_void_v<std::invoke_result_t<F, T &>>) {
      std::forward<F>(f)(*fresh);
      publish(std::move(fresh), std::move(lock));
    } else {
      decltype(auto) result = std::forward<F>(f)(*fresh);
      publish(std::move(fresh), std::move(lock));
      return std::forward<std::invoke_result_t<F, T &>>(result);
    }
  }

  /// Makes `desired` the current value if `expected` still is: the same publication, not an equal
  /// value, so there is no ABA. On failure `desired` is dropped. Blocking: writers queue.
  bool compare_and_swap(const guard &expected, T desired) {
    auto fresh = std::make_shared<T>(std::move(desired));
    std::unique_lock<std::mutex> lock(writers_);
    if (current_ != expected.value_)
      return false; // `lock` goes before `fresh`: no user code runs under the mutex
    publish(std::move(fresh), std::move(lock));
    return true;
  }

private:
  void publish(std::shared_ptr<const T> fresh, std::unique_lock<std::mutex> lock) {
    UNLATCH_INTERLEAVE();
    {
      const std::unique_lock<fair_shared_mutex> exclusive(mutex_);
      current_.swap(fresh);
    }
    lock.unlock();
    fresh.reset(); // runs T's destructor: after the mutexes were let go
  }

  std::shared_ptr<const T> current_;
  mutable fair_shared_mutex mutex_; // for the pointer
  std::mutex writers_;              // taken first; held while a new value is worked out
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_LOCKED_SNAPSHOT_H
