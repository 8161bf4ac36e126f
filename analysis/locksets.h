// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks are surely held where, callers included.

#pragma once

#include "analysis/program.h"

namespace unlatch {

struct HeldLock {
  std::string mutex;
  std::string base;
  Mode mode = Mode::Exclusive;
  auto operator<=>(const HeldLock &) const = default;
};

/// Sorted; one entry for each mutex and object, with the strongest mode.
using Lockset = std::vector<HeldLock>;

class Locksets {
public:
  explicit Locksets(const Program &program);

  /// Held whenever the function is entered, in the function's own terms.
  const Lockset &atEntry(const std::string &function) const;
  /// Held at a point of the body whose own acquisitions `held` are.
  Lockset at(const FunctionFact &body, const std::vector<int> &held) const;

private:
  std::map<std::string, Lockset> entry_;
};

/// The body's own acquisitions with these indices, as locks.
Lockset ownLocks(const FunctionFact &body, const std::vector<int> &held);

/// True if the lock excludes whoever would conflict with such an access to an object of path
/// `base`: the mutex is the object's own or has static storage, and a write is not under a shared
/// lock.
bool holds(const Lockset &locks, const std::string &mutex, const std::string &base, bool writes);

/// The same, whatever object the mutex belongs to.
bool holdsOfAnyObject(const Lockset &locks, const std::string &mutex, bool writes);

} // namespace unlatch
