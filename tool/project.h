// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The program under the tool: how it is compiled, where its paths start, and what one parse of all
// its translation units says.

#pragma once

#include "matchers/extract.h"
#include "tool/options.h"

#include "llvm/Support/Error.h"

#include <functional>
#include <string>
#include <vector>

namespace unlatch {

struct Project {
  std::string root; ///< real path
  /// Ready for extract(), in the order of the database, without repetitions.
  std::vector<clang::tooling::CompileCommand> commands;
  ExtractOptions extraction;
  unsigned jobs = 0;
  bool showProgress = false;
};

/// Finds and reads the compilation database. An error says what to do.
llvm::Expected<Project> loadProject(const Options &options);

/// The real path of `path`, or, if there is none, its absolute form.
std::string realPath(llvm::StringRef path);

/// `path` as plans and diffs print it: relative to `root` if it lies below.
std::string relativeTo(llvm::StringRef root, llvm::StringRef path);

/// The facts of each command, in that order, whatever the number of threads.
std::vector<Facts> extractEach(const Project &project,
                               const std::vector<clang::tooling::CompileCommand> &commands,
                               const ExtractOptions &extraction, llvm::StringRef activity);

/// The facts of the whole program: parsed, or read from the folder of `--facts`.
llvm::Expected<Facts> readFacts(const Project &project, const Options &options);

} // namespace unlatch
