// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is decided about the whole program, and what is printed as a plan.

#pragma once

#include "analysis/allowed_strategies.h"
#include "analysis/model.h"

#include <set>

namespace unlatch {

enum class Verdict { Convert, Review, Keep };
enum class Consistency { Linearizable, PerOperation };

/// Something that another thread could newly see if a field under review were converted.
struct Observation {
  std::string message;
  std::vector<int> sections; ///< indices into PlannedField::sections
};

/// One critical section (or access without a lock) that touches a field.
struct PlannedSection {
  std::string function; ///< qualified name
  Location where;       ///< of the acquisition, or of the access if there is none
  Mode mode = Mode::None;
  std::string operation; ///< as in the plan's JSON; "none" where it could not be lowered
};

struct PlannedField {
  std::string id;
  std::string guard; ///< id of the mutex, or empty
  std::string group; ///< equal for all fields that become one snapshot together, else empty
  Verdict verdict = Verdict::Keep;
  Strategy strategy = Strategy::None;
  int phase = 0; ///< 0 with keep
  std::vector<Reason> reasons;
  std::vector<Observation> observations;
  std::vector<PlannedSection> sections;
};

struct PlannedMutex {
  std::string id;
  bool remove = false;
  std::vector<std::string> stillGuards; ///< ids of fields
  int sectionsDropped = 0;
  int sectionsLeft = 0;
};

struct Finding {
  std::string id;
  std::string field; ///< id of a field or mutex
  Location where;
  std::string message;
};

struct Plan {
  std::vector<PlannedField> fields;  ///< by phase, then by name; `keep` last
  std::vector<PlannedMutex> mutexes; ///< by name
  std::vector<Finding> findings;     ///< by place
};

struct DecideOptions {
  Consistency consistency = Consistency::Linearizable;
  AllowedStrategies strategies;
};

/// Decides for the whole program. A pure function of the facts.
Plan decide(const Facts &facts, const DecideOptions &options);

/// All edits that convert exactly the fields in `selected` (ids; a group in whole or not at all):
/// declarations, operations, locks that nothing needs any more, mutexes left empty.
/// Sorted, without duplicates and overlaps. Deterministic.
std::vector<Edit> editsFor(const Facts &facts, const Plan &plan,
                           const std::set<std::string> &selected);

/// The headers that those edits need, as (file, header), sorted: whoever has the text of the file
/// knows where an include belongs, and whether it is there already.
std::vector<std::pair<std::string, std::string>> includesFor(const Facts &facts, const Plan &plan,
                                                             const std::set<std::string> &selected);

} // namespace unlatch
