// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The calls among them are harmless in that no other thread sees them, which harmless.h lists; here
// it matters what this thread sees.

#include "matchers/effects.h"

#include "matchers/function_analysis.h"
#include "matchers/harmless.h"
#include "matchers/throwing.h"
#include "matchers/types.h"

#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace unlatch {

namespace {

/// How many calls deep the bodies of functions are looked into.
constexpr unsigned kDepth = 4;

/// Whose variables do not count: those of a function end with it.
enum class Within { Expression, Body };

bool hasEffects(const Stmt *node, unsigned depth, Within within);

bool isOwnVariable(const Expr *target) {
  const auto *reference = dyn_cast<DeclRefExpr>(strip(target));
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  return variable && variable->hasLocalStorage() && !variable->getType()->isReferenceType() &&
         !reference->refersToEnclosingVariableOrCapture();
}

/// front(), begin() and their like: there is one for constant objects as well, so it hands out what
/// it finds.
bool hasConstTwin(const CXXMethodDecl &method) {
  return llvm::any_of(method.getParent()->lookup(method.getDeclName()), [&](const NamedDecl *each) {
    const auto *pattern = dyn_cast<FunctionTemplateDecl>(each);
    const auto *other =
        dyn_cast<CXXMethodDecl>(pattern ? pattern->getTemplatedDecl() : each->getUnderlyingDecl());
    return other && other->isConst() && other->getNumParams() == method.getNumParams();
  });
}

/// Functions that take references, pointers or iterators to what they only look at, copy, or hand
/// out a way to. (What is moved from is no concern of this file.)
bool leavesArguments(const FunctionDecl &callee) {
  static const llvm::StringSet<> names = {"move",
                                          "forward",
                                          "as_const",
                                          "addressof",
                                          "get",
                                          "get_if",
                                          "any_cast",
                                          "begin",
                                          "end",
                                          "data",
                                          "next",
                                          "prev",
                                          "distance",
                                          "make_pair",
                                          "make_tuple",
                                          "make_shared",
                                          "make_unique",
                                          "make_optional",
                                          "insert_or_assign",
                                          "try_emplace",
                                          "count",
                                          "find",
                                          "search",
                                          "equal",
                                          "mismatch",
                                          "adjacent_find",
                                          "max_element",
                                          "min_element",
                                          "lower_bound",
                                          "upper_bound",
                                          "binary_search",
                                          "is_sorted",
                                          "lexicographical_compare",
                                          "accumulate",
                                          "reduce",
                                          "inner_product"};
  return isStandardDeclaration(&callee) && callee.getIdentifier() &&
         (names.contains(callee.getName()) || callee.getName().starts_with("emplace"));
}

bool leadsByValue(const ParmVarDecl *parameter) {
  return !parameter->getType()->isReferenceType() && leadsElsewhere(parameter->getType());
}

/// A parameter through which what is passed, or what it leads to, can be changed.
bool canChange(QualType parameter) {
  if (parameter->isRValueReferenceType())
    return false; // a temporary, or moved from
  if (parameter->isLValueReferenceType() || parameter->isPointerType())
    return !parameter->getPointeeType().isConstQualified();
  return leadsElsewhere(parameter) && !parameter->isMemberPointerType() &&
         !StringRef(namedClass(parameter) ? namedClass(parameter)->name : "").ends_with("_view");
}

/// What the call is made on.
const Expr *objectOf(const CallExpr &call) {
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call))
    return member->getImplicitObjectArgument();
  return isa<CXXOperatorCallExpr>(call) ? call.getArg(0) : nullptr;
}

/// A function of the program: what its body does, as far as that is seen.
bool bodyHasEffects(const FunctionDecl &callee, unsigned depth) {
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  const FunctionDecl *definition = nullptr;
  if (method && method->isVirtual())
    return true;
  if (!callee.hasBody(definition)) // a constant method only asks
    return !(method && method->isConst());
  return depth == 0 || hasEffects(definition->getBody(), depth - 1, Within::Body);
}

bool callHasEffects(const CallExpr &call, unsigned depth, Within within) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee)
    return true;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  if (method && !method->isInstance())
    method = nullptr;
  if (!isHarmless(callee)) {
    if (!isStandardDeclaration(callee))
      return bodyHasEffects(*callee, depth);
    return !method || !method->isConst() || method->isVirtual() ||
           method->getOverloadedOperator() == OO_Call; // of std::function
  }
  const Expr *object = within == Within::Body ? objectOf(call) : nullptr;
  return (method && !method->isConst() && !hasConstTwin(*method) &&
          !(object && isOwnVariable(object))) ||
         !changedThrough(call).empty() || !llvm::all_of(constructorsRunBy(callee), onlyInitialises);
}

