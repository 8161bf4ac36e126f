// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The checker rejects what cannot be, and accepts what can.

#include <vector>

#include <gtest/gtest.h>

#include "checker.h"

namespace {

using unlatch_test::checker;
using unlatch_test::kind;
using unlatch_test::operation;
using history = std::vector<operation>;

operation made(kind what, int key, int argument, int result, long begin, long end) {
  operation op;
  op.what = what;
  op.key = key;
  op.argument = argument;
  op.result = result;
  op.begin = begin;
  op.end = end;
  return op;
}

TEST(Checker, AStoreIsSeenByWhatBeginsAfterItsEnd) {
  const history after{made(kind::store, 0, 1, 1, 0, 1), made(kind::load, 0, 0, 0, 2, 3)};
  EXPECT_FALSE(checker(after).explains());
  const history at_the_same_time{made(kind::store, 0, 1, 1, 0, 3), made(kind::load, 0, 0, 0, 1, 2)};
  EXPECT_TRUE(checker(at_the_same_time).explains());
}

TEST(Checker, ACountDoesNotLagBehind) {
  const history lagging{made(kind::store, 0, 1, 1, 0, 9), made(kind::load, 0, 0, 1, 1, 2),
                        made(kind::size, 0, 0, 0, 3, 4)};
  EXPECT_FALSE(checker(lagging).explains());
}

TEST(Checker, OnlyOneInsertIsTheFirst) {
  const history twice{made(kind::load_or_store, 0, 1, 3, 0, 9),
                      made(kind::load_or_store, 0, 2, 5, 1, 8)};
  EXPECT_FALSE(checker(twice).explains());
}

TEST(Checker, AllEntriesGoAtOnce) {
  const history half{made(kind::store, 0, 1, 1, 0, 1), made(kind::store, 1, 1, 1, 2, 3),
                     made(kind::clear, 0, 0, 0, 4, 9), made(kind::load, 0, 0, 0, 5, 6),
                     made(kind::load, 1, 0, 1, 7, 8)};
  EXPECT_FALSE(checker(half).explains());
}

TEST(Checker, WhatIsGoneDoesNotComeBack) {
  const history back{made(kind::store, 0, 1, 1, 0, 9), made(kind::load, 0, 0, 1, 1, 2),
                     made(kind::load, 0, 0, 0, 3, 4)};
  EXPECT_FALSE(checker(back).explains());
}

TEST(Checker, AHistoryMayBeginWithEntries) {
  const history one{made(kind::load_and_delete, 1, 0, 7, 0, 1),
                    made(kind::contains, 1, 0, 0, 2, 3)};
  EXPECT_FALSE(checker(one).explains());
  EXPECT_TRUE(checker(one, {0, 7, 0}).explains());
}

} // namespace
