// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clang's thread-safety annotations (GUARDED_BY, REQUIRES and their kin) in the source: what names
// a mutex that goes has to go with it.

#pragma once

#include "rewriters/source_text.h"

#include "clang/AST/Attr.h"
#include "clang/AST/Decl.h"

#include <string>
#include <vector>

namespace unlatch {

/// The annotations of a declaration that say which lock is needed, or in which order locks are
/// taken.
std::vector<const clang::Attr *> lockAnnotations(const clang::Decl &declaration);

/// The mutexes that an annotation names.
std::vector<const clang::ValueDecl *> mutexesNamed(const clang::Attr &annotation);

/// Adds to `out` the deletion of an annotation, or a blocker.
void removeAnnotation(Candidate &out, const clang::Attr &annotation, const SourceText &text);

/// Offset behind the last annotation of a declaration, or 0.
unsigned endOfAnnotations(const clang::Decl &declaration, const SourceText &text);

/// The text of a declaration without them, or nothing if it comes from a macro.
std::optional<std::string> withoutAnnotations(const clang::Decl &declaration,
                                              const SourceText &text);

} // namespace unlatch
