// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys and values that stand in the slots.

#include "layouts.h"

TEST_LAYOUT(slots)
TEST_LAYOUT(small_slots_in_regions)
TEST_LAYOUT(slots_in_regions)
