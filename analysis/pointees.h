// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mutex guards the map, not what it points to: or does it?

#pragma once

#include "analysis/whole_program.h"

namespace unlatch {

/// Why the map's mutex is needed for the objects that its elements point to.
std::vector<Reason> pointeeObstacles(const WholeProgram &whole, const std::string &map);

} // namespace unlatch
