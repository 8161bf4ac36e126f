// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/plan.h"
#include "rewriters/patch.h"

#include "llvm/Support/Error.h"

#include <set>
#include <string>
#include <vector>

namespace unlatch {

/// What the conversion of some fields does to the source.
struct Change {
  std::vector<Edit> edits;
  Texts originals; ///< the files that `edits` touch, as they are
  Texts edited;    ///< the same files, as they will be
  std::vector<std::string> lostLockHeader;
};

/// The change that converts exactly the fields `selected`. Files in `keepLockHeaders` keep their
/// `#include <mutex>`.
llvm::Expected<Change> changeFor(const Facts &facts, const Plan &plan,
                                 const std::set<std::string> &selected,
                                 const std::set<std::string> &keepLockHeaders);

/// The texts that `edits`, instead of those of `change`, would give.
llvm::Expected<Change> changeBy(std::vector<Edit> edits, const Facts &facts, const Plan &plan,
                                const std::set<std::string> &selected,
                                const std::set<std::string> &keepLockHeaders);

/// The place in the source as it is that has become this one.
Location placeBefore(const Change &change, Location where);

/// One unified diff from `before` to `after`, files in order, paths relative to `root`.
std::string diffOf(const Texts &before, const Texts &after, llvm::StringRef root);

} // namespace unlatch
