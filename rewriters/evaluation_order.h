// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether an expression means the same at another place, or in another order.

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
bool movable(const FunctionAnalysis &analysis, const clang::Expr *value, unsigned here);

/// What is moved from in the expression is not looked at again behind `here`.
bool isMovedForGood(const FunctionAnalysis &analysis, const clang::Expr *value, unsigned here);

/// Evaluating it shows in what is evaluated after it. What is not known to show nothing does.
bool hasEffects(const clang::Expr *expression);

/// `m[key] = value` evaluates the value first ([expr.ass]); the arguments of a call have no order.
bool orderMatters(const FunctionAnalysis &analysis, const clang::Expr *key,
                  const clang::Expr *value);

} // namespace unlatch
