// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/code_motion.h"

#include "matchers/effects.h"
#include "matchers/harmless.h"
#include "matchers/throwing.h"
#include "matchers/types.h"
#include "rewriters/evaluation_order.h"

#include <deque>

using namespace clang;

namespace unlatch {

namespace {

/// An element of the control flow graph: block, and place in it.
using Point = std::pair<const CFGBlock *, unsigned>;

/// Where it is evaluated; with what it is part of, if the graph leaves it out.
std::optional<Point> pointOf(const FunctionAnalysis &a, const Stmt *node) {
  llvm::DenseMap<const Stmt *, Point> points;
  for (const CFGBlock *block : *a.graph)
    for (unsigned i = 0; i < block->size(); ++i)
      if (std::optional<CFGStmt> statement = (*block)[i].getAs<CFGStmt>())
        points.try_emplace(statement->getStmt(), Point(block, i));
  for (; node; node = a.parentOf(node))
    if (auto found = points.find(node); found != points.end())
      return found->second;
  return std::nullopt;
}

/// All that is evaluated after `from`, or before it, on ways that do not come to `stop`.
std::set<Point> reach(const Point &from, const Point &stop, bool forwards) {
  std::set<Point> reached;
  std::set<const CFGBlock *> entered;
  std::deque<const CFGBlock *> work;
  // Follows a block from a place on; whether its end was come to.
  const auto follow = [&](const CFGBlock *block, unsigned begin) {
    for (unsigned i = begin; i < block->size(); ++i) {
      const Point point(block, forwards ? i : block->size() - 1 - i);
      if (point == stop)
        return;
      reached.insert(point);
    }
    const auto next = [&](const CFGBlock::AdjacentBlock &each) {
      if (const CFGBlock *there = each.getReachableBlock(); there && entered.insert(there).second)
        work.push_back(there);
    };
    if (forwards)
      llvm::for_each(block->succs(), next);
    else
      llvm::for_each(block->preds(), next);
  };
  follow(from.first, forwards ? from.second + 1 : from.first->size() - from.second);
  while (!work.empty()) {
    const CFGBlock *block = work.front();
    work.pop_front();
    follow(block, 0);
  }
  return reached;
}

} // namespace

CodeMotion::CodeMotion(const FunctionAnalysis &analysis, const Cluster &cluster,
                       const Expr *earlier, const Expr *later)
    : a(analysis), cluster(cluster), earlier(earlier), later(later) {
  const std::optional<Point> from = a.graph ? pointOf(a, earlier) : std::nullopt;
  const std::optional<Point> to = a.graph ? pointOf(a, later) : std::nullopt;
  if (!from || !to)
    return;
  const std::set<Point> behind = reach(*from, *from, true);
  known = behind.count(*to) != 0;
  for (const Point &point : reach(*to, *from, false)) {
    if (!behind.count(point))
      continue;
    const CFGElement element = (*point.first)[point.second];
    if (std::optional<CFGStmt> statement = element.getAs<CFGStmt>())
      cross(statement->getStmt());
    else if (std::optional<CFGAutomaticObjDtor> end = element.getAs<CFGAutomaticObjDtor>())
      disturbed |= !destructorsRunBy(end->getVarDecl()->getType(), false).empty();
  }
}

/// Its look-ups, tests and changes; what is computed for them is not meant.
bool CodeMotion::isOfCluster(const Stmt *node) const {
  const auto *expression = dyn_cast<Expr>(node);
  return expression &&
         (llvm::any_of(cluster.roots,
                       [&](int index) {
                         const Root &root = a.roots[static_cast<std::size_t>(index)];
                         return root.call && strip(root.call) == strip(expression);
                       }) ||
          llvm::any_of(a.uses, [&](const Use &use) {
            return cluster.has(use.root) &&
                   (use.kind == UseKind::Test ? a.isInside(node, use.whole)
                                              : strip(use.whole) == strip(expression));
          }));
}

void CodeMotion::cross(const Stmt *node) {
  if (a.isInside(node, later) || isOfCluster(node))
    return;
  throws |= mayThrow(node);
  if (const auto *reference = dyn_cast<DeclRefExpr>(node);
      reference && !isa<FunctionDecl>(reference->getDecl()) && a.mayWrite(reference))
    changed.insert(reference->getDecl());
  disturbed |= isEffect(node) && !changesOwn(node) && !changesField(node);
}

/// An assignment or a step of a variable that nobody looks at after an exception: not what has
/// other names, whose destructors may look, and not from a handler.
bool CodeMotion::changesOwn(const Stmt *node) const {
  const auto *unary = dyn_cast<UnaryOperator>(node);
  const auto *binary = dyn_cast<BinaryOperator>(node);
  const Expr *target = unary ? unary->getSubExpr() : binary ? binary->getLHS() : nullptr;
  const auto *reference = target ? dyn_cast<DeclRefExpr>(strip(target)) : nullptr;
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  if (!variable || !variable->hasLocalStorage() || variable->getType()->isReferenceType() ||
      reference->refersToEnclosingVariableOrCapture() || a.captured.count(variable))
    return false;
  for (const Stmt *up = later; up; up = a.parentOf(up))
    if (isa<CXXTryStmt>(up))
      return false;
  return isOnlyReadAndAssigned(a, variable);
}

/// An assignment to a number that a field is, or holds for a key; or the insertion of the key,
/// which changes nothing that was there. Whether both fields can be apart is judged elsewhere.
bool CodeMotion::changesField(const Stmt *node) {
  const auto containerOf = [](const Expr *each) -> const Expr * {
    const auto *call = dyn_cast<CXXOperatorCallExpr>(each);
    return call && call->getOperator() == OO_Subscript && isHarmless(call->getDirectCallee())
               ? strip(call->getArg(0))
               : nullptr;
  };
  const auto *unary = dyn_cast<UnaryOperator>(node);
  const auto *binary = dyn_cast<BinaryOperator>(node);
  const Expr *target = unary ? unary->getSubExpr() : binary ? binary->getLHS() : nullptr;
  if (target && !target->getType()->isArithmeticType())
    return false;
  const auto *expression = dyn_cast<Expr>(node);
  const Expr *object = target ? strip(target) : expression ? containerOf(expression) : nullptr;
  for (; object; object = containerOf(object)) {
    if (!object->getType()->isArithmeticType() &&
        (leadsElsewhere(object->getType()) || isSmartPointer(object->getType())))
      return false;
    const auto *member = dyn_cast<MemberExpr>(object);
    if (!member)
      continue;
    if (!isa<CXXThisExpr>(member->getBase()) || !isa<FieldDecl>(member->getMemberDecl()))
      return false;
    otherFields = true;
    if (target)
      assigned.push_back(target->getType().getCanonicalType().getUnqualifiedType());
    return true;
  }
  return false;
}

/// A reference to a string or a smart pointer is none to a number, and one to a number none to
/// another type of number.
bool CodeMotion::mayBeAssigned(const VarDecl *variable) const {
  const QualType type = variable->getType();
  const QualType target = type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  const std::optional<NamedClass> named = namedClass(target);
  return !type->isReferenceType() || llvm::any_of(assigned, [&](QualType each) {
    return each->isAnyCharacterType() || each == target ||
           !(target->isArithmeticType() || isSmartPointer(target) ||
             (named && named->name == "std::basic_string"));
  });
}

bool CodeMotion::isLent(const VarDecl *variable) const {
  auto found = a.references.find(variable);
  return a.captured.count(variable) ||
         (found != a.references.end() &&
          llvm::any_of(found->second,
                       [&](const DeclRefExpr *reference) { return a.mayWrite(reference); }));
}

bool CodeMotion::existsBefore(const VarDecl *variable) const {
  return !variable->hasLocalStorage() ||
         offsetOf(a, variable->getEndLoc()) < offsetOf(a, earlier->getBeginLoc());
}

bool CodeMotion::preserves(const VarDecl *variable, bool isCaptured, bool isFollowed) const {
  const QualType type = variable->getType();
  const bool leads = leadsElsewhere(type) || (isSmartPointer(type) && isFollowed);
  if (!variable->hasLocalStorage()) // a constant, or somebody else's
    return type.isConstQualified() && !type.isVolatileQualified() && !leads;
  if (changed.count(variable) || !existsBefore(variable))
    return false;
  if (!isCaptured && !leads)
    return !disturbed || !isLent(variable);
  // What a caller lends is none of the variables of this function; anything else may be.
  return !disturbed && !(otherFields && mayBeAssigned(variable)) &&
         (changed.empty() || (isa<ParmVarDecl>(variable) && !isCaptured));
}

bool CodeMotion::preserves(const Expr *value) const {
  if (!known || hasEffects(value) ||
      !isMovedForGood(a, value, offsetOf(a, earlier->getBeginLoc())) ||
      // It might throw, where the change had been made.
      ((disturbed || otherFields) && !isNameOrLiteral(value)))
    return false;
  const auto visit = [&](auto &self, const Stmt *node) -> bool {
    if (!node)
      return true;
    if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
      if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
          variable ? !preserves(variable, reference->refersToEnclosingVariableOrCapture(),
                                !isNameOrLiteral(value))
                   : isa<BindingDecl>(reference->getDecl()))
        return false;
    } else if (const auto *call = dyn_cast<CallExpr>(node)) {
      if (!isHarmless(call->getDirectCallee()))
        return false;
    } else if (const auto *member = dyn_cast<MemberExpr>(node)) {
      // A part of a variable is as stable as the variable.
      if (const auto *field = dyn_cast<FieldDecl>(member->getMemberDecl());
          field && (member->isArrow() || field->isMutable() || leadsElsewhere(field->getType()) ||
                    isSmartPointer(field->getType())))
        return false;
    } else if (isa<LambdaExpr>(node) || isa<CXXThisExpr>(node)) {
      return false;
    }
    return llvm::all_of(node->children(), [&](const Stmt *child) { return self(self, child); });
  };
  return visit(visit, value);
}

