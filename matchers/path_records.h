// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each path does to a key, and the operation that all of them together are.

#pragma once

#include "rewriters/cluster.h"

#include <string>
#include <vector>

namespace unlatch {

/// What the paths that concern the cluster do, each once; with exits also how they leave the
/// function, or the range if one is given.
std::vector<std::string> recordsOf(const FunctionAnalysis &analysis, const Cluster &cluster,
                                   const StatementRange *range, bool withExits);
/// The operation on one key that the records amount to; `takes` if a root takes the entry out.
std::string operationOf(const std::vector<std::string> &records, bool takes);
/// The operation on the whole map that the records amount to.
std::string wholeOperationOf(const FunctionAnalysis &analysis, const Cluster &cluster,
                             const std::vector<std::string> &records);
/// Which of the returns in `block` the path takes, or nothing.
std::string exitOf(const FunctionAnalysis &analysis, const Path &path,
                   const clang::CompoundStmt *block);
/// What is left of the paths of `if (found) erase` once there is no test.
std::vector<std::string> untested(const std::vector<std::string> &paths);

} // namespace unlatch
