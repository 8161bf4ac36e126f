// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/names.h"
#include "tool/print/printer.h"

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
  out << "         | ";
  for (unsigned i = 1; i < where.column && i <= line.size(); ++i)
    out << (line[i - 1] == '\t' ? '\t' : ' ');
  out.changeColor(raw_ostream::GREEN, /*Bold=*/true) << "^";
  out.resetColor() << '\n';
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

} // namespace

void printExplanationText(raw_ostream &out, const Decision &decision, const PlannedField &field) {
  const Facts &facts = decision.facts();
  const StringRef root = decision.project().root;
  out.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << nameOf(facts, field.id);
  out.resetColor() << '\n';
  if (const auto fact = facts.fields.find(field.id); fact != facts.fields.end()) {
    out << "  " << describePlace(fact->second.where, root) << ": " << fact->second.type << '\n';
    printPlace(out, fact->second.where);
  }
  out << "  guarded by " << (field.guard.empty() ? "no common mutex" : nameOf(facts, field.guard))
      << '\n';
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

  if (!field.reasons.empty()) {
    printTitle(out, field.verdict == Verdict::Keep ? "why it stays" : "to be known");
    for (const Reason &reason : field.reasons) {
      out << "  " << describePlace(reason.where, root) << ": " << reason.message << " ["
          << reason.id << "]\n";
      printPlace(out, reason.where);
    }
  }
  if (!field.observations.empty()) {
    printTitle(out, "what another thread could newly see");
    for (const Observation &observation : field.observations) {
      out << "  " << observation.message << '\n';
      for (const int index : observation.sections)
        if (index >= 0 && size_t(index) < field.sections.size())
          out << "    section " << index + 1 << '\n';
    }
  }

  printTitle(out, "sections");
  const std::vector<SectionSource> sources = sectionSources(decision, field);
  for (size_t i = 0; i < field.sections.size(); ++i) {
    const PlannedSection &section = field.sections[i];
    out << "  " << i + 1 << ". " << describePlace(section.where, root) << ": " << section.function
        << ", " << (section.mode == Mode::None ? "no lock" : nameOf(section.mode)) << ": ";
    const bool lowered = !section.operation.empty() && section.operation != "none";
    out.changeColor(lowered ? raw_ostream::GREEN : raw_ostream::RED)
        << (lowered ? StringRef(section.operation) : "not one operation");
    out.resetColor() << '\n';
    for (const auto &[number, text] : sources[i].lines)
      printSourceLine(out, number, text);
    if (!sources[i].change.empty()) {
      out << "     becomes\n";
      printChange(out, sources[i].change);
    } else if (field.verdict != Verdict::Keep && lowered) {
      out << "     reads the same\n";
    }
  }
}

} // namespace unlatch
