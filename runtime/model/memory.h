// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The blocks of memory that an execution allocates. Relacy finds what is leaked or freed twice.
// What it leaves open is found here: an access to a block that has been freed, that races with
// freeing it, or by a thread to which the block was not published.

#ifndef UNLATCH_MODEL_MEMORY_H
#define UNLATCH_MODEL_MEMORY_H

#include "relacy.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "checker.h"

namespace unlatch {
namespace model {

inline rl::debug_info info_of(const place &where) {
  return rl::debug_info(where.function, where.file, where.line);
}

/// Objects of one kind that live as long as an execution.
template <class T> class arena {
public:
  template <class... Arguments> T *make(Arguments &&...arguments) {
    if (used_ == capacity)
      fail("the execution needs more objects than the model has room for", {"", 0, ""});
    if (objects_ == nullptr)
      objects_ = static_cast<T *>(std::malloc(capacity * sizeof(T)));
    return ::new (static_cast<void *>(objects_ + used_++)) T(std::forward<Arguments>(arguments)...);
  }
  /// What a wild pointer does not look like.
  bool holds(const T *object) const {
    return object >= objects_ && object < objects_ + used_ &&
           (reinterpret_cast<std::uintptr_t>(object) - reinterpret_cast<std::uintptr_t>(objects_)) %
                   sizeof(T) ==
               0;
  }
  void destroy_all() {
    while (used_ != 0)
      objects_[--used_].~T();
  }
  /// After an execution that has failed: Relacy has dropped its part.
  void forget_all() { used_ = 0; }

private:
  static constexpr std::size_t capacity = 1 << 14;
  T *objects_ = nullptr;
  std::size_t used_ = 0;
};

class block {
public:
  block(void *start, std::size_t size)
      : start_(start), size_(size), accesses_(rl::ctx().var_ctor()) {
    accesses_->init(*rl::ctx().threadx_);
    std::memset(start_, fresh_memory, size_);
  }
  ~block() { rl::ctx().var_dtor(accesses_); }
  block(const block &) = delete;
  block &operator=(const block &) = delete;

  std::size_t size() const { return size_; }

  void access(const place &where) {
    if (is_freed_)
      rl::ctx().fail_test("", rl::test_result_access_to_freed_memory, info_of(where));
    if (!accesses_->load(*rl::ctx().threadx_))
      rl::ctx().fail_test("with the allocation", rl::test_result_data_race, info_of(where));
  }
  void free(const place &where) {
    if (!accesses_->store(*rl::ctx().threadx_))
      rl::ctx().fail_test("with freeing the memory", rl::test_result_data_race, info_of(where));
    is_freed_ = true;
    if (!has_atomics_)
      std::memset(start_, freed_memory, size_);
  }
  /// What is atomic can be watched, and the pointers beside it are left alone: a wild one would end
  /// the program, and the execution could not be printed.
  void holds_atomics() { has_atomics_ = true; }

private:
  static constexpr int fresh_memory = 0xa5;
  static constexpr int freed_memory = 0xdb;

  void *const start_;
  const std::size_t size_;
  rl::var_data *accesses_;
  bool is_freed_ = false;
  bool has_atomics_ = false;
};

/// The block that holds the address; null if it is not on the heap.
block *block_of(const void *address);

void allocated(void *start, std::size_t size);
void freed(void *start);

void forget_blocks();
void destroy_blocks();

/// Of all kinds.
void forget_cells();
void destroy_cells();

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_MEMORY_H
