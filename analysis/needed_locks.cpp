// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/needed_locks.h"

#include "analysis/called_functions.h"
#include "analysis/clock.h"
#include "analysis/language.h"
#include "analysis/paths.h"

#include <algorithm>
#include <optional>

namespace unlatch {

namespace {

bool needsLock(const WholeProgram &whole, const Step &step, const std::string &mutex,
               const std::set<std::string> &selected) {
  switch (step.kind) {
  case Step::Acquire:
  case Step::Release:
    return false; // other locks are none of this one's business
  case Step::Memory:
    return !isClock(step.memory());
  case Step::Unknown:
  case Step::Unfollowed:
    return true;
  case Step::Touch:
    break;
  }
  const Access &access = step.access();
  if (selected.contains(access.field))
    return false;
  // A frozen field that stands in a path at all may be gone, but for the lock.
  if (whole.guards.isFrozen(access.field))
    return true;
  const FieldGuard &guard = whole.guards.of(access.field);
  // Not to print garbage, it is enough to keep out those who write.
  if (access.forLogging)
    return guard.heldByWriters.contains(mutex);
  const FieldFact *field = whole.field(access.field);
  if (!field)
    return true;
  switch (field->typeClass) {
  case TypeClass::Atomic:
    return guard.isAlwaysHeld() && guard.mutex == mutex;
  case TypeClass::Synchronised:
  case TypeClass::Converted:
    return false;
  default:
    // If not every access holds the guard, some may rely on this lock instead.
    return !(step.holdsGuard && guard.mutex != mutex && guard.isAlwaysHeld());
  }
}

bool overlap(const Edit &left, const Edit &right) {
  return left.file == right.file && left.offset < right.offset + right.length &&
         right.offset < left.offset + left.length;
}

/// Whether one of the edits meets one that is in the set, in which none meet each other.
bool meetsAny(const Candidate &candidate, const std::set<Edit> &edits) {
  return std::any_of(candidate.edits.begin(), candidate.edits.end(), [&](const Edit &edit) {
    auto next = edits.lower_bound(edit);
    if (next != edits.end() && *next == edit)
      return false;
    return (next != edits.end() && overlap(edit, *next)) ||
           (next != edits.begin() && overlap(edit, *std::prev(next)));
  });
}

std::set<std::string> fieldsOf(const Departures &departures) {
  std::set<std::string> fields;
  for (const auto &departure : departures)
    fields.insert(departure.first);
  return fields;
}

bool isRewrittenAsSnapshot(const ExpandedSection &section, const Departures &selected) {
  return std::any_of(selected.begin(), selected.end(), [&](const auto &departure) {
    return departure.second == Strategy::Snapshot && section.touches(departure.first);
  });
}

} // namespace

const Step *stepThatNeedsLock(const WholeProgram &whole, const ExpandedSection &section,
                              const std::set<std::string> &selected) {
  const std::string &mutex = section.lock().mutex;
  for (const Path &path : section.paths)
    for (const Step &step : path)
      if (needsLock(whole, step, mutex, selected))
        return &step;
  return nullptr;
}

bool needsLock(const WholeProgram &whole, const ExpandedSection &section,
               const std::set<std::string> &selected) {
  return section.incomplete || section.isBarrier || stepThatNeedsLock(whole, section, selected);
}

bool touchesAny(const ExpandedSection &section, const std::set<std::string> &fields) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const std::string &field) { return section.touches(field); });
}

bool needsGuard(const WholeProgram &whole, const FieldFact &field) {
  switch (field.typeClass) {
  case TypeClass::Mutex:
  case TypeClass::Wait:
  case TypeClass::Synchronised:
  case TypeClass::Converted:
  case TypeClass::Atomic:
    return false;
  default:
    return !whole.guards.isFrozen(field.id);
  }
}

std::vector<std::string> guardedBy(const WholeProgram &whole, const std::string &mutex) {
  std::vector<std::string> fields;
  for (const auto &[id, guard] : whole.guards.all()) {
    const FieldFact *field = whole.field(id);
    if (guard.mutex == mutex && (guard.majority || (field && field->annotatedGuard == mutex)) &&
        field && needsGuard(whole, *field))
      fields.push_back(id);
  }
  return fields;
}

