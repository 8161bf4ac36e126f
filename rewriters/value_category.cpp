// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/value_category.h"

#include "matchers/retention.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

namespace {

/// Up to what does something with it: past parentheses, and conversions that leave it an lvalue.
struct Destination {
  const Expr *last;
  const Stmt *parent;
};

Destination destinationOf(const FunctionAnalysis &a, const Expr *lvalue) {
  const Stmt *parent = a.parentOf(lvalue);
  for (;;) {
    const auto *conversion = dyn_cast_or_null<CastExpr>(parent);
    if (!isa_and_nonnull<ParenExpr>(parent) &&
        !(conversion && conversion->getCastKind() == CK_NoOp))
      return {lvalue, parent};
    lvalue = cast<Expr>(parent);
    parent = a.parentOf(lvalue);
  }
}

/// Where there is another function of this name, a temporary may be for that one.
bool isOverloaded(const FunctionDecl &callee) {
  const auto all = callee.getDeclContext()->lookup(callee.getDeclName());
  return std::distance(all.begin(), all.end()) != 1 || callee.isFunctionTemplateSpecialization();
}

bool isArgumentOf(const CallExpr &call, const Expr *argument) {
  return llvm::is_contained(call.arguments(), argument);
}

} // namespace

bool isLoaded(const FunctionAnalysis &a, const Expr *lvalue) {
  const auto *cast = dyn_cast_or_null<CastExpr>(destinationOf(a, lvalue).parent);
  return cast && cast->getCastKind() == CK_LValueToRValue;
}

bool isUsedAsValue(const FunctionAnalysis &a, const Expr *lvalue) {
  const auto [last, parent] = destinationOf(a, lvalue);
  if (const auto *cast = dyn_cast_or_null<CastExpr>(parent))
    return cast->getCastKind() == CK_LValueToRValue || cast->getType()->isVoidType();
  if (const auto *choice = dyn_cast_or_null<ConditionalOperator>(parent))
    return choice->getCond() != last && isLoaded(a, choice);
  if (const auto *construct = dyn_cast_or_null<CXXConstructExpr>(parent))
    return isStandardDeclaration(construct->getConstructor()) &&
           !leadsElsewhere(construct->getType()) && !holdsReferences(construct->getType());
  const auto *call = dyn_cast_or_null<CallExpr>(parent);
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  if (!callee || !isArgumentOf(*call, last))
    return isa_and_nonnull<CompoundStmt>(parent);
  if (!isStandardDeclaration(callee))
    return !isOverloaded(*callee) && !returnsIntoArgument(callee) &&
           !holdsReferences(call->getType());
  // std::max and its like give back what they are given.
  if (returnsIntoArgument(callee) && !isa<CXXMethodDecl>(callee) && !callee->isOverloadedOperator())
    return call->isGLValue() && isLoaded(a, call);
  return !holdsReferences(call->getType());
}

} // namespace unlatch
