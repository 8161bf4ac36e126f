// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The source behind a planned section: where it locks, where it touches the field, and what these
// lines become.

#include "rewriters/unified_diff.h"
#include "tool/print/printer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MemoryBuffer.h"

namespace unlatch {

namespace {

using llvm::StringRef;

/// The changed lines of a diff without its headers.
std::string changedLines(StringRef diff) {
  std::string text;
  bool inHunk = false;
  while (!diff.empty()) {
    const auto [line, rest] = diff.split('\n');
    diff = rest;
    if (line.starts_with("@@"))
      inHunk = true;
    else if (inHunk && (line.starts_with("+") || line.starts_with("-")))
      text += (line + "\n").str();
  }
  return text;
}

class SourceReader {
public:
  StringRef text(const std::string &file) {
    auto [known, isNew] = texts.try_emplace(file);
    if (isNew)
      if (auto buffer = llvm::MemoryBuffer::getFile(file))
        known->second = (*buffer)->getBuffer().str();
    return known->second;
  }

  std::string line(const std::string &file, unsigned number) {
    StringRef rest = text(file);
    for (unsigned i = 1; i < number && !rest.empty(); ++i)
      rest = rest.split('\n').second;
    return rest.split('\n').first.rtrim("\r").str();
  }

private:
  std::map<std::string, std::string> texts;
};

/// Whether `access` belongs to the section that starts at `where`.
bool belongs(const FunctionFact &function, const Access &access, const Location &where) {
  if (access.where == where)
    return true;
  return llvm::any_of(access.held, [&](int held) {
    return held >= 0 && size_t(held) < function.acquisitions.size() &&
           function.acquisitions[size_t(held)].where == where;
  });
}

} // namespace

std::vector<SectionSource> sectionSources(const Decision &decision, const PlannedField &field) {
  SourceReader reader;
  std::vector<SectionSource> sources;
  for (const PlannedSection &section : field.sections) {
    SectionSource source;
    std::set<std::pair<std::string, unsigned>> places = {{section.where.file, section.where.line}};
    std::vector<Edit> edits;
    for (const auto &[id, bodies] : decision.facts().functions)
      for (const FunctionFact &function : bodies) {
        if (function.name != section.function)
          continue;
        for (const Access &access : function.accesses) {
          if (access.field != field.id || !belongs(function, access, section.where))
            continue;
          places.emplace(access.where.file, access.where.line);
          if (access.operation < 0 || size_t(access.operation) >= function.operations.size())
            continue;
          const Operation &operation = function.operations[size_t(access.operation)];
          edits.insert(edits.end(), operation.rewrite.edits.begin(), operation.rewrite.edits.end());
        }
      }
    for (const auto &[file, line] : places)
      if (file == section.where.file)
        source.lines[line] = reader.line(file, line);
    llvm::sort(edits);
    edits.erase(std::unique(edits.begin(), edits.end()), edits.end());
    llvm::erase_if(edits, [&](const Edit &edit) { return edit.file != section.where.file; });
    if (field.verdict != Verdict::Keep && !edits.empty()) {
      const StringRef before = reader.text(section.where.file);
      if (llvm::Expected<std::string> after = applyEdits(before, edits))
        source.change = changedLines(unifiedDiff("x", before, *after, 0));
      else
        llvm::consumeError(after.takeError());
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

} // namespace unlatch
