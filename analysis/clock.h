// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/model.h"

namespace unlatch {

/// How a reading of the time is described. It is an action: a section that reads the time and then
/// stores it was done before the next one read a later time.
inline constexpr const char *kTheClock = "the clock";

inline bool isClock(const MemoryUse &use) { return !use.writes && use.description == kTheClock; }

} // namespace unlatch
