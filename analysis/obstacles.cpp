// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/obstacles.h"

#include "analysis/language.h"
#include "analysis/paths.h"

#include <algorithm>

namespace unlatch {

namespace {

using Reasons = std::vector<Reason>;

void append(Reasons &reasons, const Reasons &more) {
  reasons.insert(reasons.end(), more.begin(), more.end());
}

void addDeclaration(Reasons &reasons, const WholeProgram &whole, const FieldFact &field,
                    Strategy strategy) {
  if (!field.keptBecause.empty())
    reasons.push_back({"suppressed", field.keptBecause, field.where});
  for (const FieldBlocker &blocker : whole.facts().fieldBlockers)
    if (blocker.field == field.id &&
        (blocker.strategy == Strategy::None || blocker.strategy == strategy))
      reasons.push_back(blocker.reason);
  const auto consider = [&](const std::map<Strategy, Candidate> &declarations,
                            const Location &where) {
    auto declaration = declarations.find(strategy);
    if (declaration == declarations.end())
      reasons.push_back({"unsupported-operation",
                         "there is no lock-free form of its type, " + field.type, where});
    else
      append(reasons, declaration->second.blockers);
  };
  consider(field.declaration, field.where);
  for (const Redeclaration *each : whole.redeclarationsOf(field.id))
    consider(each->declaration, each->where);
  for (const TypeBlocker &blocker : whole.facts().typeBlockers)
    if ((blocker.strategy == Strategy::None || blocker.strategy == strategy) &&
        std::find(field.holds.begin(), field.holds.end(), blocker.type) != field.holds.end())
      reasons.push_back({blocker.reason.id, blocker.reason.message,
                         blocker.reason.where.file.empty() ? field.where : blocker.reason.where});
  if (field.definedElsewhere && !whole.hasDefinition(field.id))
    reasons.push_back(
        {"external-code", "its definition is not among the sources that were read", field.where});
  // What only one source file can see is seen in whole.
  if (field.isPublic && !whole.isMainFile(field.where.file))
    reasons.push_back({"public-field", "other code could use it unseen", field.where});
}

void addUnparsed(Reasons &reasons, const WholeProgram &whole, const FieldFact &field) {
  const std::string &mutex = whole.guards.of(field.id).mutex;
  auto guard = whole.facts().mutexes.find(mutex);
  for (const TranslationUnit &unit : whole.facts().units) {
    if (unit.parsed)
      continue;
    if (whole.couldSee(unit, field.where.file) ||
        (guard != whole.facts().mutexes.end() && whole.couldSee(unit, guard->second.where.file)))
      reasons.push_back(unit.errors.empty()
                            ? Reason{"tu-not-parsed",
                                     "a source file that could use it did not parse",
                                     {unit.file, 1, 1}}
                            : Reason{"tu-not-parsed",
                                     "a source file that could use it did not parse: " +
                                         unit.errors.front().message,
                                     unit.errors.front().where});
  }
}

void addGuard(Reasons &reasons, const WholeProgram &whole, const FieldFact &field) {
  const FieldGuard &guard = whole.guards.of(field.id);
  if (!guard.majority) {
    reasons.push_back({"unguarded", "most accesses hold no common mutex", field.where});
    return;
  }
  const std::string mutex = whole.program.mutexName(guard.mutex);
  const auto fact = whole.facts().mutexes.find(guard.mutex);
  if (fact == whole.facts().mutexes.end()) {
    reasons.push_back({"aliased",
                       "it is used under a lock of a kind that is not known, or that is reached in "
                       "a way that is not followed",
                       guard.accesses.front().access().where});
    return;
  }
  if (fact->second.definedElsewhere && !whole.hasDefinition(guard.mutex))
    reasons.push_back({"external-code",
                       mutex + ", which guards it, is defined in code that was not read",
                       fact->second.where});
  if (!guard.sameObject)
    reasons.push_back({"aliased", mutex + ", which guards it, belongs to another object",
                       guard.accesses.front().access().where});
  for (const AccessSite &site : guard.unidentified)
    reasons.push_back(
        {"aliased",
         "whether the object used here is the one whose " + mutex + " is held can't be followed",
         site.access().where});
}

void addAccess(Reasons &reasons, const AccessSite &site, bool isBare, Strategy strategy) {
  const Access &access = site.access();
  const Operation *operation =
      access.operation < 0 ? nullptr
                           : &site.function->operations[static_cast<std::size_t>(access.operation)];
  if (operation && operation->strategy == strategy && operation->name != "none" &&
      operation->rewrite.blockers.empty())
    return;
  if (isBare)
    reasons.push_back({"unlocked-access", "used without the lock, in a way no operation expresses",
                       access.where});
  if (!operation || operation->strategy != strategy || operation->rewrite.blockers.empty())
    reasons.push_back(
        {"unsupported-operation", "no operation expresses this access", access.where});
}

void addAccesses(Reasons &reasons, const WholeProgram &whole, const FieldFact &field,
                 Strategy strategy) {
  const FieldGuard &guard = whole.guards.of(field.id);
  auto isBare = [&](const AccessSite &site) {
    return std::any_of(guard.bare.begin(), guard.bare.end(), [&](const AccessSite &other) {
      return other.function == site.function && other.index == site.index;
    });
  };
  for (const AccessSite &site : guard.accesses)
    addAccess(reasons, site, isBare(site), strategy);
  for (const AccessSite &site : guard.unshared)
    addAccess(reasons, site, false, strategy);
  for (const Operation *operation : whole.operationsOn(field.id))
    if (operation->strategy == strategy)
      append(reasons, whole.program.blockersOf(operation->rewrite));
}

/// Design rule 7: no new exception where one ends the program.
void addThrows(Reasons &reasons, const WholeProgram &whole, const FieldFact &field,
               Strategy strategy) {
  const FieldGuard &guard = whole.guards.of(field.id);
  for (const auto *sites : {&guard.accesses, &guard.bare, &guard.unshared}) {
    for (const AccessSite &site : *sites) {
      const FunctionFact *caller = whole.program.noexceptCaller(site.function->id);
      if (!caller)
        continue;
      const Access &access = site.access();
      std::string what;
      if (strategy == Strategy::Snapshot && access.writes)
        what = "copies the whole picture";
      else if (strategy == Strategy::Map && access.operation >= 0)
        what = site.function->operations[static_cast<std::size_t>(access.operation)].newThrow;
      if (!what.empty())
        reasons.push_back({"may-throw",
                           "the operation " + what + ", but " + caller->name + " is noexcept" +
                               (caller->id == site.function->id ? "" : " and comes here"),
                           access.where});
    }
  }
}

void addLanguage(Reasons &reasons, const WholeProgram &whole, const FieldFact &field) {
  // Over all bodies: the same text may be compiled as several languages.
  for (const auto &[id, bodies] : whole.facts().functions) {
    for (const FunctionFact &body : bodies) {
      if (!isTooOld(body.language))
        continue;
      auto access = std::find_if(body.accesses.begin(), body.accesses.end(),
                                 [&](const Access &each) { return each.field == field.id; });
      if (access != body.accesses.end())
        reasons.push_back({"language-too-old",
                           "compiled as " + body.language + "; the runtime needs c++17",
                           access->where});
    }
  }
}

/// A call that nothing is known of may run whatever can be reached from outside: if that uses the
/// field without taking the lock, the caller's lock made those uses one, and nobody would see.
void addCallsBack(Reasons &reasons, const WholeProgram &whole, const FieldFact &field) {
  const FieldGuard &guard = whole.guards.of(field.id);
  const bool isUsedUnseen =
      std::any_of(guard.bare.begin(), guard.bare.end(), [&](const AccessSite &site) {
        return whole.program.isReachableUnseen(site.function->id);
      });
  if (!isUsedUnseen)
    return;
  for (const ExpandedSection &section : whole.sections.of(guard.mutex))
    for (const Path &path : section.paths)
      for (const Step &step : path)
        if (step.kind == Step::Unknown)
          reasons.push_back({"calls-out",
                             "this section calls " + step.call().description +
                                 ", which may come back to the field",
                             step.where()});
}

} // namespace

std::vector<Reason> fieldObstacles(const WholeProgram &whole, const FieldFact &field,
                                   Strategy strategy) {
  Reasons reasons;
  addDeclaration(reasons, whole, field, strategy);
  addUnparsed(reasons, whole, field);
  addGuard(reasons, whole, field);
  // A snapshot's accesses are rewritten with their sections.
  if (strategy == Strategy::Map || strategy == Strategy::Atomic)
    addAccesses(reasons, whole, field, strategy);
  if (strategy == Strategy::Map || strategy == Strategy::Snapshot)
    addLanguage(reasons, whole, field);
  addThrows(reasons, whole, field, strategy);
  addCallsBack(reasons, whole, field);
  tidy(reasons);
  return reasons;
}

std::vector<Reason> mutexObstacles(const WholeProgram &whole, const std::string &mutex) {
  Reasons reasons;
  auto found = whole.facts().mutexes.find(mutex);
  if (found == whole.facts().mutexes.end())
    return reasons; // a lock that is not known, which keeps what it guards
  const bool mayReenter = whole.program.isRecursive(mutex);
  const std::string name = whole.program.mutexName(mutex);
  if (!found->second.keptBecause.empty())
    reasons.push_back({"suppressed", found->second.keptBecause, found->second.where});
  for (const MutexUse &use : whole.facts().mutexUses)
    if (use.mutex == mutex)
      reasons.push_back(use.reason);
  append(reasons, whole.program.beyondLocking(mutex));
  for (const ExpandedSection &section : whole.sections.of(mutex)) {
    const Acquisition &lock = section.lock();
    if (section.incomplete)
      reasons.push_back({"unsupported-operation",
                         "this section of " + name + " has more paths than can be followed",
                         lock.where});
    append(reasons, whole.keptLoans.usedUnder(*section.function, section.acquisition));
    if (section.isBarrier)
      reasons.push_back({"unsupported-operation",
                         "an empty critical section waits for whoever is inside", lock.where});
    for (const Path &path : section.paths) {
      for (const Step &step : path) {
        if (step.kind == Step::Unknown && mayReenter)
          reasons.push_back({"calls-out",
                             "this section calls " + step.call().description +
                                 ", which may enter " + name + " again",
                             step.where()});
        const bool isOwn = step.function == section.function && step.instance.empty() &&
                           step.index == section.acquisition;
        if (step.kind != Step::Acquire || step.acquisition().mutex != mutex || isOwn)
          continue;
        if (mayReenter || (step.base == lock.base && identifiesObject(step.base)))
          reasons.push_back(
              {"recursive",
               name + " is entered again while " + section.function->name + " holds it",
               step.where()});
      }
    }
  }
  tidy(reasons);
  return reasons;
}

void tidy(std::vector<Reason> &reasons) {
  std::sort(reasons.begin(), reasons.end());
  reasons.erase(std::unique(reasons.begin(), reasons.end()), reasons.end());
}

} // namespace unlatch
