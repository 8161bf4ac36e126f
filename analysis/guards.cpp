// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/guards.h"

#include "analysis/paths.h"

#include <algorithm>
#include <tuple>

namespace unlatch {

namespace {

using Counts = std::map<std::string, int>;

std::set<std::string> mutexesOf(const Lockset &locks) {
  std::set<std::string> mutexes;
  for (const HeldLock &lock : locks)
    mutexes.insert(lock.mutex);
  return mutexes;
}

bool isUnshared(const Program &program, const FunctionFact &function, const Access &access) {
  return access.unshared || isThreadLocalPath(access.base) ||
         program.isCallersOwn(function.id, access.base, access.lent);
}

} // namespace

Guards::Guards(const Program &program, const Locksets &locksets)
    : program_(program), locksets_(locksets) {
  for (const FieldBlocker &blocker : program.facts().fieldBlockers)
    if (blocker.reason.id == "address-taken")
      otherwiseNamed_.insert(blocker.field);
  collectAccesses();
  for (auto &[id, guard] : guards_)
    choose(id, guard);
}

void Guards::collectAccesses() {
  for (const auto &field : program_.facts().fields)
    guards_[field.first];
  for (const FunctionFact *body : program_.allBodies()) {
    for (std::size_t index = 0; index < body->accesses.size(); ++index) {
      const Access &access = body->accesses[index];
      FieldGuard &guard = guards_[access.field];
      const AccessSite site{body, static_cast<int>(index)};
      if (isUnshared(program_, *body, access)) {
        guard.unshared.push_back(site);
        continue;
      }
      guard.accesses.push_back(site);
      guard.written |= access.writes;
    }
  }
}

void Guards::choose(const std::string &id, FieldGuard &guard) const {
  std::vector<Lockset> held;
  for (const AccessSite &site : guard.accesses)
    held.push_back(locksets_.at(*site.function, site.access().held));

  // That a logger's name is read without the lock says little about what the lock is for.
  const bool onlyLogging =
      std::all_of(guard.accesses.begin(), guard.accesses.end(),
                  [](const AccessSite &site) { return site.access().forLogging; });
  int total = 0;
  Counts ofSameObject, ofAnyObject;
  for (std::size_t index = 0; index < held.size(); ++index) {
    const Access &access = guard.accesses[index].access();
    const std::set<std::string> mutexes = mutexesOf(held[index]);
    guard.everHeld.insert(mutexes.begin(), mutexes.end());
    if (access.writes)
      guard.heldByWriters.insert(mutexes.begin(), mutexes.end());
    if (access.forLogging && !onlyLogging)
      continue;
    ++total;
    for (const std::string &mutex : mutexes) {
      ofSameObject[mutex] += holds(held[index], mutex, access.base, access.writes);
      ofAnyObject[mutex] += holdsOfAnyObject(held[index], mutex, access.writes);
    }
  }

  auto fact = program_.facts().fields.find(id);
  const FieldFact *field = fact == program_.facts().fields.end() ? nullptr : &fact->second;
  auto best = [&](const Counts &counts) {
    std::string chosen;
    std::tuple<int, bool, bool> most{0, false, false};
    for (const auto &[mutex, count] : counts) {
      auto known = program_.facts().mutexes.find(mutex);
      const bool sameOwner =
          field && known != program_.facts().mutexes.end() && known->second.owner == field->owner;
      const std::tuple<int, bool, bool> weight{count, field && field->annotatedGuard == mutex,
                                               sameOwner};
      if (weight > most) {
        most = weight;
        chosen = mutex;
      }
    }
    return chosen;
  };
  auto isMost = [&](const Counts &counts, const std::string &mutex) {
    auto found = counts.find(mutex);
    return found != counts.end() && 2 * found->second > total;
  };

  const std::string same = best(ofSameObject), any = best(ofAnyObject);
  const std::string annotated = field ? field->annotatedGuard : std::string();
  if (!annotated.empty() && ofSameObject[annotated] > 0 && 2 * ofSameObject[annotated] >= total) {
    guard.mutex = annotated;
    guard.majority = true;
  } else if (isMost(ofSameObject, same)) {
    guard.mutex = same;
    guard.majority = true;
  } else if (isMost(ofAnyObject, any)) {
    guard.mutex = any;
    guard.majority = true;
    guard.sameObject = false;
  } else {
    guard.mutex = annotated;
  }
  if (guard.mutex.empty())
    return;

  for (std::size_t index = 0; index < held.size(); ++index) {
    const AccessSite &site = guard.accesses[index];
    const Access &access = site.access();
    if (holds(held[index], guard.mutex, {}, access.writes))
      continue; // a mutex of static storage: there is only one
    const bool isHeld = holdsOfAnyObject(held[index], guard.mutex, access.writes);
    if (isHeld && !identifiesObject(access.base))
      guard.unidentified.push_back(site);
    else if (!isHeld ||
             (guard.sameObject && !holds(held[index], guard.mutex, access.base, access.writes)))
      guard.bare.push_back(site);
  }
}

const FieldGuard &Guards::of(const std::string &field) const {
  static const FieldGuard none;
  auto found = guards_.find(field);
  return found == guards_.end() ? none : found->second;
}

bool Guards::isFrozen(const std::string &field) const {
  auto found = program_.facts().fields.find(field);
  if (found != program_.facts().fields.end()) {
    switch (found->second.typeClass) {
    case TypeClass::Wait:
    case TypeClass::Converted:
    case TypeClass::Synchronised:
      return false; // a const reference to one of these still leads to what others change
    case TypeClass::Mutex:
      return true; // locking is what acquisitions tell of
    default:
      break;
    }
    if (found->second.immutable)
      return true;
  }
  return !of(field).written && !otherwiseNamed_.contains(field);
}

} // namespace unlatch
