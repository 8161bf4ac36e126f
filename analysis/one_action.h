// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rule that makes a lock superfluous: on every path, a critical section is one action, and all
// else in it commutes with whatever other threads do. Then the section takes effect at its action.
//
// In Lipton's terms: taking a lock moves to the right, releasing one to the left, an access whose
// every conflicting access holds a lock that is held here moves both ways, and a path must be right
// movers, at most one action, left movers.

#pragma once

#include "analysis/sections.h"

namespace unlatch {

/// Fields taken to have left their mutexes, and what they became.
using Departures = std::map<std::string, Strategy>;

/// Actions to be overlooked, to find out whether they are the only obstacle.
struct Overlooked {
  std::string pointeesOf; ///< whatever is done to what the elements of this map point to
  bool atomics = false;
  bool clock = false;
};

enum class Effect {
  Free,      ///< nobody can tell when it happened
  Mover,     ///< every conflicting access holds a lock that stays and is held here
  Early,     ///< as Mover, but somebody also looks without the lock: only before the action
  Operation, ///< of a departed field
  Action,    ///< anything else that others can see happen
};

/// Why a path is more than one action.
struct Conflict {
  const Step *first = nullptr;
  const Step *second = nullptr; ///< equal to `first` if that is done many times
};

class OneAction {
public:
  OneAction(const Program &program, const Guards &guards) : program_(program), guards_(guards) {}

  std::optional<Conflict> conflict(const ExpandedSection &section, const Path &path,
                                   const Departures &departures,
                                   const Overlooked &overlooked = {}) const;

  Effect effect(const Step &step, const Departures &departures) const;
  /// Whether the step is about an object that an element of the map points to.
  static bool isPointeeOf(const Step &step, const std::string &map);
  /// The operation that an access is part of, or null.
  static const Operation *operation(const Step &step);

private:
  bool isOverlooked(const Step &step, const Overlooked &overlooked) const;
  std::string operationKey(const Step &step, const Departures &departures) const;
  bool isDoneManyTimes(const Step &step, const Path &path, const Departures &departures) const;

  const Program &program_;
  const Guards &guards_;
};

} // namespace unlatch
