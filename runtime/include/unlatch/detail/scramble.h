// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: a bijection of words, drawn at random for each map.
//
// Tables take the upper bits of a scrambled word as an index, so weak hashes (std::hash of an
// integer is the identity) do no harm, and keys that collide cannot be prepared without the seed.
// Multiplication by a random odd number is 2-universal in the upper bits (M. Dietzfelbinger,
// T. Hagerup, J. Katajainen, M. Penttonen, "A Reliable Randomized Algorithm for the Closest-Pair
// Problem", J. Algorithms 25, 1997). As it is a bijection, a small key is its own hash and can be
// computed back from it.

#ifndef UNLATCH_DETAIL_SCRAMBLE_H
#define UNLATCH_DETAIL_SCRAMBLE_H

#include <atomic>
#include <chrono>
#include <cstdint>

#include "unlatch/detail/config.h"

namespace unlatch {
namespace detail {

/// The finaliser of MurmurHash3 (A. Appleby): every bit of the input changes about half the bits of
/// the output.
constexpr std::uint64_t mix(std::uint64_t word) noexcept {
  word ^= word >> 33;
  word *= 0xff51afd7ed558ccdU;
  word ^= word >> 33;
  word *= 0xc4ceb9fe1a85ec53U;
  word ^= word >> 33;
  return word;
}

/// A number that differs from map to map and from run to run. Not a secret, but not known from
/// outside.
UNLATCH_SHARED_ACROSS_LIBRARIES inline std::uint64_t new_seed() noexcept {
  static std::atomic<std::uint64_t> state{0};
  std::uint64_t drawn = state.fetch_add(0x9e3779b97f4a7c15U);
  if (drawn == 0) {
    // First use: the clock, and an address that the system randomises.
    const auto now = std::chrono::high_resolution_clock::now().time_since_epoch().count();
    drawn = mix(static_cast<std::uint64_t>(now)) ^ reinterpret_cast<std::uintptr_t>(&state);
    state.fetch_add(drawn);
  }
  return mix(drawn);
}

template <class Word> class scramble {
public:
  scramble() noexcept
      : offset_(static_cast<Word>(new_seed())), factor_(static_cast<Word>(new_seed() | 1)) {}

  Word operator()(Word word) const noexcept {
    word = static_cast<Word>((word ^ offset_) * factor_);
    word ^= word >> half;
    return static_cast<Word>(word * second_factor);
  }

  /// The word that is scrambled to this one.
  Word inverse(Word word) const noexcept {
    word = static_cast<Word>(word * inverse_of(second_factor));
    word ^= word >> half;
    return static_cast<Word>(word * inverse_of(factor_)) ^ offset_;
  }

private:
  static constexpr unsigned half = sizeof(Word) * 4;
  static constexpr Word second_factor = static_cast<Word>(0xd6e8feb86659fd93U);

  /// Modulo the size of the word, by Newton's method: each step doubles the number of right bits.
  static constexpr Word inverse_of(Word odd) noexcept {
    Word result = odd;
    for (int i = 0; i < 5; ++i)
      result = static_cast<Word>(result * (2 - odd * result));
    return result;
  }

  const Word offset_;
  const Word factor_;
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_SCRAMBLE_H
