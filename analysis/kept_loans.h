// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Local variables that are not their thread's own after all: a function of another file keeps the
// way to them.

#pragma once

#include "analysis/program.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace unlatch {

class KeptLoans {
public:
  explicit KeptLoans(const Program &program);

  /// Local variables used in a critical section that somebody else can reach as well.
  std::vector<Reason> usedUnder(const FunctionFact &function, int acquisition) const;

private:
  bool isKept(const Loan &loan) const;
  bool calls(const std::string &caller, const std::string &callee) const;

  const Program &program_;
  std::map<std::string, std::set<std::string>> kept_;        ///< by function, as in Loan::as
  std::map<std::string, std::vector<const Loan *>> lenders_; ///< by function: of local variables
};

} // namespace unlatch
