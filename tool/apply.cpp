// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/edit_scope.h"
#include "tool/commands.h"
#include "tool/decision.h"
#include "tool/names.h"
#include "tool/output.h"
#include "tool/selection.h"
#include "tool/transaction.h"
#include "tool/vendor.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace unlatch {

namespace {

/// Finishes or undoes what an interrupted apply left, and says so.
llvm::Error recover(const Project &project, llvm::raw_ostream &out, bool always) {
  llvm::Expected<Recovery> recovery = recoverFiles(project.root);
  if (!recovery)
    return recovery.takeError();
  if (*recovery == Recovery::Completed)
    out << "an apply that was interrupted has been completed\n";
  else if (*recovery == Recovery::Undone)
    out << "an apply that was interrupted has been undone\n";
  else if (always)
    out << "no apply was interrupted in " << project.root << '\n';
  return llvm::Error::success();
}

/// Facts can be older than the choice of what may be edited.
llvm::Error checkScope(const Project &project, const std::vector<FileChange> &changes) {
  for (const FileChange &change : changes)
    if (!liesBelowAny(project.extraction.editableRoots, change.file))
      return llvm::createStringError(change.file + ": lies outside of " + project.root +
                                     "; extract the facts anew with this --root");
  return llvm::Error::success();
}

void printNeeds(llvm::raw_ostream &out, const Options &options) {
  out << "\nThe build now needs the runtime, headers only:\n"
         "  CMake   find_package(unlatch REQUIRED)\n"
         "          target_link_libraries(YOUR_TARGET PRIVATE unlatch::runtime)\n"
         "  others  -I"
      << (options.vendor.empty() ? options.runtimeInclude : options.vendor) << '\n';
}

llvm::json::Value applyJson(const Decision &decision, const std::set<std::string> &selected,
                            const std::vector<FileChange> &changes, const Options &options) {
  llvm::json::Array fields;
  for (const std::string &id : selected)
    fields.push_back(llvm::json::fixUTF8(nameOf(decision.facts(), id)));
  llvm::json::Array files;
  for (const FileChange &change : changes)
    files.push_back(llvm::json::fixUTF8(relativeTo(decision.project().root, change.file)));
  return llvm::json::Object{
      {"schema", "unlatch-apply/1"},
      {"fields", std::move(fields)},
      {"files", std::move(files)},
      {"needs", llvm::json::Object{
                    {"package", "unlatch"},
                    {"target", "unlatch::runtime"},
                    {"include", llvm::json::fixUTF8(options.vendor.empty() ? options.runtimeInclude
                                                                           : options.vendor)}}}};
}

int run(Decision &decision, const Options &options) {
  llvm::Expected<std::set<std::string>> selected = selectedFields(decision, options);
  if (!selected)
    return fail(selected.takeError());
  llvm::Expected<Output> output = Output::open(options);
  if (!output)
    return fail(output.takeError());
  llvm::raw_ostream &out = output->stream();

  std::vector<FileChange> changes;
  if (!selected->empty()) {
    llvm::Expected<Change> change = decision.change(*selected);
    if (!change)
      return fail(change.takeError());
    for (auto &[file, text] : change->edited)
      if (text != change->originals.at(file))
        changes.push_back({file, change->originals.at(file), text});
  }
  if (llvm::Error error = checkScope(decision.project(), changes))
    return fail(std::move(error));
  if (!options.vendor.empty())
    if (llvm::Error error = copyRuntime(options.runtimeInclude, options.vendor))
      return fail(std::move(error));
  if (!changes.empty())
    if (llvm::Error error = writeFiles(decision.project().root, changes))
      return fail(std::move(error));

  if (options.format == Format::Json) {
    out << llvm::formatv("{0:2}", applyJson(decision, *selected, changes, options)) << '\n';
  } else if (changes.empty()) {
    out << "nothing to convert\n";
  } else {
    for (const std::string &id : *selected)
      out << "converted " << nameOf(decision.facts(), id) << '\n';
    for (const FileChange &change : changes)
      out << "wrote " << relativeTo(decision.project().root, change.file) << '\n';
    if (!options.quiet)
      printNeeds(out, options);
  }
  if (llvm::Error error = output->finish())
    return fail(std::move(error));
  return decision.exitCode();
}

} // namespace

int runApply(const Options &options) {
  // First of all: the facts must be read from a whole tree.
  llvm::Expected<Project> project = loadProject(options);
  if (!project)
    return fail(project.takeError());
  if (llvm::Error error =
          recover(*project, options.recover ? llvm::outs() : llvm::errs(), options.recover))
    return fail(std::move(error));
  if (options.recover)
    return 0;
  llvm::Expected<std::unique_ptr<Decision>> decision = Decision::make(options);
  if (!decision)
    return fail(decision.takeError());
  reportUnparsed((*decision)->facts(), (*decision)->project().root);
  return run(**decision, options);
}

} // namespace unlatch
