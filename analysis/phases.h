// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/plan.h"

namespace unlatch {

/// Numbers what converts or is under review from 1, and puts the fields in the plan's order.
void assignPhases(const Facts &facts, std::vector<PlannedField> &fields);

} // namespace unlatch
