// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several files, written whole or not at all. docs/apply.md describes the steps and what is left
// after a crash at each.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace unlatch {

struct FileChange {
  std::string file; ///< real path of an existing file
  std::string before;
  std::string after;
};

/// Replaces the content of every file, or, with an error, of none. The journal lies in `root`.
llvm::Error writeFiles(llvm::StringRef root, const std::vector<FileChange> &changes);

enum class Recovery {
  Nothing,   ///< no apply was interrupted
  Completed, ///< every file now has its new content
  Undone,    ///< every file has its old content again
};

/// Completes what an interrupted writeFiles() left in `root`, or undoes it if that can't be done.
/// An error means that it can be neither, or that another process is writing at this moment.
llvm::Expected<Recovery> recoverFiles(llvm::StringRef root);

/// Whether an interrupted, or running, writeFiles() has left its journal in `root`.
bool hasJournal(llvm::StringRef root);

} // namespace unlatch
