// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/decisions.h"

#include "rewriters/evaluation_order.h"

#include <map>

using namespace clang;

namespace unlatch {

namespace {

using Decisions = std::map<unsigned, bool>; // by offset

Decisions ofLoop(const FunctionAnalysis &a, const Root &root) {
  Decisions found;
  const auto references = a.references.find(root.handle);
  if (!root.handle || references == a.references.end())
    return found;
  for (const DeclRefExpr *each : references->second) {
    const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(a.meaningfulParent(each, nullptr));
    if (!call || !a.isInside(call, root.loop) || strip(call->getArg(0)) != each)
      continue;
    if (call->getOperator() == OO_PlusPlus)
      found[offsetOf(a, call->getBeginLoc())] = false;
    else if (call->getOperator() == OO_Equal)
      found[offsetOf(a, call->getBeginLoc())] = true; // of nothing but what erase() returns
  }
  return found;
}

/// Nothing if it returns anything but constants.
Decisions ofFunction(const FunctionAnalysis &a, const LambdaExpr &function) {
  Decisions found;
  const auto visit = [&](auto &self, const Stmt *node) -> bool {
    if (!node || isa<LambdaExpr>(node))
      return true;
    if (const auto *leave = dyn_cast<ReturnStmt>(node)) {
      const auto *value = dyn_cast_or_null<CXXBoolLiteralExpr>(
          leave->getRetValue() ? strip(leave->getRetValue()) : nullptr);
      if (!value)
        return false;
      found[offsetOf(a, leave->getBeginLoc())] = value->getValue();
      return true;
    }
    return llvm::all_of(node->children(), [&](const Stmt *child) { return self(self, child); });
  };
  return visit(visit, function.getBody()) ? found : Decisions{};
}

} // namespace

std::string decisionsOf(const FunctionAnalysis &a, const Root &root) {
  Decisions found;
  if (root.kind == RootKind::EraseLoop) {
    found = ofLoop(a, root);
  } else if (const auto *call = dyn_cast_or_null<CallExpr>(root.call);
             call && root.kind == RootKind::EraseIf && call->getNumArgs() > 0) {
    const Expr *given = strip(call->getArg(call->getNumArgs() - 1));
    while (const auto *construct = dyn_cast<CXXConstructExpr>(given)) {
      if (construct->getNumArgs() != 1)
        break;
      given = strip(construct->getArg(0));
    }
    if (const auto *function = dyn_cast<LambdaExpr>(given))
      found = ofFunction(a, *function);
  }
  std::string text;
  for (const auto &[offset, erases] : found)
    text += erases ? " true" : " false";
  return text.empty() ? text : "decides" + text;
}

} // namespace unlatch
