// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/content_hash.h"
#include "tool/commands.h"
#include "tool/decision.h"
#include "tool/facts_files.h"
#include "tool/output.h"
#include "tool/project.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace unlatch {

namespace {

/// A name for the facts of one command: that of the source for people, a hash for what differs.
std::string fileName(const clang::tooling::CompileCommand &command) {
  const std::string identity = command.Directory + '\n' + llvm::join(command.CommandLine, "\n");
  return (llvm::sys::path::filename(command.Filename) + "." +
          llvm::StringRef(contentHash(identity)).take_front(12) + ".facts.json")
      .str();
}

} // namespace

int runExtract(const Options &options) {
  if (options.output.empty())
    return fail(llvm::createStringError("extract: name the folder for the facts with -o"));
  llvm::Expected<Project> project = loadProject(options);
  if (!project)
    return fail(project.takeError());
  if (const std::error_code code = llvm::sys::fs::create_directories(options.output))
    return fail(llvm::createStringError(code, options.output + ": " + code.message()));
  // Every N-th, so that neighbours, which often take equally long, go to different machines.
  std::vector<clang::tooling::CompileCommand> mine;
  for (size_t i = options.shard - 1; i < project->commands.size(); i += options.shards)
    mine.push_back(project->commands[i]);
  const std::vector<Facts> facts = extractEach(*project, mine, project->extraction, "reading");
  int exitCode = 0;
  for (size_t i = 0; i < mine.size(); ++i) {
    llvm::SmallString<256> file(options.output);
    llvm::sys::path::append(file, fileName(mine[i]));
    if (llvm::Error error = writeFactsFile(file, facts[i]))
      return fail(std::move(error));
    reportUnparsed(facts[i], project->root);
    for (const TranslationUnit &unit : facts[i].units)
      if (!unit.parsed)
        exitCode = 3;
  }
  return exitCode;
}

} // namespace unlatch
