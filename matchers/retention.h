// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a function keeps, or gives back, the address of what it is given: then what it is given
// may be used after the call.

#pragma once

#include "clang/AST/DeclCXX.h"

namespace unlatch {

/// Whether a function may keep the address of its parameter beyond the call, as far as can be seen.
bool mayRetain(const clang::FunctionDecl *callee, unsigned index, unsigned depth = 0);
/// Whether a method may keep the address of its object, or of a part of it.
bool mayRetainObject(const clang::CXXMethodDecl *method, unsigned depth = 0);
/// Whether the result is a reference, pointer or view, which can lead into an argument.
bool returnsIntoArgument(const clang::FunctionDecl *callee);
/// A parameter `T &&` of a function template: a copy is made of an lvalue passed for it.
bool isForwarding(const clang::FunctionDecl *callee, unsigned index);
/// A class made of references, such as what std::tie returns.
bool holdsReferences(clang::QualType type);

} // namespace unlatch
