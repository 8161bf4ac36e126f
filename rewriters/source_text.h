// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text behind AST nodes, and edits of it. Whatever does not come from one place in one file
// (macros above all) can't be edited, and says so.

#pragma once

#include "analysis/model.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/Basic/SourceManager.h"

#include <optional>
#include <string>

namespace unlatch {

class SourceText {
public:
  explicit SourceText(const clang::ASTContext &context);

  Location locate(clang::SourceLocation location) const;
  /// The real path of the file that `location` is in.
  std::string fileOf(clang::SourceLocation location) const;

  /// The text of a range of tokens, or nothing if it passes through a macro.
  std::optional<std::string> text(clang::SourceRange range) const;
  std::string textOr(clang::SourceRange range, llvm::StringRef otherwise) const;

  /// Adds to `out` an edit that replaces `range`, or a blocker.
  void replace(Candidate &out, clang::SourceRange range, llvm::StringRef text) const;
  void insertBefore(Candidate &out, clang::SourceLocation location, llvm::StringRef text) const;
  /// Inserts behind the last token of `range`.
  void insertAfter(Candidate &out, clang::SourceRange range, llvm::StringRef text) const;
  /// Deletes a statement or declaration with its semicolon, and the whole line if nothing else
  /// stands on it. `until` is an offset that is part of it, behind the range.
  void removeStatement(Candidate &out, clang::SourceRange range, unsigned until = 0) const;

  /// Where a statement stands that macros begin or end: with all that they expand to, if that is
  /// nothing else; or the range as it is.
  clang::SourceRange whereExpanded(clang::SourceRange range) const;
  /// Puts `text` in its place and its semicolon's.
  void replaceStatement(Candidate &out, clang::SourceRange range, llvm::StringRef text) const;

  /// The indentation of the line that `location` stands on.
  std::string indentation(clang::SourceLocation location) const;

  const clang::SourceManager &sources() const { return sources_; }
  const clang::LangOptions &language() const { return language_; }

private:
  std::optional<clang::CharSourceRange> charRange(clang::SourceRange range) const;
  void add(Candidate &out, clang::CharSourceRange range, llvm::StringRef text) const;
  void add(Candidate &out, clang::SourceLocation location, unsigned begin, unsigned end,
           llvm::StringRef text) const;
  void blockAsMacro(Candidate &out, clang::SourceLocation location) const;

  const clang::SourceManager &sources_;
  const clang::LangOptions &language_;
};

} // namespace unlatch
