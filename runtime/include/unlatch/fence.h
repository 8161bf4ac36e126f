// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch/fence.h: what remains of a lock that was a fence as well.
//
// What it is for
//   A program that uses atomics with an order weaker than the default, fences, volatile variables
//   or assembly may lean on a mutex for their order, though the mutex guards something else:
//   whatever a thread has done before a critical section is seen by all who enter one after it.
//   When such a mutex goes, a fenced_section stands where each of its sections was. It excludes
//   nobody, and orders what those sections ordered.
//
// What it gives
//   Sequentially consistent fences have one total order ([atomics.order]). Two sections whose
//   fences do not interleave are ordered by it, as they were by the mutex; and of two that do,
//   either could have been first. Where one thread learns of another's section by reading what it
//   wrote, plain memory is ordered, too ([atomics.fences]).
//
// Cost
//   Wait-free, O(1), nothing allocated, nothing thrown. On x86 a fence takes about as long as a
//   locked instruction, so a fenced section costs what an uncontended mutex does; but threads do
//   not wait for each other, nor write to the same cache line. If the weaker atomics have nothing
//   to do with what the sections did, it can be deleted.

#ifndef UNLATCH_FENCE_H
#define UNLATCH_FENCE_H

#include "unlatch/detail/atomic.h"

namespace unlatch {

/// A full fence: sequentially consistent, acquiring and releasing.
inline void full_fence() noexcept { detail::sequential_fence(); }

/// A full fence where it is made, and another where it ends.
class fenced_section {
public:
  fenced_section() noexcept { full_fence(); }
  fenced_section(const fenced_section &) = delete;
  fenced_section &operator=(const fenced_section &) = delete;
  ~fenced_section() { full_fence(); }
};

} // namespace unlatch

#endif // UNLATCH_FENCE_H
