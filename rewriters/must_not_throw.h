// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a section has changed before it throws stays changed, but what an operation has done by then
// is undone: an operation whose parts may throw is none.

#pragma once

#include "matchers/function_analysis.h"
#include "matchers/throwing.h"

namespace unlatch {

/// Blocks the rewrite if it `throws`, or if the whole program shows that one of `unseen` does.
void mustNotThrow(const FunctionAnalysis &analysis, Candidate &rewrite, bool throws,
                  const UnseenFunctions &unseen, const char *message, const clang::Stmt *where);

} // namespace unlatch
