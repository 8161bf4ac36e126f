// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/kept_ways.h"

#include "matchers/effects.h"
#include "matchers/function_analysis.h"
#include "matchers/retention.h"
#include "matchers/types.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace unlatch {

namespace {

constexpr unsigned kDepth = 6;

QualType plain(QualType type) {
  return type.isNull() ? type : type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
}

bool isOpaque(StringRef name) { return name == "std::any" || name == "std::function"; }

/// Has no part in what a container holds.
bool isPolicy(StringRef name) {
  static constexpr StringRef kNames[] = {"std::allocator",     "std::less",     "std::greater",
                                         "std::hash",          "std::equal_to", "std::char_traits",
                                         "std::default_delete"};
  return llvm::is_contained(kNames, name);
}

bool holds(QualType type, QualType copied, unsigned depth) {
  if (type.isNull() || type->isDependentType() || depth == 0)
    return true;
  if (type->isReferenceType())
    return true;
  type = plain(type);
  if (!copied.isNull() && type == copied)
    return false;
  if (type->isPointerType())
    return !type->isFunctionPointerType();
  if (const ArrayType *array = type->getAsArrayTypeUnsafe())
    return holds(array->getElementType(), copied, depth - 1);
  const std::optional<NamedClass> named = namedClass(type);
  if (!named)
    return false;
  if (leadsElsewhere(type))
    return true;
  if (isStandardDeclaration(named->record)) {
    if (isPolicy(named->name) || isOpaque(named->name))
      return false;
    // What a smart pointer leads to is as it was.
    if (isSmartPointer(type) && !copied.isNull() && isSmartPointer(copied))
      return false;
    return llvm::any_of(typeArguments(named->record),
                        [&](QualType argument) { return holds(argument, copied, depth - 1); });
  }
  const CXXRecordDecl *record = named->record->getDefinition();
  if (!record || record->isLambda())
    return true;
  return llvm::any_of(
             record->fields(),
             [&](const FieldDecl *field) { return holds(field->getType(), copied, depth - 1); }) ||
         llvm::any_of(record->bases(), [&](const CXXBaseSpecifier &base) {
           return holds(base.getType(), copied, depth - 1);
         });
}

/// What a copy through the argument is: of the value, or of what an iterator or pointer leads to.
QualType copiedThrough(const Expr &argument) {
  const QualType type = plain(argument.getType());
  if (type->isPointerType())
    return plain(type->getPointeeType());
  if (!leadsElsewhere(type))
    return type;
  const QualType first = templateArgument(type, 0);
  if (first.isNull())
    return {};
  return plain(first->isPointerType() ? first->getPointeeType() : first);
}

/// What an iterator or pointer leads to has room for a way.
bool leadsToWays(QualType type, QualType copied) {
  type = plain(type);
  if (type->isPointerType())
    return !type->isFunctionPointerType() && holds(type->getPointeeType(), copied, kDepth);
  const std::optional<NamedClass> named = namedClass(type);
  if (!named || !leadsElsewhere(type))
    return false;
  return llvm::any_of(typeArguments(named->record), [&](QualType part) {
    return holds(part->isPointerType() ? part->getPointeeType() : part, copied, kDepth);
  });
}

/// A function that an algorithm gives the elements to: it only computes.
class Computes {
public:
  explicit Computes(const LambdaExpr &lambda)
      : lambda(lambda), result(lambda.getCallOperator()->getReturnType()),
        isResultKnown(!result->isDependentType() && !result->getContainedDeducedType()) {}

