// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Identity over the whole program: ids that two translation units agree on, and names for people.

#pragma once

#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"

#include <string>

namespace unlatch {

/// Unified symbol resolution string; with the real path added for what only one file can name,
/// which the members of a class in a source file are, and instantiations brought back to their
/// pattern.
std::string idOf(const clang::NamedDecl *declaration);

/// Qualified name without template arguments, parameter lists and anonymous namespaces.
std::string nameOf(const clang::NamedDecl *declaration);

/// The member of the class template's pattern that `field` was instantiated from, or itself.
const clang::FieldDecl *patternOf(const clang::FieldDecl *field);

} // namespace unlatch
