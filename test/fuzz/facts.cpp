// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A facts file is an error, or facts that can be decided on and come back as they were written.

#include "analysis/plan.h"
#include "analysis/serialise.h"
#include "fuzz/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace unlatch;
  const std::optional<Facts> facts = fuzz::resultOrMessage(parseFacts(fuzz::textOf(data, size)));
  if (!facts)
    return 0;
  llvm::Expected<Facts> again = parseFacts(printFacts(*facts));
  if (!again || *again != *facts)
    std::abort();
  DecideOptions options;
  for (const Consistency consistency : {Consistency::Linearizable, Consistency::PerOperation}) {
    options.consistency = consistency;
    const Plan plan = decide(*facts, options);
    std::set<std::string> selected;
    for (const PlannedField &field : plan.fields)
      if (field.verdict != Verdict::Keep)
        selected.insert(field.id);
    editsFor(*facts, plan, selected);
    includesFor(*facts, plan, selected);
  }
  return 0;
}
