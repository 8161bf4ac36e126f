// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether something of the library's that is given an element, or a way to one, has room to keep
// the way: a view in a container, a reference in a tuple, an iterator in a pair.

#pragma once

#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"

namespace unlatch {

/// A value of the type may hold a pointer, reference, view or iterator. A value of the type
/// `copied` is a copy, which leads where the original did.
bool holdsWay(clang::QualType type, clang::QualType copied = {});

/// The object that is constructed may keep a way to the argument.
bool mayKeepWay(const clang::CXXConstructExpr &construct, const clang::Expr &argument);

/// The object that the call is made on, its result, or what another argument leads to, may.
bool mayKeepWay(const clang::CallExpr &call, const clang::Expr &argument, unsigned depth = 0);

} // namespace unlatch
