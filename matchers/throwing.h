// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where control may leave by an exception. Those out of an allocation or a copy are not followed.

#pragma once

#include "clang/AST/ExprCXX.h"

#include <vector>

namespace unlatch {

/// Functions whose bodies are elsewhere, or which may be overridden: whether an exception comes out
/// of them is a question to the whole program.
using UnseenFunctions = std::vector<const clang::FunctionDecl *>;

/// Control may leave here by an exception. If `unseen` is given, those functions are added to it
/// instead of being taken to throw.
bool mayThrow(const clang::Stmt *node, UnseenFunctions *unseen = nullptr);

/// The same anywhere within. What a lambda does counts where it is called.
bool mayThrowWithin(const clang::Stmt *node, UnseenFunctions *unseen = nullptr);

/// The same of a function, lambda or function object that the library is given to call.
bool callMayThrow(const clang::Expr *function, UnseenFunctions *unseen = nullptr);

/// The same of a call that changes what it is made on: the library runs code of the program in the
/// middle of it, or the function is the program's.
bool mayThrowHalfWay(const clang::CallExpr &call, UnseenFunctions *unseen = nullptr);

/// The same where a local variable ends, which is later.
bool endMayThrow(const clang::Stmt *declaration);

/// The same of a function, apart from what it calls of the program: these are added to `called`.
bool throwsItself(const clang::FunctionDecl &function, UnseenFunctions &called);

/// A shared_ptr made of a weak_ptr throws if the object is gone.
bool throwsIfGone(const clang::CXXConstructExpr &construct);

} // namespace unlatch
