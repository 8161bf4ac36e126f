// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/retention.h"

#include "matchers/function_analysis.h"
#include "matchers/harmless.h"
#include "matchers/kept_ways.h"
#include "matchers/types.h"

#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace unlatch {

namespace {

/// How many calls deep the bodies of functions are looked into.
constexpr unsigned kDepth = 6;

/// How an expression leads to what was given: it is a part of it, or its value leads there.
enum class Way { Place, Value };

/// Also the iterators of one of the libraries, which are in a namespace of their own.
bool isStandard(const FunctionDecl &function) {
  if (isStandardDeclaration(&function))
    return true;
  const auto *space =
      dyn_cast<NamespaceDecl>(function.getDeclContext()->getEnclosingNamespaceContext());
  return space && space->getName() == "__gnu_cxx";
}

/// A copy, which leads nowhere.
bool isPlainCopy(const ParmVarDecl &parameter) {
  const QualType type = parameter.getType();
  return !leadsElsewhere(type) && !holdsWay(type);
}

/// Follows what was given through one body. What is not known to end there is kept.
class Kept {
public:
  Kept(const FunctionDecl &definition, unsigned depth)
      : function(definition), parents(const_cast<Stmt *>(definition.getBody())), depth(depth) {
    index(definition.getBody());
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&definition))
      for (const CXXCtorInitializer *init : constructor->inits()) {
        parents.addStmt(init->getInit());
        index(init->getInit());
      }
  }

  bool variable(const ValueDecl *variable, Way way) {
    if (!followed.insert({variable, way}).second)
      return false; // it is being looked at
    const auto found = references.find(variable);
    return found != references.end() &&
           llvm::any_of(found->second, [&](const Expr *each) { return isKept(each, way); });
  }

  bool object() {
    return llvm::any_of(selves, [&](const Expr *self) { return isKept(self, Way::Value); });
  }

