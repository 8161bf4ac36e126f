// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an operation of the runtime may throw where the accesses that it stands for could not.

#pragma once

#include "clang/AST/Type.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace unlatch {

/// In words that follow "it", or nothing. `map` is the type of the field.
std::string newThrowOf(llvm::StringRef operation, clang::QualType map,
                       const clang::ASTContext &context);

} // namespace unlatch
