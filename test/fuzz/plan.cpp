// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "fuzz/reader.h"
#include "tool/plan_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace unlatch;
  fuzz::resultOrMessage(parsePlanFile(fuzz::textOf(data, size), "file"));
  return 0;
}
