// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts as JSON: what `extract` writes and `merge` and `plan --facts` read.

#pragma once

#include "analysis/model.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>

namespace unlatch {

/// The format's name and version, first in every file.
inline constexpr const char *kFactsSchema = "unlatch-facts/10";

llvm::json::Value factsJson(const Facts &facts);

/// One line of JSON; parseFacts() gives back exactly the same facts.
std::string printFacts(const Facts &facts);

/// The error says where in the document something is wrong.
llvm::Expected<Facts> parseFacts(llvm::StringRef text);
llvm::Expected<Facts> factsFromJson(const llvm::json::Value &document);

} // namespace unlatch
