// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/model.h"

namespace unlatch {

/// The union of what several translation units say; associative, commutative, idempotent. Where
/// two say different things of one declaration (a header under different macros), blockers of
/// both count, and the difference is itself a blocker.
Facts merge(std::vector<Facts> parts);

} // namespace unlatch
