// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether anyone could tell in which order a loop comes to the elements of a map.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

/// Whether the loop, or the function given to erase_if, does the same in any order: it tests, adds
/// up, looks whether there is one, or gives back what the elements hold. Default deny.
bool ignoresOrder(const FunctionAnalysis &analysis, int root);

/// Whether the operation comes to the elements of an ordered map, and that can be told.
bool needsOrder(const FunctionAnalysis &analysis, int root);

/// The same of the map in its place.
bool keepsOrder(const FunctionAnalysis &analysis, int root);

} // namespace unlatch
