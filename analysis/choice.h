// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fields that one section uses together cannot all leave: which of them do?

#pragma once

#include "analysis/candidates.h"

namespace unlatch {

/// Two units of which one at most can leave, and the place that shows why.
struct Rivalry {
  Conflict conflict;
  const ExpandedSection *section = nullptr;
};

/// By the indices of the two units, the smaller first.
using Rivalries = std::map<std::pair<std::size_t, std::size_t>, Rivalry>;

/// Of units that each could leave on their own.
Rivalries conflictsBetween(const WholeProgram &whole, const std::vector<CandidateUnit> &units);

/// What it is worth that a unit leaves. Compared in this order: maps before scalars, then the
/// number of sections, then how many of them only read.
struct Benefit {
  int maps = 0;
  int sections = 0;
  int sharedSections = 0;
  auto operator<=>(const Benefit &) const = default;
};

Benefit benefitOf(const WholeProgram &whole, const CandidateUnit &unit);

/// The independent set of the greatest benefit, as indices in ascending order. Exact for up to
/// twelve units that depend on each other, greedy beyond. Ties go to what comes first.
std::vector<std::size_t> bestIndependentSet(const std::vector<Benefit> &benefits,
                                            const Rivalries &rivalries);

} // namespace unlatch
