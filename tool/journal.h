// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The journal of a transaction: what is to happen to which file, on disk before any of it happens.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace unlatch {

struct JournalEntry {
  std::string target;
  std::string temporary; ///< holds the new content until it is renamed to `target`
  std::string backup;    ///< a second name of the old content
  std::string before;    ///< hash of the old content
  std::string after;     ///< hash of the new content
};

struct Journal {
  /// All temporary files and backups are on disk: from here on the change can be completed.
  bool committed = false;
  std::vector<JournalEntry> entries;
};

std::string journalPath(llvm::StringRef root);

/// Reads the journal in `root`.
llvm::Expected<Journal> readJournal(llvm::StringRef root);

/// The same of `text`, which errors say is in `file`.
llvm::Expected<Journal> parseJournal(llvm::StringRef text, llvm::StringRef file);

/// Puts `journal` in the place of the one in `root`, so that a crash leaves one or the other.
llvm::Error writeJournal(llvm::StringRef root, const Journal &journal);

/// Removes it.
llvm::Error removeJournal(llvm::StringRef root);

/// Creates a file that must not exist, with the mode and, where the process may, the owner of
/// `like` (if not empty), and does not return before the content is on disk.
llvm::Error writeDurably(llvm::StringRef file, llvm::StringRef content, llvm::StringRef like);

/// Makes renames and removals in `folder` survive a power cut.
void syncFolder(llvm::StringRef folder);

/// Renames, replacing `to`.
llvm::Error renameFile(llvm::StringRef from, llvm::StringRef to);

/// An error about `file` that says what errno says.
llvm::Error systemError(llvm::StringRef file, llvm::StringRef action);

} // namespace unlatch
