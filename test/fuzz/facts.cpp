// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A facts file is an error, or facts that can be decided on and come back as they were written.

#include "analysis/plan.h"
#include "analysis/serialise.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace unlatch;
  llvm::Expected<Facts> facts = parseFacts({reinterpret_cast<const char *>(data), size});
  if (!facts) {
    if (llvm::toString(facts.takeError()).empty())
      std::abort();
    return 0;
  }
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
