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

  void ofLocal(const ValueDecl *variable) {
    loans("local", a.sharedLocals.loansOf(variable), acquisitionsAround(variable));
  }
  void fate(const std::string &lent, const SharedLocals::Fate &fate) {
    if (fate.isKept)
      out.kept.push_back(lent);
    loans(lent, fate.loans);
  }

private:
  void loans(const std::string &lent, const std::vector<SharedLocals::Loan> &all,
             const std::vector<int> &under = {}) {
    for (const SharedLocals::Loan &loan : all)
      out.loans.push_back({lent, idOf(loan.callee), nameOf(loan.parameter, loan.by),
                           a.text.locate(loan.where->getBeginLoc()), under});
  }

  /// In whose block it is used. What is locked by hand may be held anywhere.
  std::vector<int> acquisitionsAround(const ValueDecl *variable) const {
    const std::vector<const DeclRefExpr *> uses = a.references.lookup(variable);
    const bool isAnywhere =
        a.captured.contains(variable) ||
        llvm::any_of(uses, [&](const DeclRefExpr *use) { return givesAnother(use); });
    std::vector<int> result;
    for (std::size_t index = 0; index < a.locks.size(); ++index) {
      const LockSite &lock = a.locks[index];
      const auto isInBlock = [&](const DeclRefExpr *use) { return a.isInside(use, lock.scope); };
      if (isAnywhere || !lock.guard || !lock.scope || llvm::any_of(uses, isInBlock))
        result.push_back(static_cast<int>(index));
    }
    return result;
  }

  /// The value of another variable, which may lead to this one.
  bool givesAnother(const Stmt *use) const {
    for (const Stmt *up = a.parentOf(use); up; up = a.parentOf(up)) {
      const auto *operation = dyn_cast<BinaryOperator>(up);
      const auto *call = dyn_cast<CXXOperatorCallExpr>(up);
      const Expr *assigned = operation && operation->isAssignmentOp() ? operation->getRHS()
                             : call && call->isAssignmentOp()         ? call->getArg(1)
                                                                      : nullptr;
      if (isa<DeclStmt>(up) || (assigned && a.isInside(use, assigned)))
        return true;
    }
    return false;
  }

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
      notes.ofLocal(entry.first);
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
