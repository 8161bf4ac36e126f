// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/sections.h"

#include "analysis/paths.h"

#include <algorithm>

namespace unlatch {

namespace {

/// More paths than this through one section, and it counts as not understood.
constexpr std::size_t kMostPaths = 256;

/// Without repetitions, in the order of first appearance.
std::vector<Path> distinct(std::vector<Path> paths) {
  std::set<Path> seen;
  std::vector<Path> result;
  for (Path &path : paths)
    if (seen.insert(path).second)
      result.push_back(std::move(path));
  return result;
}

/// Reads that depend on what the function was given, one of each kind.
void noteLent(const Step &step, std::vector<Step> &lent) {
  const bool isGiven = leadsFrom(step.base, "this") || parameterOf(step.base) >= 0 ||
                       step.base.starts_with("param:");
  const bool isKnown = std::any_of(lent.begin(), lent.end(), [&](const Step &each) {
    return each.kind == step.kind && each.base == step.base;
  });
  if (isGiven && !isKnown)
    lent.push_back(step);
}

/// A lock of an object that the function uses as the element of a map is that element's lock.
void noteElement(Step &acquisition) {
  auto consider = [&](const auto &use) {
    if (use.throughElementOf.empty() || use.base != acquisition.base)
      return;
    acquisition.throughElementOf = use.throughElementOf;
    acquisition.ownedByElement = use.ownedByElement;
  };
  for (const Access &access : acquisition.function->accesses)
    consider(access);
  for (const Call &call : acquisition.function->calls)
    consider(call);
}

} // namespace

const Location &Step::where() const {
  switch (kind) {
  case Acquire:
  case Release:
    return acquisition().where;
  case Touch:
    return access().where;
  case Memory:
    return memory().where;
  case Unknown:
  case Unfollowed:
    break;
  }
  return call().where;
}

bool ExpandedSection::touches(const std::string &field) const {
  return std::any_of(paths.begin(), paths.end(), [&](const Path &path) {
    return std::any_of(path.begin(), path.end(),
                       [&](const Step &step) { return step.touches(field); });
  });
}

Sections::Sections(const Program &program, const Locksets &locksets, const Guards &guards)
    : program_(program), locksets_(locksets), guards_(guards) {
  for (const auto &mutex : program.facts().mutexes)
    sections_[mutex.first];
  for (const FunctionFact *body : program.allBodies())
    for (std::size_t index = 0; index < body->acquisitions.size(); ++index)
      sections_[body->acquisitions[index].mutex].push_back(
          expandRoot(*body, static_cast<int>(index)));
}

const std::vector<ExpandedSection> &Sections::of(const std::string &mutex) const {
  static const std::vector<ExpandedSection> none;
  auto found = sections_.find(mutex);
  return found == sections_.end() ? none : found->second;
}

ExpandedSection Sections::expandRoot(const FunctionFact &function, int acquisition) {
  ExpandedSection result;
  result.function = &function;
  result.acquisition = acquisition;
  result.incomplete = true;
  for (const Section &section : function.sections) {
    if (section.acquisition != acquisition)
      continue;
    Expansion expansion = expand(function, section);
    result.incomplete = expansion.incomplete;
    result.paths = std::move(expansion.paths);
    result.isBarrier =
        !result.incomplete &&
        std::all_of(section.traces.begin(), section.traces.end(), [](const Trace &trace) {
          return std::all_of(trace.begin(), trace.end(), [](const Event &event) {
            return event.kind == Event::Acquire || event.kind == Event::Release;
          });
        });
    break;
  }
  const Lockset &entry = locksets_.atEntry(function.id);
  for (Path &path : result.paths) {
    for (Step &step : path)
      noteGuard(step, entry);
    // Only here is it known whose parameters these are.
    std::erase_if(path, [&](const Step &step) {
      // A place for a result is lent as well.
      return (step.kind == Step::Memory || step.kind == Step::Touch) &&
             program_.isCallersOwn(function.id, step.base,
                                   step.kind == Step::Memory || step.access().lent);
    });
  }
  result.paths = distinct(std::move(result.paths));
  return result;
}

Sections::Expansion Sections::expand(const FunctionFact &function, const Section &section) {
  Expansion result;
  result.incomplete = section.incomplete;
  if (section.incomplete)
    return result;
  for (const Trace &trace : section.traces) {
    std::vector<Path> paths{Path{}};
    for (std::size_t position = 0; position < trace.size(); ++position) {
      const Event &event = trace[position];
      if (event.kind != Event::Invoke) {
        Step next = step(function, event);
        if (!isFree(next))
          for (Path &path : paths)
            path.push_back(next);
        else if (next.kind == Step::Touch && !next.access().unshared)
          noteLent(next, result.lent);
        continue;
      }
      const std::vector<Path> bodies = invoked(function, event, position, result.lent);
      if (paths.size() * bodies.size() > kMostPaths)
        return {{}, true, {}};
      std::vector<Path> longer;
      for (const Path &path : paths) {
        for (const Path &body : bodies) {
          longer.push_back(path);
          longer.back().insert(longer.back().end(), body.begin(), body.end());
        }
      }
      paths = std::move(longer);
    }
    result.paths.insert(result.paths.end(), paths.begin(), paths.end());
    result.paths = distinct(std::move(result.paths));
    if (result.paths.size() > kMostPaths)
      return {{}, true, {}};
  }
  return result;
}

const Sections::Expansion &Sections::summary(const FunctionFact &function) {
  if (auto found = summaries_.find(&function); found != summaries_.end())
    return found->second;
  Expansion expansion = expand(function, function.summary);
  // A body in which nothing of interest happens has a path all the same.
  if (!expansion.incomplete && expansion.paths.empty())
    expansion.paths.emplace_back();
  for (std::size_t index = 0; index < function.memory.size(); ++index)
    if (const MemoryUse &use = function.memory[index]; !use.writes && use.parameter >= 0)
      noteLent(step(function, {Event::Memory, static_cast<int>(index), false}), expansion.lent);
  return summaries_[&function] = std::move(expansion);
}

std::vector<Path> Sections::invoked(const FunctionFact &caller, const Event &event,
                                    std::size_t position, std::vector<Step> &lent) {
  const Call &call = caller.calls[static_cast<std::size_t>(event.index)];
  if (call.logging && isHarmlessLogging(caller, call))
    return {Path{}};

  Step opaque = step(caller, event);
  const Callees callees = program_.callees(call);
  if (!callees.known)
    return {Path{opaque}};
  opaque.kind = Step::Unfollowed;
  Path gone;
  std::vector<Path> result;
  for (const std::string &id : callees.ids) {
    if (program_.isRecursion(caller.id, id))
      return {Path{opaque}};
    for (const FunctionFact *body : program_.bodies(id)) {
      const Expansion &expansion = summary(*body);
      if (expansion.incomplete)
        return {Path{opaque}};
      for (const Path &path : expansion.paths)
        result.push_back(inlined(path, caller, event, position));
      for (const Step &each : expansion.lent) {
        const Step here = inCallersTerms(each, caller, event, position);
        if (isFree(here))
          noteLent(here, lent);
        else
          gone.push_back(here);
      }
    }
  }
  for (Path &path : result)
    path.insert(path.begin(), gone.begin(), gone.end());
  result = distinct(std::move(result));
  if (result.size() > kMostPaths)
    return {Path{opaque}};
  return result;
}

Path Sections::inlined(const Path &path, const FunctionFact &caller, const Event &event,
                       std::size_t position) const {
  Path result;
  for (const Step &step : path)
    if (Step here = inCallersTerms(step, caller, event, position); !isFree(here))
      result.push_back(std::move(here));
  return result;
}

Step Sections::inCallersTerms(Step step, const FunctionFact &caller, const Event &event,
                              std::size_t position) const {
  const Call &call = caller.calls[static_cast<std::size_t>(event.index)];
  const std::string site = std::to_string(position);
  if (step.throughElementOf.empty() && leadsFrom(step.base, "this") &&
      !call.throughElementOf.empty()) {
    step.throughElementOf = call.throughElementOf;
    // What the object points to in turn is not kept alive by a copy of the element.
    step.ownedByElement = call.ownedByElement && step.base == "this";
  }
  step.base = inCaller(step.base, call, site);
  step.instance = step.instance.empty() ? site : site + "." + step.instance;
  step.manyCalls = step.manyCalls || event.repeated;
  step.underLock = step.underLock || !call.held.empty();
  noteGuard(step, ownLocks(caller, call.held));
  return step;
}

Step Sections::step(const FunctionFact &function, const Event &event) const {
  Step result;
  result.function = &function;
  result.index = event.index;
  result.repeated = event.repeated;
  const std::vector<int> *held = nullptr;
  switch (event.kind) {
  case Event::Acquire:
  case Event::Release:
    result.kind = event.kind == Event::Acquire ? Step::Acquire : Step::Release;
    result.base = result.acquisition().base;
    noteElement(result);
    return result;
  case Event::Field:
    result.kind = Step::Touch;
    result.base = result.access().base;
    result.throughElementOf = result.access().throughElementOf;
    result.ownedByElement = result.access().ownedByElement;
    held = &result.access().held;
    break;
  case Event::Invoke:
    result.kind = Step::Unknown;
    result.base = result.call().base;
    result.throughElementOf = result.call().throughElementOf;
    result.ownedByElement = result.call().ownedByElement;
    held = &result.call().held;
    break;
  case Event::Memory:
    result.kind = Step::Memory;
    result.base =
        result.memory().parameter >= 0 ? "param:" + std::to_string(result.memory().parameter) : "?";
    held = &result.memory().held;
    break;
  }
  result.underLock = !held->empty();
  noteGuard(result, ownLocks(function, *held));
  return result;
}

void Sections::noteGuard(Step &step, const Lockset &locks) const {
  if (step.kind != Step::Touch)
    return;
  const FieldGuard &guard = guards_.of(step.access().field);
  step.holdsGuard = step.holdsGuard || isGuardHeld(step, locks);
  step.seemsToHoldGuard =
      step.seemsToHoldGuard ||
      (guard.majority && holds(locks, guard.mutex, step.base, step.access().writes));
}

bool Sections::isGuardHeld(const Step &step, const Lockset &locks) const {
  if (step.kind != Step::Touch)
    return false;
  const FieldGuard &guard = guards_.of(step.access().field);
  if (!guard.majority || !guard.sameObject)
    return false;
  if (identifiesObject(step.base))
    return holds(locks, guard.mutex, step.base, step.access().writes);
  // Of what can't be told apart, only a lock that there is once is surely the right one.
  return std::any_of(locks.begin(), locks.end(), [&](const HeldLock &lock) {
    return lock.mutex == guard.mutex && lock.base.empty() &&
           (!step.access().writes || lock.mode == Mode::Exclusive);
  });
}

bool Sections::isFree(const Step &step) const {
  if (step.kind == Step::Memory && step.memory().parameter >= 0 && !step.memory().writes)
    return !leadsFrom(step.base, "pointee") && !step.base.starts_with("this->");
  if (step.kind == Step::Memory)
    return isThreadLocalPath(step.base);
  if (step.kind != Step::Touch)
    return false;
  const Access &access = step.access();
  if (access.unshared || isThreadLocalPath(step.base))
    return true;
  // Frozen or not, what a raw pointer leads to can be gone.
  const bool mayBeGone = !step.ownedByElement && step.base != "pointee.owned" &&
                         (!step.throughElementOf.empty() || leadsFrom(step.base, "pointee"));
  return !mayBeGone && guards_.isFrozen(access.field);
}

bool Sections::isHarmlessLogging(const FunctionFact &caller, const Call &call) {
  if (call.callee.empty())
    return false;
  const Callees callees = program_.callees(call);
  // A logger we do not see, which its name says is synchronised inside.
  if (!callees.known)
    return true;
  auto harmless = [&](const Step &step) {
    switch (step.kind) {
    case Step::Release:
      return true;
    case Step::Acquire: {
      // Not if that could be a lock which is held already: entering it twice must not be missed.
      auto mutex = program_.facts().mutexes.find(step.acquisition().mutex);
      return mutex != program_.facts().mutexes.end() && !program_.isRecursive(mutex->first) &&
             !holdsOfAnyObject(locksets_.at(caller, call.held), mutex->first, false);
    }
    case Step::Touch: {
      auto field = program_.facts().fields.find(step.access().field);
      const bool atomic =
          field != program_.facts().fields.end() && field->second.typeClass == TypeClass::Atomic;
      // A level that is read decides over output alone, which nobody synchronises by.
      return step.underLock || step.access().forLogging || (atomic && !step.access().writes);
    }
    case Step::Memory:
      return step.underLock || !step.memory().writes;
    case Step::Unknown:
      return step.underLock || (!step.call().callee.empty() && !step.call().isVirtual);
    case Step::Unfollowed:
      return false;
    }
    return false;
  };
  for (const std::string &id : callees.ids) {
    if (program_.isRecursion(caller.id, id))
      return false;
    for (const FunctionFact *body : program_.bodies(id)) {
      const Expansion &expansion = summary(*body);
      if (expansion.incomplete)
        return false;
      for (const Path &path : expansion.paths)
        if (!std::all_of(path.begin(), path.end(), harmless))
          return false;
    }
  }
  return true;
}

} // namespace unlatch
