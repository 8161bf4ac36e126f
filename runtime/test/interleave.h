// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes rare races common: threads give way inside the library, at random. Include it first.

#ifndef UNLATCH_RUNTIME_TEST_INTERLEAVE_H
#define UNLATCH_RUNTIME_TEST_INTERLEAVE_H

#include <thread>

namespace unlatch_test {
inline void give_way_now_and_then() noexcept {
  static thread_local unsigned state = 1;
  state = state * 1664525U + 1013904223U;
  if (state >> 28 == 0) // one time in 16
    std::this_thread::yield();
}
} // namespace unlatch_test

#define UNLATCH_INTERLEAVE() unlatch_test::give_way_now_and_then()

#endif // UNLATCH_RUNTIME_TEST_INTERLEAVE_H
