// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a key is there, on the way through a section that looks it up and changes it.

#pragma once

#include "rewriters/cluster.h"

#include <optional>

namespace unlatch {

/// Whether the key is there when the root is evaluated, if that is so on every path.
std::optional<bool> presenceAt(const FunctionAnalysis &analysis, const Cluster &cluster, int root);

/// A test of an iterator that may come after the key has been inserted or erased, and which asks
/// what was there before; or null.
const clang::Expr *testOfOldAnswer(const FunctionAnalysis &analysis, const Cluster &cluster);

/// The same of one that has been set to what was inserted.
const clang::Expr *testOfNewAnswer(const FunctionAnalysis &analysis, const Cluster &cluster);

/// Every answer that the section asks for is about what was there at the start: one operation that
/// inserts, erases or replaces at its end can give them all. The value where it has just been
/// inserted is known as well.
bool asksAboutTheStart(const FunctionAnalysis &analysis, const Cluster &cluster);

} // namespace unlatch
