// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts the steps together and writes down what they found as facts.

#include "matchers/comparisons.h"
#include "matchers/effects.h"
#include "matchers/function_analysis.h"
#include "matchers/handles.h"
#include "matchers/harmless.h"
#include "matchers/identity.h"
#include "matchers/loans.h"
#include "matchers/lock_types.h"
#include "matchers/throwing.h"
#include "matchers/types.h"
#include "matchers/weak_orderings.h"
#include "rewriters/snapshot.h"

using namespace clang;

namespace unlatch {

namespace {

Event::Kind eventKind(PathStep::Kind kind) {
  switch (kind) {
  case PathStep::Acquire:
    return Event::Acquire;
  case PathStep::Release:
    return Event::Release;
  case PathStep::Invoke:
    return Event::Invoke;
  case PathStep::Memory:
    return Event::Memory;
  default:
    return Event::Field;
  }
}

std::vector<Trace> tracesOf(const std::vector<Path> &paths) {
  std::set<Trace> traces;
  for (const Path &path : paths) {
    Trace trace;
    for (const PathStep &step : path)
      if (step.kind <= PathStep::Memory)
        trace.push_back({eventKind(step.kind), step.index, step.repeated});
    traces.insert(std::move(trace));
  }
  return {traces.begin(), traces.end()};
}

std::string languageOf(const LangOptions &options) {
  if (!options.CPlusPlus)
    return "C";
  if (options.CPlusPlus23)
    return "c++23";
  if (options.CPlusPlus20)
    return "c++20";
  if (options.CPlusPlus17)
    return "c++17";
  if (options.CPlusPlus14)
    return "c++14";
  return options.CPlusPlus11 ? "c++11" : "c++98";
}

/// Lambdas that are neither called nor handed to an algorithm run later, from who knows where.
void noteTaken(FunctionAnalysis &a, Facts &facts) {
  auto taken = [&](const FunctionDecl *function, const Stmt *where) {
    Call call;
    call.callee = idOf(function);
    call.description = "taken as a value";
    call.base = "?";
    call.where = a.text.locate(where->getBeginLoc());
    std::string id = "taken:" + call.where.file;
    std::vector<FunctionFact> &bodies = facts.functions[id];
    if (bodies.empty()) {
      bodies.emplace_back();
      bodies.front().id = id;
      bodies.front().name = "functions taken as values";
      bodies.front().isEntry = true;
    }
    bodies.front().calls.push_back(std::move(call));
  };
  for (const LambdaExpr *lambda : a.lambdas) {
    const Expr *last = lambda;
    const Stmt *parent = a.meaningfulParent(lambda, &last);
    while (const auto *construct = dyn_cast_or_null<CXXConstructExpr>(parent)) {
      if (construct->getType()->getAsCXXRecordDecl() != lambda->getLambdaClass())
        break;
      parent = a.meaningfulParent(construct, &last);
    }
    bool atOnce = false;
    const VarDecl *variable = nullptr;
    if (const auto *call = dyn_cast_or_null<CallExpr>(parent)) {
      const auto *operation = dyn_cast<CXXOperatorCallExpr>(call);
      const FunctionDecl *callee = call->getDirectCallee();
      atOnce = (operation && operation->getOperator() == OO_Call) || callsAtOnce(callee);
      if (const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee)) {
        const QualType type = a.context.getCanonicalTagType(method->getParent());
        atOnce |= isUnlatchMap(type) || isUnlatchSnapshot(type);
      }
    } else if (const auto *declaration = dyn_cast_or_null<DeclStmt>(parent)) {
      for (const Decl *each : declaration->decls())
        if (const auto *candidate = dyn_cast<VarDecl>(each);
            candidate && candidate->getInit() && strip(candidate->getInit()) == strip(last))
          variable = candidate;
    }
    if (variable && !a.captured.count(variable)) {
      atOnce = true;
      for (const DeclRefExpr *reference : a.references[variable]) {
        const auto *call = dyn_cast_or_null<CallExpr>(a.meaningfulParent(reference, nullptr));
        const auto *operation = dyn_cast_or_null<CXXOperatorCallExpr>(call);
        bool called = operation && operation->getOperator() == OO_Call &&
                      strip(operation->getArg(0)) == reference;
        atOnce &= called || (call && callsAtOnce(call->getDirectCallee()));
      }
    }
    if (!atOnce)
      for (const CXXMethodDecl *each : callOperators(*lambda->getLambdaClass()))
        taken(each, lambda);
  }
  for (const Expr *expression : a.expressions)
    if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
      if (const auto *function = dyn_cast<FunctionDecl>(reference->getDecl())) {
        const auto *call = dyn_cast_or_null<CallExpr>(a.meaningfulParent(reference, nullptr));
        if (!call || strip(call->getCallee()) != reference)
          if (!a.context.getSourceManager().isInSystemHeader(function->getLocation()))
            taken(function, reference);
      }
}

std::vector<std::string> throwsFrom(const FunctionDecl &function) {
  UnseenFunctions called;
  std::vector<std::string> result;
  if (throwsItself(function, called))
    return {""};
  for (const FunctionDecl *each : called)
    result.push_back(idOf(each));
  llvm::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

/// The acquisition that the expression is a part of, or whose release; -1 if there is none.
int acquisitionNaming(const FunctionAnalysis &a, const Expr *expression) {
  for (std::size_t i = 0; i < a.locks.size(); ++i)
    if (a.locks[i].node && a.isInside(expression, a.locks[i].node))
      return static_cast<int>(i);
  for (const auto &[node, events] : a.lockEvents)
    if (events.size() == 1 && a.isInside(expression, node))
      return events.front().second;
  return -1;
}

} // namespace

void FunctionAnalysis::describeMapsInSnapshots() {
  const auto isOfMap = [&](const FieldSite &site) {
    return site.root >= 0 && isMap(roots[static_cast<std::size_t>(site.root)].fieldType);
  };
  if (mapsAreObjects || llvm::none_of(fields, isOfMap))
    return;
  FunctionAnalysis objects(function, text, sharedLocals);
  objects.mapsAreObjects = true;
  objects.given = given;
  Facts unused; // what concerns more than this function has been said
  objects.run(unused);
  llvm::DenseMap<const Expr *, const FieldSite *> sites;
  for (const FieldSite &site : objects.fields)
    sites[site.node] = &site;
  for (FieldSite &site : fields)
    if (const auto found = sites.find(site.node); isOfMap(site) && found != sites.end()) {
      site.fact.snapshotRead = found->second->fact.snapshotRead;
      site.fact.snapshotModify = found->second->fact.snapshotModify;
    }
}

FunctionFact FunctionAnalysis::run(Facts &facts) {
  FunctionFact out;
  out.id = idOf(&function);
  out.name = nameOf(&function);
  out.where = text.locate(function.getLocation());
  if (const auto *method = dyn_cast<CXXMethodDecl>(&function)) {
    out.isLambda = method->getParent()->isLambda();
    if (!out.isLambda)
      out.owner = idOf(method->getParent());
    out.isVirtual = method->isVirtual();
    out.alwaysLocks = lockCall(*method) != LockCall::None && alwaysLocks(function);
  }
  out.isEntry = function.isMain();
  if (const auto *type = function.getType()->getAs<FunctionProtoType>())
    out.isNoexcept = type->isNothrow();
  if (!out.isNoexcept)
    out.throwsFrom = throwsFrom(function);
  out.language = languageOf(context.getLangOpts());

  for (const ParmVarDecl *parameter : function.parameters()) {
    const QualType type = parameter->getType();
    const QualType target = isHandle(type) ? targetType(type)
                            : type->isReferenceType() || type->isPointerType()
                                ? type->getPointeeType()
                            : isSmartPointer(type) ? templateArgument(type, 0)
                                                   : QualType();
    out.lent.push_back(
        target.isNull() ? "" : target.getCanonicalType().getUnqualifiedType().getAsString());
  }

  index();
  findRoots();
  findLocks(facts); // some locks belong to what a look-up found
  findMemory(facts);
  noteComparisons(*this);
  walk();
  for (int site : conditionalSites) {
    const LockSite &lock = locks[static_cast<std::size_t>(site)];
    facts.mutexUses.push_back(
        {lock.fact.mutex, reason("conditional-lock", "held on some paths only", lock.node)});
  }
  if (isa<CoroutineBodyStmt>(body))
    for (const LockSite &lock : locks)
      facts.mutexUses.push_back(
          {lock.fact.mutex,
           reason("calls-out", "a coroutine may be suspended while it holds the lock", lock.node)});
  for (int site : unreleasedSites) {
    const LockSite &lock = locks[static_cast<std::size_t>(site)];
    facts.mutexUses.push_back(
        {lock.fact.mutex,
         reason("lock-escapes", "still held when the function is left", lock.node)});
  }
  out.fences = static_cast<int>(llvm::count_if(expressions, isFullFence));
  for (const Root &root : roots) {
    const bool isOfLibrary =
        root.kind == RootKind::EraseIf && root.fieldType != TypeClass::Converted;
    if (!root.call || (root.fieldType != TypeClass::Converted && !isOfLibrary))
      continue;
    const auto *call = dyn_cast<CallExpr>(root.call);
    for (unsigned i = 0; call && i < call->getNumArgs(); ++i)
      if (const auto *lambda = dyn_cast<LambdaExpr>(stripMove(call->getArg(i)))) {
        // A generic one is seen as its instantiation.
        Given &entry = givenLambdas[lambda->getCallOperator()];
        entry.within = out.id;
        if (isOfLibrary) // it only counts who runs it
          continue;
        entry.field = root.field;
        entry.base = root.base;
        entry.key = root.key ? text.textOr(strip(root.key)->getSourceRange(), "") : "";
        entry.ofMap = isUnlatchMap(root.reference->getType());
      }
  }
  describeSnapshots(*this);
  describeMapsInSnapshots();
  decideOperations(out);
  noteTaken(*this, facts);

  for (const LockSite &lock : locks)
    out.acquisitions.push_back(lock.fact);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fields[i].fact.held = heldAtField.empty() ? std::vector<int>() : heldAtField[i];
    fields[i].fact.acquisition = acquisitionNaming(*this, fields[i].node);
    out.accesses.push_back(fields[i].fact);
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    calls[i].first.held = heldAtCall.empty() ? std::vector<int>() : heldAtCall[i];
    out.calls.push_back(calls[i].first);
  }
  for (std::size_t i = 0; i < memory.size(); ++i) {
    memory[i].first.held = heldAtMemory.empty() ? std::vector<int>() : heldAtMemory[i];
    out.memory.push_back(memory[i].first);
  }
  for (std::size_t i = 0; i < sections.size(); ++i) {
    Section section;
    section.acquisition = static_cast<int>(i);
    section.traces = tracesOf(sections[i].paths);
    section.incomplete = sections[i].incomplete;
    out.sections.push_back(std::move(section));
  }
  out.summary.acquisition = -1;
  out.summary.traces = tracesOf(summary.paths);
  out.summary.incomplete = summary.incomplete;
  noteLoans(*this, out);
  return out;
}

} // namespace unlatch
