// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a destructor does after its body: it ends the members and bases.

#pragma once

#include "analysis/model.h"
#include "rewriters/source_text.h"

#include "clang/AST/DeclCXX.h"

namespace unlatch {

/// Adds it to what the body does.
void addMemberEnds(FunctionFact &fact, const clang::CXXDestructorDecl &destructor);

/// All that a destructor does that is not written by hand.
FunctionFact factOfUnwritten(const clang::CXXDestructorDecl &destructor, const SourceText &text);

} // namespace unlatch
