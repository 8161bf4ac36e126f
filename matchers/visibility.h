// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether code that was not read could use a member or a variable.

#pragma once

#include "clang/AST/DeclCXX.h"

namespace unlatch {

/// False if only its class, those around it, and their friends can name it, or one file.
bool canBeNamedOutside(const clang::DeclaratorDecl &declaration);

} // namespace unlatch
