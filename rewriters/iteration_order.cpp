// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/iteration_order.h"

#include "matchers/effects.h"
#include "matchers/quiet_code.h"
#include "matchers/throwing.h"
#include "matchers/types.h"
#include "rewriters/cluster.h"

#include "clang/AST/StmtCXX.h"

#include <map>
#include <set>

using namespace clang;

namespace unlatch {

namespace {

/// What is done with an element when its map goes: it is copied, tested and deleted.
bool onlyGivesBack(const Stmt *node) {
  if (!node)
    return true;
  if (const auto *call = dyn_cast<CallExpr>(node)) {
    const FunctionDecl *callee = call->getDirectCallee();
    if (!callee || !callee->getIdentifier() || callee->getName() != "free")
      return false;
  }
  if (const auto *construct = dyn_cast<CXXConstructExpr>(node);
      construct && !construct->getConstructor()->isTrivial())
    return false;
  if (const auto *binary = dyn_cast<BinaryOperator>(node); binary && binary->isAssignmentOp())
    return false;
  if (const auto *unary = dyn_cast<UnaryOperator>(node); unary && unary->isIncrementDecrementOp())
    return false;
  if (isa<LambdaExpr, CXXNewExpr, CXXThrowExpr, ReturnStmt, BreakStmt, GotoStmt>(node))
    return false;
  return llvm::all_of(node->children(), onlyGivesBack);
}

/// A value that leads to nothing that could be written through it.
bool standsAlone(QualType type) {
  type = type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  if (type->isIntegralOrEnumerationType() || type->isRealFloatingType())
    return true;
  const std::optional<NamedClass> named = namedClass(type);
  return named && (named->name == "std::basic_string" || named->name == "std::chrono::duration" ||
                   named->name == "std::chrono::time_point");
}

/// Reads, tests, and effects that commute: sums that wrap around, counts, and constants that are
/// set.
class AnyOrder {
public:
  AnyOrder(const FunctionAnalysis &analysis, int root, const Stmt *body, UnseenFunctions *unseen,
           const FunctionDecl *function = nullptr)
      : a(analysis), index(root), body(body), unseen(unseen), function(function) {}

  bool run() {
    if (!allows(body))
      return false;
    for (const auto &[variable, places] : written)
      if (mentions(body, variable) != places)
        return false; // what it was before decides about something
    if (readsElsewhere && !written.empty())
      return false; // that may be what is written, by another name
    if (exits == 0)
      return true;
    // Where the loop is left depends on the order, unless that is all that it does; and what the
    // others come to could not be asked.
    return added == 0 && !mayTrap && ways.size() == 1 && !ways.contains("") &&
           (written.empty() || (exits == 1 && setsWhereItLeaves));
  }

private:
  const Root &self() const { return a.roots[static_cast<std::size_t>(index)]; }

  static unsigned mentions(const Stmt *node, const VarDecl *variable) {
    if (!node)
      return 0;
    const auto *reference = dyn_cast<DeclRefExpr>(node);
    unsigned number = reference && reference->getDecl() == variable;
    for (const Stmt *child : node->children())
      number += mentions(child, variable);
    return number;
  }

  bool isInner(const Decl *declaration) const {
    const SourceManager &sources = a.text.sources();
    const SourceLocation where = declaration->getLocation();
    const auto *variable = dyn_cast<VarDecl>(declaration);
    if (variable && variable->isInitCapture())
      return false; // as long as the function object
    return declaration == self().handle ||
           (function && declaration->getDeclContext() == function) ||
           !(sources.isBeforeInTranslationUnit(where, body->getBeginLoc()) ||
             sources.isBeforeInTranslationUnit(body->getEndLoc(), where));
  }

  /// `it = m.erase(it)`, `m.erase(it++)`, `++it`: how the loop goes on.
  bool isOwnStep(const Stmt *call) const {
    if (llvm::any_of(a.uses, [&](const Use &use) {
          return use.root == index && use.kind == UseKind::Erase && strip(use.whole) == call;
        }))
      return true;
    const auto *step = dyn_cast<CXXOperatorCallExpr>(call);
    const auto *target = step ? dyn_cast<DeclRefExpr>(strip(step->getArg(0))) : nullptr;
    return self().handle && target && target->getDecl() == self().handle &&
           (step->getOperator() == OO_PlusPlus || step->getOperator() == OO_Equal);
  }

  static bool takesForReading(QualType parameter) {
    if (parameter->isRValueReferenceType())
      return false;
    if (parameter->isReferenceType() || parameter->isAnyPointerType())
      return parameter->getPointeeType().isConstQualified();
    return true;
  }

