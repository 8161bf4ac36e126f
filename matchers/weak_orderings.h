// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a program orders memory by something weaker than locks and sequentially consistent atomics:
// there, a lock that goes was a fence as well.

#pragma once

#include "analysis/model.h"
#include "rewriters/source_text.h"

#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

#include <string>

namespace unlatch {

class WeakOrderings {
public:
  WeakOrderings(const clang::ASTContext &context, const SourceText &text, Facts &facts)
      : context(context), text(text), facts(facts) {}

  void add(std::string description, clang::SourceLocation where);
  void atomicBuiltin(const clang::AtomicExpr &builtin);
  /// The name of a memory order, a fence, or a compiler's builtin.
  void ordering(const clang::DeclRefExpr &reference);
  /// What a lock does to its own memory makes it one. Only the last of its methods is remembered:
  /// what stands in a function is visited right after it.
  void enterLockMethod(const clang::FunctionDecl &method);

private:
  bool isSystem(clang::SourceLocation where) const;
  bool isInLockMethod(clang::SourceLocation where) const;

  const clang::ASTContext &context;
  const SourceText &text;
  Facts &facts;
  clang::SourceRange lockMethod;
};

/// A full fence of the runtime, or a pair of them for a block.
bool isFullFence(const clang::Expr *expression);

} // namespace unlatch
