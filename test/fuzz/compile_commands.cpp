// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "fuzz/reader.h"
#include "tool/compile_arguments.h"

#include "clang/Tooling/JSONCompilationDatabase.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  std::string message;
  const auto database = clang::tooling::JSONCompilationDatabase::loadFromBuffer(
      unlatch::fuzz::textOf(data, size), message, clang::tooling::JSONCommandLineSyntax::Gnu);
  if (database)
    for (clang::tooling::CompileCommand &command : database->getAllCompileCommands())
      unlatch::forParsing(std::move(command));
  return 0;
}
