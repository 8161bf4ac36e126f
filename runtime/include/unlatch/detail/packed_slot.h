// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: a slot of one 64-bit word, for tables of pointers: state, pointer, and as much of a hash
// as there is room for. It has the interface of `double_word`.
//
//   bits 0 to 3: state    4 to 51: pointer    52: shared mark    53 to 63: tag
//
// Pointers of 64-bit systems have 48 bits, unless a program maps memory at higher addresses by
// asking for it (x86-64 with five-level paging, AArch64 with 52-bit addresses), and what operator
// new returns is a multiple of 16.

#ifndef UNLATCH_DETAIL_PACKED_SLOT_H
#define UNLATCH_DETAIL_PACKED_SLOT_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "unlatch/detail/atomic.h"
#include "unlatch/detail/config.h"

namespace unlatch {
namespace detail {

class packed_slot {
public:
  using word = std::uint64_t;

  packed_slot() noexcept = default;

  /// Both words, as they are at one moment.
  class words {
  public:
    /// Tag and state.
    word first() const noexcept { return packed_ & first_mask; }
    /// The pointer, whose lowest bit is the shared mark.
    word second() const noexcept {
      return (packed_ & pointer_mask) >> pointer_shift | (packed_ >> mark_bit & 1);
    }
    bool operator==(words other) const noexcept { return packed_ == other.packed_; }

  private:
    friend packed_slot;
    explicit words(word packed) noexcept : packed_(packed) {}
    word packed_;
  };
  words both() const noexcept { return words(word_.load()); }
  word first() const noexcept { return both().first(); }
  word second() const noexcept { return both().second(); }

  /// If the words are as expected, replaces both and returns true.
  bool replace(word first, word second, word new_first, word new_second) noexcept {
    word expected = pack(first, second);
    return word_.compare_exchange_strong(expected, pack(new_first, new_second));
  }

  /// Sets bits of the first word and returns what it was.
  word set_in_first(word bits) noexcept { return word_.fetch_or(bits) & first_mask; }
  void clear_in_first(word bits) noexcept { word_.fetch_and(~bits); }

  static constexpr word tag_for(word hash) noexcept { return hash << tag_shift; }

  /// A second word for that address. Ends the program if it is none that operator new returns.
  static word second_for(const void *address) noexcept {
    const word second = reinterpret_cast<std::uintptr_t>(address);
    if (!UNLATCH_LIKELY((second << pointer_shift & ~pointer_mask) == 0))
      fail_odd_address();
    return second;
  }

private:
  static constexpr unsigned mark_bit = 52;
  static constexpr unsigned tag_shift = 53;
  static constexpr unsigned pointer_shift = sizeof(void *) == 8 ? 0 : 4;
  static constexpr word pointer_mask = (word{1} << mark_bit) - 16;
  static constexpr word first_mask = ~word{0} << tag_shift | 15;

  static word pack(word first, word second) noexcept {
    return first | ((second & ~word{1}) << pointer_shift) | (second & 1) << mark_bit;
  }

  [[noreturn]] UNLATCH_NEVER_INLINE static void fail_odd_address() noexcept {
    std::fputs(
        "unlatch: an entry was allocated at an address that is no multiple of 16, or has more "
        "than 52 bits. Build with -DUNLATCH_FALLBACK_MUTEX.\n",
        stderr);
    std::abort();
  }

  atomic<word> word_{0};
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_PACKED_SLOT_H
