// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace unlatch {

/// The change from `before` to `after` of the file `path` (relative, with slashes) as `git diff`
/// writes it and `git apply` takes it; empty if the texts are equal.
std::string unifiedDiff(llvm::StringRef path, llvm::StringRef before, llvm::StringRef after,
                        unsigned context = 3);

/// The line of `before` that became this line of `after`, or the first one that it replaced; both
/// count from 1.
unsigned lineBefore(llvm::StringRef before, llvm::StringRef after, unsigned line);

} // namespace unlatch
