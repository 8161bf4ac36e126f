// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A plan on disk: what `plan --format=json` prints, and the facts it was decided from, so that
// `diff` and `apply` can carry out that very plan.

#pragma once

#include "tool/decision.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <set>
#include <string>

namespace unlatch {

llvm::json::Value planFileJson(const Decision &decision, const std::set<std::string> &reported);

/// What a plan file holds beside what is printed.
struct SavedPlan {
  Facts facts;
  DecideOptions decideOptions;
  std::set<std::string> keepLockHeaders;
};

/// A plan that holds: its sources are those it was made from.
llvm::Expected<SavedPlan> readPlanFile(llvm::StringRef file);

/// What `text` says, which errors say is in `file`.
llvm::Expected<SavedPlan> parsePlanFile(llvm::StringRef text, llvm::StringRef file);

} // namespace unlatch
