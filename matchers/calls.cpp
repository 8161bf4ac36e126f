// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every call that is written, besides what roots.cpp understands.

#include "matchers/effects.h"
#include "matchers/erased_code.h"
#include "matchers/guard_types.h"
#include "matchers/handles.h"
#include "matchers/harmless.h"
#include "matchers/identity.h"
#include "matchers/memory_finder.h"
#include "matchers/types.h"

#include "analysis/clock.h"

#include <algorithm>

using namespace clang;

namespace unlatch {

std::string MemoryFinder::describe(const Expr &call) const {
  std::string written = a.text.textOr(call.getSourceRange(), "");
  const auto *construct = dyn_cast<CXXConstructExpr>(&call);
  const bool isWritten = written.find_first_of("({") != std::string::npos;
  const Decl *callee = construct             ? construct->getConstructor()
                       : isa<CallExpr>(call) ? cast<CallExpr>(call).getCalleeDecl()
                                             : nullptr;
  // A conversion, a declaration, an operator that stands for another, the text of a macro: what is
  // written does not say what is called.
  if (const auto *function = dyn_cast_or_null<FunctionDecl>(callee);
      function && (written.empty() || (!isWritten && (construct || written.size() < 4))))
    written = (construct ? "a constructor of " +
                               construct->getConstructor()->getParent()->getNameAsString()
                         : function->getNameAsString()) +
              (written.empty() ? ", in a macro" : "");
  if (written.empty())
    written = "a function, in a macro";
  std::replace(written.begin(), written.end(), '\n', ' ');
  if (written.size() > 60)
    written = written.substr(0, 57) + "...";
  return written;
}

std::string MemoryFinder::argumentPath(const Expr *argument) const {
  if (isHandle(argument->getType())) {
    const HandleTarget target = targetOf(a, argument);
    return target.kind == HandleTarget::ThreadLocal ? "local"
           : target.kind == HandleTarget::Parameter ? "param:" + std::to_string(target.parameter)
                                                    : "?";
  }
  const ObjectPath path = a.pathOf(argument);
  // A local pointer of this kind leads to what others lead to as well, unless that is new.
  if (path.root == ObjectPath::Local && isSmartPointer(argument->getType())) {
    const auto *reference = dyn_cast<DeclRefExpr>(stripMove(argument));
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    if (variable && !a.isOwnFresh(variable, reference))
      return "?";
  }
  if (path.root == ObjectPath::Element && path.elementOwns && path.text == "pointee")
    return "pointee.owned";
  return path.root == ObjectPath::Local && !path.throughPointer ? "local" : path.text;
}

void MemoryFinder::addCall(Call call, const Stmt *node) {
  call.where = a.text.locate(node->getBeginLoc());
  auto index = static_cast<int>(a.calls.size());
  a.calls.push_back({std::move(call), node});
  a.marks[node].push_back({PathStep::Invoke, false, index});
}

void MemoryFinder::callUse(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call);
  if (!callee) {
    if (isa<CXXPseudoDestructorExpr>(call.getCallee()->IgnoreParens()))
      return;
    Call out;
    out.description = describe(call) + ", a call through a pointer";
    addCall(std::move(out), &call);
    return;
  }
  for (const Expr *argument : call.arguments())
    functionArgument(*callee, argument, call);
  for (const Expr *argument : call.arguments())
    if (auto found = a.referenceRoot.find(strip(argument));
        found != a.referenceRoot.end() && isStandardDeclaration(callee) &&
        (callsAtOnce(callee) || a.roots[static_cast<std::size_t>(found->second)].call == &call))
      return; // an operation of the map itself
  for (const CXXConstructorDecl *constructor : constructorsRunBy(callee))
    constructorCall(*constructor, call, call.arguments());
  countsOwners(call, *callee);
  if (readsClock(callee))
    return memoryUse(call, false, -1, kTheClock);
  runsUnnamed(*callee, call);
  if (isHarmless(callee)) {
    const bool onObject = operation && isa<CXXMethodDecl>(callee);
    const ArrayRef<const Expr *> arguments(call.getArgs(), call.getNumArgs());
    const ArrayRef<const Expr *> given = onObject ? arguments.drop_front() : arguments;
    throughHandle(call);
    lentHandles(call, *callee, given);
    return lentPointers(call, *callee, given);
  }
  if (isa<CXXDestructorDecl>(a.function) && givesBack(callee))
    return;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  if (method && method->getIdentifier() && method->getName() == "stop_requested" &&
      isStandardDeclaration(method))
    return; // the access to the source or token says it all
  if ((method && isLockingElsewhere(*method)) || posixCall(*callee) != PosixCall::None)
    return; // locks are described by locks.cpp
  if (method && isGuard(method))
    return;
  if (method && isStandardDeclaration(method) &&
      (method->getParent()->getName() == "atomic" ||
       method->getParent()->getName().starts_with("__atomic")))
    return; // the access to the atomic says it all
  if (method && (method->isTrivial() || method->isDefaulted()) &&
      (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()))
    return runsCopies(*method->getParent(), call);
  Call out;
  out.callee = idOf(callee);
  out.description = describe(call);
  if (operation && method && operation->getOperator() == OO_Call &&
      method->getParent()->isLambda()) {
    out.base = "this";
  }
  const Expr *object = nullptr;
  unsigned first = 0;
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call)) {
    object = member->getImplicitObjectArgument();
  } else if (operation && method) {
    object = operation->getArg(0);
    first = 1;
  }
  if (method && method->isVirtual() && !method->hasAttr<FinalAttr>() &&
      !method->getParent()->hasAttr<FinalAttr>()) {
    const auto *callee = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParens());
    out.isVirtual = !(callee && callee->hasQualifier());
  }
  if (object && out.base.empty()) {
    ObjectPath path = a.pathOf(object);
    bool value = a.elementPointers.count(stripMove(object)) != 0 &&
                 !stripMove(object)->getType()->isAnyPointerType();
    bool own = path.root == ObjectPath::Local && !path.throughPointer;
    // The looked-up value itself is this thread's copy once the map is another.
    out.base = value || own ? "local" : path.text;
    if (!value) {
      out.throughElementOf = path.elementOf;
      out.ownedByElement = path.elementOwns;
    }
  }
  for (unsigned i = first; i < call.getNumArgs(); ++i)
    addArgument(out, *callee, call.getArg(i));
  out.logging = isLogging(callee);
  addCall(std::move(out), &call);
}

