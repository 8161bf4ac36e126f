// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/unified_diff.h"

#include <gtest/gtest.h>

namespace unlatch {
namespace {

TEST(LineBeforeTest, EqualTexts) {
  EXPECT_EQ(lineBefore("a\nb\nc\n", "a\nb\nc\n", 1), 1u);
  EXPECT_EQ(lineBefore("a\nb\nc\n", "a\nb\nc\n", 3), 3u);
}

TEST(LineBeforeTest, LinesComeAndGoAbove) {
  EXPECT_EQ(lineBefore("a\nb\n", "new\na\nb\n", 2), 1u);
  EXPECT_EQ(lineBefore("a\nb\n", "new\na\nb\n", 3), 2u);
  EXPECT_EQ(lineBefore("gone\na\nb\n", "a\nb\n", 1), 2u);
  EXPECT_EQ(lineBefore("gone\na\nb\n", "a\nb\n", 2), 3u);
  EXPECT_EQ(lineBefore("x\ngone\na\nb\nc\n", "x\na\nnew\nb\nc\n", 5), 5u);
}

TEST(LineBeforeTest, AChangedLineIsTheOneItReplaced) {
  EXPECT_EQ(lineBefore("a\nold\nc\n", "a\nnew\nc\n", 2), 2u);
  EXPECT_EQ(lineBefore("a\nlock\nold\nc\n", "a\nnew\nc\n", 2), 3u);
  EXPECT_EQ(lineBefore("a\nold\nc\n", "a\none\ntwo\nc\n", 2), 2u);
  EXPECT_EQ(lineBefore("a\nold\nc\n", "a\none\ntwo\nc\n", 3), 2u);
  EXPECT_EQ(lineBefore("a\nold\nc\n", "a\none\ntwo\nc\n", 4), 3u);
}

TEST(LineBeforeTest, PastTheEnd) {
  EXPECT_EQ(lineBefore("a\n", "a\nb\n", 2), 1u);
  EXPECT_EQ(lineBefore("", "a\n", 1), 1u);
  EXPECT_EQ(lineBefore("a\n", "a\n", 9), 1u);
}

} // namespace
} // namespace unlatch
