// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/commands.h"
#include "tool/output.h"

#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Signals.h"

int main(int argc, const char **argv) {
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0], /*DisableCrashReporting=*/true);
  llvm::CrashRecoveryContext::Enable();
  int exitCode = 0;
  const std::unique_ptr<unlatch::Options> options = unlatch::readOptions(argc, argv, exitCode);
  if (!options)
    return exitCode;
  unlatch::useColors(options->color);
  switch (options->command) {
  case unlatch::Command::Plan:
    return unlatch::runPlan(*options);
  case unlatch::Command::Diff:
    return unlatch::runDiff(*options);
  case unlatch::Command::Apply:
    return unlatch::runApply(*options);
  case unlatch::Command::Explain:
    return unlatch::runExplain(*options);
  case unlatch::Command::Extract:
    return unlatch::runExtract(*options);
  case unlatch::Command::Merge:
    return unlatch::runMerge(*options);
  }
  return 1;
}
