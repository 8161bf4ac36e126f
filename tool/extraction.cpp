// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analysis/merge.h"
#include "tool/facts_files.h"
#include "tool/project.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"

#include <mutex>

namespace unlatch {

namespace {

using clang::tooling::CompileCommand;
using llvm::StringRef;

/// One line of the terminal that is overwritten again and again, and gone at the end.
class Progress {
public:
  Progress(bool shown, StringRef activity, size_t count)
      : shown(shown && count > 1), activity(activity), count(count) {}

  ~Progress() {
    if (shown)
      llvm::errs() << "\r\033[K";
  }

  void finished(StringRef file) {
    if (!shown)
      return;
    const std::lock_guard<std::mutex> lock(mutex);
    llvm::errs() << "\r\033[K[" << ++done << '/' << count << "] " << activity << ' '
                 << llvm::sys::path::filename(file);
    llvm::errs().flush();
  }

private:
  const bool shown;
  const StringRef activity;
  const size_t count;
  std::mutex mutex;
  size_t done = 0;
};

/// A crash, of Clang's or ours, costs one translation unit and not the whole plan.
Facts extractOrNothing(const CompileCommand &command, const ExtractOptions &extraction) {
  Facts facts;
  llvm::CrashRecoveryContext recovery;
  recovery.DumpStackAndCleanupOnFailure = true; // for who reports it
  if (recovery.RunSafely([&] { facts = extract(command, extraction); }))
    return facts;
  Facts nothing;
  TranslationUnit &unit = nothing.units.emplace_back();
  unit.file = command.Filename;
  unit.parsed = false;
  unit.errors = {{{unit.file, 1, 1}, "unlatch crashed while reading this file; please report it"}};
  return nothing;
}

std::vector<Facts> extractSome(const Project &project, llvm::ArrayRef<CompileCommand> commands,
                               const ExtractOptions &extraction, Progress &progress) {
  std::vector<Facts> results(commands.size());
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(project.jobs));
  for (size_t i = 0; i < commands.size(); ++i)
    pool.async([&, i] {
      results[i] = extractOrNothing(commands[i], extraction);
      progress.finished(commands[i].Filename);
    });
  pool.wait();
  return results;
}

} // namespace

std::vector<Facts> extractEach(const Project &project, const std::vector<CompileCommand> &commands,
                               const ExtractOptions &extraction, StringRef activity) {
  Progress progress(project.showProgress, activity, commands.size());
  return extractSome(project, commands, extraction, progress);
}

llvm::Expected<Facts> readFacts(const Project &project, const Options &options) {
  if (!options.facts.empty())
    return readAllFacts({options.facts});
  Progress progress(project.showProgress, "reading", project.commands.size());
  // What headers hold comes again with every file that includes them, and takes the most room.
  const size_t atOnce = 8 * llvm::hardware_concurrency(project.jobs).compute_thread_count();
  Facts all;
  for (llvm::ArrayRef<CompileCommand> left = project.commands; !left.empty();) {
    const auto some = left.take_front(atOnce);
    left = left.drop_front(some.size());
    std::vector<Facts> parts = extractSome(project, some, project.extraction, progress);
    parts.push_back(std::move(all));
    all = merge(std::move(parts));
  }
  return all;
}

} // namespace unlatch
