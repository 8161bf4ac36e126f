// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Allocation of the whole program goes through the model. Relacy's own definitions are inline, and
// a compiler need not use those.

#include <cstddef>
#include <new>

#include "checker.h"

void *operator new(std::size_t size) {
  if (void *const start = unlatch::model::allocate(size))
    return start;
  throw std::bad_alloc();
}
void *operator new[](std::size_t size) { return ::operator new(size); }
void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
  return unlatch::model::allocate(size);
}
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept {
  return unlatch::model::allocate(size);
}

void operator delete(void *start) noexcept { unlatch::model::deallocate(start); }
void operator delete[](void *start) noexcept { unlatch::model::deallocate(start); }
void operator delete(void *start, std::size_t) noexcept { unlatch::model::deallocate(start); }
void operator delete[](void *start, std::size_t) noexcept { unlatch::model::deallocate(start); }
