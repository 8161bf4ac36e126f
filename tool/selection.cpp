// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/selection.h"

#include "matchers/edit_scope.h"
#include "tool/names.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Regex.h"

#include <functional>
#include <optional>

namespace unlatch {

namespace {

using llvm::StringRef;

llvm::Error checkRegex(StringRef option, const std::string &pattern) {
  std::string message;
  if (!pattern.empty() && !llvm::Regex(pattern).isValid(message))
    return llvm::createStringError("--" + option + ": '" + pattern + "': " + message);
  return llvm::Error::success();
}

/// All fields that go with those in `fields`: a snapshot takes its group.
std::set<std::string> withGroups(const Plan &plan, const std::set<std::string> &fields) {
  std::set<std::string> groups;
  for (const PlannedField &field : plan.fields)
    if (!field.group.empty() && fields.count(field.id))
      groups.insert(field.group);
  std::set<std::string> all = fields;
  for (const PlannedField &field : plan.fields)
    if (groups.count(field.group) && field.verdict != Verdict::Keep)
      all.insert(field.id);
  return all;
}

std::string whyKept(const PlannedField &field) {
  if (field.reasons.empty())
    return "stays under its mutex";
  return "stays under its mutex: " + field.reasons.front().message + " (" +
         field.reasons.front().id + ")";
}

} // namespace

llvm::Expected<std::set<std::string>> reportedFields(const Decision &decision,
                                                     const Options &options) {
  if (llvm::Error error = checkRegex("header-filter", options.headerFilter))
    return error;
  if (llvm::Error error = checkRegex("source-filter", options.sourceFilter))
    return error;
  std::vector<std::string> wanted;
  // With flags behind `--`, the arguments are the program itself.
  if (!options.fixed)
    for (const std::string &name : options.paths) {
      if (!llvm::sys::fs::exists(name))
        return llvm::createStringError(name + ": no such file or folder");
      wanted.push_back(realPath(name));
    }
  std::set<std::string> sources;
  for (const TranslationUnit &unit : decision.facts().units)
    sources.insert(unit.file);
  const llvm::Regex headerFilter(options.headerFilter);
  const llvm::Regex sourceFilter(options.sourceFilter);
  const auto reported = [&](const std::string &file) {
    const bool named = wanted.empty() || llvm::any_of(wanted, [&](const std::string &one) {
                         return liesBelow(one, file);
                       });
    if (!named || !liesBelowAny(decision.project().extraction.editableRoots, file))
      return false;
    if (sources.count(file))
      return options.sourceFilter.empty() || sourceFilter.match(file);
    return options.headerFilter.empty() || headerFilter.match(file);
  };
  std::set<std::string> fields;
  for (const PlannedField &field : decision.plan().fields) {
    const auto fact = decision.facts().fields.find(field.id);
    bool any = fact != decision.facts().fields.end() && reported(fact->second.where.file);
    for (const PlannedSection &section : field.sections)
      any |= reported(section.where.file);
    if (any)
      fields.insert(field.id);
  }
  return fields;
}

llvm::Expected<std::set<std::string>> selectedFields(const Decision &decision,
                                                     const Options &options) {
  const Plan &plan = decision.plan();
  const auto find = [&](const std::string &name) {
    return findField(decision.facts(), plan, decision.project().root, name);
  };
  std::set<std::string> accepted;
  for (const std::string &name : options.accept) {
    llvm::Expected<const PlannedField *> field = find(name);
    if (!field)
      return field.takeError();
    if ((*field)->verdict == Verdict::Keep)
      return llvm::createStringError(nameOf(decision.facts(), (*field)->id) +
                                     " can't be accepted; it " + whyKept(**field));
    accepted.insert((*field)->id);
  }
  accepted = withGroups(plan, accepted);

  std::optional<std::set<std::string>> only;
  for (const std::string &name : options.only) {
    llvm::Expected<const PlannedField *> field = find(name);
    if (!field)
      return field.takeError();
    const std::string fieldName = nameOf(decision.facts(), (*field)->id).str();
    if ((*field)->verdict == Verdict::Keep)
      return llvm::createStringError(fieldName + " " + whyKept(**field));
    if ((*field)->verdict == Verdict::Review && !accepted.count((*field)->id))
      return llvm::createStringError(fieldName + " is under review; see 'unlatch explain " +
                                     fieldName + "', then add --accept " + fieldName);
    if (!only)
      only.emplace();
    only->insert((*field)->id);
  }
  if (only)
    only = withGroups(plan, *only);

  llvm::Expected<std::set<std::string>> reported = reportedFields(decision, options);
  if (!reported)
    return reported.takeError();
  std::set<std::string> selected;
  for (const PlannedField &field : plan.fields) {
    if (field.verdict == Verdict::Keep ||
        (field.verdict == Verdict::Review && !accepted.count(field.id)))
      continue;
    if (only && !only->count(field.id))
      continue;
    if (options.phase != 0 && field.phase != int(options.phase))
      continue;
    if (reported->count(field.id))
      selected.insert(field.id);
  }
  return withGroups(plan, selected);
}

std::vector<int> phasesOf(const Plan &plan, const std::set<std::string> &selected) {
  std::set<int> phases;
  for (const PlannedField &field : plan.fields)
    if (selected.count(field.id))
      phases.insert(field.phase);
  return {phases.begin(), phases.end()};
}

} // namespace unlatch
