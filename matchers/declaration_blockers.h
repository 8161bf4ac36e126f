// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What keeps a field though no function uses it that way: it stands in declarations and types.

#pragma once

#include "analysis/model.h"
#include "rewriters/source_text.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "clang/AST/TypeLoc.h"

namespace unlatch {

class DeclarationBlockers {
public:
  DeclarationBlockers(const SourceText &text, Facts &facts) : text(text), facts(facts) {}

  /// It looks at every member, under no lock, and is written nowhere.
  void defaultedComparison(const clang::FunctionDecl &function);
  /// decltype, sizeof, typeid: it would be another type, and nothing need tell.
  void typeAskedFor(const clang::Expr *expression);
  void typeAskedIn(const clang::TypeLoc &type);
  /// An object that is there before anything runs, and until the end: it would no longer be.
  void readyFromTheStart(const clang::VarDecl &object);
  /// `int &alias_ = count_;`: what is written through the one is the other.
  void otherName(const clang::FieldDecl &member);

private:
  const SourceText &text;
  Facts &facts;
};

} // namespace unlatch
