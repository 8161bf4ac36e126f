// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/handles.h"

#include "matchers/memory_finder.h"
#include "matchers/retention.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

bool isHandle(QualType type) {
  type = type.getNonReferenceType();
  return !type->isAnyPointerType() && !type->isMemberPointerType() && leadsElsewhere(type);
}

QualType targetType(QualType handle) {
  const CXXRecordDecl *record = handle.getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition())
    return {};
  for (const CXXMethodDecl *method : record->methods())
    if (method->getOverloadedOperator() == OO_Star && method->getNumParams() == 0)
      return method->getReturnType().getNonReferenceType();
  return templateArgument(handle.getNonReferenceType(), 0);
}

namespace {

/// How many steps from one expression to the one that it was made of.
constexpr unsigned kDepth = 12;

HandleTarget worse(HandleTarget left, HandleTarget right) {
  return left.kind >= right.kind ? left : right;
}

class Targets {
public:
  explicit Targets(const FunctionAnalysis &analysis) : a(analysis) {}

  HandleTarget of(const Expr *handle, unsigned depth) const {
    const Expr *expression = stripMove(handle);
    if (!expression || depth == 0)
      return {};
    if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
      return variable(*reference, depth);
    if (const auto *call = dyn_cast<CXXMemberCallExpr>(expression)) {
      const CXXMethodDecl *method = call->getMethodDecl();
      if (!method || !isStandardDeclaration(method))
        return {};
      return madeOf(call->getImplicitObjectArgument(), depth);
    }
    if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(expression))
      return step(*operation, depth);
    if (const auto *call = dyn_cast<CallExpr>(expression)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (!callee || !isStandardDeclaration(callee))
        return {};
      return madeOfAll(call->arguments(), depth);
    }
    if (const auto *construct = dyn_cast<CXXConstructExpr>(expression))
      return madeOfAll(construct->arguments(), depth);
    if (const auto *list = dyn_cast<InitListExpr>(expression))
      return madeOfAll(list->inits(), depth);
    if (const auto *cast = dyn_cast<ExplicitCastExpr>(expression))
      return of(cast->getSubExpr(), depth - 1);
    if (const auto *choice = dyn_cast<ConditionalOperator>(expression))
      return worse(of(choice->getTrueExpr(), depth - 1), of(choice->getFalseExpr(), depth - 1));
    return {};
  }

private:
  HandleTarget variable(const DeclRefExpr &reference, unsigned depth) const {
    if (const auto *parameter = dyn_cast<ParmVarDecl>(reference.getDecl()))
      return parameter->getDeclContext() == &a.function
                 ? HandleTarget{HandleTarget::Parameter,
                                static_cast<int>(parameter->getFunctionScopeIndex())}
                 : HandleTarget{};
    const auto *variable = dyn_cast<VarDecl>(reference.getDecl());
    if (!variable || !variable->hasLocalStorage() || !variable->getInit() ||
        a.changed.count(variable))
      return {};
    return of(variable->getInit(), depth - 1);
  }

  /// `++it`, `it + n` lead where `it` does; `*it` and `c[i]` are other handles.
  HandleTarget step(const CXXOperatorCallExpr &operation, unsigned depth) const {
    switch (operation.getOperator()) {
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_Plus:
    case OO_Minus:
    case OO_PlusEqual:
    case OO_MinusEqual:
      return of(operation.getArg(0), depth - 1);
    case OO_Pipe: // a range and an adaptor
    case OO_Call:
      return madeOfAll(operation.arguments(), depth);
    default:
      return {};
    }
  }

  template <typename Arguments>
  HandleTarget madeOfAll(Arguments &&arguments, unsigned depth) const {
    HandleTarget result{HandleTarget::ThreadLocal};
    for (const Expr *argument : arguments)
      if (!isa<CXXDefaultArgExpr>(argument))
        result = worse(result, madeOf(argument, depth));
    return result;
  }

