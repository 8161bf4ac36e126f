// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "tool/options.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>

namespace unlatch {

/// Where a command's result goes: standard output, or the file of `-o`.
class Output {
public:
  static llvm::Expected<Output> open(const Options &options);

  llvm::raw_ostream &stream() { return file ? *file : llvm::outs(); }

  /// Flushes. An error if anything could not be written.
  llvm::Error finish();

private:
  std::string name = "standard output";
  std::unique_ptr<llvm::raw_fd_ostream> file;
};

/// Makes messages and results obey `--color`.
void useColors(ColorMode mode);

/// Prints `error` to standard error; returns the exit code that goes with it, 1.
int fail(llvm::Error error);

} // namespace unlatch