  /// It looks at what it is given, and changes nothing.
  bool isReadingCall(const CallExpr &call) const {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee || callee->isVariadic() || callee->getOverloadedOperator() == OO_Call)
      return false;
    if (const auto *method = dyn_cast<CXXMethodDecl>(callee);
        method && method->isInstance() && !method->isConst() && !isAccess(*method))
      return false;
    if (isStandardDeclaration(callee) ? !runByLibrary(*callee).empty() : !isQuiet(*callee))
      return false;
    return llvm::all_of(callee->parameters(), [](const ParmVarDecl *parameter) {
      return takesForReading(parameter->getType());
    });
  }

  /// `p->`, `v.front()` and their like change nothing by themselves; what would be written through
  /// their result is not allowed here.
  static bool isAccess(const CXXMethodDecl &method) {
    if (!isStandardDeclaration(&method))
      return false;
    switch (method.getOverloadedOperator()) {
    case OO_Arrow:
    case OO_Star:
      return true;
    case OO_None:
      break;
    default:
      return false;
    }
    static constexpr StringRef kNames[] = {"begin", "end", "front", "back", "at", "data", "find"};
    return method.getIdentifier() && llvm::is_contained(kNames, method.getName());
  }

  bool allowsVariable(const DeclRefExpr &reference) {
    const ValueDecl *named = reference.getDecl();
    if (isa<FunctionDecl, EnumConstantDecl>(named) || isInner(named))
      return true;
    if (isa<BindingDecl>(named))
      return isElement(*cast<BindingDecl>(named));
    const auto *variable = dyn_cast<VarDecl>(named);
    // A parameter was there before any variable that is written.
    readsElsewhere |=
        variable && variable->getType()->isReferenceType() && !isa<ParmVarDecl>(variable);
    return variable && (!variable->hasLocalStorage() || standsAlone(variable->getType()));
  }
  bool isElement(const BindingDecl &binding) const {
    return binding.getDecomposedDecl() == self().handle;
  }

  const VarDecl *writtenVariable(const Expr *target) const {
    const auto *reference = dyn_cast<DeclRefExpr>(strip(target));
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    return variable && variable->hasLocalStorage() && !variable->getType()->isReferenceType()
               ? variable
               : nullptr;
  }

  bool isOwn(const VarDecl &variable) const {
    return variable.getDeclContext()->Equals(&a.function);
  }

  /// Steps of one kind commute, and come to the same in any order.
  enum class Step { Sum, Up, Down, Or, And, Xor };

  /// `operation` is an increment, or a compound assignment, of an integer.
  static std::optional<Step> stepOf(const Expr &operation) {
    const QualType type = operation.getType();
    if (!type->isIntegerType() || type->isBooleanType())
      return std::nullopt; // the sum of floating-point numbers depends on their order
    const bool wraps = type->isUnsignedIntegerType();
    if (const auto *unary = dyn_cast<UnaryOperator>(&operation))
      return wraps ? Step::Sum : unary->isIncrementOp() ? Step::Up : Step::Down;
    const auto &binary = cast<CompoundAssignOperator>(operation);
    const QualType computed = binary.getComputationResultType();
    if (!computed->isIntegerType())
      return std::nullopt; // a part is cut off at every step
    const bool adds = binary.getOpcode() == BO_AddAssign;
    switch (binary.getOpcode()) {
    case BO_AddAssign:
    case BO_SubAssign:
      if (wraps && computed->isUnsignedIntegerType())
        return Step::Sum;
      // Numbers of both signs could overflow in one order, and not in another.
      if (!isa<IntegerLiteral>(strip(binary.getRHS())))
        return std::nullopt;
      return adds ? Step::Up : Step::Down;
    case BO_OrAssign:
      return Step::Or;
    case BO_AndAssign:
      return Step::And;
    case BO_XorAssign:
      return Step::Xor;
    default:
      return std::nullopt;
    }
  }

  bool adds(const Expr &operation, const Expr *target) {
    const VarDecl *variable = writtenVariable(target);
    if (!variable)
      return false;
    if (isInner(variable))
      return true;
    const std::optional<Step> step = stepOf(operation);
    if (!step || !isOwn(*variable) || !a.isDiscarded(&operation))
      return false;
    if (const auto [found, isFirst] = steps.try_emplace(variable, *step);
        !isFirst && found->second != *step)
      return false;
    ++written[variable];
    ++added;
    return true;
  }

