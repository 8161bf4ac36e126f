// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The test of the test: changes that are wrong on purpose, each of which verification has to catch.

#pragma once

#include "tool/decision.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <set>
#include <string>
#include <vector>

namespace unlatch {

struct Mutant {
  std::string description;
  std::vector<Edit> edits;
};

/// Every mutant of `edits`: one edit dropped, one test inverted, keys swapped, one operation taken
/// for another.
std::vector<Mutant> mutantsOf(const std::vector<Edit> &edits, const Texts &originals);

/// Verifies mutant number `which` (from 1), or "all" of them, and prints what came of it; prints
/// their number for "count". False if one was not caught.
llvm::Expected<bool> tryMutants(llvm::raw_ostream &out, Decision &decision,
                                const std::set<std::string> &selected, llvm::StringRef which);

} // namespace unlatch
