// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a translation unit with errors still says. Clang builds no control flow over broken code,
// and crashes where it is made to.

#pragma once

#include "clang/AST/Decl.h"

namespace unlatch {

/// True if the function, or anything that it names, has an error in it.
bool isBroken(const clang::FunctionDecl &function);

} // namespace unlatch
