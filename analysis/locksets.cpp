// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/locksets.h"

#include "analysis/paths.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace unlatch {

namespace {

void add(Lockset &locks, const HeldLock &lock) {
  for (HeldLock &other : locks) {
    if (other.mutex == lock.mutex && other.base == lock.base) {
      other.mode = std::max(other.mode, lock.mode);
      return;
    }
  }
  locks.insert(std::upper_bound(locks.begin(), locks.end(), lock), lock);
}

Lockset intersection(const Lockset &left, const Lockset &right) {
  Lockset result;
  for (const HeldLock &lock : left)
    for (const HeldLock &other : right)
      if (lock.mutex == other.mutex && lock.base == other.base)
        add(result, {lock.mutex, lock.base, std::min(lock.mode, other.mode)});
  return result;
}

Lockset inCallee(const Lockset &locks, const Call &call) {
  Lockset result;
  for (const HeldLock &lock : locks)
    for (const std::string &name : unlatch::inCallee(lock.base, call))
      add(result, {lock.mutex, name, lock.mode});
  return result;
}

} // namespace

Lockset ownLocks(const FunctionFact &body, const std::vector<int> &held) {
  Lockset result;
  for (int index : held) {
    const Acquisition &acquisition = body.acquisitions[static_cast<std::size_t>(index)];
    add(result, {acquisition.mutex, acquisition.base, acquisition.mode});
  }
  return result;
}

Locksets::Locksets(const Program &program) {
  // The greatest fixpoint: from "every lock", which no value stands for, downwards.
  std::map<std::string, std::optional<Lockset>> state;
  std::deque<std::string> work;
  for (const auto &function : program.facts().functions) {
    if (program.isEnteredUnseen(function.first)) {
      state[function.first] = Lockset{};
      work.push_back(function.first);
    } else {
      state[function.first] = std::nullopt;
    }
  }
  while (!work.empty()) {
    const std::string id = work.front();
    work.pop_front();
    const Lockset atCaller = *state[id];
    for (const FunctionFact *body : program.bodies(id)) {
      for (const Call &call : body->calls) {
        Lockset locks = atCaller;
        for (const HeldLock &lock : ownLocks(*body, call.held))
          add(locks, lock);
        const Lockset passed = inCallee(locks, call);
        for (const std::string &callee : program.callees(call).ids) {
          auto found = state.find(callee);
          if (found == state.end())
            continue;
          Lockset next = found->second ? intersection(*found->second, passed) : passed;
          if (found->second && *found->second == next)
            continue;
          found->second = std::move(next);
          work.push_back(callee);
        }
      }
    }
  }
  for (auto &[id, locks] : state)
    entry_[id] = locks.value_or(Lockset{});
}

const Lockset &Locksets::atEntry(const std::string &function) const {
  static const Lockset none;
  auto found = entry_.find(function);
  return found == entry_.end() ? none : found->second;
}

Lockset Locksets::at(const FunctionFact &body, const std::vector<int> &held) const {
  Lockset result = atEntry(body.id);
  for (const HeldLock &lock : ownLocks(body, held))
    add(result, lock);
  return result;
}

bool holds(const Lockset &locks, const std::string &mutex, const std::string &base, bool writes) {
  return std::any_of(locks.begin(), locks.end(), [&](const HeldLock &lock) {
    return lock.mutex == mutex &&
           (lock.base.empty() || (lock.base == base && !base.starts_with("?"))) &&
           !(writes && lock.mode != Mode::Exclusive);
  });
}

bool holdsOfAnyObject(const Lockset &locks, const std::string &mutex, bool writes) {
  return std::any_of(locks.begin(), locks.end(), [&](const HeldLock &lock) {
    return lock.mutex == mutex && !(writes && lock.mode != Mode::Exclusive);
  });
}

} // namespace unlatch
