// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: the atomics and fences that the library is built on. A model checker puts its own in
// their place, and then runs the same headers.

#ifndef UNLATCH_DETAIL_ATOMIC_H
#define UNLATCH_DETAIL_ATOMIC_H

#if defined(UNLATCH_MODEL_HEADER)
#include UNLATCH_MODEL_HEADER // defines unlatch::detail::atomic and sequential_fence
#else

#include <atomic>

#include "unlatch/detail/config.h"

namespace unlatch {
namespace detail {

template <class T> using atomic = std::atomic<T>;

#if UNLATCH_THREAD_SANITIZER
/// ThreadSanitizer does not model fences. All that change one variable are ordered, and it sees so.
UNLATCH_SHARED_ACROSS_LIBRARIES inline std::atomic<unsigned> fences_passed{0};
inline void sequential_fence() noexcept { fences_passed.fetch_add(1); }
#else
inline void sequential_fence() noexcept { std::atomic_thread_fence(std::memory_order_seq_cst); }
#endif

} // namespace detail
} // namespace unlatch

#endif

#endif // UNLATCH_DETAIL_ATOMIC_H
