// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/choice.h"
#include "analysis/conflict_reasons.h"
#include "analysis/findings.h"
#include "analysis/needed_locks.h"
#include "analysis/obstacles.h"
#include "analysis/phases.h"
#include "analysis/planned_sections.h"
#include "analysis/select_edits.h"

#include <algorithm>

namespace unlatch {

namespace {

class Decision {
public:
  Decision(const Facts &facts, const DecideOptions &options)
      : whole_(facts), options_(options), units_(candidates(whole_, options.strategies)),
        leaves_(units_.size(), false) {}

  Plan plan() {
    chooseLeaving();
    chooseForReview();
    Plan plan;
    for (std::size_t index = 0; index < units_.size(); ++index)
      addFields(plan, index);
    assignPhases(whole_.facts(), plan.fields);
    addMutexes(plan);
    plan.findings = findings(whole_);
    return plan;
  }

private:
  Departures leaving() const {
    Departures result;
    for (std::size_t index = 0; index < units_.size(); ++index)
      if (leaves_[index])
        result.merge(units_[index].departures());
    return result;
  }

  /// Chooses until nothing stands in the way of the whole choice. Every round that has to be
  /// repeated has ruled out a unit for good.
  void chooseLeaving() {
    while (!tryToChoose()) {
    }
  }

  bool tryToChoose() {
    std::vector<std::size_t> free;
    std::vector<CandidateUnit> units;
    std::vector<Benefit> benefits;
    for (std::size_t index = 0; index < units_.size(); ++index) {
      leaves_[index] = false;
      if (!units_[index].mayLeave())
        continue;
      free.push_back(index);
      units.push_back(units_[index]);
      benefits.push_back(benefitOf(whole_, units_[index]));
    }
    const Rivalries rivalries = conflictsBetween(whole_, units);
    const std::vector<std::size_t> chosen = bestIndependentSet(benefits, rivalries);
    for (std::size_t index : chosen)
      leaves_[free[index]] = true;
    const Departures together = leaving();
    const auto released = releasedLocks(whole_, together);
    for (std::size_t index : chosen)
      if (!isWorthIt(units_[free[index]], together, released))
        return false;
    if (!rewritesFit())
      return false;
    for (const auto &[pair, rivalry] : rivalries) {
      const std::size_t left = free[pair.first], right = free[pair.second];
      if (leaves_[left] != leaves_[right])
        loseTo(units_[leaves_[left] ? right : left], rivalry);
    }
    return true;
  }

  void loseTo(CandidateUnit &unit, const Rivalry &rivalry) {
    Reason reason = reasonOf(whole_, *rivalry.section, rivalry.conflict, unit.fields.front());
    reason.id = "spans-fields";
    unit.reasons.push_back(std::move(reason));
    tidy(unit.reasons);
  }

  /// Not if every section it is used in keeps its lock: nothing would be won. Says why, then.
  bool isWorthIt(CandidateUnit &unit, const Departures &departures,
                 const std::map<std::string, ReleasedLocks> &released) {
    const std::set<std::string> mine(unit.fields.begin(), unit.fields.end());
    if (auto found = released.find(unit.mutex); found != released.end())
      for (const ExpandedSection *section : found->second.dropped)
        if (touchesAny(*section, mine))
          return true;
    std::set<std::string> all;
    for (const auto &departure : departures)
      all.insert(departure.first);
    for (const ExpandedSection &section : whole_.sections.of(unit.mutex))
      if (touchesAny(section, mine) && !needsLock(whole_, section, all))
        for (const Reason &reason : section.lock().removal.blockers)
          unit.reasons.push_back(reason);
    if (unit.reasons.empty())
      unit.reasons = unit.notTogether;
    if (unit.reasons.empty()) {
      const auto &sections = whole_.sections.of(unit.mutex);
      auto shared = std::find_if(sections.begin(), sections.end(),
                                 [&](const auto &section) { return touchesAny(section, mine); });
      Reason reason{"spans-fields", "every section that uses it keeps its lock for something else",
                    whole_.field(unit.fields.front())->where};
      if (shared != sections.end()) {
        const Reason one = alsoHeldFor(whole_, *shared, all);
        reason = {"spans-fields",
                  "no section that uses it could do without the lock; " + one.message, one.where};
      }
      unit.reasons.push_back(std::move(reason));
    }
    tidy(unit.reasons);
    return false;
  }

