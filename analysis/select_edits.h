// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/plan.h"
#include "analysis/whole_program.h"

namespace unlatch {

struct SelectedEdits {
  std::vector<Edit> edits;
  std::vector<std::pair<std::string, std::string>> includes;
  /// The first of two different edits that meet in the same place.
  std::optional<Edit> collision;
};

/// All that is needed for exactly these fields to leave their mutexes.
SelectedEdits selectEdits(const WholeProgram &whole, const Departures &selected);

} // namespace unlatch
