// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which files may be edited. A header of another project is read like any other, as its code runs
// in the same program, but it is not ours to change: the next build may fetch it anew.

#pragma once

#include "analysis/model.h"

#include "clang/Basic/SourceManager.h"

#include <string>
#include <vector>

namespace unlatch {

/// Whether `path` is `folder`, or in it. Both are absolute.
bool liesBelow(llvm::StringRef folder, llvm::StringRef path);
bool liesBelowAny(const std::vector<std::string> &folders, llvm::StringRef path);

/// Blocks every rewrite that would edit a file outside of `folders`.
void blockEditsOutside(Facts &facts, const std::vector<std::string> &folders,
                       const clang::SourceManager &sources);

} // namespace unlatch
