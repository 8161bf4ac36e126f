// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls that nobody has written: what the library is given to call, what it runs for the types that
// it is used with, and the constructors and destructors that run by themselves.

#include "matchers/effects.h"
#include "matchers/harmless.h"
#include "matchers/identity.h"
#include "matchers/lock_types.h"
#include "matchers/memory_finder.h"
#include "matchers/quiet_code.h"
#include "matchers/types.h"

#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace unlatch {

/// A harmless function of the library that is given something to call, and calls it if ever now.
static bool mayCallNow(const FunctionDecl &callee) {
  return callsAtOnce(&callee) || (isHarmless(&callee) && !isa<CXXConstructorDecl>(callee));
}

static bool isOfRuntime(const FunctionDecl &callee) {
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  const auto named =
      method ? namedClass(callee.getASTContext().getCanonicalTagType(method->getParent()))
             : std::nullopt;
  return named && llvm::StringRef(named->name).starts_with("unlatch::");
}

void MemoryFinder::functionArgument(const FunctionDecl &callee, const Expr *argument,
                                    const CallExpr &call) {
  const std::vector<const FunctionDecl *> bodies = functionsIn(argument);
  if (!mayCallNow(callee) && (bodies.empty() || !isOfRuntime(callee)))
    return;
  if (bodies.empty())
    return calledBack(*argument, call);
  for (const FunctionDecl *body : bodies) {
    const auto *method = dyn_cast<CXXMethodDecl>(body);
    const bool isLambda = method && method->getParent()->isLambda();
    if (!isLambda && (body->getOverloadedOperator() == OO_Call || isHarmless(body)))
      continue; // other objects are seen by their types
    Call out;
    out.callee = idOf(body);
    out.description = describe(call);
    if (isLambda)
      out.base = "this";
    addCall(std::move(out), &call);
  }
}

void MemoryFinder::calledBack(const Expr &argument, const CallExpr &call) {
  const QualType type = argument.getType().getNonReferenceType();
  const std::optional<NamedClass> named = namedClass(type);
  const bool isCallable =
      type->isFunctionPointerType() || type->isMemberFunctionPointerType() ||
      (named && (named->name == "std::function" || named->name == "std::move_only_function"));
  if (!isCallable || !callsAtOnce(call.getDirectCallee()))
    return;
  Call out;
  out.description = describe(call) + ", which calls `" +
                    a.text.textOr(stripMove(&argument)->getSourceRange(), "what it is given") + "`";
  addCall(std::move(out), &call);
}

void MemoryFinder::implicitCall(const FunctionDecl &callee, const Expr *node,
                                const char *description) {
  Call out;
  out.callee = idOf(&callee);
  out.description = description;
  out.base = "local";
  const auto *destructor = dyn_cast<CXXDestructorDecl>(&callee);
  out.isVirtual = destructor && destructor->isVirtual();
  addCall(std::move(out), node);
}

void MemoryFinder::runUnnamed(const FunctionDecl &callee, const Expr &node) {
  Call out;
  out.callee = idOf(&callee);
  out.description = describe(node) + ", which may run " + nameOf(&callee);
  // It makes or ends an object that nobody else sees.
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(callee))
    out.base = "local";
  const auto *destructor = dyn_cast<CXXDestructorDecl>(&callee);
  out.isVirtual = destructor && destructor->isVirtual();
  addCall(std::move(out), &node);
}

/// A local smart pointer that leads nowhere yet: nothing ends where it is assigned to.
bool MemoryFinder::isStillEmpty(const Expr &object) const {
  const auto *reference = dyn_cast<DeclRefExpr>(strip(&object));
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  if (!variable || !variable->hasLocalStorage() || !isSmartPointer(variable->getType()) ||
      a.captured.count(variable))
    return false;
  const auto *init = dyn_cast_or_null<CXXConstructExpr>(
      variable->getInit() ? strip(variable->getInit()) : nullptr);
  const DeclStmt *declared = a.statementOf(variable);
  if (!init || init->getNumArgs() != 0 || !declared)
    return false;
  for (const Stmt *up = a.parentOf(reference); up; up = a.parentOf(up))
    if (isLoop(up) && !a.isInside(declared, up))
      return false; // a round before
  const SourceManager &sources = a.context.getSourceManager();
  const auto found = a.references.find(variable);
  return llvm::all_of(found->second, [&](const DeclRefExpr *each) {
    return each == reference ||
           sources.isBeforeInTranslationUnit(sources.getFileLoc(reference->getLocation()),
                                             sources.getFileLoc(each->getLocation()));
  });
}

void MemoryFinder::runsUnnamed(const FunctionDecl &callee, const Expr &node) {
  // What the operations of a map do to its keys and values is asked elsewhere.
  const Expr *object = nullptr;
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&node))
    object = member->getImplicitObjectArgument();
  else if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(&node))
    object = operation->getArg(0);
  if (object && (a.referenceRoot.count(strip(object)) || isStillEmpty(*object)))
    return;
  const std::vector<const CXXConstructorDecl *> known = constructorsRunBy(&callee);
  for (const FunctionDecl *unnamed : runByLibrary(callee))
    if (!llvm::is_contained(known, unnamed))
      runUnnamed(*unnamed, node);
}

