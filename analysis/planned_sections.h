// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sections of a field as the plan lists them, and what goes wrong in them in words.

#pragma once

#include "analysis/candidates.h"
#include "analysis/plan.h"

namespace unlatch {

struct FieldSections {
  std::vector<PlannedSection> sections; ///< by place
  std::vector<Observation> observations;
};

FieldSections plannedSections(const WholeProgram &whole, const CandidateUnit &unit,
                              const std::string &field);

} // namespace unlatch
