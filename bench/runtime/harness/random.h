// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef UNLATCH_BENCH_RANDOM_H
#define UNLATCH_BENCH_RANDOM_H

#include <cstdint>

namespace bench {

/// Costs about a nanosecond a number, the same for all contenders (G. Marsaglia, "Xorshift RNGs",
/// 2003).
class generator {
public:
  explicit generator(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}

  std::uint64_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

  /// Evenly from 0 to below the limit, which is less than 2^32 (D. Lemire, "Fast Random Integer
  /// Generation in an Interval", 2019).
  std::uint64_t below(std::uint64_t limit) { return (((*this)() >> 32) * limit) >> 32; }

private:
  std::uint64_t state_;
};

/// Makes the compiler believe that the value is used.
template <class T> void keep(const T &value) { __asm__ volatile("" : : "r,m"(value) : "memory"); }

} // namespace bench

#endif // UNLATCH_BENCH_RANDOM_H
