// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/planned_sections.h"

#include "analysis/conflict_reasons.h"
#include "analysis/snapshot_groups.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace unlatch {

namespace {

/// The most general operation first: what can stand for the others.
constexpr std::array<std::string_view, 24> kByGenerality = {"none",
                                                            "update",
                                                            "erase_if",
                                                            "take_all",
                                                            "clear",
                                                            "range",
                                                            "swap",
                                                            "compare_and_swap",
                                                            "load_and_delete",
                                                            "load_or_store",
                                                            "store",
                                                            "erase",
                                                            "load",
                                                            "contains",
                                                            "size",
                                                            "modify",
                                                            "replace",
                                                            "read",
                                                            "exchange",
                                                            "add",
                                                            "max",
                                                            "min",
                                                            "set",
                                                            "get"};

std::size_t rank(std::string_view operation) {
  return static_cast<std::size_t>(std::find(kByGenerality.begin(), kByGenerality.end(), operation) -
                                  kByGenerality.begin());
}

std::string operationName(const FunctionFact &function, const Access &access) {
  return access.operation < 0
             ? "none"
             : function.operations[static_cast<std::size_t>(access.operation)].name;
}

std::set<std::string> operationsIn(const ExpandedSection &section, const CandidateUnit &unit,
                                   const std::string &field) {
  std::set<std::string> names;
  for (const Path &path : section.paths)
    for (const Step &step : path)
      if (step.touches(field))
        names.insert(operationName(*step.function, step.access()));
  // Paths that could not be followed: what is known of the function itself.
  if (section.incomplete)
    for (const Access &access : section.function->accesses)
      if (access.field == field && std::find(access.held.begin(), access.held.end(),
                                             section.acquisition) != access.held.end())
        names.insert("none");
  if (!names.empty() && unit.strategy == Strategy::Snapshot)
    return {modifiesSnapshot(section, unit.fields) ? "modify" : "read"};
  return names;
}

std::vector<PlannedSection> listed(const WholeProgram &whole, const CandidateUnit &unit,
                                   const std::string &field) {
  std::vector<PlannedSection> result;
  const FieldGuard &guard = whole.guards.of(field);
  std::set<std::string> mutexes = guard.everHeld;
  if (!guard.mutex.empty())
    mutexes = {guard.mutex};
  for (const std::string &mutex : mutexes)
    for (const ExpandedSection &section : whole.sections.of(mutex))
      for (const std::string &name : operationsIn(section, unit, field))
        result.push_back({section.function->name, section.lock().where, section.lock().mode, name});
  std::vector<AccessSite> bare = guard.bare;
  if (guard.mutex.empty()) {
    for (const AccessSite &site : guard.accesses)
      if (whole.locksets.at(*site.function, site.access().held).empty())
        bare.push_back(site);
  }
  for (const AccessSite &site : bare) {
    const Access &access = site.access();
    // A write under a shared lock: its section has been listed.
    if (unit.strategy == Strategy::Snapshot &&
        std::any_of(access.held.begin(), access.held.end(), [&](int index) {
          return site.function->acquisitions[static_cast<std::size_t>(index)].mutex == unit.mutex;
        }))
      continue;
    // All accesses of one operation are listed once, where it begins.
    Location where = access.where;
    if (access.operation >= 0)
      where = site.function->operations[static_cast<std::size_t>(access.operation)].where;
    std::string name = operationName(*site.function, access);
    if (unit.strategy == Strategy::Snapshot)
      name = access.writes ? "modify" : "read";
    result.push_back({site.function->name, where, Mode::None, name});
  }
  auto key = [](const PlannedSection &planned) {
    return std::tuple(planned.where, planned.function, planned.mode, rank(planned.operation),
                      planned.operation);
  };
  std::sort(result.begin(), result.end(),
            [&](const PlannedSection &left, const PlannedSection &right) {
              return key(left) < key(right);
            });
  result.erase(std::unique(result.begin(), result.end(),
                           [&](const PlannedSection &left, const PlannedSection &right) {
                             return key(left) == key(right);
                           }),
               result.end());
  return result;
}

bool changesMap(std::string_view operation) {
  return operation != "load" && operation != "contains" && operation != "range" &&
         operation != "size" && operation != "none";
}

std::vector<int> indicesOf(const std::vector<PlannedSection> &all, const ExpandedSection &section) {
  std::vector<int> indices;
  for (std::size_t index = 0; index < all.size(); ++index)
    if (all[index].where == section.lock().where && all[index].function == section.function->name)
      indices.push_back(static_cast<int>(index));
  return indices;
}

/// What the section does on the objects that the elements point to, e.g. "reads Process::status_".
std::string deedsOnPointees(const WholeProgram &whole, const ExpandedSection &section,
                            const std::string &map) {
  std::set<std::string> deeds;
  for (const Path &path : section.paths)
    for (const Step &step : path)
      if (step.kind == Step::Touch && !step.touches(map) && OneAction::isPointeeOf(step, map))
        deeds.insert(inWords(whole, step));
  if (deeds.empty())
    for (const Path &path : section.paths)
      for (const Step &step : path)
        if (step.kind == Step::Acquire && OneAction::isPointeeOf(step, map))
          deeds.insert(inWords(whole, step));
  std::string text;
  for (const std::string &deed : deeds)
    text += (text.empty() ? "" : " and ") + deed;
  return text;
}

Observation splitSnapshot(const WholeProgram &whole, const CandidateUnit &unit, const Split &split,
                          const std::vector<PlannedSection> &all) {
  Observation observation;
  observation.sections = indicesOf(all, *split.section);
  const Step *other = split.conflict.second;
  for (const std::string &field : unit.fields)
    if (other->touches(field))
      other = split.conflict.first;
  std::string names;
  for (const std::string &field : unit.fields)
    names += (names.empty() ? "" : ", ") + whole.program.fieldName(field);
  observation.message = split.section->function->name + " also " + inWords(whole, *other) +
                        ": another thread can change " + names +
                        " between the two; until now the lock kept them together";
  return observation;
}

Observation splitMap(const WholeProgram &whole, const CandidateUnit &unit, const Split &split,
                     const std::vector<PlannedSection> &all) {
  const std::string &map = unit.fields.front();
  const std::string name = whole.program.fieldName(map);
  Observation observation;
  observation.sections = indicesOf(all, *split.section);
  const std::string operation =
      observation.sections.empty()
          ? std::string("use")
          : all[static_cast<std::size_t>(observation.sections.front())].operation;
  std::string changer;
  for (std::size_t index = 0; index < all.size() && changer.empty(); ++index) {
    const PlannedSection &other = all[index];
    const bool isSelf = std::find(observation.sections.begin(), observation.sections.end(),
                                  static_cast<int>(index)) != observation.sections.end();
    if (isSelf || !changesMap(other.operation))
      continue;
    changer = other.function;
    observation.sections.push_back(static_cast<int>(index));
  }
  const std::string deeds = deedsOnPointees(whole, *split.section, map);
  if (deeds.empty()) // an atomic beside the map
    return splitSnapshot(whole, unit, split, all);
  const bool writes = deeds.find("writes ") != std::string::npos;
  observation.message = split.section->function->name + ": between its " + operation + " of " +
                        name + " and the moment it " + deeds +
                        " of an object found there, another thread can change " + name +
                        (changer.empty() ? "" : ", as " + changer + " does") +
                        (writes ? ", and then see the object change" : "") +
                        "; until now the lock kept the two together";
  return observation;
}

} // namespace

FieldSections plannedSections(const WholeProgram &whole, const CandidateUnit &unit,
                              const std::string &field) {
  FieldSections result;
  const std::vector<PlannedSection> all = listed(whole, unit, field);
  result.sections = all;
  if (!unit.isForReview())
    return result;
  for (const Split &split : unit.splits) {
    Observation observation = unit.strategy == Strategy::Snapshot
                                  ? splitSnapshot(whole, unit, split, all)
                                  : splitMap(whole, unit, split, all);
    auto same = [&](const Observation &other) {
      return other.message == observation.message && other.sections == observation.sections;
    };
    if (std::none_of(result.observations.begin(), result.observations.end(), same))
      result.observations.push_back(std::move(observation));
  }
  if (unit.price) {
    Observation observation{unit.price->message, {}};
    for (std::size_t index = 0; index < all.size(); ++index)
      if (std::find(unit.price->writes.begin(), unit.price->writes.end(), all[index].where) !=
          unit.price->writes.end())
        observation.sections.push_back(static_cast<int>(index));
    result.observations.push_back(std::move(observation));
  }
  return result;
}

} // namespace unlatch
