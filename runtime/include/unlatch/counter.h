// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/counter.h: a number that many threads add to and few read.
//
// What it is for
//   Statistics: requests served, bytes sent. Threads add to different cells, so they do not pull
//   one cache line to and fro; the price is that reading adds up all cells. Where the number is
//   read often, or steers the program, use std::atomic.
//
// What `sum` promises
//   Exact whenever no addition runs at the same time. While additions run:
//   - if every addition in the program is +1, `sum` is linearizable: the number was exactly
//     that at some moment during the call, because it passes through every value on the way up;
//   - with any other steps it may be a number that the counter never had. It contains every
//   addition that had
//     ended before the call, and none that began after it.
//   It never goes backwards as long as nothing negative is added.
//
// Memory
//   16 cells of one cache line each: 1 KiB a counter.
//
// The idea is old; see D. Dice, Y. Lev, M. Moir, "Scalable Statistics Counters", SPAA 2013.

#ifndef UNLATCH_COUNTER_H
#define UNLATCH_COUNTER_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "unlatch/detail/config.h"

namespace unlatch {
namespace detail {

/// Numbers the threads in the order in which they first add to a counter.
UNLATCH_SHARED_ACROSS_LIBRARIES inline std::size_t stripe_of_this_thread() noexcept {
  static std::atomic<std::size_t> next_stripe{0};
  static thread_local std::size_t stripe = 0; // 0: not numbered yet; trivial, so no guard
  if (stripe == 0)
    stripe = next_stripe.fetch_add(1, std::memory_order_relaxed) + 1;
  return stripe;
}

} // namespace detail

template <class Integer = std::uint64_t> class counter {
  static_assert(std::is_integral<Integer>::value && !std::is_same<Integer, bool>::value,
                "unlatch::counter counts in integers");

public:
  using value_type = Integer;

  counter() noexcept = default;
  explicit counter(Integer start) noexcept { cells_[0].value.store(start); }
  counter(const counter &) = delete;
  counter &operator=(const counter &) = delete;

  /// Adds n. Wait-free where the machine has an atomic addition, O(1), sequentially consistent.
  /// Overflow wraps around, for signed types too.
  void add(Integer n) noexcept {
    cells_[detail::stripe_of_this_thread() % cell_count].value.fetch_add(n);
  }
  counter &operator+=(Integer n) noexcept {
    add(n);
    return *this;
  }
  counter &operator++() noexcept {
    add(Integer{1});
    return *this;
  }

  /// All that was added. Wait-free, O(cells). See the top of this file for what it promises.
  [[nodiscard]] Integer sum() const noexcept {
    // In unsigned arithmetic, where wrapping around is defined.
    std::make_unsigned_t<Integer> total = 0;
    for (const cell &each : cells_)
      total = static_cast<std::make_unsigned_t<Integer>>(
          total + static_cast<std::make_unsigned_t<Integer>>(each.value.load()));
    return static_cast<Integer>(total);
  }

private:
  static constexpr std::size_t cell_count = 16;

  struct alignas(detail::cache_line) cell {
    std::atomic<Integer> value{0};
  };

  cell cells_[cell_count];
};

} // namespace unlatch

#endif // UNLATCH_COUNTER_H
