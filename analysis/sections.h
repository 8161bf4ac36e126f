// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Critical sections with the calls in them followed, over the whole program.

#pragma once

#include "analysis/guards.h"

namespace unlatch {

/// One event of an expanded path, in the terms of the function that the path starts in.
struct Step {
  enum Kind {
    Acquire,
    Release,
    Touch,     ///< an access to a field
    Memory,    ///< shared memory that is no field
    Unknown,   ///< a call that nothing is known of
    Unfollowed ///< a call whose body is known, but recursive, or of too many paths
  };
  Kind kind = Touch;
  const FunctionFact *function = nullptr; ///< where it stands
  int index = 0;                          ///< as in Event
  std::string instance; ///< the calls that lead there; empty in the function itself
  std::string base;
  bool repeated = false;  ///< it stands in a loop of its function
  bool manyCalls = false; ///< its function is called in a loop
  /// A lock that guards the field accessed is held by the function, or by a caller on this path.
  bool holdsGuard = false;
  /// The same, as far as can be told of objects that have no name of their own: enough to see that
  /// an element of a map is used under its own lock, not enough to convert the element's fields.
  bool seemsToHoldGuard = false;
  /// Some lock is held that was taken on this path.
  bool underLock = false;
  std::string throughElementOf;
  bool ownedByElement = false;

  auto operator<=>(const Step &) const = default;

  const Access &access() const { return function->accesses[static_cast<std::size_t>(index)]; }
  const Acquisition &acquisition() const {
    return function->acquisitions[static_cast<std::size_t>(index)];
  }
  const Call &call() const { return function->calls[static_cast<std::size_t>(index)]; }
  const MemoryUse &memory() const { return function->memory[static_cast<std::size_t>(index)]; }
  const Location &where() const;
  /// True for an access to a field.
  bool touches(const std::string &field) const { return kind == Touch && access().field == field; }
};

using Path = std::vector<Step>;

struct ExpandedSection {
  const FunctionFact *function = nullptr;
  int acquisition = 0;
  std::vector<Path> paths; ///< without what is free in any case: locals, frozen fields, loggers
  bool incomplete = false; ///< nothing may be concluded from `paths`
  bool isBarrier = false;  ///< nothing stands in it: it waits for whoever is inside

  const Acquisition &lock() const {
    return function->acquisitions[static_cast<std::size_t>(acquisition)];
  }
  bool touches(const std::string &field) const;
};

class Sections {
public:
  Sections(const Program &program, const Locksets &locksets, const Guards &guards);

  /// Every acquisition of the mutex, in a fixed order.
  const std::vector<ExpandedSection> &of(const std::string &mutex) const;
  const std::map<std::string, std::vector<ExpandedSection>> &all() const { return sections_; }

private:
  struct Expansion {
    std::vector<Path> paths;
    bool incomplete = false;
    /// Reads of what never changes, by way of the object or a parameter: no matter, unless a caller
    /// got these from where they may be gone meanwhile.
    std::vector<Step> lent;
  };

  ExpandedSection expandRoot(const FunctionFact &function, int acquisition);
  Expansion expand(const FunctionFact &function, const Section &section);
  const Expansion &summary(const FunctionFact &function);
  std::vector<Path> invoked(const FunctionFact &caller, const Event &event, std::size_t position,
                            std::vector<Step> &lent);
  Path inlined(const Path &path, const FunctionFact &caller, const Event &event,
               std::size_t position) const;
  Step inCallersTerms(Step step, const FunctionFact &caller, const Event &event,
                      std::size_t position) const;
  Step step(const FunctionFact &function, const Event &event) const;
  void noteGuard(Step &step, const Lockset &locks) const;
  bool isGuardHeld(const Step &step, const Lockset &locks) const;
  bool isFree(const Step &step) const;
  bool isHarmlessLogging(const FunctionFact &caller, const Call &call);

  const Program &program_;
  const Locksets &locksets_;
  const Guards &guards_;
  std::map<const FunctionFact *, Expansion> summaries_;
  std::map<std::string, std::vector<ExpandedSection>> sections_;
};

} // namespace unlatch
