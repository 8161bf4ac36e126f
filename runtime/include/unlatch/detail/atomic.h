// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: the atomics that the library is built on. A model checker puts its own in their place,
// and then runs the same headers.

#ifndef UNLATCH_DETAIL_ATOMIC_H
#define UNLATCH_DETAIL_ATOMIC_H

#if defined(UNLATCH_MODEL_HEADER)
#include UNLATCH_MODEL_HEADER // defines unlatch::detail::atomic
#else

#include <atomic>

namespace unlatch {
namespace detail {

template <class T> using atomic = std::atomic<T>;

} // namespace detail
} // namespace unlatch

#endif

#endif // UNLATCH_DETAIL_ATOMIC_H
