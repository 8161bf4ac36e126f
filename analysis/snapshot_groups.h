// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that a mutex guards, as one immutable state behind an atomic pointer.

#pragma once

#include "analysis/whole_program.h"

namespace unlatch {

/// Why the fields, which are all that the mutex guards, can't become one snapshot.
std::vector<Reason> snapshotObstacles(const WholeProgram &whole, const std::string &mutex,
                                      const std::vector<std::string> &fields);

/// Whether a section of the mutex writes one of the fields on any path: it modifies the state then,
/// and reads it otherwise.
bool modifiesSnapshot(const ExpandedSection &section, const std::vector<std::string> &fields);

/// What rewrites the section's lock.
const Candidate &snapshotRewrite(const ExpandedSection &section,
                                 const std::vector<std::string> &fields);

/// What rewrites one access; its section modifies if any section of the mutex that holds it does.
const Candidate &snapshotRewrite(const WholeProgram &whole, const AccessSite &site,
                                 const std::string &mutex, const std::vector<std::string> &fields);

} // namespace unlatch
