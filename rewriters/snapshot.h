// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sections over a group of fields that become one immutable state: a section that reads takes one
// picture of it, a section that writes becomes the function given to modify().

#pragma once

#include "matchers/function_analysis.h"

#include <string>
#include <utility>

namespace unlatch {

/// The names of the type and the variable of the state that `mutex` guards, in its class.
std::pair<std::string, std::string> stateNames(const clang::FieldDecl &mutex);

/// Fills the snapshot candidates of a function's acquisitions and accesses.
void describeSnapshots(FunctionAnalysis &analysis);

} // namespace unlatch
