// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/project.h"

#include "matchers/edit_scope.h"
#include "tool/compile_arguments.h"

#include "clang/Driver/Types.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <set>

namespace unlatch {

namespace {

using clang::tooling::CompilationDatabase;
using clang::tooling::CompileCommand;
using llvm::StringRef;
namespace path = llvm::sys::path;

constexpr StringRef databaseName = "compile_commands.json";

bool hasDatabase(StringRef folder) {
  llvm::SmallString<256> file(folder);
  path::append(file, databaseName);
  return llvm::sys::fs::exists(file);
}

/// The nearest database in `start` or above it, or in a folder build/ of one of these.
std::string findDatabase(StringRef start) {
  for (StringRef folder = start; !folder.empty(); folder = path::parent_path(folder)) {
    if (hasDatabase(folder))
      return folder.str();
    llvm::SmallString<256> build(folder);
    path::append(build, "build");
    if (hasDatabase(build))
      return build.str().str();
  }
  return {};
}

std::string absolutePath(StringRef name) {
  llvm::SmallString<256> absolute(name);
  (void)llvm::sys::fs::make_absolute(absolute);
  path::remove_dots(absolute, /*remove_dot_dot=*/true);
  return absolute.str().str();
}

/// Assembly and the like hold no C++ object's lock.
bool isParsed(const CompileCommand &command) {
  const auto type =
      clang::driver::types::lookupTypeForExtension(path::extension(command.Filename).ltrim('.'));
  return type == clang::driver::types::TY_INVALID || clang::driver::types::isDerivedFromC(type);
}

llvm::Expected<std::vector<CompileCommand>> readDatabase(const Options &options) {
  std::vector<CompileCommand> raw;
  if (options.fixed) {
    std::vector<std::string> sources = options.paths;
    sources.insert(sources.end(), options.sources.begin(), options.sources.end());
    if (sources.empty())
      return llvm::createStringError("'--' gives flags, but no source file was named");
    for (const std::string &source : sources) {
      if (!llvm::sys::fs::exists(source))
        return llvm::createStringError(source + ": no such file");
      for (const CompileCommand &command : options.fixed->getCompileCommands(absolutePath(source)))
        raw.push_back(command);
    }
    return raw;
  }

  std::string folder = options.buildPath;
  if (!folder.empty()) {
    folder = absolutePath(folder);
    if (path::filename(folder) == databaseName)
      folder = path::parent_path(folder).str();
    // As in clang-tidy, parents of the folder count as well.
    if (!hasDatabase(folder)) {
      const std::string found = findDatabase(folder);
      if (found.empty())
        return llvm::createStringError(
            options.buildPath + ": no compile_commands.json there or above; CMake writes one with "
                                "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON, 'bear -- make' for make");
      folder = found;
    }
  } else {
    const std::string start =
        options.paths.empty() ? absolutePath("") : absolutePath(options.paths.front());
    folder = findDatabase(llvm::sys::fs::is_directory(start) ? StringRef(start)
                                                             : path::parent_path(start));
    if (folder.empty())
      return llvm::createStringError(
          "no compile_commands.json here, above, or in build/; name its folder with -p, or give "
          "sources and then, behind '--', their flags");
  }
  std::string message;
  const std::unique_ptr<CompilationDatabase> database =
      CompilationDatabase::loadFromDirectory(folder, message);
  if (!database)
    return llvm::createStringError(folder + ": " + StringRef(message).trim());
  raw = database->getAllCompileCommands();
  if (raw.empty())
    return llvm::createStringError(folder + "/compile_commands.json: holds no compile command");
  return raw;
}

/// The nearest folder above all sources, and, if wanted, above those that they are compiled in.
std::string commonFolder(const std::vector<CompileCommand> &commands, bool withDirectories) {
  std::string common;
  const auto add = [&](const std::string &folder) {
    if (common.empty())
      common = folder;
    while (!liesBelow(common, folder))
      common = path::parent_path(common).str();
  };
  for (const CompileCommand &command : commands) {
    add(path::parent_path(realPath(command.Filename)).str());
    if (withDirectories)
      add(realPath(command.Directory));
  }
  return common;
}

std::string gitTopLevel(StringRef start) {
  for (StringRef folder = start; !folder.empty(); folder = path::parent_path(folder)) {
    llvm::SmallString<256> git(folder);
    path::append(git, ".git");
    if (llvm::sys::fs::exists(git))
      return folder.str();
  }
  return {};
}

} // namespace

std::string realPath(StringRef name) {
  llvm::SmallString<256> real;
  if (!llvm::sys::fs::real_path(name, real))
    return real.str().str();
  return absolutePath(name);
}

std::string relativeTo(StringRef root, StringRef name) {
  if (root != "/" && name != root && liesBelow(root, name))
    return name.drop_front(root.size() + 1).str();
  return name.str();
}

llvm::Expected<Project> loadProject(const Options &options) {
  llvm::Expected<std::vector<CompileCommand>> raw = readDatabase(options);
  if (!raw)
    return raw.takeError();
  Project project;
  std::set<std::pair<std::string, std::vector<std::string>>> seen;
  for (CompileCommand &command : *raw) {
    if (!isParsed(command))
      continue;
    CompileCommand ready = forParsing(std::move(command));
    std::vector<std::string> identity = ready.CommandLine;
    identity.push_back(ready.Directory);
    if (seen.emplace(realPath(ready.Filename), std::move(identity)).second)
      project.commands.push_back(std::move(ready));
  }
  if (project.commands.empty())
    return llvm::createStringError("the compilation database names no C or C++ source");

  if (!options.root.empty()) {
    if (!llvm::sys::fs::is_directory(options.root))
      return llvm::createStringError(options.root + ": no such folder");
    project.root = realPath(options.root);
  } else {
    const std::string common = commonFolder(project.commands, false);
    const std::string git = gitTopLevel(common);
    project.root = git.empty() ? common : git;
    // Headers often stand beside the sources' folder, in a project that holds its build as well.
    const std::string around = commonFolder(project.commands, true);
    if (git.empty() && around != "/")
      project.extraction.editableRoots = {around};
  }
  project.extraction.editableRoots.push_back(project.root);
  project.extraction.runtimeInclude = options.runtimeInclude;
  project.extraction.resourceDirectory = UNLATCH_RESOURCE_DIRECTORY;
  project.extraction.extraArguments = options.extraArguments;
  project.jobs = options.jobs;
  project.showProgress = !options.quiet && llvm::sys::Process::StandardErrIsDisplayed();
  return project;
}

} // namespace unlatch
