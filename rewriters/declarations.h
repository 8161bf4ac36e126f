// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How declarations change: of fields for each strategy, and of mutexes that nothing needs.

#pragma once

#include "analysis/model.h"
#include "rewriters/source_text.h"

#include "clang/AST/DeclCXX.h"

namespace unlatch {

/// Fills FieldFact::declaration and the pieces for a snapshot.
void describeDeclaration(FieldFact &fact, const clang::DeclaratorDecl &declaration,
                         const SourceText &text);

Candidate removeDeclaration(const clang::DeclaratorDecl &declaration, const SourceText &text);

} // namespace unlatch
