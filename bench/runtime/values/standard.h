// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With the means of the standard library: locks and copies, and pointers.

#ifndef UNLATCH_BENCH_VALUES_STANDARD_H
#define UNLATCH_BENCH_VALUES_STANDARD_H

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <version>

#include "any_value.h"

namespace bench {

/// The lock is held for the copy only, as the code that was to be converted does it.
template <class Mutex, class ReadLock> class locked_value {
public:
  BENCH_ADAPTER std::uint64_t read() const { return copy().weight(); }
  void write(const state &next) {
    const std::lock_guard<Mutex> lock(mutex_);
    value_ = next;
  }

private:
  state copy() const {
    const ReadLock lock(mutex_);
    state copied = value_;
    keep(copied); // or the compiler would copy two fields
    return copied;
  }

  mutable Mutex mutex_;
  state value_{};
};

using mutex_value = locked_value<std::mutex, std::lock_guard<std::mutex>>;
using shared_mutex_value = locked_value<std::shared_mutex, std::shared_lock<std::shared_mutex>>;

/// A bare atomic pointer to states that are never freed while it lives: nothing can be faster.
class leaking_value {
public:
  leaking_value() { write(state{}); }

  BENCH_ADAPTER std::uint64_t read() const {
    return current_.load(std::memory_order_acquire)->weight();
  }
  void write(const state &next) {
    all_.push_back(next);
    current_.store(&all_.back(), std::memory_order_release);
  }

private:
  std::atomic<const state *> current_{nullptr};
  std::deque<state> all_;
};

#ifdef __cpp_lib_atomic_shared_ptr
class shared_ptr_value {
public:
  BENCH_ADAPTER std::uint64_t read() const { return current_.load()->weight(); }
  void write(const state &next) { current_.store(std::make_shared<const state>(next)); }
  template <class F> void hold(F inside) const {
    const std::shared_ptr<const state> picture = current_.load();
    inside();
  }

private:
  std::atomic<std::shared_ptr<const state>> current_{std::make_shared<const state>()};
};
#endif

} // namespace bench

#endif // UNLATCH_BENCH_VALUES_STANDARD_H
