// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/commands.h"
#include "tool/facts_files.h"
#include "tool/output.h"

namespace unlatch {

int runMerge(const Options &options) {
  if (options.output.empty())
    return fail(llvm::createStringError("merge: name the file for the union with -o, ending in "
                                        ".facts.json"));
  llvm::Expected<Facts> facts = readAllFacts(options.inputs);
  if (!facts)
    return fail(facts.takeError());
  if (llvm::Error error = writeFactsFile(options.output, *facts))
    return fail(std::move(error));
  for (const TranslationUnit &unit : facts->units)
    if (!unit.parsed)
      return 3;
  return 0;
}

} // namespace unlatch
