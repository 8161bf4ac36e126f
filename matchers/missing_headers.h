// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Headers that were not found: whether one of them could be the project's own, a generated one say,
// and include anything of it.

#pragma once

#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"

namespace unlatch {

/// Sets `couldBeOwn` if a header that is missing could be one of the project. That of a library
/// which is not installed is not: it does not include what uses it.
class MissingHeaders : public clang::PPCallbacks {
public:
  MissingHeaders(clang::Preprocessor &preprocessor, bool &couldBeOwn)
      : preprocessor(preprocessor), couldBeOwn(couldBeOwn) {}

  void InclusionDirective(clang::SourceLocation where, const clang::Token &includeToken,
                          llvm::StringRef name, bool isAngled, clang::CharSourceRange nameRange,
                          clang::OptionalFileEntryRef file, llvm::StringRef searchPath,
                          llvm::StringRef relativePath, const clang::Module *suggestedModule,
                          bool moduleImported, clang::SrcMgr::CharacteristicKind fileType) override;

private:
  bool isOwn(clang::SourceLocation where, llvm::StringRef name, bool isAngled) const;

  clang::Preprocessor &preprocessor;
  bool &couldBeOwn;
};

} // namespace unlatch
