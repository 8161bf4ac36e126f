// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a section does to a number, in terms that are the same before and after the rewrite.

#pragma once

#include "rewriters/cluster.h"

#include <string>
#include <vector>

namespace unlatch {

/// Where each answer leads that a flag, or a comparison, gives: "hit return#0", "miss return#1".
/// Nothing if the function has other sections, whose returns may go elsewhere.
std::vector<std::string> answersOf(const FunctionAnalysis &analysis, const Cluster &cluster);

/// What is written, and expected before, if it is a name or a literal.
std::string valueOf(const FunctionAnalysis &analysis, const Cluster &cluster,
                    llvm::StringRef operation);

/// The sign of what an addition adds, and what that is, if it is a name or a literal: "+ 1".
std::string sumOf(const FunctionAnalysis &analysis, const Cluster &cluster);

} // namespace unlatch
