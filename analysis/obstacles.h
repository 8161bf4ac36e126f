// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What keeps a field under its mutex whatever its critical sections amount to.

#pragma once

#include "analysis/whole_program.h"

namespace unlatch {

/// Obstacles of the field itself: its declaration, its accesses, the code it stands in.
std::vector<Reason> fieldObstacles(const WholeProgram &whole, const FieldFact &field,
                                   Strategy strategy);

/// Obstacles that all fields of the mutex share: it is more than a lock.
std::vector<Reason> mutexObstacles(const WholeProgram &whole, const std::string &mutex);

/// Sorted, without repetitions.
void tidy(std::vector<Reason> &reasons);

} // namespace unlatch
