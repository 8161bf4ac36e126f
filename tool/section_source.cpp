// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The source behind a planned section: where it locks, where it touches the field, and what these
// lines become.

#include "analysis/called_functions.h"
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

/// What one section of a function consists of.
class SectionParts {
public:
  SectionParts(const FunctionFact &function, const Location &where)
      : function(function), where(where) {}

  /// Whether it stands under the lock that is taken there, or is the access itself.
  bool holds(const Location &place, const std::vector<int> &held) const {
    return place == where || llvm::any_of(held, [&](int index) {
             return index >= 0 && size_t(index) < function.acquisitions.size() &&
                    function.acquisitions[size_t(index)].where == where;
           });
  }

  bool contains(const Location &place) const {
    const auto stands = [&](const auto &each) {
      return each.where == place && holds(each.where, each.held);
    };
    return place == where || llvm::any_of(function.accesses, stands) ||
           llvm::any_of(function.calls, stands) || llvm::any_of(function.memory, stands) ||
           llvm::any_of(function.accesses, [&](const Access &access) {
             const Operation *operation = operationOf(access);
             return operation && holds(access.where, access.held) &&
                    (operation->where == place ||
                     llvm::any_of(operation->rewrite.blockers,
                                  [&](const Reason &each) { return each.where == place; }));
           });
  }

  const Operation *operationOf(const Access &access) const {
    return access.operation < 0 || size_t(access.operation) >= function.operations.size()
               ? nullptr
               : &function.operations[size_t(access.operation)];
  }

  const FunctionFact &function;
  const Location &where;
};

/// What the edits of one file make of its text, as lines with '-' and '+'.
std::string changeBy(SourceReader &reader, const std::string &file, std::vector<Edit> edits) {
  llvm::erase_if(edits, [&](const Edit &edit) { return edit.file != file; });
  llvm::sort(edits);
  edits.erase(std::unique(edits.begin(), edits.end()), edits.end());
  if (edits.empty())
    return {};
  const StringRef before = reader.text(file);
  llvm::Expected<std::string> after = applyEdits(before, edits);
  if (after)
    return changedLines(unifiedDiff("x", before, *after, 0));
  llvm::consumeError(after.takeError());
  return {};
}

/// Lines of the same file in which functions that the section calls use the field.
std::set<unsigned> usesInCallees(const Program &program, const FunctionFact &function,
                                 const Location &where, const std::string &field) {
  std::set<unsigned> lines;
  for (size_t index = 0; index < function.acquisitions.size(); ++index) {
    if (function.acquisitions[index].where != where)
      continue;
    for (const std::string &callee : runUnder(program, function, int(index)))
      for (const FunctionFact *body : program.bodies(callee))
        for (const Access &access : body->accesses)
          if (body->id != function.id && access.field == field && access.where.file == where.file)
            lines.insert(access.where.line);
  }
  return lines;
}

/// All that changes if the field is converted alone.
std::vector<Edit> editsOf(const Decision &decision, const PlannedField &field) {
  if (field.verdict == Verdict::Keep)
    return {};
  return editsFor(decision.facts(), decision.plan(), {field.id});
}

} // namespace

std::vector<SectionSource> sectionSources(const Decision &decision, const PlannedField &field) {
  SourceReader reader;
  const Program program(decision.facts());
  const std::vector<Edit> all = editsOf(decision, field);
  std::set<std::string> changing{field.id}; // with what becomes one snapshot with it
  for (const PlannedField &other : decision.plan().fields)
    if (!field.group.empty() && other.group == field.group)
      changing.insert(other.id);
  std::vector<SectionSource> sources;
  for (const PlannedSection &section : field.sections) {
    SectionSource source;
    const std::string &file = section.where.file;
    std::set<unsigned> numbers{section.where.line};
    std::vector<Edit> edits;
    // Of a candidate, what is really done.
    const auto take = [&](const Candidate &candidate) {
      for (const Edit &edit : candidate.edits)
        if (std::binary_search(all.begin(), all.end(), edit))
          edits.push_back(edit);
    };
    for (const auto &[id, bodies] : decision.facts().functions)
      for (const FunctionFact &function : bodies) {
        if (function.name != section.function)
          continue;
        for (const unsigned number : usesInCallees(program, function, section.where, field.id))
          numbers.insert(number);
        const SectionParts parts(function, section.where);
        for (const Access &access : function.accesses) {
          if (!changing.count(access.field) || !parts.holds(access.where, access.held))
            continue;
          if (access.where.file == file && access.field == field.id)
            numbers.insert(access.where.line);
          take(access.snapshotRead);
          take(access.snapshotModify);
          if (const Operation *operation = parts.operationOf(access))
            take(operation->rewrite);
        }
        for (const Acquisition &lock : function.acquisitions)
          if (lock.where == section.where)
            for (const Candidate *candidate :
                 {&lock.removal, &lock.removalOfAll, &lock.snapshotRead, &lock.snapshotModify,
                  &lock.fences, &lock.snapshotFences})
              take(*candidate);
        for (const Reason &reason : field.reasons)
          if (reason.where.file == file && parts.contains(reason.where) &&
              !llvm::is_contained(source.reasons, &reason)) {
            numbers.insert(reason.where.line);
            source.reasons.push_back(&reason);
          }
      }
    for (const unsigned number : numbers)
      source.lines[number] = reader.line(file, number);
    source.change = changeBy(reader, file, std::move(edits));
    sources.push_back(std::move(source));
  }
  return sources;
}

std::string declarationChange(const Decision &decision, const PlannedField &field) {
  const auto fact = decision.facts().fields.find(field.id);
  if (fact == decision.facts().fields.end())
    return {};
  SourceReader reader;
  const std::vector<Edit> all = editsOf(decision, field);
  std::vector<Edit> edits;
  const auto take = [&](const Edit &edit) {
    for (const Edit &each : all)
      if (each.file == edit.file && each.offset == edit.offset && each.length == edit.length)
        edits.push_back(each); // a snapshot's first field has the text of the whole state
  };
  for (const auto &[strategy, candidate] : fact->second.declaration)
    if (strategy == field.strategy)
      llvm::for_each(candidate.edits, take);
  if (field.strategy == Strategy::Snapshot)
    take(fact->second.removal);
  return changeBy(reader, fact->second.where.file, std::move(edits));
}

} // namespace unlatch
