// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/plan_file.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  auto result = unlatch::parsePlanFile({reinterpret_cast<const char *>(data), size}, "file");
  if (!result && llvm::toString(result.takeError()).empty())
    std::abort();
  return 0;
}