private:
  void index(const Stmt *node) {
    if (!node)
      return;
    if (const auto *reference = dyn_cast<DeclRefExpr>(node))
      references[reference->getDecl()].push_back(reference);
    else if (isa<CXXThisExpr>(node))
      selves.push_back(cast<Expr>(node));
    for (const Stmt *child : node->children())
      index(child);
  }

  bool isKept(const Expr *expression, Way way) {
    const Stmt *parent = parents.getParent(expression);
    if (!parent)
      return true; // a member is initialised with it
    if (isa<CompoundStmt, IfStmt, WhileStmt, DoStmt, ForStmt, SwitchStmt, CaseStmt, DefaultStmt,
            LabelStmt, CXXForRangeStmt, ReturnStmt>(parent))
      return false; // only looked at; what a function returns is followed where it is called
    if (isa<ParenExpr, MaterializeTemporaryExpr, ExprWithCleanups, CXXBindTemporaryExpr,
            ConstantExpr>(parent))
      return isKept(cast<Expr>(parent), way);
    if (const auto *cast = dyn_cast<CastExpr>(parent))
      return ofCast(*cast, way);
    if (const auto *member = dyn_cast<MemberExpr>(parent))
      return ofMember(*member, expression, way);
    if (const auto *unary = dyn_cast<UnaryOperator>(parent))
      return ofUnary(*unary, way);
    if (const auto *binary = dyn_cast<BinaryOperator>(parent))
      return ofBinary(*binary, expression, way);
    if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(parent))
      return subscript->getBase() == expression && isKept(subscript, Way::Place);
    if (const auto *choice = dyn_cast<ConditionalOperator>(parent))
      return choice->getCond() != expression && isKept(choice, way);
    if (const auto *call = dyn_cast<CallExpr>(parent))
      return ofArgument(*call, *expression, way);
    if (const auto *construct = dyn_cast<CXXConstructExpr>(parent))
      return ofConstruction(*construct, *expression, way);
    if (const auto *declaration = dyn_cast<DeclStmt>(parent))
      return ofDeclaration(*declaration, expression, way);
    return true;
  }

  bool ofCast(const CastExpr &cast, Way way) {
    switch (cast.getCastKind()) {
    case CK_ToVoid:
    case CK_PointerToBoolean:
    case CK_IntegralCast:
    case CK_IntegralToBoolean:
    case CK_IntegralToFloating:
    case CK_FloatingToIntegral:
    case CK_FloatingCast:
      return false;
    case CK_LValueToRValue: // a copy, which leads where the original did
      return way == Way::Value && isKept(&cast, way);
    case CK_ArrayToPointerDecay:
      return isKept(&cast, Way::Value);
    default:
      return isKept(&cast, way);
    }
  }

  bool ofMember(const MemberExpr &member, const Expr *expression, Way way) {
    if (const auto *method = dyn_cast<CXXMethodDecl>(member.getMemberDecl())) {
      const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(
          parents.getParentIgnoreParens(const_cast<MemberExpr *>(&member)));
      return !call || ofMethod(*method, *call, *expression, way);
    }
    if (!isa<FieldDecl>(member.getMemberDecl()) ||
        member.getMemberDecl()->getType()->isReferenceType())
      return false; // no part of it
    return isKept(&member, member.isArrow() ? Way::Place : way);
  }

  /// Called on what was given, or on what leads there.
  bool ofMethod(const CXXMethodDecl &method, const CallExpr &call, const Expr &object, Way way) {
    if (method.isStatic() || isa<CXXDestructorDecl>(method))
      return false;
    if (!isStandard(method) && mayRetainObject(&method, depth + 1))
      return true;
    const OverloadedOperatorKind kind = method.getOverloadedOperator();
    if (kind == OO_PlusPlus || kind == OO_MinusMinus || kind == OO_PlusEqual ||
        kind == OO_MinusEqual || kind == OO_Equal) // the object itself
      return isKept(&call, way);
    return ofResult(call, object.getType());
  }

  /// What a call gives back may lead to what it was given.
  bool ofResult(const CallExpr &call, QualType given) {
    if (call.isGLValue())
      return isKept(&call, Way::Place);
    if (leadsElsewhere(call.getType()))
      return isKept(&call, Way::Value);
    return !call.getType()->isVoidType() && holdsWay(call.getType(), given);
  }

  bool ofUnary(const UnaryOperator &unary, Way way) {
    switch (unary.getOpcode()) {
    case UO_AddrOf:
      return isKept(&unary, Way::Value);
    case UO_Deref:
      return isKept(&unary, Way::Place);
    case UO_LNot:
      return false;
    default:
      return isKept(&unary, way);
    }
  }

  bool ofBinary(const BinaryOperator &binary, const Expr *expression, Way way) {
    if (binary.getOpcode() == BO_Comma)
      return binary.getRHS() == expression && isKept(&binary, way);
    if (binary.isComparisonOp() || binary.isLogicalOp())
      return false;
    if (!binary.isAssignmentOp())
      return binary.getType()->isPointerType() && isKept(&binary, way);
    if (binary.getLHS() == expression)
      return isKept(&binary, way); // changed; the value of an assignment is what is assigned to
    return way == Way::Value && isAssigned(*binary.getLHS());
  }

  /// To a variable of the function alone, which is followed in turn.
  bool isAssigned(const Expr &target) {
    const auto *reference = dyn_cast<DeclRefExpr>(strip(&target));
    const auto *local = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    return !local || !local->hasLocalStorage() || local->getType()->isReferenceType() ||
           local->getDeclContext() != &function || !leadsElsewhere(local->getType()) ||
           variable(local, Way::Value);
  }

  bool ofArgument(const CallExpr &call, const Expr &argument, Way way) {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee)
      return strip(call.getCallee()) != strip(&argument); // it is what is called
    if (isLogging(callee))
      return false;
    const auto *method = dyn_cast<CXXMethodDecl>(callee);
    const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call);
    const bool onObject = operation && method && !method->isStatic();
    if (onObject && operation->getArg(0) == &argument)
      return ofMethod(*method, call, argument, way);
    if (isStandard(*callee) || isHarmless(callee)) {
      if (operation && operation->isAssignmentOp())
        return leadsElsewhere(operation->getArg(0)->getType())
                   ? way == Way::Value && isAssigned(*operation->getArg(0))
                   : mayKeepWay(call, argument, depth);
      if (mayKeepWay(call, argument, depth))
        return true;
      // The target of an output or an assignment.
      if (operation && call.isGLValue() && operation->getOperator() != OO_Subscript &&
          operation->getArg(0) != &argument)
        return false;
      return (call.isGLValue() || leadsElsewhere(call.getType())) &&
             ofResult(call, argument.getType());
    }
    for (unsigned i = onObject ? 1 : 0; i < call.getNumArgs(); ++i)
      if (call.getArg(i) == &argument && passes(*callee, i - (onObject ? 1 : 0), way))
        return true;
    return ofResult(call, argument.getType());
  }

  /// Whether a function keeps what it is passed.
  bool passes(const FunctionDecl &callee, unsigned index, Way way) const {
    const FunctionDecl *definition = nullptr;
    const auto *method = dyn_cast<CXXMethodDecl>(&callee);
    if (depth >= kDepth || !callee.hasBody(definition) || (method && method->isVirtual()) ||
        index >= definition->getNumParams())
      return true;
    const ParmVarDecl *parameter = definition->getParamDecl(index);
    if (isPlainCopy(*parameter))
      return false;
    const bool isPlace = parameter->getType()->isReferenceType() && way == Way::Place;
    return Kept(*definition, depth + 1).variable(parameter, isPlace ? Way::Place : Way::Value);
  }

  bool ofConstruction(const CXXConstructExpr &construct, const Expr &argument, Way way) {
    const CXXConstructorDecl *constructor = construct.getConstructor();
    if (constructor->isCopyOrMoveConstructor())
      return way == Way::Value && isKept(&construct, way);
    if (!isStandardDeclaration(constructor)) {
      for (unsigned i = 0; i < construct.getNumArgs(); ++i)
        if (construct.getArg(i) == &argument && passes(*constructor, i, way))
          return true;
      return holdsWay(construct.getType(), argument.getType());
    }
    if (mayKeepWay(construct, argument))
      return true;
    return leadsElsewhere(construct.getType()) && isKept(&construct, Way::Value);
  }

  bool ofDeclaration(const DeclStmt &declaration, const Expr *initial, Way way) {
    for (const Decl *each : declaration.decls()) {
      const auto *local = dyn_cast<VarDecl>(each);
      if (!local || local->getInit() != initial)
        continue;
      const bool isReference = local->getType()->isReferenceType();
      if (!local->hasLocalStorage())
        return isReference || way == Way::Value;
      if (way == Way::Place && !isReference)
        return false; // a copy
      if (way == Way::Value && !isReference && !leadsElsewhere(local->getType()))
        return true;
      if (const auto *parts = dyn_cast<DecompositionDecl>(local))
        return llvm::any_of(parts->bindings(),
                            [&](const BindingDecl *part) { return variable(part, way); });
      return variable(local, way);
    }
    return false;
  }

  const FunctionDecl &function;
  ParentMap parents;
  unsigned depth;
  llvm::DenseMap<const ValueDecl *, std::vector<const Expr *>> references;
  std::vector<const Expr *> selves; ///< `this`
  std::set<std::pair<const ValueDecl *, Way>> followed;
};

