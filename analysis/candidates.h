// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What could leave its mutex: one field, or the fields of one snapshot together.

#pragma once

#include "analysis/allowed_strategies.h"
#include "analysis/snapshot_price.h"
#include "analysis/whole_program.h"

namespace unlatch {

/// A section in which a conversion would let others see something new.
struct Split {
  const ExpandedSection *section = nullptr;
  Conflict conflict;
};

struct CandidateUnit {
  std::vector<std::string> fields;
  Strategy strategy = Strategy::None;
  std::string mutex;
  std::vector<Reason> reasons; ///< why it must stay
  /// Why it can't be one state with all that its mutex guards, if it could leave by itself.
  std::vector<Reason> notTogether;
  /// By map: why it is part of this state, and not a lock-free map.
  std::map<std::string, std::vector<Reason>> notAlone;
  std::vector<Split> splits; ///< the only obstacle, if there are no reasons: for review
  /// What somebody has to accept, if that is not little: for review as well.
  std::optional<Price> price;

  bool mayLeave() const { return reasons.empty() && splits.empty() && !price; }
  bool isForReview() const { return reasons.empty() && (!splits.empty() || price); }
  Departures departures() const;
};

/// The strategy that a field on its own would take.
Strategy ownStrategy(const FieldFact &field);

/// What may be overlooked to see whether anything else stands in the unit's way.
Overlooked overlookedFor(const CandidateUnit &unit);

/// Every guarded field, each in exactly one unit. By name of the first field.
std::vector<CandidateUnit> candidates(const WholeProgram &whole, const AllowedStrategies &allowed);

/// Fields that a plan has to list.
std::vector<std::string> listedFields(const WholeProgram &whole);

/// For a section of a mutex that something leaves: the first path that is more than one action.
std::optional<Conflict> firstConflict(const WholeProgram &whole, const ExpandedSection &section,
                                      const Departures &departures,
                                      const Overlooked &overlooked = {});

} // namespace unlatch
