// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/names.h"
#include "tool/print/printer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

namespace unlatch {

namespace {

using llvm::raw_ostream;
using llvm::StringRef;

void printSourceLine(raw_ostream &out, unsigned number, StringRef text) {
  out.changeColor(raw_ostream::BLACK, /*Bold=*/true);
  out << llvm::formatv("{0,8} | ", number).str();
  out.resetColor() << text << '\n';
}

void printCaret(raw_ostream &out, StringRef line, unsigned column) {
  out << "         | ";
  for (unsigned i = 1; i < column && i <= line.size(); ++i)
    out << (line[i - 1] == '\t' ? '\t' : ' ');
  out.changeColor(raw_ostream::GREEN, /*Bold=*/true) << "^";
  out.resetColor();
}

/// A line of the source with a caret below the column.
void printPlace(raw_ostream &out, const Location &where) {
  auto buffer = llvm::MemoryBuffer::getFile(where.file);
  if (!buffer || where.line == 0)
    return;
  StringRef rest = (*buffer)->getBuffer();
  for (unsigned i = 1; i < where.line && !rest.empty(); ++i)
    rest = rest.split('\n').second;
  const StringRef line = rest.split('\n').first.rtrim("\r");
  printSourceLine(out, where.line, line);
  printCaret(out, line, where.column);
  out << '\n';
}

void printTitle(raw_ostream &out, StringRef title) {
  out << '\n';
  out.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << title;
  out.resetColor() << '\n';
}

void printChange(raw_ostream &out, StringRef change) {
  while (!change.empty()) {
    const auto [line, rest] = change.split('\n');
    change = rest;
    out.changeColor(line.starts_with("+") ? raw_ostream::GREEN : raw_ostream::RED);
    out << llvm::formatv("{0,10} ", line.take_front(1)) << line.drop_front(1);
    out.resetColor() << '\n';
  }
}

/// Which mutex, and how that is known.
void printGuard(raw_ostream &out, const Facts &facts, const PlannedField &field, StringRef root) {
  if (field.guard.empty()) {
    out << "  guarded by no common mutex\n";
    return;
  }
  out << "  guarded by " << nameOf(facts, field.guard);
  const auto bare = [](const PlannedSection &section) { return section.mode == Mode::None; };
  const auto without = llvm::count_if(field.sections, bare);
  const auto with = ptrdiff_t(field.sections.size()) - without;
  out << ", held in " << (without == 0 && with > 1 ? "all of its " : "") << with << " section"
      << (with == 1 ? "" : "s");
  if (without > 0)
    out << ", not at " << without << " use" << (without == 1 ? "" : "s");
  if (const auto fact = facts.fields.find(field.id);
      fact != facts.fields.end() && fact->second.annotatedGuard == field.guard)
    out << "; an annotation says so";
  out << '\n';
  if (const auto mutex = facts.mutexes.find(field.guard); mutex != facts.mutexes.end())
    out << "    " << describePlace(mutex->second.where, root) << ": " << mutex->second.type << '\n';
}

void printReasons(raw_ostream &out, const PlannedField &field, StringRef root,
                  const std::set<const Reason *> &shownBelow) {
  printTitle(out, field.verdict == Verdict::Keep ? "why it stays" : "to be known");
  for (const Reason &reason : field.reasons) {
    out << "  " << describePlace(reason.where, root) << ": " << reason.message << " [" << reason.id
        << "]\n";
    if (!shownBelow.count(&reason))
      printPlace(out, reason.where);
  }
}

void printAdvice(raw_ostream &out, const PlannedField &field) {
  printTitle(out, field.verdict == Verdict::Keep     ? "what would have to change"
                  : field.verdict == Verdict::Review ? "what would make it certain"
                                                     : "what would make it simpler");
  std::set<StringRef> told;
  for (const Reason &reason : field.reasons)
    if (told.insert(reason.id).second)
      out << "  " << reason.id << ": " << adviceFor(reason.id) << "\n    docs/reasons/" << reason.id
          << ".md\n";
}

void printSection(raw_ostream &out, const PlannedSection &section, const SectionSource &source,
                  bool isKept) {
  for (const auto &[number, text] : source.lines) {
    printSourceLine(out, number, text);
    for (const Reason *reason : source.reasons)
      if (reason->where.line == number) {
        printCaret(out, text, reason->where.column);
        out << ' ' << reason->message << '\n';
      }
  }
  if (!source.change.empty()) {
    out << "     becomes\n";
    printChange(out, source.change);
  } else if (!isKept && section.operation != "none") {
    out << "     reads the same\n";
  }
}

} // namespace

void printExplanationText(raw_ostream &out, const Decision &decision, const PlannedField &field) {
  const Facts &facts = decision.facts();
  const StringRef root = decision.project().root;
  const std::vector<SectionSource> sources = sectionSources(decision, field);
  out.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << nameOf(facts, field.id);
  out.resetColor() << '\n';
  if (const auto fact = facts.fields.find(field.id); fact != facts.fields.end()) {
    out << "  " << describePlace(fact->second.where, root) << ": " << fact->second.type << '\n';
    printPlace(out, fact->second.where);
  }
  printGuard(out, facts, field, root);
  out << "  verdict " << nameOf(field.verdict);
  if (field.verdict != Verdict::Keep)
    out << ", strategy " << nameOf(field.strategy) << ", phase " << field.phase;
  out << '\n';
  if (!field.group.empty()) {
    out << "  becomes one snapshot with";
    bool first = true;
    for (const PlannedField &other : decision.plan().fields)
      if (other.group == field.group && other.id != field.id) {
        out << (first ? " " : ", ") << nameOf(facts, other.id);
        first = false;
      }
    out << '\n';
  }
  if (const std::string change = declarationChange(decision, field); !change.empty()) {
    out << "  becomes\n";
    printChange(out, change);
  }

  if (!field.reasons.empty()) {
    std::set<const Reason *> shownBelow;
    for (const SectionSource &source : sources)
      shownBelow.insert(source.reasons.begin(), source.reasons.end());
    printReasons(out, field, root, shownBelow);
    printAdvice(out, field);
  }
  if (!field.observations.empty()) {
    printTitle(out, "what another thread could newly see, or what it costs");
    for (const Observation &observation : field.observations) {
      out << "  " << observation.message << '\n';
      for (const int index : observation.sections)
        if (index >= 0 && size_t(index) < field.sections.size())
          out << "    section " << index + 1 << '\n';
    }
  }

  printTitle(out, "sections");
  for (size_t i = 0; i < field.sections.size(); ++i) {
    const PlannedSection &section = field.sections[i];
    out << "  " << i + 1 << ". " << describePlace(section.where, root) << ": " << section.function
        << ", " << (section.mode == Mode::None ? "no lock" : nameOf(section.mode)) << ": ";
    const bool lowered = !section.operation.empty() && section.operation != "none";
    out.changeColor(lowered ? raw_ostream::GREEN : raw_ostream::RED)
        << (lowered ? StringRef(section.operation) : "not one operation");
    out.resetColor() << '\n';
    printSection(out, section, sources[i], field.verdict == Verdict::Keep);
  }
}

} // namespace unlatch
