// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a program has in it, so that one can tell whether the programs compared have something of
// everything.

#pragma once

#include "comparison.h"

#include <map>

namespace unlatch::soundness {

/// The names of the shapes that are found in what the program's threads run.
std::set<std::string> shapesOf(const AbstractProgram &program,
                               const std::vector<Rewrite> &rewrites);

/// All shapes, and of how many compared programs in a million at least there have to be.
const std::map<std::string, unsigned long> &leastOfShapes();

} // namespace unlatch::soundness
