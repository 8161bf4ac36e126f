// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether an expression means the same at another place, or in another order.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

/// The statement, child of a block, that an expression is part of.
const clang::Stmt *statementOf(const FunctionAnalysis &analysis, const clang::Stmt *node);

/// The whole that an expression is part of, up to the statement that it is or stands in.
const clang::Expr *fullExpression(const FunctionAnalysis &analysis, const clang::Expr *expression);

/// Nothing of the statement that could matter to the expression, or decides whether it is
/// evaluated at all, comes before it.
bool isEvaluatedFirst(const FunctionAnalysis &analysis, const clang::Expr *expression,
                      const clang::Stmt *statement);

/// Where a location stands in its file.
unsigned offsetOf(const FunctionAnalysis &analysis, clang::SourceLocation location);

/// Costs nothing to evaluate whether it is needed or not.
bool isNameOrLiteral(const clang::Expr *value);

/// The same of a value to be stored: it is copied, and not made into something else.
bool isStoredAsItIs(const clang::Expr *value, clang::QualType stored);

/// The value of a variable goes elsewhere.
bool movesAnything(const clang::Expr *value);

/// Wherever the variable is named it is read, assigned or stepped: it has no other names.
bool isOnlyReadAndAssigned(const FunctionAnalysis &analysis, const clang::VarDecl *variable);

/// Computing it has a result, whatever has been before, and shows in nothing: so it may also be
/// computed where nobody asks for it. Not what is read through references or pointers, which may be
/// another thread's to write, nor what may overflow.
bool isTotal(const FunctionAnalysis &analysis, const clang::Expr *value);

/// What is moved from in the expression is not looked at again behind `here`.
bool isMovedForGood(const FunctionAnalysis &analysis, const clang::Expr *value, unsigned here);

/// The caller can see what the expression moves from, and it is not handed on as it is to be
/// stored: load_or_store() leaves what it has no use for, but not what another value was made of.
bool movesWhatIsLent(const clang::Expr *value, clang::QualType stored);

/// `m[key] = value` evaluates the value first ([expr.ass]); the arguments of a call have no order.
bool orderMatters(const FunctionAnalysis &analysis, const clang::Expr *key,
                  const clang::Expr *value);

/// One is made of what the other moves from: where both are parameters by value, either may be
/// first
/// ([expr.call]), while references leave it to the library.
bool isMovedBeside(const clang::Expr *one, const clang::Expr *other);

/// Whether somebody could tell that what is moved from here is left as it was, or is not.
bool isMissed(const FunctionAnalysis &analysis, const clang::Expr *value, unsigned here);

} // namespace unlatch
