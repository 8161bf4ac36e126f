// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: two adjacent words that are replaced together, and read one at a time.
//
// Two words of 32 bits are one std::atomic of 64. Two of 64 need an instruction that C++ offers
// only through libatomic, which may take locks: so it is written out here (cmpxchg16b, ldaxp and
// stlxp). Everything is sequentially consistent.

#ifndef UNLATCH_DETAIL_DOUBLE_WORD_H
#define UNLATCH_DETAIL_DOUBLE_WORD_H

#include <cstdint>

#include "unlatch/detail/atomic.h"
#include "unlatch/detail/config.h"

#if defined(__GNUC__) && defined(__x86_64__) && !defined(__ILP32__)
#define UNLATCH_HAS_128_BIT_SWAP 1
#elif defined(__GNUC__) && defined(__aarch64__)
#define UNLATCH_HAS_128_BIT_SWAP 1
#else
#define UNLATCH_HAS_128_BIT_SWAP 0
#endif

namespace unlatch {
namespace detail {

template <class Word> class double_word;

template <> class double_word<std::uint32_t> {
public:
  using word = std::uint32_t;

  double_word() noexcept = default;

  word first() const noexcept { return static_cast<word>(both_.load()); }
  word second() const noexcept { return static_cast<word>(both_.load() >> 32); }

  /// Before other threads can see it.
  void set(word first, word second) noexcept {
    both_.store(pack(first, second), std::memory_order_relaxed);
  }

  /// If the words are as expected, replaces both and returns true.
  bool replace(word first, word second, word new_first, word new_second) noexcept {
    std::uint64_t expected = pack(first, second);
    return both_.compare_exchange_strong(expected, pack(new_first, new_second));
  }

  /// Sets bits of the first word and returns what it was.
  word set_in_first(word bits) noexcept { return static_cast<word>(both_.fetch_or(bits)); }
  void clear_in_first(word bits) noexcept { both_.fetch_and(~std::uint64_t{bits}); }

private:
  static std::uint64_t pack(word first, word second) noexcept {
    return std::uint64_t{second} << 32 | first;
  }

  atomic<std::uint64_t> both_{0};
};

#if UNLATCH_HAS_128_BIT_SWAP && !defined(UNLATCH_MODEL_DOUBLE_WORD) // runtime/model has its own

template <> class alignas(16) double_word<std::uint64_t> {
public:
  using word = std::uint64_t;

  double_word() noexcept = default;

  word first() const noexcept { return first_.load(); }
  word second() const noexcept { return second_.load(); }

  void set(word first, word second) noexcept {
    first_.store(first, std::memory_order_relaxed);
    second_.store(second, std::memory_order_relaxed);
  }

  bool replace(word first, word second, word new_first, word new_second) noexcept {
#if UNLATCH_THREAD_SANITIZER
    return replace_visibly(first, second, new_first, new_second);
#elif defined(__x86_64__)
    bool replaced;
    __asm__ __volatile__("lock cmpxchg16b %1"
                         : "=@ccz"(replaced), "+m"(*this), "+a"(first), "+d"(second)
                         : "b"(new_first), "c"(new_second)
                         : "memory");
    return replaced;
#else
    word seen_first, seen_second;
    std::uint32_t failed;
    do {
      // Acquire and release in one pair of instructions are sequentially consistent here
      // (Arm Architecture Reference Manual, B2.3: a store-release and a later load-acquire are
      // ordered).
      __asm__ __volatile__("ldaxp %0, %1, %2"
                           : "=&r"(seen_first), "=&r"(seen_second)
                           : "Q"(*this)
                           : "memory");
      if (seen_first != first || seen_second != second) {
        __asm__ __volatile__("clrex" ::: "memory");
        return false;
      }
      __asm__ __volatile__("stlxp %w0, %2, %3, %1"
                           : "=&r"(failed), "=Q"(*this)
                           : "r"(new_first), "r"(new_second)
                           : "memory");
    } while (failed != 0);
    return true;
#endif
  }

  word set_in_first(word bits) noexcept { return first_.fetch_or(bits); }
  void clear_in_first(word bits) noexcept { first_.fetch_and(~bits); }

private:
#if UNLATCH_THREAD_SANITIZER
  // What the sanitizer cannot see, it would take for a race. Not for inlining: the attribute.
#if defined(__x86_64__)
  __attribute__((target("cx16"), noinline))
#endif
  bool replace_visibly(word first, word second, word new_first, word new_second) noexcept {
    __extension__ using both = unsigned __int128;
    return __sync_bool_compare_and_swap(reinterpret_cast<both *>(this), both{second} << 64 | first,
                                        both{new_second} << 64 | new_first);
  }
#endif

  atomic<word> first_{0};
  atomic<word> second_{0};
};

#endif

/// Whether double_word<Word> exists.
template <class Word>
inline constexpr bool has_double_word = sizeof(Word) == 4 || UNLATCH_HAS_128_BIT_SWAP;

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_DOUBLE_WORD_H
