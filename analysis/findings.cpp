// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/findings.h"

#include "analysis/needed_locks.h"

#include <algorithm>
#include <tuple>

namespace unlatch {

namespace {

std::string message(const WholeProgram &whole, const FieldGuard &guard, const AccessSite &site) {
  const Access &access = site.access();
  const std::string mutex = whole.program.mutexName(guard.mutex);
  const Lockset held = whole.locksets.at(*site.function, access.held);
  const bool onlyShared = access.writes && holds(held, guard.mutex, access.base, false);
  return std::string(access.writes ? "written " : "read ") +
         (onlyShared ? "while " + mutex + " is only locked for reading" : "without " + mutex) +
         (guard.bare.size() == 1 ? ", which guards every other access"
                                 : ", which guards most other accesses") +
         ", in " + site.function->name;
}

/// Functions in which a mutex is tried for, handed on or waited with: what they hold where is not
/// followed, so nothing is said of their accesses.
class UnfollowedLocking {
public:
  explicit UnfollowedLocking(const WholeProgram &whole) {
    for (const FunctionFact *body : whole.program.allBodies())
      if (!body->isLambda)
        begins_[body->where.file].insert(body->where);
    for (const MutexUse &use : whole.facts().mutexUses)
      if (const Location *function = functionAt(use.reason.where))
        uses_.insert({use.mutex, *function});
  }

  bool concerns(const std::string &mutex, const FunctionFact &function) const {
    const Location *place = functionAt(function.where);
    return place && uses_.contains({mutex, *place});
  }

private:
  /// The last function to begin before a place, lambdas aside.
  const Location *functionAt(const Location &where) const {
    auto file = begins_.find(where.file);
    if (file == begins_.end())
      return nullptr;
    auto next = file->second.upper_bound(where);
    return next == file->second.begin() ? nullptr : &*std::prev(next);
  }

  std::map<std::string, std::set<Location>> begins_;
  std::set<std::pair<std::string, Location>> uses_;
};

void addUnlockedAccesses(std::vector<Finding> &found, const WholeProgram &whole) {
  const UnfollowedLocking unfollowed(whole);
  for (const auto &[id, guard] : whole.guards.all()) {
    const FieldFact *field = whole.field(id);
    // Of a field that a lock of some other object guards, objects of its own may well be free.
    if (!field || !guard.majority || !guard.sameObject || !needsGuard(whole, *field))
      continue;
    bool toldOfLogging = false;
    for (const AccessSite &site : guard.bare) {
      if (unfollowed.concerns(guard.mutex, *site.function))
        continue;
      // One place is enough to say that the logger is read without its lock.
      if (site.access().forLogging && std::exchange(toldOfLogging, true))
        continue;
      found.push_back({"unlocked-access", id, site.access().where, message(whole, guard, site)});
    }
  }
}

/// The declarations of a mutex besides its own are those that say `extern`, and annotations.
bool isNamedInAnnotation(const WholeProgram &whole, const std::string &mutex) {
  const auto &all = whole.redeclarationsOf(mutex);
  return std::any_of(all.begin(), all.end(), [](const auto *each) { return !each->defines; });
}

void addDeadMutexes(std::vector<Finding> &found, const WholeProgram &whole) {
  const Facts &facts = whole.facts();
  for (const auto &[id, mutex] : facts.mutexes) {
    const bool isUsed =
        std::any_of(facts.mutexUses.begin(), facts.mutexUses.end(),
                    [&, &mutexId = id](const MutexUse &use) { return use.mutex == mutexId; });
    const bool isNamed = isNamedInAnnotation(whole, id) ||
                         std::any_of(facts.fields.begin(), facts.fields.end(),
                                     [&, &mutexId = id](const auto &field) {
                                       return field.second.annotatedGuard == mutexId;
                                     });
    const bool isUnseen =
        std::any_of(facts.units.begin(), facts.units.end(), [&](const TranslationUnit &unit) {
          return !unit.parsed && whole.couldSee(unit, mutex.where.file);
        });
    if (isUsed || isNamed || isUnseen || !mutex.keptBecause.empty() ||
        !whole.sections.of(id).empty())
      continue;
    found.push_back(
        {"dead-mutex", id, mutex.where, mutex.name + " is never locked and guards nothing"});
  }
}

} // namespace

std::vector<Finding> findings(const WholeProgram &whole) {
  std::vector<Finding> found;
  addUnlockedAccesses(found, whole);
  addDeadMutexes(found, whole);
  auto key = [](const Finding &finding) {
    return std::tie(finding.where, finding.id, finding.field, finding.message);
  };
  std::sort(found.begin(), found.end(),
            [&](const Finding &left, const Finding &right) { return key(left) < key(right); });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Finding &left, const Finding &right) {
                            return std::tie(left.where, left.id, left.field) ==
                                   std::tie(right.where, right.id, right.field);
                          }),
              found.end());
  return found;
}

} // namespace unlatch
