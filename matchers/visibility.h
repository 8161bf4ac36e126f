// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether code that was not read could use a member.

#pragma once

#include "clang/AST/DeclCXX.h"

namespace unlatch {

/// False if only the member's class, those around it, and their friends can name it.
bool canBeNamedOutside(const clang::FieldDecl &member);

} // namespace unlatch
