// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that are stopped anywhere, for every layout.

#include "stall.h"

TEST_STALLS(slots)
TEST_STALLS(small_slots_in_regions)
TEST_STALLS(slots_in_regions)
TEST_STALLS(plain_nodes)
TEST_STALLS(mortal_nodes)
TEST_STALLS(plain_collisions)
TEST_STALLS(mortal_collisions)
