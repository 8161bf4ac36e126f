// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/options.h"

#include "tool/configuration.h"

#include "clang/Basic/Version.h"
#include "clang/Driver/Types.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

namespace unlatch {

namespace {

using llvm::StringRef;
namespace cl = llvm::cl;

cl::OptionCategory category("unlatch options");

cl::SubCommand planCommand("plan", "Decide for the whole program and print every guarded field, "
                                   "its verdict and why");
cl::SubCommand diffCommand("diff", "The same, then print the change as one unified diff");
cl::SubCommand applyCommand("apply", "Write the change to disk, whole or not at all");
cl::SubCommand explainCommand("explain", "Everything behind the verdict on one field");
cl::SubCommand extractCommand("extract", "Write the facts of each translation unit to a folder");
cl::SubCommand mergeCommand("merge", "Unite facts files into one");

struct NamedCommand {
  cl::SubCommand *subcommand;
  Command command;
};
const NamedCommand commands[] = {
    {&planCommand, Command::Plan},       {&diffCommand, Command::Diff},
    {&applyCommand, Command::Apply},     {&explainCommand, Command::Explain},
    {&extractCommand, Command::Extract}, {&mergeCommand, Command::Merge},
};

cl::SubCommandGroup all = {&planCommand,    &diffCommand,    &applyCommand,
                           &explainCommand, &extractCommand, &mergeCommand};
cl::SubCommandGroup loading = {&planCommand, &diffCommand, &applyCommand, &explainCommand,
                               &extractCommand};
cl::SubCommandGroup deciding = {&planCommand, &diffCommand, &applyCommand, &explainCommand};
cl::SubCommandGroup reporting = {&planCommand, &diffCommand, &applyCommand};
cl::SubCommandGroup writing = {&diffCommand, &applyCommand};

cl::opt<std::string> buildPath("p",
                               cl::desc("Folder of compile_commands.json (default: searched "
                                        "upwards, and in build/)"),
                               cl::value_desc("DIR"), cl::sub(loading), cl::cat(category));
cl::list<std::string> paths(cl::Positional, cl::desc("[files or folders to report on]"),
                            cl::sub(reporting), cl::cat(category));
cl::opt<unsigned> jobs("j",
                       cl::desc("Translation units to parse at once (default: one a thread "
                                "of the machine)"),
                       cl::value_desc("N"), cl::Prefix, cl::sub(loading), cl::cat(category));
cl::opt<std::string> config("config",
                            cl::desc("Configuration file (default: the nearest "
                                     ".unlatch.yaml upwards)"),
                            cl::value_desc("FILE"), cl::sub(loading), cl::cat(category));
cl::opt<std::string> root("root",
                          cl::desc("Folder that paths are relative to, and below which "
                                   "files may be edited (default: the git top level of the "
                                   "sources, else their common folder)"),
                          cl::value_desc("DIR"), cl::sub(loading), cl::cat(category));
cl::opt<std::string> headerFilter("header-filter",
                                  cl::desc("Report on headers that this regular "
                                           "expression matches"),
                                  cl::value_desc("REGEX"), cl::sub(reporting), cl::cat(category));
cl::opt<std::string> sourceFilter("source-filter",
                                  cl::desc("Report on sources that this regular "
                                           "expression matches"),
                                  cl::value_desc("REGEX"), cl::sub(reporting), cl::cat(category));
cl::list<std::string> extraArguments("extra-arg",
                                     cl::desc("Further argument for every compile "
                                              "command"),
                                     cl::value_desc("ARG"), cl::sub(loading), cl::cat(category));
cl::opt<std::string> runtimeInclude("runtime-include",
                                    cl::desc("Folder that holds the runtime's "
                                             "unlatch/ (default: the one that "
                                             "came with the tool)"),
                                    cl::value_desc("DIR"), cl::sub(loading), cl::cat(category));
cl::opt<std::string> factsFolder("facts",
                                 cl::desc("Decide over the facts files in this folder "
                                          "instead of parsing"),
                                 cl::value_desc("DIR"), cl::sub(deciding), cl::cat(category));
cl::opt<Consistency>
    consistency("consistency", cl::desc("What the rewritten program promises"), cl::sub(deciding),
                cl::values(clEnumValN(Consistency::Linearizable, "linearizable",
                                      "no thread can see anything new (default)"),
                           clEnumValN(Consistency::PerOperation, "per-operation",
                                      "each operation by itself; sections may fall apart")),
                cl::init(Consistency::Linearizable), cl::cat(category));
cl::list<std::string>
    strategies("strategy",
               cl::desc("What this field may become: map, atomic or snapshot, or several of them "
                        "with commas between; '*' stands for all other fields"),
               cl::value_desc("NAME=STRATEGY"), cl::sub(deciding), cl::cat(category));
cl::opt<bool> noVerify("no-verify",
                       cl::desc("Do not parse the rewritten program (a conversion is "
                                "then a proposal only)"),
                       cl::sub(deciding), cl::cat(category));
cl::opt<Format> format("format", cl::desc("Form of the output"), cl::sub(deciding),
                       cl::values(clEnumValN(Format::Text, "text", "for people (default)"),
                                  clEnumValN(Format::Json, "json", "for programs")),
                       cl::init(Format::Text), cl::cat(category));
cl::opt<ColorMode> color("color", cl::desc("Colours"), cl::sub(all),
                         cl::values(clEnumValN(ColorMode::Auto, "auto", "on a terminal (default)"),
                                    clEnumValN(ColorMode::Always, "always", ""),
                                    clEnumValN(ColorMode::Never, "never", "")),
                         cl::init(ColorMode::Auto), cl::cat(category));
cl::opt<bool> quiet("quiet", cl::desc("No progress, no hints"), cl::sub(all), cl::cat(category));
cl::opt<std::string> output("o", cl::desc("Write the output to this file (extract: folder)"),
                            cl::value_desc("FILE"), cl::sub(all), cl::cat(category));
cl::list<std::string> only("only", cl::desc("Convert this field, and those that must go with it"),
                           cl::value_desc("NAME"), cl::sub(writing), cl::cat(category));
cl::list<std::string> accept("accept", cl::desc("Convert this field though it is under review"),
                             cl::value_desc("NAME"), cl::sub(writing), cl::cat(category));
cl::opt<unsigned> phase("phase", cl::desc("Convert the fields of this phase"), cl::value_desc("N"),
                        cl::sub(writing), cl::cat(category));
cl::opt<std::string> planFile("plan", cl::desc("Take the plan that 'plan -o FILE' wrote"),
                              cl::value_desc("FILE"), cl::sub(writing), cl::cat(category));
cl::opt<std::string> series("series", cl::desc("Write one numbered patch a phase to this folder"),
                            cl::value_desc("DIR"), cl::sub(diffCommand), cl::cat(category));
cl::opt<std::string> mutate("mutate", cl::Hidden, cl::sub(diffCommand), cl::cat(category),
                            cl::desc("Break the change in the K-th way and show that it is "
                                     "noticed; 'all', or 'count'"));
cl::opt<std::string> vendor("vendor", cl::desc("Copy the runtime's headers to this folder"),
                            cl::value_desc("DIR"), cl::sub(applyCommand), cl::cat(category));
cl::opt<bool> recover("recover", cl::desc("Only finish, or undo, an apply that was interrupted"),
                      cl::sub(applyCommand), cl::cat(category));
cl::opt<std::string> name(cl::Positional, cl::desc("NAME"), cl::Required, cl::sub(explainCommand),
                          cl::cat(category));
cl::opt<std::string> shard("shard", cl::desc("Only the I-th of N parts of the database"),
                           cl::value_desc("I/N"), cl::sub(extractCommand), cl::cat(category));
cl::list<std::string> inputs(cl::Positional, cl::desc("facts files or folders"), cl::OneOrMore,
                             cl::sub(mergeCommand), cl::cat(category));

void complain(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "unlatch") << message << '\n';
}

void printVersion(llvm::raw_ostream &out) {
  out << "unlatch " UNLATCH_VERSION " (clang " CLANG_VERSION_STRING ")\n";
}

std::string commandNames() {
  std::string names;
  for (const NamedCommand &one : commands)
    names += (names.empty() ? "" : ", ") + one.subcommand->getName().str();
  return names;
}

bool isSource(StringRef path) {
  return clang::driver::types::isDerivedFromC(
      clang::driver::types::lookupTypeForExtension(llvm::sys::path::extension(path).ltrim('.')));
}

bool readShard(Options &options) {
  if (shard.empty())
    return true;
  const auto [index, count] = StringRef(shard).split('/');
  return !index.getAsInteger(10, options.shard) && !count.getAsInteger(10, options.shards) &&
         options.shard >= 1 && options.shard <= options.shards;
}

/// The runtime that belongs to this tool: where the build found it, else where it was installed,
/// which is told from the place of the executable.
std::string ownRuntime(const char *argv0) {
  static int anchor;
  const std::string executable = llvm::sys::fs::getMainExecutable(argv0, &anchor);
  llvm::SmallString<256> beside(llvm::sys::path::parent_path(executable));
  llvm::sys::path::append(beside, "..", "include");
  llvm::sys::path::remove_dots(beside, /*remove_dot_dot=*/true);
  const std::string candidates[] = {UNLATCH_RUNTIME_INCLUDE, beside.str().str(),
                                    UNLATCH_RUNTIME_INSTALLED};
  for (const std::string &candidate : candidates)
    if (llvm::sys::fs::exists(candidate + "/unlatch/map.h"))
      return candidate;
  return {};
}

/// Options win over the configuration.
bool readSettings(Options &options, const char *argv0) {
  llvm::SmallString<256> start(!options.root.empty()        ? options.root
                               : !options.paths.empty()     ? options.paths.front()
                               : !options.buildPath.empty() ? options.buildPath
                                                            : std::string());
  (void)llvm::sys::fs::make_absolute(start);
  llvm::Expected<Configuration> configuration = readConfiguration(options.config, start);
  if (!configuration) {
    complain(llvm::toString(configuration.takeError()));
    return false;
  }
  if (options.root.empty())
    options.root = configuration->root.value_or("");
  if (options.headerFilter.empty())
    options.headerFilter = configuration->headerFilter.value_or("");
  if (options.sourceFilter.empty())
    options.sourceFilter = configuration->sourceFilter.value_or("");
  if (options.runtimeInclude.empty())
    options.runtimeInclude = configuration->runtimeInclude.value_or("");
  if (options.jobs == 0)
    options.jobs = configuration->jobs.value_or(0);
  options.extraArguments.insert(options.extraArguments.begin(),
                                configuration->extraArguments.begin(),
                                configuration->extraArguments.end());
  if (configuration->consistency && consistency.getNumOccurrences() == 0) {
    if (*configuration->consistency == "per-operation") {
      options.consistency = Consistency::PerOperation;
    } else if (*configuration->consistency != "linearizable") {
      complain("configuration: consistency is 'linearizable' or 'per-operation', not '" +
               *configuration->consistency + "'");
      return false;
    }
  }

  if (options.runtimeInclude.empty()) {
    options.runtimeInclude = ownRuntime(argv0);
    if (options.runtimeInclude.empty()) {
      complain("the runtime's headers are not where this tool was built or installed; say where "
               "with --runtime-include");
      return false;
    }
  } else if (!llvm::sys::fs::exists(options.runtimeInclude + "/unlatch/map.h")) {
    complain(options.runtimeInclude + ": has no unlatch/map.h");
    return false;
  }
  llvm::SmallString<256> absolute(options.runtimeInclude);
  (void)llvm::sys::fs::make_absolute(absolute);
  options.runtimeInclude = absolute.str().str();
  if (!llvm::sys::fs::exists(UNLATCH_RESOURCE_DIRECTORY "/include/stddef.h")) {
    complain("clang's own headers are missing from " UNLATCH_RESOURCE_DIRECTORY
             "; on Debian: apt-get install libclang-common-22-dev");
    return false;
  }
  return true;
}

} // namespace

