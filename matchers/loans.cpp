// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/loans.h"

#include "matchers/identity.h"
#include "matchers/shared_locals.h"

#include <algorithm>

using namespace clang;

namespace unlatch {

namespace {

using By = SharedLocals::By;

std::string nameOf(int parameter, By by) {
  if (parameter < 0)
    return "this";
  return (by == By::Value ? "*param:" : "param:") + std::to_string(parameter);
}

class Notes {
public:
  Notes(const FunctionAnalysis &analysis, FunctionFact &out) : a(analysis), out(out) {}

  void loans(const std::string &lent, const std::vector<SharedLocals::Loan> &all) {
    for (const SharedLocals::Loan &loan : all)
      out.loans.push_back({lent, idOf(loan.callee), nameOf(loan.parameter, loan.by),
                           a.text.locate(loan.where->getBeginLoc())});
  }
  void fate(const std::string &lent, const SharedLocals::Fate &fate) {
    if (fate.isKept)
      out.kept.push_back(lent);
    loans(lent, fate.loans);
  }

private:
  const FunctionAnalysis &a;
  FunctionFact &out;
};

/// Whether translation units that do not see the body may call the function.
bool isCalledUnseen(const FunctionDecl &function) {
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  return (method && method->isVirtual()) ||
         (!function.isInlined() && function.hasExternalFormalLinkage());
}

} // namespace

void noteLoans(const FunctionAnalysis &a, FunctionFact &out) {
  Notes notes(a, out);
  for (const auto *used : {&a.references, &a.captured})
    for (const auto &entry : *used)
      notes.loans("local", a.sharedLocals.loansOf(entry.first));
  if (isCalledUnseen(a.function)) {
    for (const ParmVarDecl *parameter : a.function.parameters()) {
      const auto index = static_cast<int>(parameter->getFunctionScopeIndex());
      const QualType type = parameter->getType();
      if (type->isReferenceType())
        notes.fate(nameOf(index, By::Place), a.sharedLocals.parameterFate(parameter, By::Place));
      if (type->isReferenceType() || type->isAnyPointerType() || type->isRecordType())
        notes.fate(nameOf(index, By::Value), a.sharedLocals.parameterFate(parameter, By::Value));
    }
    if (const auto *method = dyn_cast<CXXMethodDecl>(&a.function); method && !method->isStatic())
      notes.fate("this", a.sharedLocals.objectFate(method));
  }
  std::sort(out.loans.begin(), out.loans.end());
  out.loans.erase(std::unique(out.loans.begin(), out.loans.end()), out.loans.end());
}

} // namespace unlatch
