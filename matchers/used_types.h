// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the program has written for its own types and nobody needs to name: copies, comparisons,
// hashes, calls, destructors. The standard library runs these for the types that it is used with,
// and so do copies that are not written by hand.

#pragma once

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace unlatch {

class UsedTypes {
public:
  using Functions = llvm::SetVector<const clang::FunctionDecl *>;

  Functions constructors; ///< besides those that copy or move
  Functions copies;       ///< constructors and assignments that copy or move
  Functions operators;    ///< comparisons, hashes, swaps, calls, allocation
  Functions destructors;  ///< of what is held by value
  Functions released;     ///< of what smart pointers lead to, and their deleters

  /// A type, and what it consists of or is made for.
  void add(clang::QualType type) { add(type, kDepth); }
  /// What a function or class template is instantiated with.
  void add(const clang::TemplateArgumentList &arguments);

private:
  static constexpr unsigned kDepth = 6; ///< types within types

  void add(clang::QualType type, unsigned depth);
  void addLibrary(const clang::CXXRecordDecl &record, unsigned depth);
  void addMembers(const clang::CXXRecordDecl &record);
  void addMethod(const clang::CXXMethodDecl &method);
  void addBeside(const clang::FunctionDecl &function, const clang::CXXRecordDecl &record);
  void addReleased(clang::QualType type);

  llvm::SmallPtrSet<const clang::CXXRecordDecl *, 8> seen;
};

/// Declared in a header of the system, and not a specialization that the program adds.
bool isOfLibrary(const clang::Decl &declaration);

} // namespace unlatch
