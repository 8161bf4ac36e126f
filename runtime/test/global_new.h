// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes the place of the program's `operator new`: counts what is alive, and fails when it is told
// to. For one file of a program.

#ifndef UNLATCH_RUNTIME_TEST_GLOBAL_NEW_H
#define UNLATCH_RUNTIME_TEST_GLOBAL_NEW_H

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace unlatch_test {

inline std::atomic<long> live_pieces{0};
inline std::atomic<long> live_bytes{0};

/// The n-th allocation of this thread from now on fails; and all those after it, too, if they are
/// said to. Never, if it is negative.
inline thread_local long until_failure = -1;
inline thread_local bool fails_from_then_on = false;

/// Null if it is meant to fail.
inline void *allocate(std::size_t size, std::size_t alignment) noexcept {
  if (until_failure > 0)
    --until_failure;
  if (until_failure == 0) {
    if (!fails_from_then_on)
      until_failure = -1;
    return nullptr;
  }
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  void *const memory = alignment <= alignof(std::max_align_t)
                           ? std::malloc(size)
                           : std::aligned_alloc(alignment, rounded);
  if (memory != nullptr) {
    live_pieces.fetch_add(1, std::memory_order_relaxed);
    live_bytes.fetch_add(static_cast<long>(malloc_usable_size(memory)), std::memory_order_relaxed);
  }
  return memory;
}
inline void *allocate_or_throw(std::size_t size, std::size_t alignment) {
  void *const memory = allocate(size, alignment);
  if (memory == nullptr)
    throw std::bad_alloc();
  return memory;
}
inline void deallocate(void *memory) noexcept {
  if (memory == nullptr)
    return;
  live_pieces.fetch_sub(1, std::memory_order_relaxed);
  live_bytes.fetch_sub(static_cast<long>(malloc_usable_size(memory)), std::memory_order_relaxed);
  std::free(memory);
}

} // namespace unlatch_test

// GCC sees malloc and delete, or new and free, in one place after inlining.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
void *operator new(std::size_t size) { return unlatch_test::allocate_or_throw(size, 1); }
void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
  return unlatch_test::allocate(size, 1);
}
void *operator new(std::size_t size, std::align_val_t alignment) {
  return unlatch_test::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void *operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t &) noexcept {
  return unlatch_test::allocate(size, static_cast<std::size_t>(alignment));
}
void *operator new[](std::size_t size) { return unlatch_test::allocate_or_throw(size, 1); }
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept {
  return unlatch_test::allocate(size, 1);
}
void operator delete(void *memory) noexcept { unlatch_test::deallocate(memory); }
void operator delete(void *memory, std::size_t) noexcept { unlatch_test::deallocate(memory); }
void operator delete(void *memory, std::align_val_t) noexcept { unlatch_test::deallocate(memory); }
void operator delete(void *memory, std::size_t, std::align_val_t) noexcept {
  unlatch_test::deallocate(memory);
}
void operator delete(void *memory, const std::nothrow_t &) noexcept {
  unlatch_test::deallocate(memory);
}
void operator delete[](void *memory) noexcept { unlatch_test::deallocate(memory); }
void operator delete[](void *memory, std::size_t) noexcept { unlatch_test::deallocate(memory); }

#endif // UNLATCH_RUNTIME_TEST_GLOBAL_NEW_H
