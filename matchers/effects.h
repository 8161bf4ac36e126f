// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What evaluating an expression shows besides its value: changes of something that was there
// before. Exceptions are in throwing.h.

#pragma once

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"

#include <vector>

namespace unlatch {

/// Evaluating it shows in what is evaluated after it. What is not known to show nothing does.
bool hasEffects(const clang::Stmt *expression);

/// The same of one node alone, without what is evaluated for it.
bool isEffect(const clang::Stmt *node);

/// What a call is given that lets it change something else than its own object: pointers and
/// iterators into it, functions that do.
std::vector<const clang::Expr *> changedThrough(const clang::CallExpr &call);

/// Lambdas and other function objects: what they do is not to be seen in whom they are passed to.
bool isCallable(clang::QualType type);

/// What a call of such an object may run. Of a template, as of a generic lambda, it is what has
/// been made of it.
std::vector<const clang::CXXMethodDecl *> callOperators(const clang::CXXRecordDecl &record);

/// What a call of a function by name, a lambda or another function object runs; none if that can't
/// be told. Also of `&f` and `+[] {}`.
std::vector<const clang::FunctionDecl *> functionsIn(const clang::Expr *callable);

} // namespace unlatch
