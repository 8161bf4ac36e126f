// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON that may come from anywhere.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace unlatch {

/// As llvm::json::parse, which calls itself for each level of nesting: a file of nothing but
/// brackets is an error, and not the end of the stack.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text);

} // namespace unlatch
