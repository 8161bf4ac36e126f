// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/verify.h"

#include "analysis/content_hash.h"
#include "analysis/merge.h"
#include "matchers/edit_scope.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <optional>

namespace unlatch {

namespace {

using llvm::StringRef;

unsigned lineOf(StringRef text, size_t offset) {
  return unsigned(text.take_front(offset).count('\n')) + 1;
}

/// The selected fields whose edits stand on `line` of the edited text of `file`; all with edits in
/// `file` if the line is nobody's.
std::set<std::string> blamed(const Facts &facts, const Plan &plan,
                             const std::set<std::string> &selected, const Change &change,
                             const Location &where) {
  std::set<std::string> onLine;
  std::set<std::string> inFile;
  const auto original = change.originals.find(where.file);
  if (original == change.originals.end())
    return {};
  for (const std::string &field : selected) {
    for (const Edit &edit : editsFor(facts, plan, {field})) {
      if (edit.file != where.file)
        continue;
      inFile.insert(field);
      // Lines go and come above an edit; the distance is at most that of the whole file.
      const long line = long(lineOf(original->second, edit.offset));
      const long drift = long(StringRef(change.edited.at(where.file)).count('\n')) -
                         long(StringRef(original->second).count('\n'));
      const long low = std::min(line, line + drift);
      const long high = std::max(line, line + drift) + long(StringRef(edit.text).count('\n'));
      if (low <= long(where.line) && long(where.line) <= high)
        onLine.insert(field);
    }
  }
  return onLine.empty() ? inFile : onLine;
}

size_t timesSaid(const TranslationUnit &unit, const std::string &message) {
  return size_t(llvm::count_if(
      unit.lockWarnings, [&](const CompilerMessage &each) { return each.message == message; }));
}

/// What the thread-safety analysis says of the rewritten unit and did not say before.
std::optional<CompilerMessage> newLockWarning(const Facts &before, const TranslationUnit &after) {
  for (const CompilerMessage &warning : after.lockWarnings) {
    size_t expected = 0; // one file can be several units
    for (const TranslationUnit &unit : before.units)
      if (unit.file == after.file)
        expected = std::max(expected, timesSaid(unit, warning.message));
    if (timesSaid(after, warning.message) > expected)
      return warning;
  }
  return std::nullopt;
}

} // namespace

Verifier::Verifier(const Project &project) : project(project) {
  for (const clang::tooling::CompileCommand &command : project.commands)
    files.push_back(realPath(command.Filename));
}

std::vector<std::string> Verifier::dependenciesOf(const Facts &facts, size_t command) const {
  std::set<std::string> dependencies = {files[command]};
  for (const TranslationUnit &unit : facts.units)
    if (unit.file == files[command])
      dependencies.insert(unit.dependencies.begin(), unit.dependencies.end());
  return {dependencies.begin(), dependencies.end()};
}

std::vector<Objection> Verifier::verify(const Facts &facts, const Plan &plan,
                                        const std::set<std::string> &selected,
                                        const Change &change) {
  std::set<std::string> unparsed;
  for (const TranslationUnit &unit : facts.units)
    if (!unit.parsed)
      unparsed.insert(unit.file);

  std::vector<std::pair<size_t, std::string>> reached;
  std::vector<std::pair<size_t, std::string>> missing;
  std::vector<clang::tooling::CompileCommand> commands;
  for (size_t i = 0; i < project.commands.size(); ++i) {
    std::string seen;
    for (const std::string &file : dependenciesOf(facts, i))
      if (const auto text = change.edited.find(file); text != change.edited.end())
        seen += file + '=' + contentHash(text->second) + '\n';
    // What did not parse before is no worse now, and blocks its fields already.
    if (seen.empty() || unparsed.count(files[i]))
      continue;
    reached.emplace_back(i, seen);
    if (known.count(reached.back()))
      continue;
    missing.push_back(reached.back());
    commands.push_back(project.commands[i]);
  }
  ExtractOptions extraction = project.extraction;
  extraction.overlay = change.edited;
  std::vector<Facts> extracted = extractEach(project, commands, extraction, "verifying");
  for (size_t i = 0; i < extracted.size(); ++i)
    known[missing[i]] = std::move(extracted[i]);

  std::vector<Objection> objections;
  std::vector<Facts> after;
  for (const auto &key : reached) {
    const Facts &facts_ = known.at(key);
    for (const TranslationUnit &unit : facts_.units) {
      std::optional<CompilerMessage> message = newLockWarning(facts, unit);
      std::string problem = "the thread-safety analysis objects to the rewritten code";
      if (!unit.parsed) {
        message =
            unit.errors.empty() ? CompilerMessage{{unit.file, 1, 1}, ""} : unit.errors.front();
        problem = "the rewritten code does not compile";
      }
      if (!message)
        continue;
      message->where.file = realPath(message->where.file);
      Objection objection;
      objection.fields = blamed(facts, plan, selected, change, message->where);
      if (objection.fields.empty())
        objection.fields = selected;
      if (!message->message.empty())
        problem += ": " + message->message;
      // In a header of the runtime: the field says more.
      if (!liesBelow(project.root, message->where.file))
        message->where = {};
      objection.reason = {"does-not-compile", std::move(problem),
                          placeBefore(change, message->where)};
      const std::vector<std::string> dependencies = dependenciesOf(facts, key.first);
      for (const std::string &file : change.lostLockHeader)
        if (llvm::is_contained(dependencies, file))
          objection.suspectIncludes.insert(file);
      objections.push_back(std::move(objection));
    }
    after.push_back(facts_);
  }
  if (!objections.empty())
    return objections;
  return compareFacts(facts, merge(std::move(after)), plan, selected, change);
}

} // namespace unlatch
