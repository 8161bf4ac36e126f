// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether statements can be done again, as the function that is given to update() may be.

#pragma once

#include "rewriters/cluster.h"

#include <string>
#include <vector>

namespace unlatch {

/// Blocks for all that a second try would do to anything but the value and variables of its own.
/// What a second try would find moved away is copied instead. Returns the statements that each try
/// has to begin with: local variables get the value back that they had before the first.
std::vector<std::string> blockSideEffects(const FunctionAnalysis &analysis, const Cluster &cluster,
                                          const StatementRange &range, Candidate &out);

} // namespace unlatch