namespace {

/// One declaration that takes several locks, by the function and its removal.
using Declaration = std::pair<const FunctionFact *, std::vector<Edit>>;

std::optional<Declaration> severalLocks(const ExpandedSection &section) {
  const std::vector<Edit> &edits = section.lock().removalOfAll.edits;
  if (edits.empty())
    return std::nullopt;
  return Declaration{section.function, edits};
}

/// How many locks the declaration takes.
std::ptrdiff_t locksOf(const Declaration &declaration) {
  return std::count_if(
      declaration.first->acquisitions.begin(), declaration.first->acquisitions.end(),
      [&](const Acquisition &lock) { return lock.removalOfAll.edits == declaration.second; });
}

/// Of several locks that one declaration takes all go, or one; if more than one but not all are
/// dropped, the first goes and the others stay.
void settleTogether(std::map<std::string, ReleasedLocks> &released) {
  std::map<Declaration, std::ptrdiff_t> dropped;
  for (const auto &entry : released)
    for (const ExpandedSection *section : entry.second.dropped)
      if (auto several = severalLocks(*section))
        ++dropped[*several];
  std::set<Declaration> begun;
  for (auto &entry : released) {
    ReleasedLocks &mine = entry.second;
    std::erase_if(mine.dropped, [&](const ExpandedSection *section) {
      const auto several = severalLocks(*section);
      if (!several)
        return false;
      if (dropped[*several] == locksOf(*several)) {
        mine.together.insert(section);
        return false;
      }
      if (begun.insert(*several).second)
        return false;
      mine.removeMutex = false;
      return true;
    });
  }
}

/// Annotations by which functions that run in the section ask for its mutex.
std::vector<const Redeclaration *> askedFor(const WholeProgram &whole,
                                            const ExpandedSection &section) {
  std::vector<const Redeclaration *> result;
  for (const Redeclaration *each : whole.redeclarationsOf(section.lock().mutex))
    if (!each->requiredBy.empty())
      result.push_back(each);
  if (result.empty())
    return result;
  const std::set<std::string> run = runUnder(whole.program, *section.function, section.acquisition);
  std::erase_if(result, [&](const Redeclaration *each) { return !run.contains(each->requiredBy); });
  return result;
}

/// The lock of such a section can only go with annotations that can't.
bool isHeldByAnnotation(const WholeProgram &whole, const ExpandedSection &section) {
  const auto asked = askedFor(whole, section);
  return std::any_of(asked.begin(), asked.end(),
                     [](const Redeclaration *each) { return !each->removal.blockers.empty(); });
}

} // namespace

const Candidate &removalOf(const ReleasedLocks &released, const ExpandedSection &section) {
  return released.together.contains(&section) ? section.lock().removalOfAll
                                              : section.lock().removal;
}

const Candidate &fencesOf(const ExpandedSection &section, const Departures &selected) {
  return isRewrittenAsSnapshot(section, selected) ? section.lock().snapshotFences
                                                  : section.lock().fences;
}

bool leavesFences(const WholeProgram &whole, const ReleasedLocks &released,
                  const Departures &selected) {
  return !whole.facts().weakOrderings.empty() && released.removeMutex &&
         std::all_of(released.dropped.begin(), released.dropped.end(),
                     [&](const ExpandedSection *section) {
                       const Candidate &fences = fencesOf(*section, selected);
                       return fences.blockers.empty() && !fences.edits.empty() &&
                              !isTooOld(section->function->language);
                     });
}

std::map<std::string, ReleasedLocks> releasedLocks(const WholeProgram &whole,
                                                   const Departures &selected) {
  const std::set<std::string> fields = fieldsOf(selected);
  std::map<std::string, ReleasedLocks> result;
  for (const std::string &field : fields)
    result[whole.guards.of(field).mutex];

  std::set<Edit> removals;
  for (auto &[mutex, released] : result) {
    auto fact = whole.facts().mutexes.find(mutex);
    const auto guarded = guardedBy(whole, mutex);
    const auto &uses = whole.facts().mutexUses;
    const auto &redeclared = whole.redeclarationsOf(mutex);
    bool canEmpty = fact != whole.facts().mutexes.end() && fact->second.removal.blockers.empty() &&
                    (!fact->second.definedElsewhere || whole.hasDefinition(mutex)) &&
                    std::all_of(redeclared.begin(), redeclared.end(),
                                [](const auto *each) { return each->removal.blockers.empty(); }) &&
                    std::all_of(guarded.begin(), guarded.end(),
                                [&](const std::string &field) { return fields.contains(field); }) &&
                    std::none_of(uses.begin(), uses.end(),
                                 [&, &id = mutex](const MutexUse &use) { return use.mutex == id; });
    // One place can be several sections: instances of a template, a header under several macros.
    // What one of them needs, all keep.
    std::set<Location> needed;
    for (const ExpandedSection &section : whole.sections.of(mutex))
      if (!isRewrittenAsSnapshot(section, selected) &&
          (needsLock(whole, section, fields) || !section.lock().removal.blockers.empty() ||
           isHeldByAnnotation(whole, section)))
        needed.insert(section.lock().where);
    std::vector<const ExpandedSection *> unneeded;
    for (const ExpandedSection &section : whole.sections.of(mutex)) {
      if (isRewrittenAsSnapshot(section, selected)) {
        released.dropped.push_back(&section);
        continue;
      }
      const Candidate &removal = section.lock().removal;
      // Those of one declaration are settled in the end.
      const bool alone = !severalLocks(section).has_value();
      if (needed.contains(section.lock().where) || (alone && meetsAny(removal, removals))) {
        canEmpty = false;
        continue;
      }
      unneeded.push_back(&section);
      if (alone)
        removals.insert(removal.edits.begin(), removal.edits.end());
    }
    // Sections that have nothing to do with the fields are left as they are, as long as there is
    // a mutex for them to lock.
    for (const ExpandedSection *section : unneeded)
      if (canEmpty || touchesAny(*section, fields))
        released.dropped.push_back(section);
    released.removeMutex = canEmpty;
  }
  settleTogether(result);
  for (auto &[mutex, released] : result)
    if (!released.removeMutex)
      for (const ExpandedSection *section : released.dropped)
        for (const Redeclaration *each : askedFor(whole, *section))
          if (each->removal.blockers.empty())
            released.needless.push_back(each);
  return result;
}

} // namespace unlatch
