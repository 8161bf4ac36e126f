// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Damage to JSON documents that leaves them JSON: random bytes hardly ever get past a parser.

#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace unlatch::fuzz {

/// `text` with one part changed: taken away, doubled, or replaced by another part of the document
/// or by what readers may not expect. Nothing if `text` is no JSON.
std::string damaged(llvm::StringRef text, unsigned seed);

} // namespace unlatch::fuzz