bool isEffect(const Stmt *node, unsigned depth, Within within) {
  const auto isOwn = [&](const Expr *target) {
    return within == Within::Body && isOwnVariable(target);
  };
  if (const auto *unary = dyn_cast<UnaryOperator>(node))
    return unary->isIncrementDecrementOp() && !isOwn(unary->getSubExpr());
  if (const auto *binary = dyn_cast<BinaryOperator>(node))
    return binary->isAssignmentOp() && !isOwn(binary->getLHS());
  if (const auto *call = dyn_cast<CallExpr>(node))
    return callHasEffects(*call, depth, within);
  if (const auto *construct = dyn_cast<CXXConstructExpr>(node)) {
    const CXXConstructorDecl *constructor = construct->getConstructor();
    return throwsIfGone(*construct) ||
           (!constructor->isTrivial() && !isHarmless(constructor) && !onlyInitialises(constructor));
  }
  if (const auto *temporary = dyn_cast<CXXBindTemporaryExpr>(node))
    return !destructorsRunBy(temporary->getType(), false).empty();
  if (const auto *given = dyn_cast<CXXDefaultArgExpr>(node))
    return hasEffects(given->getExpr(), depth, Within::Expression);
  if (const auto *given = dyn_cast<CXXDefaultInitExpr>(node))
    return hasEffects(given->getExpr(), depth, Within::Expression);
  if (const auto *declaration = dyn_cast<DeclStmt>(node); declaration && within == Within::Body)
    return llvm::any_of(declaration->decls(), [](const Decl *each) {
      const auto *variable = dyn_cast<VarDecl>(each);
      return variable &&
             (variable->isStaticLocal() || !destructorsRunBy(variable->getType(), false).empty());
    });
  return isa<CXXNewExpr>(node) || isa<CXXDeleteExpr>(node) || isa<CXXThrowExpr>(node) ||
         isa<AtomicExpr>(node) || isa<StmtExpr>(node) || isa<CoroutineSuspendExpr>(node) ||
         isa<AsmStmt>(node);
}

bool hasEffects(const Stmt *node, unsigned depth, Within within) {
  return node && !isa<LambdaExpr>(node) &&
         (isEffect(node, depth, within) || llvm::any_of(node->children(), [&](const Stmt *child) {
            return hasEffects(child, depth, within);
          }));
}

} // namespace

bool hasEffects(const Stmt *expression) {
  return hasEffects(expression, kDepth, Within::Expression);
}

/// Calls `visit` with each call operator and each template of one, those of bases included.
template <class Visit> static bool anyCallOperator(const CXXRecordDecl &record, Visit &&visit) {
  if (!record.hasDefinition())
    return false;
  for (const Decl *member : record.getDefinition()->decls()) {
    const auto *pattern = dyn_cast<FunctionTemplateDecl>(member);
    const auto *function = pattern ? pattern->getTemplatedDecl() : dyn_cast<FunctionDecl>(member);
    if (function && function->getOverloadedOperator() == OO_Call && visit(*function, pattern))
      return true;
  }
  return llvm::any_of(record.bases(), [&](const CXXBaseSpecifier &base) {
    const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl();
    return parent && anyCallOperator(*parent, visit);
  });
}

std::vector<const CXXMethodDecl *> callOperators(const CXXRecordDecl &record) {
  std::vector<const CXXMethodDecl *> result;
  anyCallOperator(record, [&](const FunctionDecl &function, const FunctionTemplateDecl *pattern) {
    if (!pattern)
      result.push_back(cast<CXXMethodDecl>(&function));
    else
      for (const FunctionDecl *made : pattern->specializations())
        result.push_back(cast<CXXMethodDecl>(made));
    return false;
  });
  return result;
}

std::vector<const FunctionDecl *> functionsIn(const Expr *callable) {
  callable = stripMove(callable);
  while (const auto *unary = dyn_cast<UnaryOperator>(callable)) {
    if (unary->getOpcode() != UO_AddrOf && unary->getOpcode() != UO_Plus)
      break;
    callable = stripMove(unary->getSubExpr());
  }
  if (const auto *converted = dyn_cast<CXXMemberCallExpr>(callable);
      converted && isa_and_nonnull<CXXConversionDecl>(converted->getMethodDecl()))
    callable = stripMove(converted->getImplicitObjectArgument());
  if (const auto *reference = dyn_cast<DeclRefExpr>(callable))
    if (const auto *named = dyn_cast<FunctionDecl>(reference->getDecl()))
      return {named};
  const CXXRecordDecl *record = callable->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || isStandardDeclaration(record))
    return {};
  const std::vector<const CXXMethodDecl *> run = callOperators(*record);
  return {run.begin(), run.end()};
}

bool isCallable(QualType type) {
  type = type.getNonReferenceType();
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  std::optional<NamedClass> named = namedClass(type);
  return type->isFunctionPointerType() || type->isFunctionType() ||
         (record && record->isLambda()) || (named && named->name == "std::function") ||
         (record && !isStandardDeclaration(record) &&
          anyCallOperator(*record, [](const auto &...) { return true; }));
}

std::vector<const Expr *> changedThrough(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  std::vector<const Expr *> result;
  if (!callee)
    return result;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  const bool runsOthers =
      callsAtOnce(callee) || (!method && llvm::any_of(callee->parameters(), leadsByValue));
  // The object of an operator is the first argument, and no parameter.
  const unsigned first = method && method->isInstance() && isa<CXXOperatorCallExpr>(call) ? 1 : 0;
  for (unsigned i = first; i < call.getNumArgs(); ++i) {
    const Expr *argument = call.getArg(i);
    if (isa<CXXDefaultArgExpr>(argument)) // as the second one of std::stoi
      continue;
    const bool isNamed = i - first < callee->getNumParams();
    const bool isChanged =
        (isNamed ? canChange(callee->getParamDecl(i - first)->getType())
                 : argument->getType()->isPointerType() && canChange(argument->getType())) &&
        !leavesArguments(*callee);
    if (isChanged || (runsOthers && isCallable(argument->getType())))
      result.push_back(argument);
  }
  return result;
}

bool isEffect(const Stmt *node) { return isEffect(node, kDepth, Within::Expression); }

} // namespace unlatch
