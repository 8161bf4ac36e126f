// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a program has allocated, and what it does when there is no more. For one file of a program,
// as global_new.h.

#ifndef UNLATCH_RUNTIME_TEST_FAILING_MEMORY_H
#define UNLATCH_RUNTIME_TEST_FAILING_MEMORY_H

#include "global_new.h"

#include <functional>
#include <new>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include <unlatch/map.h>

namespace unlatch_test {

/// How many pieces of memory are allocated, less those that the library keeps for good: records,
/// and the list that a record has after the first `retire_later` (see unlatch/reclaim.h).
inline long pieces_in_use() {
  long kept = 0;
#if !UNLATCH_BACKEND_LOCKED
  auto &domain = unlatch::reclaim::the_domain;
  for (auto *each = domain.records.load(); each != nullptr; each = each->next.load()) {
    const bool is_in_pool = !std::less<>()(each, domain.pool + 0) &&
                            std::less<>()(each, domain.pool + domain.pool_size);
    kept += (is_in_pool ? 0 : 1) + (each->held_back != nullptr ? 1 : 0);
  }
#endif
  return live_pieces.load() - kept;
}

/// Runs `body` in a thread of its own, because one that ends gives back what it holds back, and
/// expects that nothing is left of it.
template <class Body> void expect_nothing_left_of(Body body) {
  const long before = pieces_in_use();
  std::thread(body).join();
  EXPECT_EQ(pieces_in_use(), before);
}

/// While this lives, the n-th allocation of this thread fails, and if it is said so, all after it.
class failure {
public:
  explicit failure(long nth) { until_failure = nth; }
  struct of_all {};
  explicit failure(of_all) : failure(1, of_all()) {}
  failure(long nth, of_all) {
    fails_from_then_on = true;
    until_failure = nth;
  }
  failure(const failure &) = delete;
  failure &operator=(const failure &) = delete;
  ~failure() {
    until_failure = -1;
    fails_from_then_on = false;
  }
  /// Whether there have been as many allocations.
  bool has_happened() const { return until_failure <= 0; }
};

/// What `body` returns, or nothing if it is out of memory.
template <class Body> auto unless_out_of_memory(Body body) {
  std::optional<decltype(body())> result;
  try {
    result.emplace(body());
  } catch (const std::bad_alloc &) {
  }
  return result;
}

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_FAILING_MEMORY_H
