// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a reader of the source would tell of an abstract program.

#pragma once

#include "abstract_program.h"

#include "analysis/model.h"

namespace unlatch::soundness {

Facts factsOf(const AbstractProgram &program);

} // namespace unlatch::soundness
