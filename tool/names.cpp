// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/names.h"

#include "tool/project.h"

#include <vector>

namespace unlatch {

namespace {

using llvm::StringRef;

/// Whether `tail` ends `whole` at one of its boundaries, or is all of it.
bool endsAt(StringRef whole, StringRef tail, StringRef boundary) {
  if (!whole.consume_back(tail))
    return false;
  return whole.empty() || whole.ends_with(boundary);
}

std::string describe(const FieldFact &field, StringRef root) {
  return field.name + " (" + relativeTo(root, field.where.file) + ":" +
         std::to_string(field.where.line) + ")";
}

std::string listOf(const std::vector<const FieldFact *> &fields, StringRef root) {
  std::string list;
  for (const FieldFact *field : fields)
    list += "\n  " + describe(*field, root);
  return list;
}

} // namespace

StringRef nameOf(const Facts &facts, StringRef id) {
  if (const auto field = facts.fields.find(id.str()); field != facts.fields.end())
    return field->second.name;
  if (const auto mutex = facts.mutexes.find(id.str()); mutex != facts.mutexes.end())
    return mutex->second.name;
  return id;
}

llvm::Expected<const PlannedField *> findField(const Facts &facts, const Plan &plan, StringRef root,
                                               StringRef name) {
  const auto [wanted, file] = name.split('@');
  std::vector<const PlannedField *> exact;
  std::vector<const PlannedField *> suffix;
  std::vector<const FieldFact *> near;
  for (const PlannedField &planned : plan.fields) {
    const auto fact = facts.fields.find(planned.id);
    if (fact == facts.fields.end())
      continue;
    const FieldFact &field = fact->second;
    const StringRef simple = StringRef(field.name).rsplit("::").second.empty()
                                 ? StringRef(field.name)
                                 : StringRef(field.name).rsplit("::").second;
    if (simple.edit_distance(wanted.rsplit("::").second.empty() ? wanted
                                                                : wanted.rsplit("::").second) <= 2)
      near.push_back(&field);
    if (!file.empty() && !endsAt(field.where.file, file, "/"))
      continue;
    if (field.name == wanted)
      exact.push_back(&planned);
    else if (!wanted.empty() && endsAt(field.name, wanted, "::"))
      suffix.push_back(&planned);
  }
  const std::vector<const PlannedField *> &matches = exact.empty() ? suffix : exact;
  if (matches.size() == 1)
    return matches.front();
  if (!matches.empty()) {
    std::vector<const FieldFact *> fields;
    for (const PlannedField *match : matches)
      fields.push_back(&facts.fields.at(match->id));
    return llvm::createStringError("'" + name + "' is ambiguous:" + listOf(fields, root));
  }
  for (const auto &[id, field] : facts.fields)
    if (field.name == wanted || endsAt(field.name, wanted, "::"))
      return llvm::createStringError("'" + name + "' is " + describe(field, root) +
                                     ", which no mutex guards");
  for (const auto &[id, mutex] : facts.mutexes)
    if (mutex.name == wanted || endsAt(mutex.name, wanted, "::"))
      return llvm::createStringError("'" + name + "' is a mutex; name a field that it guards");
  if (!near.empty())
    return llvm::createStringError("no guarded field is named '" + name +
                                   "'; did you mean:" + listOf(near, root));
  std::vector<const FieldFact *> all;
  for (const PlannedField &planned : plan.fields)
    if (const auto fact = facts.fields.find(planned.id);
        fact != facts.fields.end() && all.size() < 20)
      all.push_back(&fact->second);
  if (all.empty())
    return llvm::createStringError("no guarded field is named '" + name +
                                   "': the program has no guarded field");
  return llvm::createStringError("no guarded field is named '" + name +
                                 "'; there are:" + listOf(all, root) +
                                 (plan.fields.size() > all.size() ? "\n  ..." : ""));
}

} // namespace unlatch
