// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rule is explained in docs/phases.md.

#include "analysis/phases.h"

#include <algorithm>
#include <tuple>

namespace unlatch {

namespace {

/// A section that only reads counts twice: readers are what a lock holds up most.
int weightOf(const std::set<std::tuple<Location, std::string, Mode>> &sections) {
  int weight = 0;
  for (const auto &[where, function, mode] : sections)
    weight += mode == Mode::Shared ? 2 : 1;
  return weight;
}

} // namespace

void assignPhases(const Facts &facts, std::vector<PlannedField> &fields) {
  auto nameOf = [&](const PlannedField &field) {
    auto found = facts.fields.find(field.id);
    return found == facts.fields.end() ? field.id : found->second.name;
  };
  struct Step {
    std::set<std::tuple<Location, std::string, Mode>> sections;
    std::pair<std::string, std::string> name; ///< the first of its fields, with its id
  };
  // Fields of a group go together; any other field goes alone.
  auto keyOf = [](const PlannedField &field) {
    return field.group.empty() ? std::pair(std::string(), field.id)
                               : std::pair(field.group, std::string());
  };
  std::map<std::pair<std::string, std::string>, Step> steps;
  for (const PlannedField &field : fields) {
    if (field.verdict == Verdict::Keep)
      continue;
    Step &step = steps[keyOf(field)];
    for (const PlannedSection &section : field.sections)
      step.sections.emplace(section.where, section.function, section.mode);
    const std::pair name(nameOf(field), field.id);
    if (step.name.first.empty() || name < step.name)
      step.name = name;
  }
  std::vector<std::pair<std::tuple<int, std::pair<std::string, std::string>>,
                        std::pair<std::string, std::string>>>
      order;
  for (const auto &[key, step] : steps)
    order.push_back({{-weightOf(step.sections), step.name}, key});
  std::sort(order.begin(), order.end());
  std::map<std::pair<std::string, std::string>, int> phases;
  for (const auto &[weight, key] : order)
    phases.emplace(key, static_cast<int>(phases.size()) + 1);
  for (PlannedField &field : fields)
    field.phase = field.verdict == Verdict::Keep ? 0 : phases.at(keyOf(field));
  std::sort(fields.begin(), fields.end(), [&](const PlannedField &left, const PlannedField &right) {
    auto place = [&](const PlannedField &field) {
      return std::tuple(field.phase == 0, field.phase, nameOf(field), field.id);
    };
    return place(left) < place(right);
  });
}

} // namespace unlatch
