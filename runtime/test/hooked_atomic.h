// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The library's atomics with a call of `unlatch_test::before_access()` before each access. A test
// declares that function, names this header in UNLATCH_MODEL_HEADER, and includes the library's
// atomic.h: so it is asked between any two steps of an operation what is to happen there.

#ifndef UNLATCH_RUNTIME_TEST_HOOKED_ATOMIC_H
#define UNLATCH_RUNTIME_TEST_HOOKED_ATOMIC_H

#include <atomic>

namespace unlatch {
namespace detail {

template <class T> class atomic : std::atomic<T> {
  using base = std::atomic<T>;
  using order = std::memory_order;
  static constexpr order strongest = std::memory_order_seq_cst;

public:
  atomic() = default;
  constexpr atomic(T value) noexcept : base(value) {}

  T load(order how = strongest) const noexcept {
    unlatch_test::before_access();
    return base::load(how);
  }
  void store(T value, order how = strongest) noexcept {
    unlatch_test::before_access();
    base::store(value, how);
  }
  T exchange(T value) noexcept {
    unlatch_test::before_access();
    return base::exchange(value);
  }
  bool compare_exchange_strong(T &expected, T desired) noexcept {
    unlatch_test::before_access();
    return base::compare_exchange_strong(expected, desired);
  }
  bool compare_exchange_weak(T &expected, T desired) noexcept {
    unlatch_test::before_access();
    return base::compare_exchange_weak(expected, desired);
  }
  T fetch_add(T change) noexcept {
    unlatch_test::before_access();
    return base::fetch_add(change);
  }
  T fetch_sub(T change) noexcept {
    unlatch_test::before_access();
    return base::fetch_sub(change);
  }
  T fetch_or(T bits) noexcept {
    unlatch_test::before_access();
    return base::fetch_or(bits);
  }
  T fetch_and(T bits) noexcept {
    unlatch_test::before_access();
    return base::fetch_and(bits);
  }
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_RUNTIME_TEST_HOOKED_ATOMIC_H
