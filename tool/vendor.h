// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace unlatch {

/// Copies the folder unlatch/ of `runtimeInclude` to `folder`, over what an earlier version left.
llvm::Error copyRuntime(llvm::StringRef runtimeInclude, llvm::StringRef folder);

} // namespace unlatch
