// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a function hands to functions of other files, and what it may keep of what it is handed.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

/// After the walk: only the locals that were asked about count.
void noteLoans(const FunctionAnalysis &analysis, FunctionFact &out);

} // namespace unlatch
