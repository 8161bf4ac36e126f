// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sections that read through a reference or pointer parameter what other sections of the mutex
// write: through a parameter as well, which is told by its type, or by the name of a field that
// callers pass.

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
  struct Lender {
    const Call *call;
    std::string field;
  };
  /// A call on a way to the section that passes one of the fields by reference.
  std::optional<Lender> lenderOf(const FunctionFact &function,
                                 const std::set<std::string> &fields) const;

  const Program &program_;
  std::map<std::string, std::set<std::string>> written_;       ///< by mutex: types
  std::map<std::string, std::set<std::string>> writtenByName_; ///< by mutex: fields
};

} // namespace unlatch
