// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For glibc, which lets a program define these functions and still offers its own by other names.
#include "allocations.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

#include <malloc.h>

extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *block, std::size_t size);
void *__libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void *block);
}

namespace {

std::atomic<std::uint64_t> count{0};
std::atomic<std::uint64_t> bytes{0};
std::atomic<std::int64_t> in_use{0};

std::int64_t chunk_of(void *block) {
  constexpr std::size_t header = sizeof(std::size_t);
  return block == nullptr ? 0 : static_cast<std::int64_t>(malloc_usable_size(block) + header);
}

void *counted(void *block, std::size_t size) {
  count.fetch_add(1, std::memory_order_relaxed);
  bytes.fetch_add(size, std::memory_order_relaxed);
  in_use.fetch_add(chunk_of(block), std::memory_order_relaxed);
  return block;
}

} // namespace

extern "C" {

void *malloc(std::size_t size) { return counted(__libc_malloc(size), size); }

void *calloc(std::size_t number, std::size_t size) {
  return counted(__libc_calloc(number, size), number * size);
}

void *realloc(void *block, std::size_t size) {
  const std::int64_t before = chunk_of(block);
  void *const moved = __libc_realloc(block, size);
  if (moved != nullptr || size == 0)
    in_use.fetch_sub(before, std::memory_order_relaxed);
  return counted(moved, size);
}

void *memalign(std::size_t alignment, std::size_t size) {
  return counted(__libc_memalign(alignment, size), size);
}

void *aligned_alloc(std::size_t alignment, std::size_t size) {
  return counted(__libc_memalign(alignment, size), size);
}

int posix_memalign(void **block, std::size_t alignment, std::size_t size) {
  *block = counted(__libc_memalign(alignment, size), size);
  return *block == nullptr ? ENOMEM : 0;
}

void free(void *block) {
  in_use.fetch_sub(chunk_of(block), std::memory_order_relaxed);
  __libc_free(block);
}

} // extern "C"

namespace bench {

allocations allocated_so_far() { return {count.load(), bytes.load()}; }
std::int64_t heap_in_use() { return in_use.load(); }

} // namespace bench
