// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/select_edits.h"

#include "analysis/needed_locks.h"
#include "analysis/snapshot_groups.h"

#include <algorithm>
#include <tuple>

namespace unlatch {

namespace {

class Collector {
public:
  void add(const Candidate &candidate) {
    result_.edits.insert(result_.edits.end(), candidate.edits.begin(), candidate.edits.end());
    result_.includes.insert(result_.includes.end(), candidate.includes.begin(),
                            candidate.includes.end());
  }
  void add(Edit edit) { result_.edits.push_back(std::move(edit)); }

  SelectedEdits finish() {
    auto unique = [](auto &values) {
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
    };
    unique(result_.edits);
    unique(result_.includes);
    unsigned end = 0;
    for (std::size_t index = 0; index < result_.edits.size(); ++index) {
      const Edit &edit = result_.edits[index];
      const bool sameFile = index > 0 && result_.edits[index - 1].file == edit.file;
      // Two insertions at one point would have no order; one before a replacement has.
      const bool samePlace = sameFile && result_.edits[index - 1].offset == edit.offset &&
                             (edit.length == 0 || result_.edits[index - 1].length != 0);
      if (sameFile && !result_.collision && (edit.offset < end || samePlace))
        result_.collision = edit;
      end = std::max(sameFile ? end : 0U, edit.offset + edit.length);
    }
    return std::move(result_);
  }

private:
  SelectedEdits result_;
};

/// The fields of one snapshot, in the order of their declarations.
std::vector<const FieldFact *> inFileOrder(const WholeProgram &whole,
                                           const std::vector<std::string> &fields) {
  std::vector<const FieldFact *> result;
  for (const std::string &id : fields)
    if (const FieldFact *field = whole.field(id))
      result.push_back(field);
  std::sort(result.begin(), result.end(), [](const FieldFact *left, const FieldFact *right) {
    return std::tie(left->removal.file, left->removal.offset, left->id) <
           std::tie(right->removal.file, right->removal.offset, right->id);
  });
  return result;
}

/// Takes the place of the first field's lines; the others' go.
void addState(Collector &collector, const WholeProgram &whole, const MutexFact &mutex,
              const std::vector<std::string> &fields) {
  const std::vector<const FieldFact *> ordered = inFileOrder(whole, fields);
  const FieldFact &first = *ordered.front();
  std::string text = "  struct " + mutex.stateType + " {\n";
  for (const FieldFact *field : ordered)
    text += "    " + field->declarationText + "\n";
  text += "  };\n  unlatch::snapshot<" + mutex.stateType + "> " + mutex.stateName + ";\n";
  for (const FieldFact *field : ordered) {
    Candidate declaration = field->declaration.at(Strategy::Snapshot);
    declaration.edits.clear();
    collector.add(declaration);
    Edit edit = field->removal;
    if (field == &first)
      edit.text = text;
    collector.add(std::move(edit));
  }
}

void addSnapshot(Collector &collector, const WholeProgram &whole, const std::string &mutex,
                 const std::vector<std::string> &fields) {
  addState(collector, whole, whole.facts().mutexes.at(mutex), fields);
  const std::set<std::string> leaving(fields.begin(), fields.end());
  for (const ExpandedSection &section : whole.sections.of(mutex))
    if (touchesAny(section, leaving))
      collector.add(snapshotRewrite(section, fields));
  for (const std::string &field : fields) {
    const FieldGuard &guard = whole.guards.of(field);
    for (const auto *sites : {&guard.accesses, &guard.unshared})
      for (const AccessSite &site : *sites)
        collector.add(snapshotRewrite(whole, site, mutex, fields));
  }
}

void addField(Collector &collector, const WholeProgram &whole, const std::string &id,
              Strategy strategy) {
  const FieldFact *field = whole.field(id);
  if (!field)
    return;
  if (auto found = field->declaration.find(strategy); found != field->declaration.end())
    collector.add(found->second);
  for (const Redeclaration *each : whole.redeclarationsOf(id))
    if (auto found = each->declaration.find(strategy); found != each->declaration.end())
      collector.add(found->second);
  for (const Operation *operation : whole.operationsOn(id))
    if (operation->strategy == strategy)
      collector.add(operation->rewrite);
}

/// The fields that leave if these are selected: a group goes in whole.
Departures departures(const Plan &plan, const std::set<std::string> &selected) {
  std::set<std::string> groups;
  for (const PlannedField &field : plan.fields)
    if (selected.contains(field.id) && !field.group.empty())
      groups.insert(field.group);
  Departures result;
  for (const PlannedField &field : plan.fields)
    if (field.strategy != Strategy::None && field.verdict != Verdict::Keep &&
        (selected.contains(field.id) || groups.contains(field.group)))
      result.emplace(field.id, field.strategy);
  return result;
}

} // namespace

SelectedEdits selectEdits(const WholeProgram &whole, const Departures &selected) {
  Collector collector;
  std::map<std::string, std::vector<std::string>> snapshots;
  for (const auto &[field, strategy] : selected) {
    if (strategy == Strategy::Snapshot)
      snapshots[whole.guards.of(field).mutex].push_back(field);
    else
      addField(collector, whole, field, strategy);
  }
  for (const auto &[mutex, fields] : snapshots)
    addSnapshot(collector, whole, mutex, fields);
  for (const auto &[mutex, released] : releasedLocks(whole, selected)) {
    auto snapshot = snapshots.find(mutex);
    const bool isFenced = leavesFences(whole, released, selected);
    for (const ExpandedSection *section : released.dropped) {
      // A section of a snapshot has been rewritten, its lock with it.
      const bool isRewritten =
          snapshot != snapshots.end() &&
          touchesAny(*section, {snapshot->second.begin(), snapshot->second.end()});
      if (isFenced)
        collector.add(fencesOf(*section, selected));
      else if (!isRewritten)
        collector.add(removalOf(released, *section));
    }
    for (const Redeclaration *annotation : released.needless)
      collector.add(annotation->removal);
    if (released.removeMutex) {
      collector.add(whole.facts().mutexes.at(mutex).removal);
      for (const Redeclaration *each : whole.redeclarationsOf(mutex))
        collector.add(each->removal);
    }
  }
  return collector.finish();
}

std::vector<Edit> editsFor(const Facts &facts, const Plan &plan,
                           const std::set<std::string> &selected) {
  return selectEdits(WholeProgram(facts), departures(plan, selected)).edits;
}

std::vector<std::pair<std::string, std::string>>
includesFor(const Facts &facts, const Plan &plan, const std::set<std::string> &selected) {
  return selectEdits(WholeProgram(facts), departures(plan, selected)).includes;
}

} // namespace unlatch
