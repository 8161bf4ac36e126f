// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/throwing.h"

#include "matchers/effects.h"
#include "matchers/function_analysis.h"
#include "matchers/harmless.h"
#include "matchers/types.h"
#include "matchers/used_types.h"

#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace unlatch {

namespace {

/// How many calls deep the bodies of functions are looked into.
constexpr unsigned kDepth = 4;

/// Throwing is among what these are for.
bool throwsOnPurpose(const FunctionDecl &callee) {
  static const llvm::StringSet<> names = {"at",
                                          "value",
                                          "get",
                                          "substr",
                                          "any_cast",
                                          "stoi",
                                          "stol",
                                          "stoll",
                                          "stoul",
                                          "stoull",
                                          "stof",
                                          "stod",
                                          "stold",
                                          "vformat",
                                          "regex_match",
                                          "regex_search",
                                          "regex_replace",
                                          "rethrow_exception",
                                          "throw_with_nested"};
  return callee.getIdentifier() && names.contains(callee.getName());
}

bool isNoexcept(const FunctionDecl &function) {
  const auto *type = function.getType()->getAs<FunctionProtoType>();
  return type && !isUnresolvedExceptionSpec(type->getExceptionSpecType()) && type->isNothrow();
}

/// `text.insert(position, ...)`, `bits.set(position)`: what is behind the end throws.
bool takesPosition(const CallExpr &call, const FunctionDecl &callee) {
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  if (!method || !method->getIdentifier() || call.getNumArgs() == 0)
    return false;
  const StringRef owner = method->getParent()->getName(), name = method->getName();
  if (owner == "bitset")
    return name == "set" || name == "reset" || name == "flip" || name == "test";
  if (!owner.starts_with("basic_string"))
    return false;
  const auto isNumber = [&](unsigned index) {
    return index < callee.getNumParams() &&
           callee.getParamDecl(index)->getType()->isIntegerType() &&
           !isa<CXXDefaultArgExpr>(call.getArg(index));
  };
  if (name == "append" || name == "assign")
    return callee.getNumParams() > 1 &&
           callee.getParamDecl(0)->getType().getNonReferenceType()->isRecordType() && isNumber(1);
  return (name == "insert" || name == "erase" || name == "replace" || name == "compare") &&
         isNumber(0);
}

/// Throwing is what the call is for, and its arguments allow it.
bool throwsByItself(const CallExpr &call, const FunctionDecl &callee) {
  if (takesPosition(call, callee))
    return true;
  if (isNoexcept(callee) || !throwsOnPurpose(callee))
    return false;
  if (callee.getName() != "substr" || call.getNumArgs() == 0)
    return true;
  const auto *from = dyn_cast<IntegerLiteral>(strip(call.getArg(0)));
  return !isa<CXXDefaultArgExpr>(call.getArg(0)) && !(from && from->getValue().isZero());
}

/// A function of the library that may call what it is given: any that does not only pass it on.
bool mayCall(const FunctionDecl &callee) {
  static const llvm::StringSet<> passOn = {
      "move",       "forward",       "swap",        "exchange",    "ref",       "cref",
      "as_const",   "addressof",     "make_shared", "make_unique", "make_pair", "bind",
      "make_tuple", "make_optional", "bind_front",  "mem_fn",      "tie",       "get"};
  if (isa<CXXMethodDecl>(callee))
    return callsAtOnce(&callee);
  return !callee.getIdentifier() || !passOn.contains(callee.getName());
}

/// May run the function of a class derived from what the object is known as.
bool isDispatched(const CallExpr &call) {
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(call.getDirectCallee());
  if (!method || !method->isVirtual() || method->hasAttr<FinalAttr>() ||
      method->getParent()->hasAttr<FinalAttr>())
    return false;
  const auto *callee = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParens());
  return !(callee && callee->hasQualifier());
}

/// The destructor, or that of a part, says so.
bool typeEndMayThrow(QualType type, unsigned depth = kDepth) {
  const CXXRecordDecl *record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || isOfLibrary(*record) || depth == 0)
    return false;
  if (const CXXDestructorDecl *end = record->getDestructor(); end && end->isUserProvided()) {
    const auto *function = end->getType()->getAs<FunctionProtoType>();
    return function && !isUnresolvedExceptionSpec(function->getExceptionSpecType()) &&
           !function->isNothrow();
  }
  return llvm::any_of(record->fields(),
                      [&](const FieldDecl *field) {
                        return typeEndMayThrow(field->getType(), depth - 1);
                      }) ||
         llvm::any_of(record->bases(), [&](const CXXBaseSpecifier &base) {
           return typeEndMayThrow(base.getType(), depth - 1);
         });
}

class Throwing {
public:
  Throwing(unsigned depth, UnseenFunctions *unseen) : depth(depth), unseen(unseen) {}

  bool node(const Stmt *node) const {
    if (isa<CXXThrowExpr>(node) || isa<CoroutineSuspendExpr>(node))
      return true;
    if (const auto *cast = dyn_cast<CXXDynamicCastExpr>(node))
      return cast->isGLValue();
    if (const auto *construct = dyn_cast<CXXConstructExpr>(node)) {
      const CXXConstructorDecl *constructor = construct->getConstructor();
      if (isStandardDeclaration(constructor))
        return throwsIfGone(*construct);
      if (constructor->isInheritingConstructor())
        return function(*constructor->getInheritedConstructor().getConstructor());
      return !constructor->isTrivial() && function(*constructor);
    }
    if (const auto *inherited = dyn_cast<CXXInheritedCtorInitExpr>(node))
      return function(*inherited->getConstructor());
    if (const auto *temporary = dyn_cast<CXXBindTemporaryExpr>(node))
      return typeEndMayThrow(temporary->getType());
    const auto *call = dyn_cast<CallExpr>(node);
    return (call && this->call(*call)) || endMayThrow(node);
  }

