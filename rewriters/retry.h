// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether statements can be done again, as the function that is given to update() may be.

#pragma once

#include "rewriters/cluster.h"

namespace unlatch {

/// Blocks for all that a second try would do to anything but the value and variables of its own.
/// What a second try would find moved away is copied instead.
void blockSideEffects(const FunctionAnalysis &analysis, const Cluster &cluster,
                      const StatementRange &range, Candidate &out);

} // namespace unlatch
