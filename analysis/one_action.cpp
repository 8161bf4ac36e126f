// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/one_action.h"

#include "analysis/clock.h"
#include "analysis/paths.h"

#include <algorithm>

namespace unlatch {

namespace {

bool isLoop(const Operation &operation) {
  return operation.name == "range" || operation.name == "erase_if";
}

bool isSynchronisedInside(TypeClass type) {
  return type == TypeClass::Synchronised || type == TypeClass::Converted || type == TypeClass::Wait;
}

/// The taking and the release of the very lock that the section is about.
bool isOwnLock(const Step &step, const ExpandedSection &section) {
  return step.function == section.function && step.instance.empty() &&
         step.index == section.acquisition;
}

} // namespace

const Operation *OneAction::operation(const Step &step) {
  if (step.kind != Step::Touch || step.access().operation < 0)
    return nullptr;
  return &step.function->operations[static_cast<std::size_t>(step.access().operation)];
}

bool OneAction::isPointeeOf(const Step &step, const std::string &map) {
  if (!step.throughElementOf.empty())
    return step.throughElementOf == map;
  return leadsFrom(step.base, "pointee");
}

Effect OneAction::effect(const Step &step, const Departures &departures) const {
  if (step.kind != Step::Touch)
    return Effect::Action;
  const Access &access = step.access();
  if (departures.contains(access.field))
    return Effect::Operation;
  if (access.forLogging || guards_.isFrozen(access.field))
    return Effect::Free;
  auto field = program_.facts().fields.find(access.field);
  // Whoever else has such an object at hand needs no lock to use it.
  if (!step.holdsGuard ||
      isSynchronisedInside(field == program_.facts().fields.end() ? TypeClass::Other
                                                                  : field->second.typeClass))
    return Effect::Action;
  const FieldGuard &guard = guards_.of(access.field);
  if (guard.isAlwaysHeld())
    return Effect::Mover;
  // An atomic that is also used without the lock is there to be seen without it.
  if (field == program_.facts().fields.end() || field->second.typeClass == TypeClass::Atomic)
    return Effect::Action;
  return Effect::Early;
}

bool OneAction::isOverlooked(const Step &step, const Overlooked &overlooked) const {
  if (step.kind == Step::Memory)
    return overlooked.clock && isClock(step.memory());
  if (step.kind == Step::Unknown || step.kind == Step::Unfollowed)
    return false;
  // Whether it is used in a way that relies on the map's lock is asked elsewhere.
  if (!overlooked.pointeesOf.empty() && !step.touches(overlooked.pointeesOf) &&
      isPointeeOf(step, overlooked.pointeesOf))
    return true;
  if (!overlooked.atomics || step.kind != Step::Touch)
    return false;
  auto field = program_.facts().fields.find(step.access().field);
  return field != program_.facts().fields.end() && field->second.typeClass == TypeClass::Atomic;
}

std::string OneAction::operationKey(const Step &step, const Departures &departures) const {
  const std::string &field = step.access().field;
  auto strategy = departures.find(field);
  // All of a snapshot's fields are read, or modified, at once.
  if (strategy != departures.end() && strategy->second == Strategy::Snapshot)
    return step.instance + ":snapshot:" + guards_.of(field).mutex;
  if (step.access().operation < 0)
    return step.instance + ":access:" + std::to_string(step.index);
  return step.instance + ":" + std::to_string(step.access().operation);
}

bool OneAction::isDoneManyTimes(const Step &step, const Path &path,
                                const Departures &departures) const {
  if (step.manyCalls)
    return true;
  auto strategy = departures.find(step.access().field);
  if (strategy != departures.end() && strategy->second == Strategy::Snapshot)
    return false;
  const Operation *whole = operation(step);
  if (whole && whole->manyTimes)
    return true;
  if (whole && isLoop(*whole))
    return false;
  // A loop inside the operation, over the value say, is not a loop around it.
  const std::string key = operationKey(step, departures);
  return std::all_of(path.begin(), path.end(), [&](const Step &other) {
    return other.kind != Step::Touch || !departures.contains(other.access().field) ||
           operationKey(other, departures) != key || other.repeated;
  });
}

std::optional<Conflict> OneAction::conflict(const ExpandedSection &section, const Path &path,
                                            const Departures &departures,
                                            const Overlooked &overlooked) const {
  const Step *acted = nullptr; // the action, once there was one
  const Step *lastAcquire = nullptr;
  std::string key; // of the action, as long as it may go on
  const bool operates = std::any_of(path.begin(), path.end(), [&](const Step &step) {
    return step.kind == Step::Touch && departures.contains(step.access().field);
  });
  for (const Step &step : path) {
    if (isOverlooked(step, overlooked))
      continue;
    // The time of a section that has no part in what leaves is compared with nothing of it.
    if (!operates && step.kind == Step::Memory && isClock(step.memory()))
      continue;
    if (step.kind == Step::Acquire) {
      if (isOwnLock(step, section))
        continue;
      if (acted)
        return Conflict{acted, &step};
      if (step.repeated || step.manyCalls)
        return Conflict{&step, &step};
      lastAcquire = &step;
      if (program_.canBeSeenHeld(step.acquisition().mutex)) {
        acted = &step;
        key.clear();
      }
      continue;
    }
    if (step.kind == Step::Release) {
      if (isOwnLock(step, section))
        continue;
      if (acted && program_.canBeSeenHeld(step.acquisition().mutex))
        return Conflict{acted, &step};
      // What was done under the lock shows from here on, and nothing may follow.
      if (!acted)
        acted = lastAcquire ? lastAcquire : &step;
      key.clear();
      continue;
    }
    switch (effect(step, departures)) {
    case Effect::Free:
    case Effect::Mover:
      break;
    case Effect::Early:
      if (acted)
        return Conflict{acted, &step};
      break;
    case Effect::Operation: {
      if (isDoneManyTimes(step, path, departures))
        return Conflict{&step, &step};
      std::string mine = operationKey(step, departures);
      if (acted && key != mine)
        return Conflict{acted, &step};
      acted = &step;
      key = std::move(mine);
      break;
    }
    case Effect::Action:
      if (acted)
        return Conflict{acted, &step};
      if (step.repeated || step.manyCalls || step.kind == Step::Unfollowed)
        return Conflict{&step, &step};
      acted = &step;
      key.clear();
      break;
    }
  }
  return std::nullopt;
}

} // namespace unlatch
