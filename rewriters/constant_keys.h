// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The elements of a map have constant keys, and the copies of them that a loop goes through have
// not: where the program tells the difference.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

/// What a loop over all elements does with a key that would be something else with one that is not
/// constant: it is moved from, an overload is chosen or a template instantiated by it; or null.
const clang::Expr *tellsConstantKey(const FunctionAnalysis &analysis, const Root &loop);

} // namespace unlatch