/// The result may lead into what the function was given.
bool leadsBack(const FunctionDecl &function, QualType given) {
  const QualType result = function.getReturnType();
  return leadsElsewhere(result) || (!result->isVoidType() && holdsWay(result, given));
}

} // namespace

bool returnsIntoArgument(const FunctionDecl *callee) {
  return leadsElsewhere(callee->getReturnType());
}

bool mayRetain(const FunctionDecl *callee, unsigned index, unsigned depth) {
  const FunctionDecl *definition = nullptr;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  if (depth > kDepth || (method && method->isVirtual()) || !callee->hasBody(definition) ||
      index >= definition->getNumParams())
    return true;
  const ParmVarDecl *parameter = definition->getParamDecl(index);
  if (isPlainCopy(*parameter))
    return false;
  if (leadsBack(*callee, parameter->getType()))
    return true;
  return Kept(*definition, depth)
      .variable(parameter, parameter->getType()->isReferenceType() ? Way::Place : Way::Value);
}

bool isForwarding(const FunctionDecl *callee, unsigned index) {
  const FunctionDecl *pattern = callee->getTemplateInstantiationPattern();
  if (!pattern)
    if (const FunctionTemplateDecl *primary = callee->getPrimaryTemplate())
      pattern = primary->getTemplatedDecl();
  if (!pattern || pattern->getNumParams() == 0)
    return false;
  QualType type = pattern->getParamDecl(std::min(index, pattern->getNumParams() - 1))->getType();
  if (const auto *expansion = dyn_cast<PackExpansionType>(type.getTypePtr()))
    type = expansion->getPattern();
  return type->isRValueReferenceType() &&
         isa<TemplateTypeParmType>(type->getPointeeType().getTypePtr());
}

bool holdsReferences(QualType type) {
  return llvm::any_of(typeArguments(type->getAsCXXRecordDecl()),
                      [](QualType argument) { return argument->isReferenceType(); });
}

bool mayRetainObject(const CXXMethodDecl *method, unsigned depth) {
  const FunctionDecl *definition = nullptr;
  return depth > kDepth || method->isVirtual() || !method->hasBody(definition) ||
         Kept(*definition, depth).object();
}

} // namespace unlatch
