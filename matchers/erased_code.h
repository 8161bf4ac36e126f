// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code that the type of an object does not name: the deleter of a shared_ptr, the destructor of
// what it really leads to, the copies and the end of what is in a std::function.

#pragma once

#include "analysis/model.h"
#include "matchers/types.h"
#include "rewriters/source_text.h"

#include "clang/AST/ASTContext.h"

#include <string>
#include <vector>

namespace unlatch {

/// What such code may be in, among the parts of the type.
std::vector<std::string> ownersIn(clang::QualType type);

/// A shared_ptr to that, as ownersIn() calls it.
std::string sharedPointer(clang::QualType target);

/// What the translation unit makes of that kind, but for what is quiet.
void noteErasedCode(clang::ASTContext &context, const SourceText &text, Facts &facts);

} // namespace unlatch
