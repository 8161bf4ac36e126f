// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/names.h"
#include "tool/print/printer.h"

#include "clang/Basic/Version.h"

namespace unlatch {

namespace {

using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

/// Sources are bytes; JSON is UTF-8.
std::string text(StringRef bytes) { return llvm::json::fixUTF8(bytes); }

Value nameOrNull(const Facts &facts, StringRef id) {
  if (id.empty())
    return nullptr;
  return text(nameOf(facts, id));
}

void addPlace(Object &object, const Location &where, StringRef root) {
  object["file"] = text(relativeTo(root, where.file));
  object["line"] = where.line;
  object["column"] = where.column;
}

} // namespace

StringRef nameOf(Verdict verdict) {
  switch (verdict) {
  case Verdict::Convert:
    return "convert";
  case Verdict::Review:
    return "review";
  case Verdict::Keep:
    return "keep";
  }
  llvm_unreachable("no such verdict");
}

StringRef nameOf(Strategy strategy) {
  switch (strategy) {
  case Strategy::None:
    return "";
  case Strategy::Map:
    return "map";
  case Strategy::Atomic:
    return "atomic";
  case Strategy::Snapshot:
    return "snapshot";
  }
  llvm_unreachable("no such strategy");
}

StringRef nameOf(Mode mode) {
  switch (mode) {
  case Mode::None:
    return "none";
  case Mode::Shared:
    return "shared";
  case Mode::Exclusive:
    return "exclusive";
  }
  llvm_unreachable("no such mode");
}

StringRef nameOf(FieldKind kind) {
  switch (kind) {
  case FieldKind::Member:
    return "member";
  case FieldKind::StaticMember:
    return "static-member";
  case FieldKind::Global:
    return "global";
  case FieldKind::LocalStatic:
    return "local-static";
  }
  llvm_unreachable("no such kind");
}

Object fieldJson(const Decision &decision, const PlannedField &field) {
  const Facts &facts = decision.facts();
  const StringRef root = decision.project().root;
  Object object;
  if (const auto fact = facts.fields.find(field.id); fact != facts.fields.end()) {
    object["name"] = text(fact->second.name);
    object["kind"] = nameOf(fact->second.kind);
    object["type"] = text(fact->second.type);
    addPlace(object, fact->second.where, root);
  } else {
    object["name"] = text(field.id);
  }
  const bool kept = field.verdict == Verdict::Keep;
  object["guard"] = nameOrNull(facts, field.guard);
  object["group"] = field.group.empty() ? Value(nullptr) : Value(text(field.group));
  object["verdict"] = nameOf(field.verdict);
  object["strategy"] =
      kept || field.strategy == Strategy::None ? Value(nullptr) : Value(nameOf(field.strategy));
  object["phase"] = kept || field.phase == 0 ? Value(nullptr) : Value(field.phase);
  Array reasons;
  for (const Reason &reason : field.reasons) {
    Object one{{"id", text(reason.id)}, {"message", text(reason.message)}};
    addPlace(one, reason.where, root);
    reasons.push_back(std::move(one));
  }
  object["reasons"] = std::move(reasons);
  Array observations;
  for (const Observation &observation : field.observations)
    observations.push_back(
        Object{{"message", text(observation.message)}, {"sections", Array(observation.sections)}});
  object["observations"] = std::move(observations);
  Array sections;
  for (const PlannedSection &section : field.sections) {
    Object one{{"function", text(section.function)},
               {"mode", nameOf(section.mode)},
               {"operation", section.operation.empty() ? "none" : text(section.operation)}};
    addPlace(one, section.where, root);
    sections.push_back(std::move(one));
  }
  object["sections"] = std::move(sections);
  return object;
}

Object planJson(const Decision &decision, const std::set<std::string> &reported) {
  const Facts &facts = decision.facts();
  const Plan &plan = decision.plan();
  const StringRef root = decision.project().root;
  Object object{
      {"schema", "unlatch-plan/1"},
      {"tool",
       Object{{"name", "unlatch"}, {"version", UNLATCH_VERSION}, {"clang", CLANG_VERSION_STRING}}}};
  int counts[3] = {0, 0, 0};
  Array fields;
  std::set<std::string> guards;
  for (const PlannedField &field : plan.fields) {
    if (!reported.count(field.id))
      continue;
    guards.insert(field.guard);
    ++counts[int(field.verdict)];
    fields.push_back(fieldJson(decision, field));
  }
  const int count = int(fields.size());
  const bool everything = reported.size() == plan.fields.size();
  object["fields"] = std::move(fields);

  Array mutexes;
  for (const PlannedMutex &mutex : plan.mutexes) {
    if (!everything && !guards.count(mutex.id))
      continue;
    Object one{{"name", text(nameOf(facts, mutex.id))},
               {"verdict", mutex.remove ? "remove" : "keep"},
               {"sections_dropped", mutex.sectionsDropped},
               {"sections_left", mutex.sectionsLeft}};
    if (const auto fact = facts.mutexes.find(mutex.id); fact != facts.mutexes.end())
      addPlace(one, fact->second.where, root);
    Array guarded;
    for (const std::string &id : mutex.stillGuards)
      guarded.push_back(text(nameOf(facts, id)));
    one["still_guards"] = std::move(guarded);
    mutexes.push_back(std::move(one));
  }
  object["mutexes"] = std::move(mutexes);

  Array findings;
  for (const Finding &finding : plan.findings) {
    if (!everything && !reported.count(finding.field) && !guards.count(finding.field))
      continue;
    Object one{{"id", text(finding.id)},
               {"field", nameOrNull(facts, finding.field)},
               {"message", text(finding.message)}};
    addPlace(one, finding.where, root);
    findings.push_back(std::move(one));
  }
  object["findings"] = std::move(findings);

  int failed = 0;
  for (const TranslationUnit &unit : facts.units)
    failed += !unit.parsed;
  object["stats"] = Object{{"tus", int(facts.units.size())},
                           {"tus_failed", failed},
                           {"tus_cached", 0},
                           {"fields", count},
                           {"convert", counts[int(Verdict::Convert)]},
                           {"review", counts[int(Verdict::Review)]},
                           {"keep", counts[int(Verdict::Keep)]}};
  return object;
}

} // namespace unlatch
