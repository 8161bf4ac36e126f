// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a loop that erases, or the function given to erase_if, decides about an element.

#pragma once

#include "matchers/function_analysis.h"

#include <string>

namespace unlatch {

/// In source order whether it goes, "decides true false": of a loop, where it erases and where it
/// steps on; of a function, what it returns, if these are constants. Empty if nothing is decided
/// so.
std::string decisionsOf(const FunctionAnalysis &analysis, const Root &root);

} // namespace unlatch
