// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/model.h"

#include "clang/Tooling/CompilationDatabase.h"

#include <map>
#include <string>

namespace unlatch {

struct ExtractOptions {
  /// Include directory of the runtime; every parse adds it, last.
  std::string runtimeInclude;
  /// Clang's own headers.
  std::string resourceDirectory;
  /// Files whose content differs from the disk (edits to be verified), by real path.
  std::map<std::string, std::string> overlay;
  /// Folders, by real path, below which files may be edited.
  std::vector<std::string> editableRoots;
  std::vector<std::string> extraArguments;
};

/// One parse of one translation unit. Never fails as a whole: a unit that does not parse is
/// described by its TranslationUnit entry, with whatever could be read of it.
Facts extract(const clang::tooling::CompileCommand &command, const ExtractOptions &options);

} // namespace unlatch
