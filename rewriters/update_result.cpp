// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the code around an update() makes of its result, in words that are the same for the rewrite
// that is planned and for the rewritten code when it is read again.

#include "rewriters/cluster.h"

using namespace clang;

namespace unlatch {

std::string returnedLiteral(const ReturnStmt &leave) {
  const Expr *value = leave.getRetValue() ? strip(leave.getRetValue()) : nullptr;
  if (const auto *flag = dyn_cast_or_null<CXXBoolLiteralExpr>(value))
    return flag->getValue() ? "true" : "false";
  if (const auto *number = dyn_cast_or_null<IntegerLiteral>(value))
    return llvm::toString(number->getValue(), 10, /*Signed=*/false);
  return "";
}

std::string resultLeaves(const FunctionAnalysis &a, const ReturnStmt &leave) {
  return "leaves if false: " + a.text.textOr(leave.getSourceRange(), "?");
}

std::string aroundUpdate(const FunctionAnalysis &a, const Expr &call) {
  if (a.isDiscarded(&call))
    return "";
  const Expr *last = nullptr;
  const Stmt *parent = a.meaningfulParent(&call, &last);
  if (isa_and_nonnull<ReturnStmt>(parent))
    return kResultReturned;
  const auto *test = dyn_cast_or_null<UnaryOperator>(parent);
  if (test && test->getOpcode() == UO_LNot) {
    const auto *branch = dyn_cast_or_null<IfStmt>(a.meaningfulParent(test, nullptr));
    const auto *block = branch ? dyn_cast<CompoundStmt>(branch->getThen()) : nullptr;
    if (block && block->size() == 1 && strip(branch->getCond()) == test && !branch->getElse() &&
        !branch->getInit() && !branch->getConditionVariable())
      if (const auto *leave = dyn_cast<ReturnStmt>(block->body_front()))
        return resultLeaves(a, *leave);
  }
  return "used otherwise";
}

} // namespace unlatch
