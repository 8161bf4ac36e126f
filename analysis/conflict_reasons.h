// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says in words why a section is more than one action.

#pragma once

#include "analysis/whole_program.h"

namespace unlatch {

/// `field` is the one that asks to leave.
Reason reasonOf(const WholeProgram &whole, const ExpandedSection &section, const Conflict &conflict,
                const std::string &field);

/// What else the section holds its lock for when these fields have left.
Reason alsoHeldFor(const WholeProgram &whole, const ExpandedSection &section,
                   const std::set<std::string> &leaving);

/// "writes Class::field_", "calls dial(host)", "takes Class::mu_".
std::string inWords(const WholeProgram &whole, const Step &step);

} // namespace unlatch
