// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/journal.h"
#include "fuzz/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace unlatch;
  fuzz::resultOrMessage(parseJournal(fuzz::textOf(data, size), "file"));
  return 0;
}
