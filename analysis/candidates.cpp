// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/candidates.h"

#include "analysis/choice.h"
#include "analysis/conflict_reasons.h"
#include "analysis/needed_locks.h"
#include "analysis/obstacles.h"
#include "analysis/pointees.h"
#include "analysis/snapshot_groups.h"

#include <algorithm>

namespace unlatch {

namespace {

const char *inWords(Strategy strategy) {
  return strategy == Strategy::Map      ? "a lock-free map"
         : strategy == Strategy::Atomic ? "an atomic"
                                        : "a snapshot";
}

bool isListedType(const FieldFact &field) {
  return isMap(field.typeClass) || field.typeClass == TypeClass::Scalar ||
         field.typeClass == TypeClass::Struct;
}

/// Whether one of the mutexes that are at times held at the field's accesses stands beside it.
bool sharesOwnerWithHeld(const WholeProgram &whole, const FieldFact &field) {
  const auto &held = whole.guards.of(field.id).everHeld;
  return std::any_of(held.begin(), held.end(), [&](const std::string &id) {
    auto mutex = whole.facts().mutexes.find(id);
    return mutex != whole.facts().mutexes.end() && mutex->second.owner == field.owner &&
           (!field.owner.empty() || mutex->second.where.file == field.where.file);
  });
}

/// Rule 1, over every section of the mutex.
void addConflicts(const WholeProgram &whole, CandidateUnit &unit) {
  const Departures departures = unit.departures();
  for (const ExpandedSection &section : whole.sections.of(unit.mutex)) {
    if (touchesAny(section, {unit.fields.begin(), unit.fields.end()}))
      if (std::optional<Reason> lent = whole.lentMemory.needsLock(section, unit.mutex))
        unit.reasons.push_back(std::move(*lent));
    std::optional<Conflict> conflict = firstConflict(whole, section, departures);
    if (!conflict)
      continue;
    // A section in which a map has no part is not split by its leaving, but loses its fence.
    Overlooked overlooked = overlookedFor(unit);
    if (unit.strategy == Strategy::Map && !touchesAny(section, {unit.fields.front()}))
      overlooked = {};
    std::optional<Conflict> remaining = firstConflict(whole, section, departures, overlooked);
    if (!remaining) {
      unit.splits.push_back({&section, *conflict});
      continue;
    }
    // Tell of a step that does use one of the unit's fields, if there is one.
    auto uses = [&](const std::string &field) {
      return remaining->first->touches(field) || remaining->second->touches(field);
    };
    auto field = std::find_if(unit.fields.begin(), unit.fields.end(), uses);
    unit.reasons.push_back(reasonOf(whole, section, *remaining,
                                    field == unit.fields.end() ? unit.fields.front() : *field));
  }
}

CandidateUnit single(const WholeProgram &whole, const FieldFact &field,
                     const AllowedStrategies &allowed) {
  CandidateUnit unit;
  unit.fields = {field.id};
  unit.strategy = ownStrategy(field);
  unit.mutex = whole.guards.of(field.id).mutex;
  unit.reasons = fieldObstacles(whole, field, unit.strategy);
  for (const Reason &reason : mutexObstacles(whole, unit.mutex))
    unit.reasons.push_back(reason);
  if (unit.strategy == Strategy::Map)
    for (const Reason &reason : pointeeObstacles(whole, field.id))
      unit.reasons.push_back(reason);
  if (unit.strategy == Strategy::Snapshot && !unit.mutex.empty())
    for (const Reason &reason : snapshotObstacles(whole, unit.mutex, unit.fields))
      unit.reasons.push_back(reason);
  const FieldGuard &guard = whole.guards.of(field.id);
  if (unit.strategy != Strategy::None && guard.majority && guard.sameObject)
    addConflicts(whole, unit);
  if (unit.strategy == Strategy::Snapshot)
    unit.price = priceOf(whole, unit.mutex, unit.fields);
  if (unit.strategy != Strategy::None && !allowed.allow(field.id, unit.strategy))
    unit.reasons = {
        {"suppressed",
         "--strategy does not allow it to become " + std::string(inWords(unit.strategy)),
         field.where}};
  tidy(unit.reasons);
  return unit;
}

CandidateUnit group(const WholeProgram &whole, const std::string &mutex,
                    const std::vector<std::string> &fields) {
  CandidateUnit unit;
  unit.fields = fields;
  unit.strategy = Strategy::Snapshot;
  unit.mutex = mutex;
  unit.reasons = mutexObstacles(whole, mutex);
  for (const std::string &field : fields)
    for (const Reason &reason : fieldObstacles(whole, *whole.field(field), Strategy::Snapshot))
      unit.reasons.push_back(reason);
  for (const Reason &reason : snapshotObstacles(whole, mutex, fields))
    unit.reasons.push_back(reason);
  addConflicts(whole, unit);
  for (const std::string &field : fields)
    if (isMap(whole.field(field)->typeClass))
      for (const Reason &reason : pointeeObstacles(whole, field))
        unit.reasons.push_back(reason);
  unit.price = priceOf(whole, mutex, fields);
  tidy(unit.reasons);
  return unit;
}

/// All of them can leave, each as an atomic or a map of its own.
bool canAllLeave(const WholeProgram &whole, const std::vector<CandidateUnit> &singles) {
  return std::all_of(singles.begin(), singles.end(),
                     [](const CandidateUnit &unit) {
                       return unit.strategy != Strategy::Snapshot && unit.mayLeave();
                     }) &&
         conflictsBetween(whole, singles).empty();
}

/// What leaves by itself at no risk is worth more than what has to be reviewed, and a map more than
/// one that is copied for every change.
bool isWorthMore(const WholeProgram &whole, const CandidateUnit &alone,
                 const CandidateUnit &together) {
  if (alone.strategy == Strategy::Map)
    return alone.mayLeave() || (alone.isForReview() && together.isForReview());
  const auto &sections = whole.sections.of(together.mutex);
  return together.isForReview() && alone.mayLeave() &&
         std::any_of(sections.begin(), sections.end(), [&](const ExpandedSection &section) {
           return std::all_of(together.fields.begin(), together.fields.end(),
                              [&](const std::string &field) {
                                return section.touches(field) == (field == alone.fields.front());
                              });
         });
}

/// The units that the fields of one mutex form.
std::vector<CandidateUnit> unitsOf(const WholeProgram &whole, const std::string &mutex,
                                   const std::vector<std::string> &fields,
                                   const AllowedStrategies &allowed) {
  std::vector<CandidateUnit> singles;
  for (const std::string &field : fields)
    singles.push_back(single(whole, *whole.field(field), allowed));
  const std::vector<std::string> guarded = guardedBy(whole, mutex);
  // A snapshot is the state of the mutex in whole, or nothing.
  const bool canBeGroup = !mutex.empty() && !guarded.empty() &&
                          std::all_of(guarded.begin(), guarded.end(), [&](const std::string &id) {
                            const FieldFact &field = *whole.field(id);
                            return std::find(fields.begin(), fields.end(), id) != fields.end() &&
                                   field.declaration.contains(Strategy::Snapshot) &&
                                   allowed.allow(id, Strategy::Snapshot);
                          });
  if (!canBeGroup)
    return singles;
  const auto mayBeItself = [&](const std::string &id) {
    return allowed.allow(id, ownStrategy(*whole.field(id)));
  };
  const bool isLoneScalar = guarded.size() == 1 &&
                            ownStrategy(*whole.field(guarded.front())) == Strategy::Atomic &&
                            mayBeItself(guarded.front());
  std::vector<CandidateUnit> mine, others;
  for (CandidateUnit &unit : singles)
    (std::find(guarded.begin(), guarded.end(), unit.fields.front()) != guarded.end() ? mine
                                                                                     : others)
        .push_back(std::move(unit));
  const bool alone = isLoneScalar || canAllLeave(whole, mine);
  if (!alone) {
    CandidateUnit together = group(whole, mutex, guarded);
    const bool isBest = std::none_of(mine.begin(), mine.end(), [&](const CandidateUnit &unit) {
      return isWorthMore(whole, unit, together);
    });
    if (together.reasons.empty() && isBest) {
      for (CandidateUnit &unit : mine)
        if (unit.strategy == Strategy::Map)
          together.notAlone[unit.fields.front()] = std::move(unit.reasons);
      others.push_back(std::move(together));
      return others;
    }
    // The snapshot was the only hope of what can't be an atomic.
    const bool hasMap = std::any_of(mine.begin(), mine.end(), [](const CandidateUnit &unit) {
      return unit.strategy == Strategy::Map;
    });
    for (CandidateUnit &unit : mine) {
      if (!mayBeItself(unit.fields.front()))
        unit.reasons = together.reasons;
      else if (hasMap)
        continue; // what keeps it from leaving by itself says more
      else if (unit.strategy != Strategy::Snapshot && unit.mayLeave())
        unit.notTogether = together.reasons;
      else
        unit.reasons.insert(unit.reasons.end(), together.reasons.begin(), together.reasons.end());
      tidy(unit.reasons);
    }
  }
  others.insert(others.end(), std::make_move_iterator(mine.begin()),
                std::make_move_iterator(mine.end()));
  return others;
}

} // namespace

Departures CandidateUnit::departures() const {
  Departures result;
  for (const std::string &field : fields)
    result.emplace(field, strategy);
  return result;
}

Strategy ownStrategy(const FieldFact &field) {
  if (isMap(field.typeClass))
    return Strategy::Map;
  if (field.declaration.contains(Strategy::Atomic))
    return Strategy::Atomic;
  return field.declaration.contains(Strategy::Snapshot) ? Strategy::Snapshot : Strategy::None;
}

Overlooked overlookedFor(const CandidateUnit &unit) {
  Overlooked overlooked;
  if (unit.strategy == Strategy::Map)
    overlooked.pointeesOf = unit.fields.front();
  overlooked.atomics = unit.strategy == Strategy::Snapshot || unit.strategy == Strategy::Map;
  overlooked.clock = true;
  return overlooked;
}

std::vector<std::string> listedFields(const WholeProgram &whole) {
  std::vector<std::string> listed;
  for (const auto &[id, field] : whole.facts().fields) {
    if (!needsGuard(whole, field))
      continue;
    const FieldGuard &guard = whole.guards.of(id);
    if (!guard.mutex.empty() || (isListedType(field) && sharesOwnerWithHeld(whole, field)))
      listed.push_back(id);
  }
  return listed;
}

std::optional<Conflict> firstConflict(const WholeProgram &whole, const ExpandedSection &section,
                                      const Departures &departures, const Overlooked &overlooked) {
  for (const Path &path : section.paths)
    if (auto conflict = whole.oneAction.conflict(section, path, departures, overlooked))
      return conflict;
  return std::nullopt;
}

std::vector<CandidateUnit> candidates(const WholeProgram &whole, const AllowedStrategies &allowed) {
  std::map<std::string, std::vector<std::string>> byMutex;
  for (const std::string &field : listedFields(whole))
    byMutex[whole.guards.of(field).mutex].push_back(field);
  std::vector<CandidateUnit> units;
  for (const auto &[mutex, fields] : byMutex)
    for (CandidateUnit &unit : unitsOf(whole, mutex, fields, allowed))
      units.push_back(std::move(unit));
  auto key = [&](const CandidateUnit &unit) {
    return std::pair(whole.program.fieldName(unit.fields.front()), unit.fields.front());
  };
  std::sort(units.begin(), units.end(), [&](const CandidateUnit &left, const CandidateUnit &right) {
    return key(left) < key(right);
  });
  return units;
}

} // namespace unlatch