  bool sets(const BinaryOperator &assignment) {
    const VarDecl *variable = writtenVariable(assignment.getLHS());
    if (!variable)
      return false;
    if (isInner(variable))
      return true;
    const auto *flag = dyn_cast<CXXBoolLiteralExpr>(strip(assignment.getRHS()));
    if (!flag || !isOwn(*variable) || steps.count(variable))
      return false;
    const auto [found, isFirst] = constants.try_emplace(variable, flag->getValue());
    if (!isFirst && found->second != flag->getValue())
      return false;
    ++written[variable];
    const auto *around = dyn_cast_or_null<CompoundStmt>(a.parentOf(&assignment));
    setsWhereItLeaves &= around && isa<BreakStmt, ReturnStmt>(around->body_back());
    return true;
  }

  bool allows(const Stmt *node) {
    if (!node)
      return true;
    if (mayThrow(node, unseen) && !isOwnStep(node))
      return false; // with the first that does
    mayTrap |= !isTotal(node);
    if (const auto *leave = dyn_cast<ReturnStmt>(node)) {
      if (!function) { // else it tells about one element
        ++exits;
        ways.insert(returnedLiteral(*leave));
      }
    } else if (isa<BreakStmt>(node)) {
      ++exits;
      ways.insert("break");
    } else if (const auto *declaration = dyn_cast<DeclStmt>(node)) {
      for (const Decl *each : declaration->decls())
        if (const auto *variable = dyn_cast<VarDecl>(each);
            !variable || !variable->hasLocalStorage() ||
            variable->getType().isDestructedType() == QualType::DK_cxx_destructor)
          if (!variable || !isStandardValue(variable->getType()))
            return false;
    } else if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
      return allowsVariable(*reference);
    } else if (const auto *binary = dyn_cast<BinaryOperator>(node);
               binary && binary->isAssignmentOp()) {
      if (!(binary->getOpcode() == BO_Assign ? sets(*binary) : adds(*binary, binary->getLHS())))
        return false;
      return allows(binary->getRHS());
    } else if (const auto *unary = dyn_cast<UnaryOperator>(node)) {
      if (unary->isIncrementDecrementOp())
        return adds(*unary, unary->getSubExpr());
      readsElsewhere |= unary->getOpcode() == UO_Deref;
      if (unary->getOpcode() == UO_AddrOf)
        return false;
    } else if (const auto *call = dyn_cast<CallExpr>(node)) {
      if (isOwnStep(call))
        return true;
      if (!isReadingCall(*call))
        return false;
    } else if (const auto *construct = dyn_cast<CXXConstructExpr>(node)) {
      const CXXConstructorDecl *constructor = construct->getConstructor();
      if (!constructor->isTrivial() && !isStandardDeclaration(constructor))
        return false;
    } else if (const auto *member = dyn_cast<MemberExpr>(node)) {
      readsElsewhere |= member->isArrow() && !isa<CXXThisExpr>(strip(member->getBase())) &&
                        !isa<CXXOperatorCallExpr>(strip(member->getBase()));
    } else if (!isKnown(node)) {
      return false;
    }
    return llvm::all_of(node->children(), [&](const Stmt *child) { return allows(child); });
  }

  static bool isStandardValue(QualType type) {
    const std::optional<NamedClass> named = namedClass(type);
    return named && !type->isReferenceType() &&
           llvm::is_contained({"std::basic_string", "std::shared_ptr", "std::pair",
                               "std::chrono::duration", "std::chrono::time_point"},
                              StringRef(named->name));
  }

