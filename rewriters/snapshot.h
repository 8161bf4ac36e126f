// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sections over a group of fields that become one immutable state: a section that reads takes one
// picture of it, a section that writes becomes the function given to modify().

#pragma once

#include "matchers/function_analysis.h"

#include <string>
#include <utility>

namespace unlatch {

/// The names of the state's type and variable in a class.
std::pair<std::string, std::string> stateNames(const clang::CXXRecordDecl &owner);

/// Fills the snapshot candidates of a function's acquisitions and accesses.
void describeSnapshots(FunctionAnalysis &analysis);

} // namespace unlatch
