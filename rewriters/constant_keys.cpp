// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/constant_keys.h"

#include "matchers/types.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace unlatch {

namespace {

bool isChangeable(QualType type) {
  return type->isReferenceType() && !type->getPointeeType().isConstQualified();
}

/// The declarations that a call by that name could have meant, as far as they stand beside it.
bool hasOverload(const FunctionDecl &callee, unsigned index, bool ofObject) {
  for (const NamedDecl *other : callee.getDeclContext()->lookup(callee.getDeclName())) {
    const auto *pattern = dyn_cast<FunctionTemplateDecl>(other);
    const auto *function = dyn_cast<FunctionDecl>(pattern ? pattern->getTemplatedDecl() : other);
    if (!function || function->getCanonicalDecl() == callee.getCanonicalDecl())
      continue;
    const auto *method = dyn_cast<CXXMethodDecl>(function);
    if (ofObject ? method && !method->isStatic() && !method->isConst()
                 : index < function->getNumParams() &&
                       isChangeable(function->getParamDecl(index)->getType()))
      return true;
  }
  return false;
}

/// Whether the call would be another, were the key not constant.
bool tells(const CallExpr &call, const Expr &key) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee)
    return false; // a pointer has one type
  if (isStandardDeclaration(callee))
    return callee->getIdentifier() && callee->getName() == "move" && call.getNumArgs() == 1;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  unsigned index = 0;
  while (index < call.getNumArgs() && strip(call.getArg(index)) != &key)
    ++index;
  if (isa<CXXOperatorCallExpr>(call) && method && !method->isStatic()) {
    if (index == 0)
      return hasOverload(*callee, 0, /*ofObject=*/true);
    --index;
  }
  const FunctionDecl *pattern = callee->getTemplateInstantiationPattern(false);
  return hasOverload(*callee, index, /*ofObject=*/false) ||
         (pattern && index < pattern->getNumParams() &&
          isChangeable(pattern->getParamDecl(index)->getType()));
}

} // namespace

const Expr *tellsConstantKey(const FunctionAnalysis &a, const Root &loop) {
  const auto *range = dyn_cast_or_null<CXXForRangeStmt>(loop.loop);
  const VarDecl *variable = range ? range->getLoopVariable() : loop.handle;
  const auto *parts = dyn_cast_or_null<DecompositionDecl>(variable);
  const ValueDecl *named = parts ? parts->bindings()[0] : nullptr;
  for (const Expr *expression : a.expressions) {
    const auto *reference = dyn_cast<DeclRefExpr>(expression);
    const auto *member = dyn_cast<MemberExpr>(expression);
    const bool isKey =
        named ? reference && reference->getDecl() == named
              : member && member->getMemberDecl()->getDeclName().isIdentifier() &&
                    member->getMemberDecl()->getName() == "first" &&
                    a.references.count(variable) != 0 &&
                    llvm::any_of(a.references.lookup(variable), [&](const DeclRefExpr *each) {
                      return a.isInside(each, member->getBase());
                    });
    if (!isKey || !a.isInside(expression, loop.loop))
      continue;
    const Stmt *parent = a.meaningfulParent(expression, nullptr);
    if (const auto *call = dyn_cast_or_null<CallExpr>(parent); call && tells(*call, *expression))
      return expression;
    if (const auto *of = dyn_cast_or_null<MemberExpr>(parent))
      if (const auto *method = dyn_cast<CXXMethodDecl>(of->getMemberDecl());
          method && !isStandardDeclaration(method) && hasOverload(*method, 0, /*ofObject=*/true))
        return expression;
    if (const auto *declaration = dyn_cast_or_null<DeclStmt>(parent))
      for (const Decl *each : declaration->decls())
        if (const auto *other = dyn_cast<VarDecl>(each);
            other && other->getType()->isReferenceType() &&
            isChangeable(other->getTypeSourceInfo()->getType()))
          return expression;
  }
  return nullptr;
}

} // namespace unlatch
