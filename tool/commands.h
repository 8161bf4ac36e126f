// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The commands. Each returns the exit code.

#pragma once

#include "tool/options.h"

namespace unlatch {

int runPlan(const Options &options);
int runDiff(const Options &options);
int runApply(const Options &options);
int runExplain(const Options &options);
int runExtract(const Options &options);
int runMerge(const Options &options);

} // namespace unlatch
