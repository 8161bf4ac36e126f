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

/// The variables that an expression names; with `moved`, those that it moves from.
static void variablesIn(const Stmt *node, bool moved, llvm::DenseSet<const ValueDecl *> &out) {
  if (!node)
    return;
  const auto *expression = dyn_cast<Expr>(node);
  const Expr *inner = expression ? stripMove(expression) : nullptr;
  if (const auto *reference = dyn_cast_or_null<DeclRefExpr>(inner);
      reference && (!moved || inner != strip(expression)))
    out.insert(reference->getDecl());
  for (const Stmt *child : node->children())
    variablesIn(child, moved, out);
}

bool isMovedForGood(const FunctionAnalysis &a, const Expr *value, unsigned here) {
  llvm::DenseSet<const ValueDecl *> moved;
  variablesIn(value, true, moved);
  return llvm::all_of(moved, [&](const ValueDecl *variable) {
    auto found = a.references.find(variable);
    if (found == a.references.end() || a.captured.count(variable))
      return false;
    return llvm::all_of(found->second, [&](const DeclRefExpr *reference) {
      if (!a.isInside(reference, value))
        return offsetOf(a, reference->getLocation()) < here;
      // Not moved from a second time around, either.
      for (const Stmt *up = a.parentOf(reference); up; up = a.parentOf(up))
        if (isa<ForStmt>(up) || isa<WhileStmt>(up) || isa<DoStmt>(up) || isa<CXXForRangeStmt>(up))
          return offsetOf(a, variable->getLocation()) > offsetOf(a, up->getBeginLoc());
      return true;
    });
  });
}

bool movable(const FunctionAnalysis &a, const Expr *value, unsigned here) {
  // It is evaluated now where it was not before.
  bool fine = isMovedForGood(a, value, here);
  auto visit = [&](auto &self, const Stmt *node) -> void {
    if (!node || !fine)
      return;
    if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
      const ValueDecl *declaration = reference->getDecl();
      if (const auto *variable = dyn_cast<VarDecl>(declaration)) {
        if (!variable->hasLocalStorage() || a.changed.count(variable) ||
            offsetOf(a, variable->getLocation()) > here)
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

/// A call that changes one of its arguments, or may do anything.
static bool callHasEffects(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
  const bool asks = method && method->isInstance() && method->isConst() && !method->isVirtual();
  if (!callee || (!isHarmless(callee) && !asks))
    return true;
  const bool isOperator = isa<CXXOperatorCallExpr>(call);
  if (method && method->isInstance() && !method->isConst() && !isOperator)
    return true;
  if (isOperator)
    switch (cast<CXXOperatorCallExpr>(call).getOperator()) {
    case OO_Star:
    case OO_Arrow:
    case OO_Subscript:
      return false;
    default:
      break;
    }
  if (stripMove(&call) != strip(&call))
    return false; // std::move, which does nothing by itself
  for (const ParmVarDecl *parameter : callee->parameters())
    if (QualType type = parameter->getType();
        type->isLValueReferenceType() && !type->getPointeeType().isConstQualified())
      return true;
  return isOperator && method && !method->isConst();
}

bool hasEffects(const Expr *expression) {
  const auto visit = [](auto &self, const Stmt *node) -> bool {
    if (!node || isa<LambdaExpr>(node))
      return false;
    if (const auto *unary = dyn_cast<UnaryOperator>(node); unary && unary->isIncrementDecrementOp())
      return true;
    if (const auto *binary = dyn_cast<BinaryOperator>(node); binary && binary->isAssignmentOp())
      return true;
    if (isa<CXXNewExpr>(node) || isa<CXXDeleteExpr>(node) || isa<CXXThrowExpr>(node) ||
        isa<AtomicExpr>(node) || isa<StmtExpr>(node))
      return true;
    if (const auto *call = dyn_cast<CallExpr>(node); call && callHasEffects(*call))
      return true;
    if (const auto *construct = dyn_cast<CXXConstructExpr>(node)) {
      const CXXConstructorDecl *constructor = construct->getConstructor();
      if (constructor->isUserProvided() && !isHarmless(constructor) &&
          !onlyInitialises(constructor))
        return true;
    }
    return llvm::any_of(node->children(), [&](const Stmt *child) { return self(self, child); });
  };
  return visit(visit, expression);
}

bool orderMatters(const FunctionAnalysis &a, const Expr *key, const Expr *value) {
  const auto isStable = [&](const Expr *each) {
    each = stripMove(each);
    return isa<FloatingLiteral>(each) || isa<CXXNullPtrLiteralExpr>(each) ||
           !a.canonicalKey(each).empty();
  };
  if ((hasEffects(key) && !isStable(value)) || (hasEffects(value) && !isStable(key)))
    return true;
  for (const auto &[from, to] : {std::pair(key, value), std::pair(value, key)}) {
    llvm::DenseSet<const ValueDecl *> moved, named;
    variablesIn(from, true, moved);
    variablesIn(to, false, named);
    if (llvm::any_of(moved, [&](const ValueDecl *each) { return named.contains(each); }))
      return true;
  }
  return false;
}

} // namespace unlatch
