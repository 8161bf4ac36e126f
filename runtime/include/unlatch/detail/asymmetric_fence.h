// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: a pair of fences of which one side costs nothing.
//
// A reader announces what it is about to read, then looks whether it is still there. A writer takes
// it away, then looks for announcements (Dekker's pattern). Both need a full fence between their
// two steps, or each may miss the other. Readers are many and writers few, so the writer pays for
// both: `membarrier(2)` makes every other running thread of the process execute a full fence. The
// reader then only has to keep the compiler from reordering. See P. McKenney's and M. Desnoyers'
// userspace RCU, which introduced this, and P1202 (D. Goldblatt, "Asymmetric fences").
//
// Where there is no membarrier (other systems, old kernels, seccomp), and under ThreadSanitizer,
// which does not model free-standing fences, the reader's step is sequentially consistent instead.
// Which of the two it is, is found out once, before the first announcement of the process.

#ifndef UNLATCH_DETAIL_ASYMMETRIC_FENCE_H
#define UNLATCH_DETAIL_ASYMMETRIC_FENCE_H

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "unlatch/detail/atomic.h"
#include "unlatch/detail/config.h"

// Define UNLATCH_NO_MEMBARRIER for the whole program if a sandbox forbids the call later on.
#if defined(__linux__) && defined(__GNUC__) && !defined(UNLATCH_NO_MEMBARRIER) &&                  \
    !UNLATCH_THREAD_SANITIZER
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__NR_membarrier)
#define UNLATCH_HAS_MEMBARRIER 1
#endif
#endif
#ifndef UNLATCH_HAS_MEMBARRIER
#define UNLATCH_HAS_MEMBARRIER 0
#endif

namespace unlatch {
namespace detail {

enum class fences : int { unknown, sequential, asymmetric };

UNLATCH_SHARED_ACROSS_LIBRARIES inline atomic<fences> fences_of_process{fences::unknown};

#if UNLATCH_HAS_MEMBARRIER
inline bool membarrier(int command) noexcept {
  return ::syscall(__NR_membarrier, command, 0, 0) == 0;
}
inline constexpr int private_expedited = 1 << 3;
inline constexpr int register_private_expedited = 1 << 4;
#endif

/// To be called by every thread before it announces anything or looks for announcements.
inline void choose_fences() noexcept {
  if (fences_of_process.load() != fences::unknown)
    return;
#if UNLATCH_HAS_MEMBARRIER
  const fences choice = membarrier(register_private_expedited) && membarrier(private_expedited)
                            ? fences::asymmetric
                            : fences::sequential;
#else
  const fences choice = fences::sequential;
#endif
  fences undecided = fences::unknown;
  fences_of_process.compare_exchange_strong(undecided, choice);
}

inline bool fences_are_asymmetric() noexcept {
#if UNLATCH_HAS_MEMBARRIER
  // Relaxed: it never changes again after this thread has called `choose_fences`.
  return fences_of_process.load(std::memory_order_relaxed) == fences::asymmetric;
#else
  return false;
#endif
}

/// The reader's step: a store that comes before whatever this thread loads afterwards, for a thread
/// that calls `heavy_fence` in between.
template <class T> void light_store(atomic<T> &where, T value) noexcept {
  if (fences_are_asymmetric()) {
    where.store(value, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  } else {
    where.store(value, std::memory_order_seq_cst);
  }
}

/// The writer's step: between what it has written and the announcements that it looks for. About a
/// microsecond.
inline void heavy_fence() noexcept {
#if UNLATCH_HAS_MEMBARRIER
  if (!fences_are_asymmetric())
    return; // the announcements are sequentially consistent, and so are our own accesses
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!membarrier(private_expedited)) {
    // It worked at the start. Going on could free what is being read.
    std::fputs("unlatch: membarrier(2) has been forbidden since the program started. Build with "
               "-DUNLATCH_NO_MEMBARRIER.\n",
               stderr);
    std::abort();
  }
#endif
}

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_ASYMMETRIC_FENCE_H
