// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/verify.h"

#include "analysis/content_hash.h"
#include "analysis/merge.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace unlatch {

namespace {

using llvm::StringRef;

/// The place that a diagnostic, "FILE:LINE:COLUMN: error: TEXT", speaks of.
struct Diagnosed {
  Location where;
  std::string message;
};

Diagnosed readDiagnostic(StringRef text) {
  Diagnosed result;
  const auto [head, message] = text.split(": ");
  StringRef said = message.empty() ? text : message;
  for (const StringRef level : {"fatal error: ", "error: "})
    said.consume_front(level);
  result.message = said.str();
  StringRef place = head;
  unsigned numbers[2] = {0, 0};
  for (const int i : {1, 0}) {
    const auto [rest, number] = place.rsplit(':');
    unsigned value = 0;
    if (number.getAsInteger(10, value))
      break;
    numbers[i] = value;
    place = rest;
  }
  result.where = {realPath(place), numbers[0], numbers[1]};
  return result;
}

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
      if (unit.parsed)
        continue;
      const Diagnosed first =
          readDiagnostic(unit.errors.empty() ? "" : StringRef(unit.errors.front()));
      Objection objection;
      objection.fields = blamed(facts, plan, selected, change, first.where);
      if (objection.fields.empty())
        objection.fields = selected;
      objection.reason = {"does-not-compile",
                          unit.errors.empty()
                              ? "the rewritten code does not compile"
                              : "the rewritten code does not compile: " + first.message,
                          first.where};
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
