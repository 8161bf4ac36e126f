// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/commands.h"
#include "tool/decision.h"
#include "tool/names.h"
#include "tool/output.h"
#include "tool/print/printer.h"

#include "llvm/Support/FormatVariadic.h"

namespace unlatch {

namespace {

/// `explain --format=json`: the field as in the plan, and with each section the lines behind it.
llvm::json::Value explanationJson(const Decision &decision, const PlannedField &field) {
  llvm::json::Object object = fieldJson(decision, field);
  const std::vector<SectionSource> sources = sectionSources(decision, field);
  llvm::json::Array *sections = object.getArray("sections");
  for (size_t i = 0; i < sources.size() && i < sections->size(); ++i) {
    llvm::json::Array lines;
    for (const auto &[line, text] : sources[i].lines)
      lines.push_back(llvm::json::Object{{"line", line}, {"text", llvm::json::fixUTF8(text)}});
    llvm::json::Object *section = (*sections)[i].getAsObject();
    (*section)["source"] = std::move(lines);
    (*section)["diff"] = llvm::json::fixUTF8(sources[i].change);
  }
  return llvm::json::Object{{"schema", "unlatch-explain/1"}, {"field", std::move(object)}};
}

} // namespace

int runExplain(const Options &options) {
  llvm::Expected<std::unique_ptr<Decision>> decision = Decision::make(options);
  if (!decision)
    return fail(decision.takeError());
  reportUnparsed((*decision)->facts(), (*decision)->project().root);
  llvm::Expected<const PlannedField *> field = findField((*decision)->facts(), (*decision)->plan(),
                                                         (*decision)->project().root, options.name);
  if (!field)
    return fail(field.takeError());
  llvm::Expected<Output> output = Output::open(options);
  if (!output)
    return fail(output.takeError());
  if (options.format == Format::Json)
    output->stream() << llvm::formatv("{0:2}", explanationJson(**decision, **field)) << '\n';
  else
    printExplanationText(output->stream(), **decision, **field);
  if (llvm::Error error = output->finish())
    return fail(std::move(error));
  return (*decision)->exitCode();
}

} // namespace unlatch
