// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a function of the library or the system that is given an iterator or pointer writes to
// where that leads: std::sort() does, std::find() does not.

#pragma once

#include "clang/AST/Expr.h"

namespace unlatch {

/// What is not known to leave it as it is writes.
bool isWrittenThrough(const clang::CallExpr &call, const clang::Expr &argument);

} // namespace unlatch
