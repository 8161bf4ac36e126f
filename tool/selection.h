// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which fields the user means.

#pragma once

#include "tool/decision.h"
#include "tool/options.h"

#include "llvm/Support/Error.h"

#include <set>
#include <string>
#include <vector>

namespace unlatch {

/// The fields that positional arguments and filters leave to be reported on: those declared or
/// accessed in what they name.
llvm::Expected<std::set<std::string>> reportedFields(const Decision &decision,
                                                     const Options &options);

/// What `diff` and `apply` convert: `--only`, `--phase`, `--accept`, or else all that is `convert`.
llvm::Expected<std::set<std::string>> selectedFields(const Decision &decision,
                                                     const Options &options);

/// The phases of `selected`, first to last.
std::vector<int> phasesOf(const Plan &plan, const std::set<std::string> &selected);

} // namespace unlatch
