// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: what has been unlinked and has to be given back, and what a thread keeps of it for
// itself.

#ifndef UNLATCH_DETAIL_GARBAGE_H
#define UNLATCH_DETAIL_GARBAGE_H

#include <cstddef>
#include <cstdint>
#include <new>

#include "unlatch/detail/config.h"

namespace unlatch {
namespace reclaim {

/// Base of every object with a destructor that readers may hold while it is taken out. Readers
/// announce the address of this base.
struct retired {
  using destroyer = void (*)(retired *) noexcept;

  explicit retired(destroyer how) noexcept : destroy(how) {}
  retired(const retired &) = delete;
  retired &operator=(const retired &) = delete;

  union {
    destroyer destroy;
    retired *chained; // for whoever has unlinked the object, until it is retired
  };

protected:
  ~retired() = default;
};

/// Pieces of memory of a few small sizes, which their thread uses again. Asking the allocator for
/// each, and giving them back hundreds at a time, costs more than all the rest of a write.
class spare_memory {
public:
  spare_memory() = default;
  spare_memory(const spare_memory &) = delete;
  spare_memory &operator=(const spare_memory &) = delete;
  ~spare_memory() {
    for (unsigned kind = 1; kind <= kinds; ++kind)
      while (void *const each = take(kind))
        ::operator delete(each);
  }

  static constexpr unsigned most_pieces = 512;
  static constexpr unsigned kinds = 6;

  /// A number for each size that is kept, or 0. At most three bits.
  static constexpr unsigned kind_of(std::size_t bytes) noexcept {
    return UNLATCH_REUSES_MEMORY && bytes % 8 == 0 && bytes >= 24 && bytes <= 64
               ? static_cast<unsigned>(bytes / 8 - 2)
               : 0;
  }

  /// Null if there is none of that kind, which is not 0.
  void *take(unsigned kind) noexcept {
    piece *const found = first_[kind - 1];
    if (found != nullptr) {
      first_[kind - 1] = found->next;
      UNLATCH_PREFETCH(found->next); // for the next time
      --pieces_;
    }
    return found;
  }
  /// False: not kept.
  bool keep(void *memory, unsigned kind) noexcept {
    if (kind == 0 || pieces_ == most_pieces)
      return false;
    first_[kind - 1] = ::new (memory) piece{first_[kind - 1]};
    ++pieces_;
    return true;
  }
  /// In the child of a fork, where another thread may have been in the middle of a change.
  void forget() noexcept {
    for (piece *&each : first_)
      each = nullptr;
    pieces_ = 0;
  }

private:
  struct piece {
    piece *next;
  };
  piece *first_[kinds] = {};
  unsigned pieces_ = 0;
};

/// Something that nobody can reach any more: a `retired`, or memory from `::operator new`.
class garbage {
public:
  garbage() = default;
  garbage(retired *object) noexcept : word_(reinterpret_cast<std::uintptr_t>(object)) {}
  static garbage memory(void *start, std::size_t bytes) noexcept {
    return from_word(reinterpret_cast<std::uintptr_t>(start) | memory_mark |
                     spare_memory::kind_of(bytes) << kind_shift);
  }
  static garbage from_word(std::uintptr_t word) noexcept {
    garbage result;
    result.word_ = word;
    return result;
  }

  explicit operator bool() const noexcept { return word_ != 0; }
  std::uintptr_t word() const noexcept { return word_; }
  std::uintptr_t address() const noexcept { return is_memory() ? word_ & ~marks : word_; }

  void destroy() const noexcept {
    if (is_memory()) {
      ::operator delete(reinterpret_cast<void *>(address()));
    } else {
      retired *const object = reinterpret_cast<retired *>(word_);
      object->destroy(object);
    }
  }
  /// For memory: keeps it for the calling thread, or gives it back.
  void keep_or_destroy(spare_memory &spare) const noexcept {
    if (!spare.keep(reinterpret_cast<void *>(address()), kind()))
      destroy();
  }

private:
  static constexpr std::uintptr_t memory_mark = 1;
  static constexpr unsigned kind_shift = 1;
  // What `::operator new` returns is a multiple of 16 on 64-bit systems; on others, no kind is
  // kept.
  static constexpr std::uintptr_t marks = sizeof(void *) == 8 ? 15 : memory_mark;

  bool is_memory() const noexcept { return (word_ & memory_mark) != 0; }
  unsigned kind() const noexcept { return static_cast<unsigned>((word_ & marks) >> kind_shift); }

  std::uintptr_t word_ = 0;
};

/// Memory that waits until one fence serves all of it, and what came of that.
struct held_back_list {
  static constexpr unsigned most_pieces = 512;
  static constexpr std::size_t most_bytes = std::size_t{1} << 16;

  garbage pieces[most_pieces];
  spare_memory spare;
};

} // namespace reclaim
} // namespace unlatch

#endif // UNLATCH_DETAIL_GARBAGE_H
