// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/compile_arguments.h"

#include "clang/Options/Options.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace unlatch {

namespace {

using llvm::StringRef;
using Arguments = clang::tooling::CommandLineArguments;

/// CMake makes Clang read its precompiled header by `-Xclang -include-pch -Xclang FILE`; the same
/// header is also named by `-include`, which stays.
Arguments withoutPrecompiledHeaders(const Arguments &arguments) {
  Arguments kept;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const StringRef argument = arguments[i];
    if (argument == "-include-pch") {
      ++i;
      continue;
    }
    if (argument == "-Xclang" && i + 1 < arguments.size() && arguments[i + 1] == "-include-pch") {
      i += 3;
      continue;
    }
    kept.push_back(arguments[i]);
  }
  return kept;
}

bool isUnwanted(StringRef argument) {
  // Of GCC's modules, which CMake names for any C++20 source.
  return argument.starts_with("-fmodules-ts") || argument.starts_with("-fmodule-mapper=") ||
         argument.starts_with("-fdeps-") || argument.starts_with("-save-temps") ||
         argument == "-Werror" || argument.starts_with("-Werror=") ||
         argument == "-pedantic-errors" || argument.starts_with("-Winvalid-pch") ||
         argument.starts_with("--serialize-diagnostics");
}

/// Options that only the project's own compiler knows say nothing about the meaning of the source.
Arguments withoutUnknown(const Arguments &arguments) {
  const bool clangCl = !arguments.empty() && StringRef(arguments[0]).ends_with("cl.exe");
  if (clangCl || arguments.size() < 2)
    return arguments;
  std::vector<const char *> pointers;
  for (size_t i = 1; i < arguments.size(); ++i)
    pointers.push_back(arguments[i].c_str());
  unsigned missingIndex = 0;
  unsigned missingCount = 0;
  const llvm::opt::InputArgList parsed = clang::getDriverOptTable().ParseArgs(
      pointers, missingIndex, missingCount, llvm::opt::Visibility(clang::options::ClangOption));
  std::vector<bool> unknown(arguments.size(), false);
  for (const llvm::opt::Arg *argument : parsed)
    if (argument->getOption().matches(clang::options::OPT_UNKNOWN))
      unknown[argument->getIndex() + 1] = true;
  Arguments kept;
  for (size_t i = 0; i < arguments.size(); ++i)
    if (!unknown[i])
      kept.push_back(arguments[i]);
  return kept;
}

} // namespace

clang::tooling::CompileCommand forParsing(clang::tooling::CompileCommand command) {
  llvm::SmallString<256> directory(command.Directory);
  (void)llvm::sys::fs::make_absolute(directory);
  command.Directory = directory.str().str();
  llvm::SmallString<256> file(command.Filename);
  llvm::sys::path::make_absolute(command.Directory, file);
  llvm::sys::path::remove_dots(file, /*remove_dot_dot=*/false);
  for (std::string &argument : command.CommandLine)
    if (argument == command.Filename)
      argument = file.str().str();
  command.Filename = file.str().str();

  const clang::tooling::ArgumentsAdjuster adjusters[] = {
      clang::tooling::getClangStripOutputAdjuster(),
      clang::tooling::getClangStripDependencyFileAdjuster(),
      clang::tooling::getStripPluginsAdjuster(),
  };
  Arguments arguments = command.CommandLine;
  for (const clang::tooling::ArgumentsAdjuster &adjuster : adjusters)
    arguments = adjuster(arguments, command.Filename);
  arguments = withoutPrecompiledHeaders(arguments);
  llvm::erase_if(arguments, isUnwanted);
  arguments = withoutUnknown(arguments);
  command.CommandLine = clang::tooling::getClangSyntaxOnlyAdjuster()(arguments, command.Filename);
  command.Output.clear();
  return command;
}

} // namespace unlatch
