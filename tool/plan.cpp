// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/commands.h"
#include "tool/decision.h"
#include "tool/output.h"
#include "tool/plan_file.h"
#include "tool/print/printer.h"
#include "tool/selection.h"

#include "llvm/Support/FormatVariadic.h"

namespace unlatch {

int runPlan(const Options &options) {
  llvm::Expected<std::unique_ptr<Decision>> decision = Decision::make(options);
  if (!decision)
    return fail(decision.takeError());
  llvm::Expected<std::set<std::string>> reported = reportedFields(**decision, options);
  if (!reported)
    return fail(reported.takeError());
  reportUnparsed((*decision)->facts(), (*decision)->project().root);
  llvm::Expected<Output> output = Output::open(options);
  if (!output)
    return fail(output.takeError());
  // What goes to a file is what `diff --plan` takes again.
  if (!options.output.empty())
    output->stream() << planFileJson(**decision, *reported) << '\n';
  else if (options.format == Format::Json)
    output->stream() << llvm::formatv("{0:2}", llvm::json::Value(planJson(**decision, *reported)))
                     << '\n';
  else
    printPlanText(output->stream(), **decision, *reported, !options.quiet);
  if (llvm::Error error = output->finish())
    return fail(std::move(error));
  return (*decision)->exitCode();
}

} // namespace unlatch
