// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/choice.h"

#include <algorithm>
#include <numeric>

namespace unlatch {

namespace {

constexpr std::size_t kMostForExactSearch = 12;

/// The units that a path uses, by index.
std::set<std::size_t> unitsOn(const Path &path,
                              const std::map<std::string, std::size_t> &unitOfField) {
  std::set<std::size_t> used;
  for (const Step &step : path) {
    if (step.kind != Step::Touch)
      continue;
    if (auto found = unitOfField.find(step.access().field); found != unitOfField.end())
      used.insert(found->second);
  }
  return used;
}

void add(Rivalries &rivalries, std::size_t left, std::size_t right, const Conflict &conflict,
         const ExpandedSection &section) {
  if (left != right)
    rivalries.try_emplace({std::min(left, right), std::max(left, right)},
                          Rivalry{conflict, &section});
}

Benefit sum(const Benefit &left, const Benefit &right) {
  return {left.maps + right.maps, left.sections + right.sections,
          left.sharedSections + right.sharedSections};
}

bool areRivals(const Rivalries &rivalries, std::size_t left, std::size_t right) {
  return rivalries.contains({std::min(left, right), std::max(left, right)});
}

std::vector<std::size_t> exact(const std::vector<std::size_t> &members,
                               const std::vector<Benefit> &benefits, const Rivalries &rivalries) {
  std::vector<std::size_t> best;
  Benefit most;
  for (unsigned mask = 1; mask < 1U << members.size(); ++mask) {
    std::vector<std::size_t> chosen;
    Benefit total;
    bool independent = true;
    for (std::size_t bit = 0; bit < members.size() && independent; ++bit) {
      if (!(mask >> bit & 1U))
        continue;
      independent = std::none_of(chosen.begin(), chosen.end(), [&](std::size_t other) {
        return areRivals(rivalries, other, members[bit]);
      });
      chosen.push_back(members[bit]);
      total = sum(total, benefits[members[bit]]);
    }
    if (!independent)
      continue;
    // Units stand in the order of their names, so the smaller list is the one named first.
    if (best.empty() || total > most || (total == most && chosen < best)) {
      best = std::move(chosen);
      most = total;
    }
  }
  return best;
}

std::vector<std::size_t> greedy(std::vector<std::size_t> members,
                                const std::vector<Benefit> &benefits, const Rivalries &rivalries) {
  std::sort(members.begin(), members.end(), [&](std::size_t left, std::size_t right) {
    return benefits[left] != benefits[right] ? benefits[left] > benefits[right] : left < right;
  });
  std::vector<std::size_t> chosen;
  for (std::size_t member : members)
    if (std::none_of(chosen.begin(), chosen.end(),
                     [&](std::size_t other) { return areRivals(rivalries, other, member); }))
      chosen.push_back(member);
  return chosen;
}

} // namespace

Rivalries conflictsBetween(const WholeProgram &whole, const std::vector<CandidateUnit> &units) {
  std::map<std::string, std::size_t> unitOfField;
  std::map<std::string, std::vector<std::size_t>> unitsOfMutex;
  for (std::size_t index = 0; index < units.size(); ++index) {
    for (const std::string &field : units[index].fields)
      unitOfField.emplace(field, index);
    unitsOfMutex[units[index].mutex].push_back(index);
  }
  Rivalries rivalries;
  for (const auto &[mutex, leaving] : unitsOfMutex) {
    for (const ExpandedSection &section : whole.sections.of(mutex)) {
      for (const Path &path : section.paths) {
        const std::set<std::size_t> used = unitsOn(path, unitOfField);
        // What is an action once it has left another mutex may be one too many for this one.
        for (std::size_t unit : used) {
          if (units[unit].mutex == mutex)
            continue;
          if (auto conflict = whole.oneAction.conflict(section, path, units[unit].departures()))
            for (std::size_t other : leaving)
              add(rivalries, unit, other, *conflict, section);
        }
        for (auto left = used.begin(); left != used.end(); ++left) {
          for (auto right = std::next(left); right != used.end(); ++right) {
            Departures both = units[*left].departures();
            both.merge(units[*right].departures());
            auto conflict = whole.oneAction.conflict(section, path, both);
            if (!conflict)
              continue;
            if (units[*left].mutex == mutex || units[*right].mutex == mutex) {
              add(rivalries, *left, *right, *conflict, section);
              continue;
            }
            // Both leave other mutexes, and only matter here if this one is left as well.
            for (std::size_t other : leaving)
              add(rivalries, *left, other, *conflict, section);
          }
        }
      }
    }
  }
  return rivalries;
}

Benefit benefitOf(const WholeProgram &whole, const CandidateUnit &unit) {
  Benefit benefit;
  benefit.maps = unit.strategy == Strategy::Map ? 1 : 0;
  for (const ExpandedSection &section : whole.sections.of(unit.mutex)) {
    if (std::none_of(unit.fields.begin(), unit.fields.end(),
                     [&](const std::string &field) { return section.touches(field); }))
      continue;
    ++benefit.sections;
    benefit.sharedSections += section.lock().mode == Mode::Shared;
  }
  return benefit;
}

std::vector<std::size_t> bestIndependentSet(const std::vector<Benefit> &benefits,
                                            const Rivalries &rivalries) {
  // Units that no rivalry connects are chosen independently.
  std::vector<std::size_t> root(benefits.size());
  std::iota(root.begin(), root.end(), std::size_t{0});
  auto find = [&](std::size_t index) {
    while (root[index] != index)
      index = root[index];
    return index;
  };
  for (const auto &[pair, rivalry] : rivalries) {
    const std::size_t left = find(pair.first), right = find(pair.second);
    root[std::max(left, right)] = std::min(left, right);
  }
  std::map<std::size_t, std::vector<std::size_t>> connected;
  for (std::size_t index = 0; index < benefits.size(); ++index)
    connected[find(index)].push_back(index);

  std::vector<std::size_t> chosen;
  for (const auto &[first, members] : connected) {
    const auto part = members.size() <= kMostForExactSearch ? exact(members, benefits, rivalries)
                                                            : greedy(members, benefits, rivalries);
    chosen.insert(chosen.end(), part.begin(), part.end());
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

} // namespace unlatch