bool CodeMotion::joins(const Expr *value) const {
  if (!staysWhole())
    return false;
  if (disturbed || !changed.empty() || otherFields || hasEffects(value))
    return preserves(value);
  // Nothing happens in between, so only what is declared there makes a difference.
  const auto exists = [&](auto &self, const Stmt *node) -> bool {
    const auto *reference = dyn_cast_or_null<DeclRefExpr>(node);
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    return !node ||
           (!isa<LambdaExpr>(node) && !(reference && isa<BindingDecl>(reference->getDecl())) &&
            !(variable && !existsBefore(variable)) &&
            llvm::all_of(node->children(), [&](const Stmt *child) { return self(self, child); }));
  };
  return exists(exists, value);
}

bool staysWhole(const FunctionAnalysis &a, const Cluster &cluster, const Expr *earlier) {
  const auto joins = [&](const Expr *change) {
    return strip(change) == strip(earlier) || CodeMotion(a, cluster, earlier, change).staysWhole();
  };
  for (int index : cluster.roots) {
    const Root &root = a.roots[static_cast<std::size_t>(index)];
    if ((root.kind == RootKind::Put || root.kind == RootKind::Insert ||
         root.kind == RootKind::EraseKey) &&
        root.call && !joins(root.call))
      return false;
  }
  return llvm::all_of(a.uses, [&](const Use &use) {
    return !cluster.has(use.root) || (use.kind != UseKind::Erase && use.kind != UseKind::Replace) ||
           joins(use.whole);
  });
}

} // namespace unlatch