  /// What is made of a handle or a pointer leads where that does, of an object into it.
  HandleTarget madeOf(const Expr *from, unsigned depth) const {
    const QualType type = from->getType();
    if (isHandle(type))
      return of(from, depth - 1);
    const CXXRecordDecl *record = type->getAsCXXRecordDecl();
    if (!type->isPointerType() && !record && !type->isArrayType() && !from->isLValue())
      return {HandleTarget::ThreadLocal}; // a number
    const ObjectPath path = a.pathOf(from);
    if (path.root == ObjectPath::Local && !path.throughPointer)
      return {HandleTarget::ThreadLocal};
    if (!type->isPointerType())
      return {HandleTarget::Named};
    return path.root == ObjectPath::Parameter
               ? HandleTarget{HandleTarget::Parameter, path.parameter}
               : HandleTarget{};
  }

  const FunctionAnalysis &a;
};

} // namespace

HandleTarget targetOf(const FunctionAnalysis &analysis, const Expr *handle) {
  return Targets(analysis).of(handle, kDepth);
}

void MemoryFinder::handleUse(const Expr &node, const Expr *handle, bool writes) {
  const HandleTarget target = targetOf(a, handle);
  if (target.kind == HandleTarget::Parameter && !writes)
    return readThrough(node, target.parameter);
  if (target.kind == HandleTarget::Parameter)
    return memoryUse(node, true, target.parameter, "what the parameter leads to");
  if (target.kind == HandleTarget::Elsewhere)
    memoryUse(node, writes, -1, "memory that an iterator or a view leads to");
}

/// `*it`, `view[i]`, `wrapper.get()`: what is done with the object there.
void MemoryFinder::throughHandle(const CallExpr &call) {
  const Expr *object = nullptr;
  if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call)) {
    const OverloadedOperatorKind kind = operation->getOperator();
    if (kind == OO_Star || kind == OO_Subscript || kind == OO_Arrow)
      object = operation->getArg(0);
  } else if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call)) {
    object = member->getImplicitObjectArgument();
  }
  const QualType type = !object                              ? QualType()
                        : object->getType()->isPointerType() ? object->getType()->getPointeeType()
                                                             : object->getType();
  const FunctionDecl *callee = call.getDirectCallee();
  if (callee && callee->getIdentifier() && callee->getName() == "get" &&
      isStandardDeclaration(callee) && !isa<CXXMethodDecl>(callee) && call.getNumArgs() == 1 &&
      holdsReferences(call.getArg(0)->getType().getNonReferenceType()))
    return behindReferencePart(call);
  if (!object || !isHandle(type) || a.referenceRoot.count(strip(object)))
    return;
  // Where it leads into a map, the map's operations say what is done.
  if (a.handleOfRoot(object))
    return;
  const auto *part = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&call, nullptr));
  if (part && !isSystem(part->getMemberDecl()))
    return; // a member of the program's class has an access of its own
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(part ? part->getMemberDecl() : nullptr);
  const bool isConstant =
      call.getType().isConstQualified() ||
      (call.getType()->isPointerType() && call.getType()->getPointeeType().isConstQualified());
  if (!call.isGLValue() && !call.getType()->isPointerType() && !isHandle(call.getType())) {
    if (isa<CXXOperatorCallExpr>(call)) // a proxy, which is assigned to
      handleUse(call, object, a.mayWrite(&call) || !call.getType()->isScalarType());
    return;
  }
  if (isHandle(call.getType()))
    return; // another one, whose use will be seen
  handleUse(call, object, !isConstant && (method ? !method->isConst() : a.mayWrite(&call)));
}

/// What the library is given handles for.
void MemoryFinder::lentHandles(const Expr &node, const FunctionDecl &callee,
                               ArrayRef<const Expr *> arguments) {
  const QualType result = isa<CXXConstructorDecl>(callee) ? node.getType() : callee.getReturnType();
  if (isHandle(result) && callee.getNumParams() < 3)
    return; // next(it), ref(x), std::span(p, n): only handed on
  if (callee.getOverloadedOperator() != OO_None)
    return; // a comparison of positions
  const bool mayWrite = !isa<CXXMethodDecl>(callee);
  for (const Expr *argument : arguments) {
    if (!isHandle(argument->getType()))
      continue;
    const QualType target = targetType(argument->getType());
    handleUse(node, argument, mayWrite && (target.isNull() || !target.isConstQualified()));
  }
}

/// A member, or a part of a tuple, that is a reference in an object of one's own.
void MemoryFinder::behindReferencePart(const Expr &node) {
  memoryUse(node, a.mayWrite(&node), -1, "what a reference in an object leads to");
}

} // namespace unlatch
