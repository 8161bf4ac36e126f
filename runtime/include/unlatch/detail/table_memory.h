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

#if defined(__linux__) && defined(__cpp_aligned_new) && UINTPTR_MAX > 0xffffffff
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

/// Whether memory of that many bytes is aligned to huge pages.
constexpr bool has_huge_pages(std::size_t bytes) noexcept {
  return UNLATCH_HAS_HUGE_PAGES && bytes >= huge_page;
}

#if UNLATCH_HAS_HUGE_PAGES
inline void *prefer_huge_pages(void *memory, std::size_t bytes) noexcept {
  if (memory != nullptr) // only advice: it does not matter if it is not taken
    static_cast<void>(madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE));
  return memory;
}
#endif

/// Throws std::bad_alloc.
inline void *allocate_table(std::size_t bytes) {
#if UNLATCH_HAS_HUGE_PAGES
  if (has_huge_pages(bytes))
    return prefer_huge_pages(::operator new(bytes, std::align_val_t(huge_page)), bytes);
#endif
  return ::operator new(bytes);
}
/// Null if there is no memory.
inline void *try_to_allocate_table(std::size_t bytes) noexcept {
#if UNLATCH_HAS_HUGE_PAGES
  if (has_huge_pages(bytes))
    return prefer_huge_pages(::operator new(bytes, std::align_val_t(huge_page), std::nothrow),
                             bytes);
#endif
  return ::operator new(bytes, std::nothrow);
}
inline void deallocate_table(void *memory, bool with_huge_pages) noexcept {
#if UNLATCH_HAS_HUGE_PAGES
  if (with_huge_pages) {
    ::operator delete(memory, std::align_val_t(huge_page));
    return;
  }
#endif
  static_cast<void>(with_huge_pages);
  ::operator delete(memory);
}

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_TABLE_MEMORY_H
