// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "tool/decision.h"

#include "llvm/Support/Error.h"

#include <set>
#include <string>
#include <vector>

namespace unlatch {

/// A change that builds on the earlier ones of its series.
struct PhaseChange {
  int phase = 0;
  std::set<std::string> fields;
  std::string diff;
};

/// The conversion of `selected`, a step a phase, each of which is verified together with the
/// earlier.
llvm::Expected<std::vector<PhaseChange>> stepsOf(Decision &decision,
                                                 const std::set<std::string> &selected);

/// Writes each step to a numbered file in `folder` and returns their names.
llvm::Expected<std::vector<std::string>> writeSeries(const Decision &decision,
                                                     const std::vector<PhaseChange> &steps,
                                                     llvm::StringRef folder);

} // namespace unlatch