  /// Rewrites that meet in one place rule out the unit that comes last.
  bool rewritesFit() {
    if (!selectEdits(whole_, leaving()).collision)
      return true;
    Departures together;
    for (std::size_t index = 0; index < units_.size(); ++index) {
      if (!leaves_[index])
        continue;
      together.merge(units_[index].departures());
      if (auto collision = selectEdits(whole_, together).collision) {
        collide(units_[index], *collision);
        return false;
      }
    }
    return true;
  }

  void collide(CandidateUnit &unit, const Edit &edit) {
    unit.reasons.push_back({"does-not-compile",
                            "two rewrites meet in the same place, byte " +
                                std::to_string(edit.offset) + " of the file",
                            {edit.file, 1, 1}});
  }

  /// What splits sections may still go, if somebody accepts that, and nothing else is in the way
  /// when all that leaves has left.
  void chooseForReview() {
    Departures departures = leaving();
    for (CandidateUnit &unit : units_) {
      if (!unit.isForReview())
        continue;
      Departures with = departures;
      with.merge(unit.departures());
      addJointConflicts(unit, with);
      if (unit.reasons.empty())
        if (auto collision = selectEdits(whole_, with).collision)
          collide(unit, *collision);
      if (unit.reasons.empty() && isWorthIt(unit, with, releasedLocks(whole_, with)))
        departures = with;
    }
  }

  void addJointConflicts(CandidateUnit &unit, const Departures &departures) {
    std::set<std::string> mutexes{unit.mutex};
    for (const auto &departure : departures)
      mutexes.insert(whole_.guards.of(departure.first).mutex);
    const std::set<std::string> mine(unit.fields.begin(), unit.fields.end());
    for (const std::string &mutex : mutexes)
      for (const ExpandedSection &section : whole_.sections.of(mutex))
        if (mutex == unit.mutex || touchesAny(section, mine))
          if (auto conflict = firstConflict(whole_, section, departures, overlookedFor(unit)))
            unit.reasons.push_back(reasonOf(whole_, section, *conflict, unit.fields.front()));
    tidy(unit.reasons);
  }

  /// By itself, so that it may be chosen by itself, and with all others.
  bool isFenced(const CandidateUnit &unit) const {
    for (const Departures &departures : {unit.departures(), leaving()}) {
      const auto released = releasedLocks(whole_, departures);
      const auto mine = released.find(unit.mutex);
      if (mine == released.end() || !leavesFences(whole_, mine->second, departures))
        return false;
    }
    return true;
  }

  Verdict verdictOf(std::size_t index) const {
    const CandidateUnit &unit = units_[index];
    if (leaves_[index])
      return whole_.facts().weakOrderings.empty() || isFenced(unit) ||
                     options_.consistency == Consistency::PerOperation
                 ? Verdict::Convert
                 : Verdict::Review;
    if (!unit.isForReview())
      return Verdict::Keep;
    return options_.consistency == Consistency::PerOperation && !unit.price ? Verdict::Convert
                                                                            : Verdict::Review;
  }

  void addFields(Plan &plan, std::size_t index) {
    const CandidateUnit &unit = units_[index];
    for (const std::string &id : unit.fields) {
      PlannedField planned;
      planned.id = id;
      if (const std::string &guard = whole_.guards.of(id).mutex;
          whole_.facts().mutexes.contains(guard))
        planned.guard = guard;
      planned.verdict = verdictOf(index);
      planned.reasons = unit.reasons;
      FieldSections sections = plannedSections(whole_, unit, id);
      planned.sections = std::move(sections.sections);
      if (planned.verdict != Verdict::Keep) {
        planned.strategy = unit.strategy;
        if (unit.strategy == Strategy::Snapshot)
          planned.group = groupName(unit.mutex);
      }
      if (const auto map = unit.notAlone.find(id);
          planned.verdict != Verdict::Keep && map != unit.notAlone.end())
        planned.reasons = map->second;
      if (planned.verdict == Verdict::Review) {
        planned.observations = std::move(sections.observations);
        explainReview(planned, unit);
      }
      if (planned.verdict == Verdict::Convert && leaves_[index])
        explainFences(planned, unit);
      plan.fields.push_back(std::move(planned));
    }
  }

