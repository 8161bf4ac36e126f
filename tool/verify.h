// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiling is no proof. Every translation unit that a change reaches is parsed again with the
// edited texts in memory, its facts are extracted again, and each section must now be the operation
// that it was decided to be.

#pragma once

#include "tool/change.h"
#include "tool/project.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace unlatch {

/// Why some of the selected fields can't be converted as proposed.
struct Objection {
  std::set<std::string> fields;
  Reason reason;
  /// A unit does not parse, and these files lost a lock header that it may have needed.
  std::set<std::string> suspectIncludes;
};

/// What the rewritten program does otherwise than decided. `after` holds the facts of the units
/// that the change reaches.
std::vector<Objection> compareFacts(const Facts &before, const Facts &after, const Plan &plan,
                                    const std::set<std::string> &selected, const Change &change);

class Verifier {
public:
  explicit Verifier(const Project &project);

  /// Nothing, if the change is what it claims to be.
  std::vector<Objection> verify(const Facts &facts, const Plan &plan,
                                const std::set<std::string> &selected, const Change &change);

private:
  const Project &project;
  std::vector<std::string> files; ///< real path of each command's source
  /// Facts by command and by the edited texts that it sees: selections overlap a good deal.
  std::map<std::pair<size_t, std::string>, Facts> known;

  std::vector<std::string> dependenciesOf(const Facts &facts, size_t command) const;
};

} // namespace unlatch
