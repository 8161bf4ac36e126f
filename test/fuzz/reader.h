// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every reader owes a damaged file: a result, or an error that says something.

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace unlatch::fuzz {

template <typename Result> std::optional<Result> resultOrMessage(llvm::Expected<Result> result) {
  if (result)
    return std::move(*result);
  if (llvm::toString(result.takeError()).empty())
    std::abort();
  return std::nullopt;
}

inline llvm::StringRef textOf(const std::uint8_t *data, std::size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

} // namespace unlatch::fuzz
