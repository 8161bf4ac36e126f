// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether an expression means the same at an earlier place.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

/// The statement, child of a block, that an expression is part of.
const clang::Stmt *statementOf(const FunctionAnalysis &analysis, const clang::Stmt *node);

/// Nothing of the statement that could matter to the expression, or decides whether it is
/// evaluated at all, comes before it.
bool isEvaluatedFirst(const FunctionAnalysis &analysis, const clang::Expr *expression,
                      const clang::Stmt *statement);

/// Where a location stands in its file: the places that movable() compares.
unsigned offsetOf(const FunctionAnalysis &analysis, clang::SourceLocation location);

/// Costs nothing to evaluate whether it is needed or not.
bool isNameOrLiteral(const clang::Expr *value);

/// An expression means the same at an earlier place: it only names what exists and does not
/// change, and calls nothing with effects.
bool movable(const FunctionAnalysis &analysis, const clang::Expr *value, unsigned here,
             unsigned there);

} // namespace unlatch