  /// What stands anywhere within. What a lambda does is asked where it is called.
  bool within(const Stmt *node) const {
    if (!node)
      return false;
    if (const auto *lambda = dyn_cast<LambdaExpr>(node))
      return llvm::any_of(lambda->capture_inits(), [&](const Expr *copy) { return within(copy); });
    if (const auto *given = dyn_cast<CXXDefaultInitExpr>(node))
      return within(given->getExpr());
    return this->node(node) ||
           llvm::any_of(node->children(), [&](const Stmt *child) { return within(child); });
  }

  /// What a body does, if it is seen.
  bool body(const FunctionDecl &definition) const {
    const Throwing inner(depth == 0 ? 0 : depth - 1, unseen);
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&definition))
      for (const CXXCtorInitializer *init : constructor->inits())
        if (inner.within(init->getInit()))
          return true;
    return inner.within(definition.getBody());
  }

  /// What the library is given to call.
  bool callable(const Expr *argument) const {
    const std::vector<const FunctionDecl *> functions = functionsIn(argument);
    return functions.empty() || llvm::any_of(functions, [&](const FunctionDecl *each) {
             const auto *method = dyn_cast<CXXMethodDecl>(each);
             return !isHarmless(each) && function(*each, method && method->isVirtual());
           });
  }

  /// What the library runs of the program during the call, or the call itself.
  bool halfWay(const CallExpr &call) const {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee || !isStandardDeclaration(callee))
      return node(&call);
    UsedTypes used;
    if (const TemplateArgumentList *arguments = callee->getTemplateSpecializationArgs())
      used.add(*arguments);
    if (const auto *method = dyn_cast<CXXMethodDecl>(callee))
      used.add(method->getASTContext().getCanonicalTagType(method->getParent()));
    return llvm::any_of(
               used.operators,
               [&](const FunctionDecl *each) { return !isOfLibrary(*each) && function(*each); }) ||
           llvm::any_of(call.arguments(), [&](const Expr *argument) {
             return isCallable(argument->getType()) && callable(argument);
           });
  }

private:
  bool function(const FunctionDecl &callee, bool isDispatched = false) const {
    if (isNoexcept(callee))
      return false;
    const FunctionDecl *definition = nullptr;
    if (callee.isDefaulted() && !callee.hasBody())
      return false; // it is not run, or trivial
    if ((depth > 0 || callee.isDefaulted()) && !isDispatched && callee.hasBody(definition))
      return body(*definition);
    if (unseen)
      unseen->push_back(&callee);
    return !unseen;
  }

  bool call(const CallExpr &call) const {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee)
      return !isa<CXXPseudoDestructorExpr>(call.getCallee()->IgnoreParens());
    if (isLogging(callee))
      return false;
    const bool runsOthers = callee->getOverloadedOperator() == OO_Call && !isHarmless(callee);
    if ((!isStandardDeclaration(callee) && !isHarmless(callee)) || runsOthers)
      return function(*callee, isDispatched(call));
    if (const auto *method = dyn_cast<CXXMethodDecl>(callee); method && ownOperators(*method))
      return true;
    return throwsByItself(call, *callee) ||
           (mayCall(*callee) && llvm::any_of(call.arguments(),
                                             [&](const Expr *argument) {
                                               return isCallable(argument->getType()) &&
                                                      callable(argument);
                                             })) ||
           llvm::any_of(constructorsRunBy(callee), [&](const CXXConstructorDecl *constructor) {
             return function(*constructor);
           });
  }

  /// The program's own comparison or hash, which a look-up in the container calls.
  bool ownOperators(const CXXMethodDecl &method) const {
    const StringRef owner = method.getParent()->getName();
    if (!owner.ends_with("map") && !owner.ends_with("set"))
      return false;
    UsedTypes used;
    used.add(method.getASTContext().getCanonicalTagType(method.getParent()));
    return llvm::any_of(used.operators, [&](const FunctionDecl *each) {
      return !isOfLibrary(*each) && function(*each);
    });
  }

  unsigned depth;
  UnseenFunctions *unseen;
};

} // namespace

bool endMayThrow(const Stmt *declaration) {
  const auto *statement = dyn_cast<DeclStmt>(declaration);
  return statement && llvm::any_of(statement->decls(), [](const Decl *each) {
           const auto *variable = dyn_cast<VarDecl>(each);
           return variable && variable->hasLocalStorage() && typeEndMayThrow(variable->getType());
         });
}

bool mayThrow(const Stmt *node, UnseenFunctions *unseen) {
  return Throwing(kDepth, unseen).node(node);
}

bool mayThrowWithin(const Stmt *node, UnseenFunctions *unseen) {
  return Throwing(kDepth, unseen).within(node);
}

bool callMayThrow(const Expr *function, UnseenFunctions *unseen) {
  return Throwing(kDepth, unseen).callable(function);
}

bool mayThrowHalfWay(const CallExpr &call, UnseenFunctions *unseen) {
  return Throwing(kDepth, unseen).halfWay(call);
}

bool throwsIfGone(const CXXConstructExpr &construct) {
  return isStandardDeclaration(construct.getConstructor()) && construct.getNumArgs() == 1 &&
         construct.getConstructor()->getParent()->getName() == "shared_ptr" &&
         isNamed(construct.getArg(0)->getType(), {"std::weak_ptr"});
}

bool throwsItself(const FunctionDecl &function, UnseenFunctions &called) {
  return Throwing(0, &called).body(function);
}

} // namespace unlatch
