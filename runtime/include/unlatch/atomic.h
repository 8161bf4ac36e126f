// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/atomic.h: what a guarded number is used for and std::atomic has no member for.
//
// What it is for
//   `total += amount;` of a floating-point number under a lock is one step, so is
//   `if (peak < n) peak = n;`, and so is `if (state == idle) state =
//   running;`. These are the same steps on a std::atomic.
//
// What it gives
//   Each call is one atomic step. Memory order: sequentially consistent, as std::atomic's own
//   operators are ([atomics.order]); where nothing is to be changed it is that of a load.
//
// Cost
//   Nothing is allocated, nothing thrown. Lock-free where std::atomic<T> is: a call is tried again
//   only if another thread has changed the number in between. compare_and_swap is tried once: O(1),
//   and wait-free where the processor has the instruction.

#ifndef UNLATCH_ATOMIC_H
#define UNLATCH_ATOMIC_H

#include <atomic>
#include <type_traits>

namespace unlatch {

namespace detail {
/// An argument that says nothing about T, so that it is converted to it.
template <class T> struct same_type {
  using type = T;
};
template <class T> using same_type_t = typename same_type<T>::type;
} // namespace detail

/// Adds to a floating-point number, and returns what it was. In C++20 std::atomic has this itself.
template <class T> T fetch_add(std::atomic<T> &number, detail::same_type_t<T> value) noexcept {
  static_assert(std::is_floating_point<T>::value, "std::atomic has this itself");
  T known = number.load();
  while (!number.compare_exchange_weak(known, known + value)) {
  }
  return known;
}

/// Subtracts; otherwise as fetch_add().
template <class T> T fetch_sub(std::atomic<T> &number, detail::same_type_t<T> value) noexcept {
  static_assert(std::is_floating_point<T>::value, "std::atomic has this itself");
  T known = number.load();
  while (!number.compare_exchange_weak(known, known - value)) {
  }
  return known;
}

/// Makes `number` at least `value`, and returns what it was. If it is at least that already,
/// nothing is written, so that threads that come with less do not disturb each other.
template <class T> T fetch_max(std::atomic<T> &number, detail::same_type_t<T> value) noexcept {
  static_assert(std::is_integral<T>::value || std::is_enum<T>::value, "floating point has NaN");
  T known = number.load();
  while (known < value && !number.compare_exchange_weak(known, value)) {
  }
  return known;
}

/// Makes `number` at most `value`, and returns what it was; otherwise as fetch_max().
template <class T> T fetch_min(std::atomic<T> &number, detail::same_type_t<T> value) noexcept {
  static_assert(std::is_integral<T>::value || std::is_enum<T>::value, "floating point has NaN");
  T known = number.load();
  while (value < known && !number.compare_exchange_weak(known, value)) {
  }
  return known;
}

/// Writes `desired` if the number is `expected`, and returns whether it was.
template <class T>
bool compare_and_swap(std::atomic<T> &number, detail::same_type_t<T> expected,
                      detail::same_type_t<T> desired) noexcept {
  // Two equal floating point numbers need not have the same bytes, which are what is compared.
  static_assert(std::is_integral<T>::value || std::is_enum<T>::value || std::is_pointer<T>::value,
                "values that are equal must have equal bytes");
  return number.compare_exchange_strong(expected, desired);
}

} // namespace unlatch

#endif // UNLATCH_ATOMIC_H
