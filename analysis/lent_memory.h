// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sections that read through a reference or pointer parameter what other sections of the mutex
// write through one. What is read is no field, so it is told by its type.

#pragma once

#include "analysis/locksets.h"
#include "analysis/sections.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace unlatch {

class LentMemory {
public:
  LentMemory(const Program &program, const Locksets &locksets);

  /// Why the section has to keep its lock, if it has to.
  std::optional<Reason> needsLock(const ExpandedSection &section, const std::string &mutex) const;

private:
  const Program &program_;
  std::map<std::string, std::set<std::string>> written_; ///< by mutex: types
};

} // namespace unlatch