  bool run() const {
    if (isResultKnown && !result->isVoidType() && holds(result, {}, kDepth))
      return false;
    return allows(lambda.getBody());
  }

private:
  bool allows(const Stmt *node) const {
    if (!node)
      return true;
    if (isa<LambdaExpr, CXXNewExpr, UnresolvedLookupExpr, UnresolvedMemberExpr>(node))
      return false;
    if (const auto *unary = dyn_cast<UnaryOperator>(node); unary && unary->getOpcode() == UO_AddrOf)
      return false;
    if (const auto *leave = dyn_cast<ReturnStmt>(node);
        leave && leave->getRetValue() && !isResultKnown) {
      const Expr *value = strip(leave->getRetValue());
      const QualType type = value->getType();
      const auto *binary = dyn_cast<BinaryOperator>(value);
      const auto *unary = dyn_cast<UnaryOperator>(value);
      const bool tests = (binary && (binary->isComparisonOp() || binary->isLogicalOp())) ||
                         (unary && unary->getOpcode() == UO_LNot);
      if (!tests && (type->isDependentType() || holds(type, {}, kDepth)))
        return false;
    }
    if (const auto *binary = dyn_cast<BinaryOperator>(node); binary && binary->isAssignmentOp())
      if (const QualType type = binary->getLHS()->getType();
          type->isDependentType() || holds(type, {}, kDepth))
        return false;
    if (const auto *call = dyn_cast<CallExpr>(node)) {
      const auto *method = dyn_cast_or_null<CXXMethodDecl>(call->getDirectCallee());
      const Expr *object = nullptr;
      if (const auto *member = dyn_cast<CXXMemberCallExpr>(call))
        object = member->getImplicitObjectArgument();
      else if (isa<CXXOperatorCallExpr>(call) && call->getNumArgs() > 0)
        object = call->getArg(0);
      if (object && method && !method->isConst() && holds(object->getType(), {}, kDepth))
        return false;
      if (!call->getDirectCallee() && !isa<CXXDependentScopeMemberExpr>(call->getCallee()))
        return false;
    }
    return llvm::all_of(node->children(), [&](const Stmt *child) { return allows(child); });
  }

  const LambdaExpr &lambda;
  const QualType result;
  const bool isResultKnown;
};

} // namespace

bool holdsWay(QualType type, QualType copied) { return holds(type, plain(copied), kDepth); }

bool mayKeepWay(const CXXConstructExpr &construct, const Expr &argument) {
  const QualType type = construct.getType();
  return isStandardDeclaration(construct.getConstructor()) &&
         !construct.getConstructor()->isCopyOrMoveConstructor() && !leadsElsewhere(type) &&
         holds(type, copiedThrough(argument), kDepth);
}

/// Of what an algorithm gives the elements to.
static bool keepsElements(const Expr &given, unsigned depth) {
  const std::vector<const FunctionDecl *> functions = functionsIn(&given);
  // Of a generic lambda nothing else may be seen.
  if (const auto *lambda = dyn_cast<LambdaExpr>(stripMove(&given)); lambda && functions.empty())
    return !Computes(*lambda).run();
  return functions.empty() || llvm::any_of(functions, [&](const FunctionDecl *function) {
           for (unsigned index = 0; index < function->getNumParams(); ++index)
             if (mayRetain(function, index, depth + 1))
               return true;
           return false;
         });
}

bool mayKeepWay(const CallExpr &call, const Expr &argument, unsigned depth) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee || !isStandardDeclaration(callee))
    return false;
  const QualType copied = copiedThrough(argument);
  const bool isPointer = leadsElsewhere(argument.getType());
  const CXXRecordDecl *result = call.getType()->getAsCXXRecordDecl();
  const bool isGivenLambda = result && result->isLambda(); // which is asked below
  if (!call.isGLValue() && !call.getType()->isVoidType() && !isGivenLambda &&
      !leadsElsewhere(call.getType()) && holds(call.getType(), copied, kDepth))
    return true;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  const Expr *object = nullptr;
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call))
    object = member->getImplicitObjectArgument();
  else if (isa<CXXOperatorCallExpr>(call) && method)
    object = call.getArg(0);
  if (object && strip(object) != strip(&argument) && !method->isConst()) {
    if (holds(object->getType(), copied, kDepth))
      return !leadsElsewhere(object->getType()); // what is written to a view is followed itself
    if (const std::optional<NamedClass> named = namedClass(object->getType());
        named && isPointer && isOpaque(named->name))
      return true;
  }
  for (const Expr *other : call.arguments()) {
    if (other == object || strip(other) == strip(&argument))
      continue;
    if (isCallable(other->getType())) {
      if ((isPointer || holdsElements(argument.getType())) && keepsElements(*other, depth))
        return true;
    } else if (leadsToWays(other->getType(), copied)) {
      return true;
    }
  }
  return false;
}

} // namespace unlatch
