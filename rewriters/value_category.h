// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A variable, and what assigns to it, are lvalues; a load from an atomic, and what an atomic's
// operators give, are temporaries. Whether that shows is asked here.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

/// Its value is taken at once, by an lvalue-to-rvalue conversion ([conv.lval]).
bool isLoaded(const FunctionAnalysis &analysis, const clang::Expr *lvalue);

/// The same, or a call is given it by a reference to const, which leads nowhere after the call, and
/// which no other overload takes.
bool isUsedAsValue(const FunctionAnalysis &analysis, const clang::Expr *lvalue);

} // namespace unlatch
