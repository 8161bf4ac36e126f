// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/kept_loans.h"

#include "analysis/called_functions.h"

#include <algorithm>

namespace unlatch {

KeptLoans::KeptLoans(const Program &program) : program_(program) {
  for (const FunctionFact *body : program.allBodies())
    kept_[body->id].insert(body->kept.begin(), body->kept.end());
  // Who lends to one that keeps keeps, until nothing is new.
  for (bool changed = true; changed;) {
    changed = false;
    for (const FunctionFact *body : program.allBodies())
      for (const Loan &loan : body->loans)
        if (loan.lent != "local" && isKept(loan))
          changed |= kept_[body->id].insert(loan.lent).second;
  }
  for (const FunctionFact *body : program.allBodies())
    for (const Loan &loan : body->loans)
      if (loan.lent == "local" && isKept(loan))
        lenders_.emplace(body->id, &loan);
}

/// What no body is known of is taken to give back what it is lent.
bool KeptLoans::isKept(const Loan &loan) const {
  Call call;
  call.callee = loan.callee;
  call.isVirtual = true; // whatever overrides it as well
  const std::vector<std::string> callees = program_.callees(call).ids;
  return std::any_of(callees.begin(), callees.end(), [&](const std::string &id) {
    const auto kept = kept_.find(id);
    return kept != kept_.end() && kept->second.contains(loan.as);
  });
}

std::vector<Reason> KeptLoans::usedUnder(const FunctionFact &function, int acquisition) const {
  std::vector<Reason> reasons;
  if (lenders_.empty())
    return reasons;
  for (const std::string &id : runUnder(program_, function, acquisition)) {
    const auto lender = lenders_.find(id);
    if (lender == lenders_.end())
      continue;
    const Loan &loan = *lender->second;
    const auto &keepers = program_.bodies(loan.callee);
    reasons.push_back({"aliased",
                       "a local variable that is used under the lock is handed to " +
                           (keepers.empty() ? "what is called here" : keepers.front()->name) +
                           ", which may keep the way to it",
                       loan.where});
  }
  return reasons;
}

} // namespace unlatch
