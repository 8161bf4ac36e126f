// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What decides whether an expression can be evaluated at an earlier place.

#include "rewriters/evaluation_order.h"

#include "matchers/harmless.h"

using namespace clang;

namespace unlatch {

namespace {

bool calls(const Stmt *node) {
  return node && (isa<CallExpr>(node) || isa<CXXConstructExpr>(node) ||
                  llvm::any_of(node->children(), calls));
}

} // namespace

const Stmt *statementOf(const FunctionAnalysis &a, const Stmt *node) {
  const Stmt *child = node;
  for (const Stmt *up = a.parentOf(node); up; up = a.parentOf(up)) {
    if (isa<CompoundStmt>(up))
      return child;
    if (isa<ForStmt>(up) || isa<WhileStmt>(up) || isa<DoStmt>(up) || isa<CXXForRangeStmt>(up))
      return nullptr; // evaluated more often than what stands before it
    child = up;
  }
  return nullptr;
}

bool isEvaluatedFirst(const FunctionAnalysis &a, const Expr *expression, const Stmt *statement) {
  const Stmt *child = expression;
  while (child != statement) {
    const Stmt *parent = a.parentOf(child);
    if (const auto *branch = dyn_cast<IfStmt>(parent)) {
      if (child != branch->getCond() || branch->getInit() || branch->getConditionVariable())
        return false;
    } else if (const auto *choice = dyn_cast<AbstractConditionalOperator>(parent)) {
      if (child != choice->getCond())
        return false;
    } else if (isa<Expr>(parent) && !isa<LambdaExpr>(parent)) {
      const auto *binary = dyn_cast<BinaryOperator>(parent);
      if (binary && binary->isLogicalOp() && child == binary->getRHS())
        return false;
      for (const Stmt *sibling : parent->children()) {
        if (sibling == child)
          break;
        if (calls(sibling))
          return false;
      }
    } else if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
      if (!declaration->isSingleDecl())
        return false;
    } else if (!isa<ReturnStmt>(parent)) {
      return false;
    }
    child = parent;
  }
  return true;
}

unsigned offsetOf(const FunctionAnalysis &a, SourceLocation location) {
  return a.text.sources().getFileOffset(a.text.sources().getFileLoc(location));
}

bool isNameOrLiteral(const Expr *value) {
  value = stripMove(value);
  return isa<DeclRefExpr>(value) || isa<IntegerLiteral>(value) || isa<CXXBoolLiteralExpr>(value) ||
         isa<FloatingLiteral>(value);
}

bool movable(const FunctionAnalysis &a, const Expr *value, unsigned here, unsigned there) {
  bool fine = true;
  auto visit = [&](auto &self, const Stmt *node) -> void {
    if (!node || !fine)
      return;
    if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
      const ValueDecl *declaration = reference->getDecl();
      if (const auto *variable = dyn_cast<VarDecl>(declaration)) {
        if (!variable->hasLocalStorage() || a.changed.count(variable) ||
            offsetOf(a, variable->getLocation()) > here)
          fine = false;
        // A variable that is moved from must not be looked at on the way.
        auto found = a.references.find(variable);
        if (found != a.references.end())
          for (const DeclRefExpr *other : found->second)
            if (offsetOf(a, other->getLocation()) > here &&
                offsetOf(a, other->getLocation()) < there && stripMove(value) == reference &&
                strip(value) != reference)
              fine = false;
      } else if (isa<BindingDecl>(declaration)) {
        fine = false;
      }
    } else if (const auto *call = dyn_cast<CallExpr>(node)) {
      fine &= isHarmless(call->getDirectCallee());
      for (const CXXConstructorDecl *constructor : constructorsRunBy(call->getDirectCallee()))
        fine &= onlyInitialises(constructor);
    } else if (const auto *construct = dyn_cast<CXXConstructExpr>(node)) {
      const CXXConstructorDecl *constructor = construct->getConstructor();
      fine &= isHarmless(constructor) || constructor->isImplicit() || constructor->isDefaulted() ||
              constructor->isTrivial() || onlyInitialises(constructor);
    } else if (isa<LambdaExpr>(node) || isa<CXXNewExpr>(node) || isa<CXXThisExpr>(node) ||
               isa<MemberExpr>(node)) {
      if (const auto *member = dyn_cast<MemberExpr>(node);
          !member || isa<FieldDecl>(member->getMemberDecl()))
        fine = false;
    } else if (const auto *unary = dyn_cast<UnaryOperator>(node);
               unary && unary->isIncrementDecrementOp()) {
      fine = false;
    }
    for (const Stmt *child : node->children())
      self(self, child);
  };
  visit(visit, value);
  return fine;
}

} // namespace unlatch
