// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks nothing needs any more once some fields have left.

#pragma once

#include "analysis/whole_program.h"

namespace unlatch {

struct ReleasedLocks {
  /// Sections that go without the lock from now on.
  std::vector<const ExpandedSection *> dropped;
  /// Those of them whose lock is one of several that one declaration takes, all of which go.
  std::set<const ExpandedSection *> together;
  /// Annotations that ask for the mutex in functions which run without it from now on.
  std::vector<const Redeclaration *> needless;
  /// Nothing takes or needs the mutex any more.
  bool removeMutex = false;
};

/// What the section still has to be locked for when exactly the selected fields have left; null if
/// there is nothing, or if it is not understood.
const Step *stepThatNeedsLock(const WholeProgram &whole, const ExpandedSection &section,
                              const std::set<std::string> &selected);

/// Whether it still has to be locked then.
bool needsLock(const WholeProgram &whole, const ExpandedSection &section,
               const std::set<std::string> &selected);

/// Whether the section uses one of the fields, here or in what it calls.
bool touchesAny(const ExpandedSection &section, const std::set<std::string> &fields);

/// Fields that the mutex guards, by id: written ones, of types that need a guard.
std::vector<std::string> guardedBy(const WholeProgram &whole, const std::string &mutex);

/// Whether a mutex can guard such a field at all, and somebody would have to.
bool needsGuard(const WholeProgram &whole, const FieldFact &field);

/// For every mutex that guards one of the selected fields.
std::map<std::string, ReleasedLocks> releasedLocks(const WholeProgram &whole,
                                                   const Departures &selected);

/// What takes the lock of a section that is dropped out of the source.
const Candidate &removalOf(const ReleasedLocks &released, const ExpandedSection &section);

/// Whether the mutex goes from a program with weaker atomics, for which its locks were fences, and
/// full fences can stand wherever it was locked and unlocked. Then nobody sees anything new, for
/// the order in which those fences run could have been the order of the sections.
bool leavesFences(const WholeProgram &whole, const ReleasedLocks &released,
                  const Departures &selected);

/// What puts the fences there.
const Candidate &fencesOf(const ExpandedSection &section, const Departures &selected);

} // namespace unlatch
