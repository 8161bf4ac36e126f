// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys whose hashes are equal, all of them or half of them: slots are shared and spent.

#include "layouts.h"

TEST_LAYOUT(plain_collisions)
TEST_LAYOUT(mortal_collisions)
TEST_LAYOUT(halves)
