// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes rare races common: any access of the library to what threads share may be where a thread is
// held up, for some hundred nanoseconds, or for so long that others finish several operations. Most
// bugs need only one or two preemptions, in the right places (M. Musuvathi, S. Qadeer, "Iterative
// Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007). Include it first.

#ifndef UNLATCH_RUNTIME_TEST_PREEMPTION_H
#define UNLATCH_RUNTIME_TEST_PREEMPTION_H

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace unlatch_test {

inline void before_access() noexcept {
  static std::atomic<std::uint32_t> threads{0};
  static thread_local std::uint32_t state = 0;
  if (state == 0)
    state = (threads.fetch_add(1) + 1) * 0x9e3779b9U;
  state = state * 1664525U + 1013904223U;
  if (state >> 26 != 0) // one time in 64
    return;
  // Asleep rather than giving way: that would be for whole time slices on a busy machine.
  if (const std::uint32_t amount = state >> 20 & 63; amount < 8)
    std::this_thread::sleep_for(std::chrono::microseconds(1 << amount));
  else
    for (std::uint32_t turns = 1U << amount % 8; turns > 0; --turns)
      std::atomic_signal_fence(std::memory_order_seq_cst);
}

} // namespace unlatch_test

#define UNLATCH_INTERLEAVE() unlatch_test::before_access()
#define UNLATCH_MODEL_HEADER "hooked_atomic.h"
#include <unlatch/detail/atomic.h>
#undef UNLATCH_MODEL_HEADER // the rest is as it is

#endif // UNLATCH_RUNTIME_TEST_PREEMPTION_H