  /// Whatever the element is, evaluating the node alone ends, and is defined.
  static bool isTotal(const Stmt *node) {
    if (const auto *call = dyn_cast<CallExpr>(node)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (!callee || !isStandardDeclaration(callee))
        return false;
      if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(call))
        return operation->isComparisonOp() || isIteratorAccess(*operation);
      static constexpr StringRef kNames[] = {"size",     "empty",       "length",    "count",
                                             "contains", "starts_with", "ends_with", "has_value"};
      return callee->getIdentifier() && llvm::is_contained(kNames, callee->getName());
    }
    if (const auto *binary = dyn_cast<BinaryOperator>(node))
      return binary->isComparisonOp() || binary->isLogicalOp() || binary->isBitwiseOp() ||
             binary->getOpcode() == BO_Assign ||
             ((binary->isAdditiveOp() || binary->isMultiplicativeOp()) &&
              binary->getOpcode() != BO_Div && binary->getOpcode() != BO_Rem &&
              binary->getType()->isUnsignedIntegerType());
    if (const auto *unary = dyn_cast<UnaryOperator>(node))
      return unary->getOpcode() == UO_LNot || unary->getOpcode() == UO_Not;
    if (const auto *member = dyn_cast<MemberExpr>(node))
      return !member->isArrow() || isa<CXXThisExpr>(strip(member->getBase())) ||
             isa<CXXOperatorCallExpr>(strip(member->getBase()));
    if (const auto *cast = dyn_cast<CastExpr>(node))
      return cast->getCastKind() != CK_FloatingToIntegral && cast->getCastKind() != CK_Dynamic;
    return !isa<ArraySubscriptExpr>(node);
  }
  static bool isIteratorAccess(const CXXOperatorCallExpr &operation) {
    if (operation.getOperator() != OO_Arrow && operation.getOperator() != OO_Star)
      return false;
    const std::optional<NamedClass> named = namedClass(operation.getArg(0)->getType());
    return named && StringRef(named->name).contains("iterator");
  }

  /// Statements and expressions that have no effect of their own.
  static bool isKnown(const Stmt *node) {
    return isa<CompoundStmt, IfStmt, ContinueStmt, NullStmt, AttributedStmt>(node) ||
           isa<IntegerLiteral, FloatingLiteral, StringLiteral, CharacterLiteral, CXXBoolLiteralExpr,
               CXXNullPtrLiteralExpr, UserDefinedLiteral, CastExpr, ParenExpr, BinaryOperator,
               ConditionalOperator, ExprWithCleanups, CXXThisExpr, MaterializeTemporaryExpr,
               CXXBindTemporaryExpr, CXXDefaultArgExpr, SubstNonTypeTemplateParmExpr, ConstantExpr,
               CXXRewrittenBinaryOperator, ArraySubscriptExpr, UnaryExprOrTypeTraitExpr>(node);
  }

  const FunctionAnalysis &a;
  int index;
  const Stmt *body;
  UnseenFunctions *unseen;      ///< taken not to throw, if given
  const FunctionDecl *function; ///< that erase_if is given; null for a loop
  std::map<const VarDecl *, unsigned> written;
  std::map<const VarDecl *, bool> constants;
  std::set<std::string> ways; ///< out of the loop
  std::map<const VarDecl *, Step> steps;
  unsigned exits = 0, added = 0;
  bool readsElsewhere = false, mayTrap = false;
  bool setsWhereItLeaves = true;
};

const Stmt *bodyOf(const Stmt &loop) {
  if (const auto *range = dyn_cast<CXXForRangeStmt>(&loop))
    return range->getBody();
  if (const auto *counted = dyn_cast<ForStmt>(&loop))
    return counted->getBody();
  if (const auto *conditional = dyn_cast<WhileStmt>(&loop))
    return conditional->getBody();
  return nullptr;
}

/// The function that erase_if is given, as it stands there.
const FunctionDecl *givenFunction(const Root &root) {
  if (root.values.empty())
    return nullptr;
  const Expr *given = strip(root.values.front());
  while (const auto *construct = dyn_cast<CXXConstructExpr>(given)) {
    if (construct->getNumArgs() != 1)
      return nullptr;
    given = strip(construct->getArg(0));
  }
  const auto *function = dyn_cast<LambdaExpr>(given);
  if (!function)
    return nullptr;
  const std::vector<const CXXMethodDecl *> run = callOperators(*function->getLambdaClass());
  return run.size() == 1 ? run.front() : nullptr;
}

} // namespace

bool ignoresOrder(const FunctionAnalysis &a, int index) {
  const Root &root = a.roots[static_cast<std::size_t>(index)];
  UnseenFunctions unseen; // what erases must not throw anyway
  if (root.kind == RootKind::EraseIf) {
    const FunctionDecl *function = givenFunction(root);
    return function && function->getBody() &&
           AnyOrder(a, index, function->getBody(), &unseen, function).run();
  }
  const Stmt *body = root.loop ? bodyOf(*root.loop) : nullptr;
  return body &&
         ((isa<CXXForRangeStmt>(root.loop) && onlyGivesBack(body)) ||
          AnyOrder(a, index, body, root.kind == RootKind::EraseLoop ? &unseen : nullptr).run());
}

bool needsOrder(const FunctionAnalysis &a, int index) {
  const Root &root = a.roots[static_cast<std::size_t>(index)];
  return root.fieldType == TypeClass::OrderedMap &&
         (root.kind == RootKind::Loop || root.kind == RootKind::EraseLoop ||
          root.kind == RootKind::EraseIf) &&
         !ignoresOrder(a, index);
}

bool keepsOrder(const FunctionAnalysis &a, int index) {
  return a.roots[static_cast<std::size_t>(index)].method == "sorted_items";
}

} // namespace unlatch
