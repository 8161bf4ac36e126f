// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Draws abstract programs. Each has a few features only, in a mix of its own, which finds more than
// a bit of everything does (Groce and others, "Swarm testing", ISSTA 2012).

#pragma once

#include "abstract_program.h"

namespace unlatch::soundness {

AbstractProgram randomProgram(std::uint64_t seed);

} // namespace unlatch::soundness
