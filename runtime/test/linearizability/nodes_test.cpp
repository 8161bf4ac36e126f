// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Entries that slots point to.

#include "layouts.h"

TEST_LAYOUT(plain_nodes)
TEST_LAYOUT(large_nodes)
TEST_LAYOUT(mortal_nodes)
