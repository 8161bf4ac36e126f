// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace unlatch {

/// What a `.unlatch.yaml` may say. Each key means what the option of the same name means, which
/// wins over it.
struct Configuration {
  std::optional<std::string> consistency;
  std::optional<std::string> root;
  std::optional<std::string> headerFilter;
  std::optional<std::string> sourceFilter;
  std::optional<std::string> runtimeInclude;
  std::vector<std::string> extraArguments;
  std::optional<unsigned> jobs;
};

/// Reads `file`, or, if that is empty, the nearest `.unlatch.yaml` in `start` or above it, if any.
llvm::Expected<Configuration> readConfiguration(llvm::StringRef file, llvm::StringRef start);

/// The same of `text`, which errors say is in `file`.
llvm::Expected<Configuration> parseConfiguration(llvm::StringRef text, llvm::StringRef file);

} // namespace unlatch
