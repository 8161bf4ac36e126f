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
        lenders_[body->id].push_back(&loan);
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

/// A section that calls much may run hundreds of them, and one is enough.
static std::vector<Reason> onlyFirst(std::vector<Reason> reasons) {
  if (reasons.size() < 2)
    return reasons;
  const auto first =
      std::min_element(reasons.begin(), reasons.end(), [](const Reason &left, const Reason &right) {
        return left.where < right.where;
      });
  const std::size_t others = reasons.size() - 1;
  first->message += "; so it is in " + std::to_string(others) +
                    (others == 1 ? " other place" : " other places") +
                    " that the section may reach";
  return {std::move(*first)};
}

std::vector<Reason> KeptLoans::usedUnder(const FunctionFact &function, int acquisition) const {
  std::vector<Reason> reasons;
  if (lenders_.empty())
    return reasons;
  const std::set<std::string> run = runUnder(program_, function, acquisition);
  // Entered again, it uses all of them.
  const auto isEntered = [&] {
    return std::any_of(run.begin(), run.end(), [&](const std::string &id) {
      return id != function.id && calls(id, function.id);
    });
  };
  for (const std::string &id : run) {
    const auto lender = lenders_.find(id);
    if (lender == lenders_.end())
      continue;
    for (const Loan *loan : lender->second) {
      const bool isUsed =
          id != function.id ||
          std::find(loan->under.begin(), loan->under.end(), acquisition) != loan->under.end() ||
          isEntered();
      if (!isUsed)
        continue;
      const auto &keepers = program_.bodies(loan->callee);
      reasons.push_back({"aliased",
                         "a local variable that is used under the lock is handed to " +
                             (keepers.empty() ? "what is called here" : keepers.front()->name) +
                             ", which may keep the way to it",
                         loan->where});
      break;
    }
  }
  return onlyFirst(std::move(reasons));
}

bool KeptLoans::calls(const std::string &caller, const std::string &callee) const {
  const auto &bodies = program_.bodies(caller);
  return std::any_of(bodies.begin(), bodies.end(), [&](const FunctionFact *body) {
    return std::any_of(body->calls.begin(), body->calls.end(), [&](const Call &call) {
      const std::vector<std::string> callees = program_.callees(call).ids;
      return std::find(callees.begin(), callees.end(), callee) != callees.end();
    });
  });
}

} // namespace unlatch
