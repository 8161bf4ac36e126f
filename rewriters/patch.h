// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Edits to texts, and nothing touched that the edits do not touch: line endings, a missing newline
// at the end and the project's layout stay what they were.

#pragma once

#include "analysis/model.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace unlatch {

/// The newline that `text` uses: "\r\n" if its first line ends so, else "\n".
llvm::StringRef lineEnding(llvm::StringRef text);

/// Applies edits of one file to its text. Equal edits count once; overlapping ones, and edits
/// beyond the end, are an error. A line that the edits empty goes with its newline, and so does a
/// blank line that would newly stand beside another, after `{` or before `}`.
llvm::Expected<std::string> applyEdits(llvm::StringRef text, std::vector<Edit> edits);

/// Texts by file.
using Texts = std::map<std::string, std::string>;

/// Reads every file that `edits` touch from the disk and checks that its content is the one that
/// the facts were read from. An error names the first file for which this is not so.
llvm::Expected<Texts> readOriginals(const Facts &facts, const std::vector<Edit> &edits);

/// The texts after `edits`, of the files that `edits` touch.
llvm::Expected<Texts> applyEdits(const Texts &originals, const std::vector<Edit> &edits);

} // namespace unlatch