void MemoryFinder::runsCopies(const CXXRecordDecl &record, const Expr &node) {
  for (const FunctionDecl *unnamed : runByCopying(record))
    runUnnamed(*unnamed, node);
}

void MemoryFinder::deleterGiven(const Expr &deleter, const Expr &node) {
  const std::vector<const FunctionDecl *> functions = functionsIn(&deleter);
  for (const FunctionDecl *function : functions)
    if (!isHarmless(function))
      runUnnamed(*function, node);
  if (!functions.empty())
    return;
  UsedTypes given;
  given.add(deleter.getType());
  for (const FunctionDecl *function : given.operators)
    if (function->getOverloadedOperator() == OO_Call)
      runUnnamed(*function, node);
}

void MemoryFinder::deletion(const CXXDeleteExpr &expression) {
  const QualType type = expression.getDestroyedType();
  if (type.isNull())
    return;
  std::vector<const FunctionDecl *> run = runByEnding(type, /*owners=*/true);
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  const CXXDestructorDecl *destructor =
      record && record->hasDefinition() ? record->getDestructor() : nullptr;
  if (destructor && destructor->isVirtual() && !llvm::is_contained(run, destructor))
    run.push_back(destructor);
  if (const FunctionDecl *release = expression.getOperatorDelete();
      release && !isOfLibrary(*release) && !release->isImplicit())
    run.push_back(release);
  for (const FunctionDecl *each : run)
    runUnnamed(*each, expression);
}

void MemoryFinder::creation(const CXXNewExpr &expression) {
  if (const FunctionDecl *allocate = expression.getOperatorNew();
      allocate && !isOfLibrary(*allocate) && !allocate->isImplicit() && !isQuiet(*allocate))
    runUnnamed(*allocate, expression);
}

void MemoryFinder::temporaryEnds(const Expr &expression) {
  const Expr *value = strip(&expression);
  for (const FunctionDecl *each : runByEnding(expression.getType(), mayBeLast(value)))
    implicitCall(*each, &expression, "the destructor of a temporary");
}

/// Whether what is made this way may be all that leads to what it shares.
bool MemoryFinder::mayBeLast(const Expr *init) {
  const auto *construct = dyn_cast_or_null<CXXConstructExpr>(init ? strip(init) : nullptr);
  return !(construct && construct->getConstructor()->isCopyConstructor() &&
           construct->getNumArgs() > 0 && construct->getArg(0)->isLValue());
}

static bool usesStatics(const Stmt *node) {
  const auto *reference = dyn_cast_or_null<DeclRefExpr>(node);
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  return node && ((variable && !variable->hasLocalStorage() && !variable->isConstexpr() &&
                   !variable->getType().isConstQualified()) ||
                  llvm::any_of(node->children(), usesStatics));
}

void MemoryFinder::defaultArgument(const CXXDefaultArgExpr &argument) {
  if (isSystem(argument.getParam()) ||
      (!hasEffects(argument.getExpr()) && !usesStatics(argument.getExpr())))
    return;
  Call out;
  out.description = "the default argument `" + argument.getParam()->getNameAsString() + "`";
  addCall(std::move(out), &argument);
  a.calls.back().first.where = a.text.locate(argument.getUsedLocation());
}

void MemoryFinder::destructorOf(const VarDecl &variable) {
  if (!variable.hasLocalStorage() || isGuardType(variable.getType()))
    return;
  for (const FunctionDecl *each : runByEnding(variable.getType(), mayBeLast(variable.getInit()))) {
    Call out;
    out.callee = idOf(each);
    out.description = "the destructor of `" + variable.getNameAsString() + "`";
    if (isa<CXXDestructorDecl>(each))
      out.base = "local";
    const auto *destructor = dyn_cast<CXXDestructorDecl>(each);
    out.isVirtual = destructor && destructor->isVirtual();
    out.where = a.text.locate(variable.getLocation());
    auto index = static_cast<int>(a.calls.size());
    a.calls.push_back({std::move(out), nullptr});
    a.destructorMarks[&variable].push_back({PathStep::Invoke, false, index});
  }
}

void MemoryFinder::bindings(const DecompositionDecl &whole) {
  for (const BindingDecl *part : whole.bindings()) {
    const VarDecl *holder = part->getHoldingVar();
    const auto *get =
        holder && holder->getInit() ? dyn_cast<CallExpr>(strip(holder->getInit())) : nullptr;
    const FunctionDecl *callee = get ? get->getDirectCallee() : nullptr;
    if (callee && whole.getInit() && !isOfLibrary(*callee) && !isQuiet(*callee))
      runUnnamed(*callee, *whole.getInit());
  }
}

} // namespace unlatch
