// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the user asked for, as one value.

#pragma once

#include "analysis/plan.h"

#include "clang/Tooling/CompilationDatabase.h"

#include <memory>
#include <string>
#include <vector>

namespace unlatch {

enum class Command { Plan, Diff, Apply, Explain, Extract, Merge };
enum class Format { Text, Json };
enum class ColorMode { Auto, Always, Never };

struct Options {
  Command command = Command::Plan;

  // The program.
  std::string buildPath;          ///< -p
  std::vector<std::string> paths; ///< report on these files and folders only
  std::string root;
  std::vector<std::string> extraArguments;
  std::string runtimeInclude;
  std::string facts; ///< folder of facts files to decide over instead of parsing
  /// Flags, and perhaps sources, given behind `--`, instead of a database.
  std::vector<std::string> sources;
  std::unique_ptr<clang::tooling::CompilationDatabase> fixed;
  unsigned jobs = 0; ///< 0: as many as the machine has threads

  // The decision.
  Consistency consistency = Consistency::Linearizable;
  std::vector<std::string> strategies; ///< NAME=STRATEGY[,STRATEGY], as given
  bool verify = true;
  std::string headerFilter;
  std::string sourceFilter;
  std::vector<std::string> only;
  std::vector<std::string> accept;
  unsigned phase = 0; ///< 0: all
  std::string plan;   ///< file that `plan -o` wrote

  // The output.
  std::string config;
  Format format = Format::Text;
  ColorMode color = ColorMode::Auto;
  bool quiet = false;
  std::string output;

  // Of single commands.
  std::string name;                ///< explain
  std::string series;              ///< diff
  std::string vendor;              ///< apply
  bool recover = false;            ///< apply
  unsigned shard = 1;              ///< extract
  unsigned shards = 1;             ///< extract
  std::vector<std::string> inputs; ///< merge
  std::string mutate;              ///< diff; hidden: a number, "all" or "count"
};

/// Reads the command line and the configuration file. `exitCode` is what to end with if nothing is
/// returned: the help was asked for, or an error has been printed.
std::unique_ptr<Options> readOptions(int argc, const char **argv, int &exitCode);

} // namespace unlatch
