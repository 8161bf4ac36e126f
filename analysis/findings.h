// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/plan.h"
#include "analysis/whole_program.h"

namespace unlatch {

/// What is worth telling whatever the verdicts: likely races, locks that nobody takes. By place.
std::vector<Finding> findings(const WholeProgram &whole);

} // namespace unlatch
