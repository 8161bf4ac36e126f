// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts on disk: one JSON file a translation unit, or a union of them.

#pragma once

#include "analysis/model.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace unlatch {

llvm::Error writeFactsFile(llvm::StringRef file, const Facts &facts);
llvm::Expected<Facts> readFactsFile(llvm::StringRef file);

/// The facts files that `inputs`, files and folders, name; a folder's in order of their names.
llvm::Expected<std::vector<std::string>> factsFilesIn(const std::vector<std::string> &inputs);

/// Their union.
llvm::Expected<Facts> readAllFacts(const std::vector<std::string> &inputs);

} // namespace unlatch
