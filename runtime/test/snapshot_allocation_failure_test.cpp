// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory runs out, at whichever allocation of an operation: the snapshot is as it was, nothing is
// lost, and the operation can be done again.

#include "failing_memory.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <unlatch/snapshot.h>

#include "maps_of_memory.h"

namespace {

using namespace unlatch_test;

/// Lets each allocation of an operation on a snapshot of the number 5 fail once.
template <class T, class Operation> void fail_everywhere_in_snapshot(Operation operation) {
  expect_nothing_left_of([&] {
    bool has_failed = true;
    int refusals = 0;
    for (long nth = 1; has_failed; ++nth) {
      unlatch::snapshot<T> s(make<T>(5));
      const auto guard = s.read();
      const T other = make<T>(7);
      std::optional<int> answer;
      {
        const failure now(nth);
        answer = unless_out_of_memory([&] { return operation(s, guard, other); });
        has_failed = now.has_happened();
      }
      if (!answer) {
        ++refusals;
        ASSERT_EQ(number_in(*s.read()), 5) << "at allocation " << nth;
        ASSERT_EQ(number_in(other), 7);
        answer = operation(s, guard, other);
      }
      ASSERT_EQ(*answer, 1);
      ASSERT_EQ(number_in(*s.read()), 7);
      ASSERT_EQ(number_in(*guard), 5);
    }
    ASSERT_GT(refusals, 0);
  });
}

template <class T> void fail_in_every_operation_of_a_snapshot() {
  fail_everywhere_in_snapshot<T>([](auto &s, auto &, const T &other) {
    s.replace(other);
    return 1;
  });
  fail_everywhere_in_snapshot<T>([](auto &s, auto &, const T &other) {
    return s.modify([&](T &value) {
      value = other;
      return 1;
    });
  });
  fail_everywhere_in_snapshot<T>([](auto &s, auto &guard, const T &other) {
    return static_cast<int>(s.compare_and_swap(guard, other));
  });
  fail_everywhere_in_snapshot<T>([](auto &s, auto &, const T &other) {
    const unlatch::snapshot<T> copied(other);
    const unlatch::snapshot<T> in_place(std::in_place, other);
    const unlatch::snapshot<T> empty;
    s.replace(in_place.load());
    return 1;
  });
}

TEST(SnapshotAllocationFailure, OfEveryOperation) {
  fail_in_every_operation_of_a_snapshot<four_words>();
  fail_in_every_operation_of_a_snapshot<std::string>();
  fail_in_every_operation_of_a_snapshot<std::shared_ptr<std::string>>();
}

} // namespace