/// Who reads a state holds all that is in it for that time, which shows in how many hold it. Who
/// looks up in a map holds a copy, as those who took one under the mutex did.
void MemoryFinder::countsOwners(const CallExpr &call, const FunctionDecl &callee) {
  const auto *member = dyn_cast<CXXMemberCallExpr>(&call);
  if (!member || !callee.getIdentifier() ||
      !llvm::is_contained({"use_count", "unique", "expired", "lock"}, callee.getName()))
    return;
  QualType owner = strip(member->getImplicitObjectArgument())->getType();
  if (owner->isPointerType())
    owner = owner->getPointeeType();
  if (!isSmartPointer(owner))
    return;
  facts.typeBlockers.push_back(
      {sharedPointer(templateArgument(owner, 0)), Strategy::Snapshot,
       a.reason("deferred-destruction",
                "`" + callee.getNameAsString() + "()` would see that readers hold it for longer",
                &call)});
}

bool MemoryFinder::isLockingElsewhere(const CXXMethodDecl &method) const {
  const std::optional<MutexType> lock =
      mutexType(a.context.getCanonicalTagType(method.getParent()));
  if (!lock || !lock->own)
    return lock.has_value();
  const auto *from = dyn_cast<CXXMethodDecl>(&a.function);
  return lockCall(method) != LockCall::None && !(from && from->getParent() == method.getParent());
}

bool MemoryFinder::isGuard(const CXXMethodDecl *method) const {
  return unlatch::isGuard(a.context.getCanonicalTagType(method->getParent()));
}

void MemoryFinder::constructUse(const CXXConstructExpr &construct) {
  const CXXConstructorDecl *constructor = construct.getConstructor();
  if (constructor->isTrivial())
    return;
  // What is not written by hand copies, or gives default values, which may do something else.
  if (constructor->isInheritingConstructor())
    return constructorCall(*constructor->getInheritedConstructor().getConstructor(), construct,
                           construct.arguments());
  if (!constructor->isUserProvided() && !constructor->isDefaultConstructor())
    return runsCopies(*constructor->getParent(), construct);
  if (!constructor->isUserProvided() && onlyInitialises(constructor))
    return;
  if (isGuardType(construct.getType()))
    return;
  runsUnnamed(*constructor, construct);
  if (isSmartPointer(construct.getType()) && construct.getNumArgs() > 1)
    deleterGiven(*construct.getArg(1), construct);
  if (!isHarmless(constructor))
    return constructorCall(*constructor, construct, construct.arguments());
  const ArrayRef<const Expr *> given(construct.getArgs(), construct.getNumArgs());
  lentHandles(construct, *constructor, given);
  lentPointers(construct, *constructor, given);
}

template <class Arguments>
void MemoryFinder::constructorCall(const CXXConstructorDecl &constructor, const Expr &node,
                                   Arguments &&arguments) {
  Call out;
  out.callee = idOf(&constructor);
  out.description = describe(node);
  out.base = "local";
  for (const Expr *argument : arguments)
    addArgument(out, constructor, argument);
  addCall(std::move(out), &node);
}

bool MemoryFinder::isGuardType(QualType type) {
  const std::optional<NamedClass> named = namedClass(type);
  return unlatch::isGuard(type) || (named && named->name == "std::atomic");
}

} // namespace unlatch