std::unique_ptr<Options> readOptions(int argc, const char **argv, int &exitCode) {
  exitCode = 1;
  auto options = std::make_unique<Options>();
  cl::SetVersionPrinter(printVersion);
  cl::HideUnrelatedOptions(category);
  for (const NamedCommand &one : commands)
    cl::HideUnrelatedOptions(category, *one.subcommand);

  // Asked first, so that the answer names what there is.
  if (argc > 1 && argv[1][0] != '-' && llvm::none_of(commands, [&](const NamedCommand &one) {
        return one.subcommand->getName() == argv[1];
      })) {
    complain("unknown command '" + llvm::Twine(argv[1]) + "'; there are " + commandNames());
    return nullptr;
  }
  // Sources may stand behind `--` among their flags; the database would drop them.
  for (int i = 1, behind = 0; i < argc; ++i) {
    const StringRef argument = argv[i];
    if (behind && !argument.starts_with("-") && isSource(argument) &&
        llvm::sys::fs::exists(argument))
      options->sources.push_back(argument.str());
    behind |= argument == "--";
  }
  std::string message;
  options->fixed =
      clang::tooling::FixedCompilationDatabase::loadFromCommandLine(argc, argv, message);
  if (!message.empty()) {
    complain(StringRef(message).trim());
    return nullptr;
  }
  if (!cl::ParseCommandLineOptions(
          argc, argv, "finds state guarded by a mutex and proves which of it can live without\n",
          &llvm::errs()))
    return nullptr;

  const auto chosen =
      llvm::find_if(commands, [](const NamedCommand &one) { return bool(*one.subcommand); });
  if (chosen == std::end(commands)) {
    complain("which command? There are " + commandNames() + "; see 'unlatch --help'");
    return nullptr;
  }
  options->command = chosen->command;
  options->buildPath = buildPath;
  options->paths = paths;
  options->root = root;
  options->extraArguments = extraArguments;
  options->runtimeInclude = runtimeInclude;
  options->facts = factsFolder;
  options->jobs = jobs;
  options->consistency = consistency;
  options->strategies = strategies;
  options->verify = !noVerify;
  options->headerFilter = headerFilter;
  options->sourceFilter = sourceFilter;
  options->only = only;
  options->accept = accept;
  options->phase = phase;
  options->plan = planFile;
  options->config = config;
  options->format = format;
  options->color = color;
  options->quiet = quiet;
  options->output = output;
  options->name = name;
  options->series = series;
  options->vendor = vendor;
  options->recover = recover;
  options->inputs = inputs;
  options->mutate = mutate;
  if (phase.getNumOccurrences() && phase == 0) {
    complain("phases count from 1");
    return nullptr;
  }
  if (!readShard(*options)) {
    complain("--shard is I/N with I from 1 to N, not '" + shard + "'");
    return nullptr;
  }
  if (options->command != Command::Merge && !readSettings(*options, argv[0]))
    return nullptr;
  exitCode = 0;
  return options;
}

} // namespace unlatch
