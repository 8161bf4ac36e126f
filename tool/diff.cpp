// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/commands.h"
#include "tool/decision.h"
#include "tool/mutate.h"
#include "tool/names.h"
#include "tool/output.h"
#include "tool/print/printer.h"
#include "tool/selection.h"
#include "tool/series.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/WithColor.h"

namespace unlatch {

namespace {

llvm::json::Array namesOf(const Decision &decision, const std::set<std::string> &fields) {
  llvm::json::Array names;
  for (const std::string &id : fields)
    names.push_back(llvm::json::fixUTF8(nameOf(decision.facts(), id)));
  return names;
}

llvm::json::Value diffJson(const Decision &decision, const std::vector<PhaseChange> &steps) {
  llvm::json::Array array;
  for (const PhaseChange &step : steps)
    array.push_back(llvm::json::Object{{"phase", step.phase},
                                       {"fields", namesOf(decision, step.fields)},
                                       {"diff", llvm::json::fixUTF8(step.diff)}});
  return llvm::json::Object{{"schema", "unlatch-diff/1"}, {"phases", std::move(array)}};
}

int run(Decision &decision, const Options &options) {
  llvm::Expected<std::set<std::string>> selected = selectedFields(decision, options);
  if (!selected)
    return fail(selected.takeError());
  llvm::Expected<Output> output = Output::open(options);
  if (!output)
    return fail(output.takeError());
  llvm::raw_ostream &out = output->stream();
  if (!options.mutate.empty()) {
    llvm::Expected<bool> caught = tryMutants(out, decision, *selected, options.mutate);
    if (!caught)
      return fail(caught.takeError());
    return *caught ? decision.exitCode() : 1;
  }

  if (!options.series.empty() || options.format == Format::Json) {
    llvm::Expected<std::vector<PhaseChange>> steps = stepsOf(decision, *selected);
    if (!steps)
      return fail(steps.takeError());
    if (!options.series.empty()) {
      llvm::Expected<std::vector<std::string>> names =
          writeSeries(decision, *steps, options.series);
      if (!names)
        return fail(names.takeError());
      if (options.format == Format::Text)
        for (const std::string &name : *names)
          out << name << '\n';
    }
    if (options.format == Format::Json)
      out << llvm::formatv("{0:2}", diffJson(decision, *steps)) << '\n';
  } else if (!selected->empty()) {
    llvm::Expected<Change> change = decision.change(*selected);
    if (!change)
      return fail(change.takeError());
    printDiffText(out, diffOf(change->originals, change->edited, decision.project().root));
  }
  if (llvm::Error error = output->finish())
    return fail(std::move(error));
  if (selected->empty() && !options.quiet)
    llvm::WithColor::note(llvm::errs(), "unlatch")
        << "nothing to convert; 'unlatch plan' says why\n";
  return decision.exitCode();
}

} // namespace

int runDiff(const Options &options) {
  llvm::Expected<std::unique_ptr<Decision>> decision = Decision::make(options);
  if (!decision)
    return fail(decision.takeError());
  reportUnparsed((*decision)->facts(), (*decision)->project().root);
  return run(**decision, options);
}

} // namespace unlatch
