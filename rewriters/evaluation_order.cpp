// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What decides whether an expression can be evaluated at an earlier place.

#include "rewriters/evaluation_order.h"

#include "matchers/effects.h"

using namespace clang;

namespace unlatch {

static bool calls(const Stmt *node) {
  return node && (isa<CallExpr>(node) || isa<CXXConstructExpr>(node) ||
                  llvm::any_of(node->children(), calls));
}

const Stmt *statementOf(const FunctionAnalysis &a, const Stmt *node) {
  const Stmt *child = node;
  for (const Stmt *up = a.parentOf(node); up; up = a.parentOf(up)) {
    if (isa<CompoundStmt>(up))
      return child;
    if (isLoop(up))
      return nullptr; // evaluated more often than what stands before it
    child = up;
  }
  return nullptr;
}

const Expr *fullExpression(const FunctionAnalysis &a, const Expr *expression) {
  while (const auto *up = dyn_cast_or_null<Expr>(a.parentOf(expression)))
    expression = up;
  return expression;
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
        if (calls(sibling) || hasEffects(sibling))
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

bool isOnlyReadAndAssigned(const FunctionAnalysis &a, const VarDecl *variable) {
  const auto found = a.references.find(variable);
  return found != a.references.end() && llvm::all_of(found->second, [&](const DeclRefExpr *each) {
           const Stmt *parent = a.parentOf(each);
           const auto *cast = dyn_cast_or_null<ImplicitCastExpr>(parent);
           const auto *step = dyn_cast_or_null<UnaryOperator>(parent);
           const auto *assignment = dyn_cast_or_null<BinaryOperator>(parent);
           return (cast && cast->getCastKind() == CK_LValueToRValue) ||
                  (step && step->isIncrementDecrementOp()) ||
                  (assignment && assignment->isAssignmentOp());
         });
}

/// A variable of this call that nobody else can name, and that has a value from its beginning.
static bool isOwnFromItsBeginning(const FunctionAnalysis &a, const DeclRefExpr &reference) {
  const auto *variable = dyn_cast<VarDecl>(reference.getDecl());
  if (!variable)
    return isa<EnumConstantDecl>(reference.getDecl());
  const QualType type = variable->getType();
  if (type->isReferenceType() || type.isVolatileQualified())
    return false;
  if (variable->isUsableInConstantExpressions(a.context))
    return true;
  return variable->hasLocalStorage() && (isa<ParmVarDecl>(variable) || variable->hasInit()) &&
         !reference.refersToEnclosingVariableOrCapture() && !a.captured.count(variable) &&
         isOnlyReadAndAssigned(a, variable);
}

bool isTotal(const FunctionAnalysis &a, const Expr *value) {
  value = value->IgnoreParens();
  if (!value->isValueDependent() && value->isCXX11ConstantExpr(a.context))
    return true;
  if (const auto *cast = dyn_cast<CastExpr>(value))
    switch (cast->getCastKind()) {
    case CK_LValueToRValue:
    case CK_NoOp:
    case CK_IntegralCast:
    case CK_IntegralToBoolean:
    case CK_PointerToBoolean:
      return isTotal(a, cast->getSubExpr());
    default:
      return false; // a floating point number may be out of range, a virtual base has to be looked
                    // up
    }
  if (const auto *reference = dyn_cast<DeclRefExpr>(value))
    return isOwnFromItsBeginning(a, *reference);
  const auto wraps = [](QualType type) { return type->isUnsignedIntegerType(); };
  if (const auto *unary = dyn_cast<UnaryOperator>(value))
    return (unary->getOpcode() == UO_LNot || unary->getOpcode() == UO_Not ||
            (unary->getOpcode() == UO_Minus && wraps(unary->getType()))) &&
           isTotal(a, unary->getSubExpr());
  const auto *binary = dyn_cast<BinaryOperator>(value);
  return binary &&
         (binary->isBitwiseOp() || binary->isLogicalOp() || binary->isEqualityOp() ||
          ((binary->isAdditiveOp() || binary->getOpcode() == BO_Mul) &&
           wraps(binary->getType()))) &&
         isTotal(a, binary->getLHS()) && isTotal(a, binary->getRHS());
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
        if (isLoop(up))
          return offsetOf(a, variable->getLocation()) > offsetOf(a, up->getBeginLoc());
      return true;
    });
  });
}

bool isMissed(const FunctionAnalysis &a, const Expr *value, unsigned here) {
  llvm::DenseSet<const ValueDecl *> moved;
  variablesIn(value, true, moved);
  return !isMovedForGood(a, value, here) || llvm::any_of(moved, [](const ValueDecl *variable) {
    return variable->getType()->isLValueReferenceType();
  });
}

bool movesWhatIsLent(const Expr *value, QualType stored) {
  if (isNameOrLiteral(value) && !stored.isNull() &&
      stripMove(value)->getType().getCanonicalType().getUnqualifiedType() ==
          stored.getCanonicalType().getUnqualifiedType())
    return false;
  llvm::DenseSet<const ValueDecl *> moved;
  variablesIn(value, true, moved);
  return llvm::any_of(
      moved, [](const ValueDecl *variable) { return variable->getType()->isReferenceType(); });
}

bool orderMatters(const FunctionAnalysis &a, const Expr *key, const Expr *value) {
  const auto isStable = [&](const Expr *each) {
    each = stripMove(each);
    return isa<FloatingLiteral>(each) || isa<CXXNullPtrLiteralExpr>(each) ||
           !a.canonicalKey(each).empty();
  };
  if ((hasEffects(key) && !isStable(value)) || (hasEffects(value) && !isStable(key)))
    return true;
  return isMovedBeside(key, value);
}

bool isStoredAsItIs(const Expr *value, QualType stored) {
  const Expr *plain = stripMove(value);
  return isNameOrLiteral(value) &&
         (!stored->isRecordType() || isa<StringLiteral, CXXNullPtrLiteralExpr>(plain) ||
          plain->getType().getCanonicalType().getUnqualifiedType() ==
              stored.getCanonicalType().getUnqualifiedType());
}

bool movesAnything(const Expr *value) {
  llvm::DenseSet<const ValueDecl *> moved;
  variablesIn(value, true, moved);
  return !moved.empty();
}

bool isMovedBeside(const Expr *one, const Expr *other) {
  for (const auto &[from, to] : {std::pair(one, other), std::pair(other, one)}) {
    llvm::DenseSet<const ValueDecl *> moved, named;
    variablesIn(from, true, moved);
    variablesIn(to, false, named);
    if (llvm::any_of(moved, [&](const ValueDecl *each) { return named.contains(each); }))
      return true;
  }
  return false;
}

} // namespace unlatch
