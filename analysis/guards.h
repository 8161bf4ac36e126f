// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which mutex guards which field, by what is held at its accesses all over the program.

#pragma once

#include "analysis/locksets.h"

namespace unlatch {

/// One access, in the function it stands in.
struct AccessSite {
  const FunctionFact *function = nullptr;
  int index = 0;

  const Access &access() const { return function->accesses[static_cast<std::size_t>(index)]; }
};

struct FieldGuard {
  /// Held at most accesses, or named by an annotation; empty if there is none.
  std::string mutex;
  /// Most accesses do hold it. If not, the field is unguarded.
  bool majority = false;
  /// The mutex is one of the field's own object, or of static storage.
  bool sameObject = true;
  /// Every access but those of objects that only one thread sees.
  std::vector<AccessSite> accesses;
  /// Accesses of objects that nobody else can see yet, or any more.
  std::vector<AccessSite> unshared;
  /// Those of `accesses` that do not hold the mutex, or write while it is only shared.
  std::vector<AccessSite> bare;
  /// Those of `accesses` whose object can't be told to be the one that the lock held belongs to.
  std::vector<AccessSite> unidentified;
  /// Mutexes held, in whatever mode and of whatever object, at one access or more.
  std::set<std::string> everHeld;
  /// The same, at one write or more.
  std::set<std::string> heldByWriters;
  /// Somebody writes it after it was shared.
  bool written = false;

  /// Every access holds the lock: the accesses conflict with nothing while it is held.
  bool isAlwaysHeld() const {
    return majority && sameObject && bare.empty() && unidentified.empty();
  }
};

class Guards {
public:
  Guards(const Program &program, const Locksets &locksets);

  const FieldGuard &of(const std::string &field) const;
  const std::map<std::string, FieldGuard> &all() const { return guards_; }
  /// Nobody changes the field once others can see it.
  bool isFrozen(const std::string &field) const;

private:
  void collectAccesses();
  void choose(const std::string &id, FieldGuard &guard) const;

  const Program &program_;
  const Locksets &locksets_;
  std::map<std::string, FieldGuard> guards_;
  std::set<std::string> otherwiseNamed_; ///< a pointer or reference to the field is kept somewhere
};

} // namespace unlatch
