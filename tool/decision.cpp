// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/decision.h"

#include "tool/names.h"
#include "tool/plan_file.h"
#include "tool/strategies.h"
#include "tool/transaction.h"

#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>

namespace unlatch {

namespace {

const PlannedField *plannedField(const Plan &plan, const std::string &id) {
  for (const PlannedField &field : plan.fields)
    if (field.id == id)
      return &field;
  return nullptr;
}

} // namespace

Decision::Decision(Project project, const Options &options)
    : options_(options), project_(std::move(project)), verifier_(project_) {
  decideOptions_.consistency = options.consistency;
}

llvm::Expected<std::unique_ptr<Decision>> Decision::make(const Options &options) {
  llvm::Expected<Project> project = loadProject(options);
  if (!project)
    return project.takeError();
  // The verifier refers to the program, so the decision stays where it is made.
  std::unique_ptr<Decision> decision(new Decision(std::move(*project), options));
  if (hasJournal(decision->project_.root))
    return llvm::createStringError(
        "an apply was interrupted, so the sources may be a mixture of old "
        "and new; run 'unlatch apply --recover' first");
  if (!options.plan.empty()) {
    llvm::Expected<SavedPlan> saved = readPlanFile(options.plan);
    if (!saved)
      return saved.takeError();
    decision->facts_ = std::move(saved->facts);
    decision->decideOptions_ = std::move(saved->decideOptions);
    decision->keepLockHeaders_ = std::move(saved->keepLockHeaders);
    // Deciding is a pure function of the facts, to which verification has added what it found.
    decision->decideAgain();
    return decision;
  }
  llvm::Expected<Facts> facts = readFacts(decision->project_, options);
  if (!facts)
    return facts.takeError();
  decision->facts_ = std::move(*facts);
  decision->decideAgain();
  if (!options.strategies.empty()) { // which name the fields of the plan
    llvm::Expected<AllowedStrategies> allowed = allowedStrategies(
        options.strategies, decision->facts_, decision->plan_, decision->project_.root);
    if (!allowed)
      return allowed.takeError();
    decision->decideOptions_.strategies = std::move(*allowed);
    decision->decideAgain();
  }
  if (options.verify)
    decision->verifyAll();
  return decision;
}

void Decision::decideAgain() { plan_ = decide(facts_, decideOptions_); }

std::set<std::string> Decision::fieldsOf(Verdict verdict) const {
  std::set<std::string> fields;
  for (const PlannedField &field : plan_.fields)
    if (field.verdict == verdict)
      fields.insert(field.id);
  return fields;
}

std::vector<Objection> Decision::objectionsTo(const std::set<std::string> &selected,
                                              Change *result) {
  if (selected.empty())
    return {};
  const std::set<std::string> keptBefore = keepLockHeaders_;
  std::optional<std::vector<Objection>> first;
  while (true) {
    llvm::Expected<Change> change = changeFor(facts_, plan_, selected, keepLockHeaders_);
    if (!change) {
      Objection objection;
      objection.fields = selected;
      objection.reason = {"does-not-compile", llvm::toString(change.takeError()), {}};
      return {objection};
    }
    std::vector<Objection> objections;
    if (options_.verify)
      objections = verifier_.verify(facts_, plan_, selected, *change);
    if (objections.empty()) {
      if (result)
        *result = std::move(*change);
      return {};
    }
    // First suspect a header that was taken away too eagerly; if it was not that, it may go.
    const size_t before = keepLockHeaders_.size();
    for (const Objection &objection : objections)
      keepLockHeaders_.insert(objection.suspectIncludes.begin(), objection.suspectIncludes.end());
    if (!first)
      first = std::move(objections);
    if (keepLockHeaders_.size() != before)
      continue;
    keepLockHeaders_ = keptBefore;
    return *first;
  }
}

std::vector<Objection> Decision::narrowed(std::vector<Objection> objections) {
  std::map<std::set<std::string>, std::vector<Objection>> known;
  std::vector<Objection> result;
  for (Objection &objection : objections) {
    // What becomes one snapshot is tried, and blamed, together.
    std::set<std::set<std::string>> units;
    for (const std::string &id : objection.fields) {
      std::set<std::string> unit = {id};
      if (const PlannedField *field = plannedField(plan_, id); field && !field->group.empty())
        for (const PlannedField &other : plan_.fields)
          if (other.group == field->group && other.verdict != Verdict::Keep)
            unit.insert(other.id);
      units.insert(std::move(unit));
    }
    // Whoever fails alone is told what fails then.
    bool anyAlone = false;
    for (const std::set<std::string> &unit : units) {
      if (units.size() < 2)
        break;
      const auto [alone, isNew] = known.try_emplace(unit);
      if (isNew)
        alone->second = objectionsTo(unit, nullptr);
      for (Objection own : alone->second) {
        own.fields = unit;
        result.push_back(std::move(own));
        anyAlone = true;
      }
    }
    if (!anyAlone)
      result.push_back(std::move(objection));
  }
  return result;
}

bool Decision::demote(const std::vector<Objection> &objections) {
  const size_t before = facts_.fieldBlockers.size();
  for (const Objection &objection : objections) {
    std::set<std::string> fields = objection.fields;
    for (const PlannedField &field : plan_.fields)
      for (const std::string &id : objection.fields)
        if (const PlannedField *blamed = plannedField(plan_, id);
            blamed && !blamed->group.empty() && blamed->group == field.group)
          fields.insert(field.id);
    for (const std::string &id : fields) {
      const PlannedField *planned = plannedField(plan_, id);
      if (!planned || planned->verdict == Verdict::Keep)
        continue;
      Reason reason = objection.reason;
      if (reason.where.file.empty())
        reason.where = facts_.fields.at(id).where;
      facts_.fieldBlockers.push_back({id, planned->strategy, reason});
    }
  }
  std::sort(facts_.fieldBlockers.begin(), facts_.fieldBlockers.end());
  facts_.fieldBlockers.erase(std::unique(facts_.fieldBlockers.begin(), facts_.fieldBlockers.end()),
                             facts_.fieldBlockers.end());
  return facts_.fieldBlockers.size() != before;
}

void Decision::verifyAll() {
  // Every round blocks a strategy of a field for good, so there is an end to it.
  bool settled = false;
  while (!settled) {
    settled = true;
    const std::set<std::string> convert = fieldsOf(Verdict::Convert);
    if (demote(narrowed(objectionsTo(convert, nullptr)))) {
      decideAgain();
      settled = false;
      continue;
    }
    std::set<std::string> both = fieldsOf(Verdict::Review);
    if (both.empty())
      break;
    const std::set<std::string> review = both;
    both.insert(convert.begin(), convert.end());
    std::vector<Objection> objections = objectionsTo(both, nullptr);
    // What is right without the fields under review stays convertible.
    for (Objection &objection : objections) {
      std::set<std::string> blamed;
      for (const std::string &id : objection.fields)
        if (review.count(id))
          blamed.insert(id);
      objection.fields = blamed.empty() ? review : blamed;
    }
    if (demote(narrowed(std::move(objections)))) {
      decideAgain();
      settled = false;
    }
  }
}

llvm::Expected<Change> Decision::change(const std::set<std::string> &selected) {
  Change change;
  const std::vector<Objection> objections = objectionsTo(selected, &change);
  if (objections.empty())
    return change;
  std::string text = "this selection can't be converted by itself:";
  for (const Objection &objection : objections)
    text += "\n  " + relativeTo(project_.root, objection.reason.where.file) + ":" +
            std::to_string(objection.reason.where.line) + ": " + objection.reason.message;
  return llvm::createStringError(text);
}

int Decision::exitCode() const {
  for (const TranslationUnit &unit : facts_.units)
    if (!unit.parsed)
      return 3;
  return 0;
}

void reportUnparsed(const Facts &facts, llvm::StringRef root) {
  for (const TranslationUnit &unit : facts.units) {
    if (unit.parsed)
      continue;
    llvm::WithColor::warning(llvm::errs(), "unlatch")
        << relativeTo(root, unit.file) << " does not parse; every field that it could touch is kept"
        << (unit.dependencies.empty()
                ? ": every one in a header, for what it includes is not known\n"
                : "\n");
    for (const CompilerMessage &error : unit.errors)
      llvm::errs() << "  " << relativeTo(root, error.where.file) << ':' << error.where.line << ':'
                   << error.where.column << ": error: " << error.message << '\n';
  }
}

} // namespace unlatch
