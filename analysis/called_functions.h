// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What runs while a lock is held, function by function.

#pragma once

#include "analysis/program.h"

#include <set>
#include <string>

namespace unlatch {

/// The ids of the functions that may run in a critical section, the one that locks among them.
std::set<std::string> runUnder(const Program &program, const FunctionFact &function,
                               int acquisition);

} // namespace unlatch
