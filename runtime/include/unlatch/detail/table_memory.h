// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: memory of a table. Look-ups in a large one are all over it, so they miss the processor's
// cache of address translations as well as the others; and each of its pages is a fault when it is
// made, in a thread that others may be waiting for. Huge pages, where the system gives them to who
// asks, take care of both.

#ifndef UNLATCH_DETAIL_TABLE_MEMORY_H
#define UNLATCH_DETAIL_TABLE_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <new>

#include "unlatch/detail/config.h"

#if defined(__linux__)
#include <sys/mman.h>
#ifdef MADV_HUGEPAGE
#define UNLATCH_HAS_HUGE_PAGES 1
#endif
#endif
#ifndef UNLATCH_HAS_HUGE_PAGES
#define UNLATCH_HAS_HUGE_PAGES 0
#endif

namespace unlatch {
namespace detail {

/// With pages of 4 KiB, on x86 and AArch64. Elsewhere they are larger, and nothing is gained or
/// lost.
inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// What of the memory is whole huge pages. Not aligned to them: that would take as much again of
/// the address space as a huge page has.
inline void *prefer_huge_pages(void *memory, std::size_t bytes) noexcept {
#if UNLATCH_HAS_HUGE_PAGES
  const std::uintptr_t start = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (start + huge_page - 1) / huge_page * huge_page;
  const std::uintptr_t end = (start + bytes) / huge_page * huge_page;
  if (memory != nullptr && first < end) // only advice: it does not matter if it is not taken
    static_cast<void>(madvise(reinterpret_cast<void *>(first), end - first, MADV_HUGEPAGE));
#else
  static_cast<void>(bytes);
#endif
  return memory;
}

/// Throws std::bad_alloc. To be given back to `::operator delete`.
inline void *allocate_table(std::size_t bytes) {
  return prefer_huge_pages(::operator new(bytes), bytes);
}
/// Null if there is no memory.
inline void *try_to_allocate_table(std::size_t bytes) noexcept {
  return prefer_huge_pages(::operator new(bytes, std::nothrow), bytes);
}

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_TABLE_MEMORY_H