  void explainReview(PlannedField &planned, const CandidateUnit &unit) {
    for (const Split &split : unit.splits)
      planned.reasons.push_back(reasonOf(whole_, *split.section, split.conflict, planned.id));
    if (!whole_.facts().weakOrderings.empty()) {
      const WeakOrdering &weak = whole_.facts().weakOrderings.front();
      planned.reasons.push_back(
          {"weak-atomics", "the lock was also a fence, and the program uses " + weak.description,
           weak.where});
      Observation observation;
      observation.message = "the program uses " + weak.description +
                            ": writes that the lock ordered with the use of " +
                            whole_.program.fieldName(planned.id) +
                            " may be seen in another order once it is gone";
      for (std::size_t index = 0; index < planned.sections.size(); ++index)
        observation.sections.push_back(static_cast<int>(index));
      planned.observations.push_back(std::move(observation));
    }
    tidy(planned.reasons);
  }

  void explainFences(PlannedField &planned, const CandidateUnit &unit) {
    if (whole_.facts().weakOrderings.empty() || !isFenced(unit))
      return;
    const WeakOrdering &weak = whole_.facts().weakOrderings.front();
    planned.reasons.push_back(
        {"weak-atomics",
         "full fences take the place of the lock, since the program uses " + weak.description,
         weak.where});
  }

  /// The mutex's name, unless another has the same.
  std::string groupName(const std::string &mutex) const {
    std::string name = whole_.program.mutexName(mutex);
    for (const auto &[id, fact] : whole_.facts().mutexes)
      if (id != mutex && fact.name == name)
        return mutex;
    return name;
  }

  void addMutexes(Plan &plan) {
    Departures converted;
    for (const PlannedField &field : plan.fields)
      if (field.verdict == Verdict::Convert)
        converted.emplace(field.id, field.strategy);
    const auto released = releasedLocks(whole_, converted);
    for (const auto &[id, fact] : whole_.facts().mutexes) {
      PlannedMutex planned;
      planned.id = id;
      std::set<Location> all, dropped;
      for (const ExpandedSection &section : whole_.sections.of(id))
        all.insert(section.lock().where);
      if (auto found = released.find(id); found != released.end()) {
        planned.remove = found->second.removeMutex;
        for (const ExpandedSection *section : found->second.dropped)
          dropped.insert(section->lock().where);
      }
      planned.sectionsDropped = static_cast<int>(dropped.size());
      planned.sectionsLeft = static_cast<int>(all.size() - dropped.size());
      for (const std::string &field : guardedBy(whole_, id))
        if (!converted.contains(field))
          planned.stillGuards.push_back(field);
      std::sort(planned.stillGuards.begin(), planned.stillGuards.end(),
                [&](const std::string &left, const std::string &right) {
                  return std::pair(whole_.program.fieldName(left), left) <
                         std::pair(whole_.program.fieldName(right), right);
                });
      plan.mutexes.push_back(std::move(planned));
    }
    std::sort(plan.mutexes.begin(), plan.mutexes.end(),
              [&](const PlannedMutex &left, const PlannedMutex &right) {
                return std::pair(whole_.program.mutexName(left.id), left.id) <
                       std::pair(whole_.program.mutexName(right.id), right.id);
              });
  }

  WholeProgram whole_;
  DecideOptions options_;
  std::vector<CandidateUnit> units_;
  std::vector<bool> leaves_;
};

} // namespace

Plan decide(const Facts &facts, const DecideOptions &options) {
  return Decision(facts, options).plan();
}

} // namespace unlatch
