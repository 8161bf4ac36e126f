// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/pointees.h"

#include "analysis/conflict_reasons.h"
#include "analysis/obstacles.h"
#include "analysis/paths.h"

#include <algorithm>

namespace unlatch {

namespace {

/// What the section does to the pointee shows that it relies on the map's lock.
bool reliesOnLock(const WholeProgram &whole, const Step &step, const std::string &mutex) {
  // Without ownership, only the lock keeps it from being deleted meanwhile.
  if (!step.ownedByElement)
    return true;
  if (step.kind != Step::Touch)
    return false;
  const FieldFact *field = whole.field(step.access().field);
  if (!field)
    return true;
  switch (field->typeClass) {
  case TypeClass::Atomic:
  case TypeClass::Synchronised:
  case TypeClass::Converted:
    return false; // an action of its own
  default:
    break;
  }
  if (whole.guards.isFrozen(field->id))
    return false;
  const FieldGuard &guard = whole.guards.of(field->id);
  return (guard.majority && guard.mutex == mutex) || !step.seemsToHoldGuard;
}

} // namespace

std::vector<Reason> pointeeObstacles(const WholeProgram &whole, const std::string &map) {
  std::vector<Reason> reasons;
  const std::string &mutex = whole.guards.of(map).mutex;
  for (const ExpandedSection &section : whole.sections.of(mutex)) {
    for (const Path &path : section.paths) {
      const bool usesMap = std::any_of(path.begin(), path.end(),
                                       [&](const Step &step) { return step.touches(map); });
      for (const Step &step : path) {
        const bool isTold = step.throughElementOf == map;
        // Reached through some element, and the section has looked into no other map that we know.
        const bool isLikely =
            usesMap && step.throughElementOf.empty() && leadsFrom(step.base, "pointee");
        if (step.touches(map) || !(isTold || isLikely) || step.kind == Step::Release ||
            step.kind == Step::Unknown || step.kind == Step::Unfollowed)
          continue;
        // A lock that was reached directly says nothing of ownership: what is done under it does.
        if (step.kind == Step::Acquire && !isTold)
          continue;
        if (step.kind == Step::Touch && step.access().forLogging)
          continue;
        if (reliesOnLock(whole, step, mutex))
          reasons.push_back(
              {"pointee-guarded",
               "this section " + inWords(whole, step) + " of an object that the map points to",
               step.where()});
      }
    }
  }
  tidy(reasons);
  return reasons;
}

} // namespace unlatch
