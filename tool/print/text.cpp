// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/names.h"
#include "tool/print/printer.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace unlatch {

namespace {

using llvm::raw_ostream;
using llvm::StringRef;

/// Bytes that are not the inner ones of a UTF-8 character.
size_t width(StringRef text) {
  return size_t(llvm::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

class Table {
public:
  using Row = std::vector<std::string>;

  void add(Row row, raw_ostream::Colors color) { rows.push_back({std::move(row), color}); }

  /// `colored` is the column that shows the colour of its row.
  void print(raw_ostream &out, const Row &header, size_t colored) const {
    std::vector<size_t> widths;
    for (const std::string &title : header)
      widths.push_back(width(title));
    for (const auto &[row, color] : rows)
      for (size_t i = 0; i < row.size(); ++i)
        widths[i] = std::max(widths[i], width(row[i]));
    out.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
    printRow(out, header, widths, header.size(), raw_ostream::SAVEDCOLOR);
    out.resetColor();
    for (const auto &[row, color] : rows)
      printRow(out, row, widths, colored, color);
  }

private:
  std::vector<std::pair<Row, raw_ostream::Colors>> rows;

  static void printRow(raw_ostream &out, const Row &row, const std::vector<size_t> &widths,
                       size_t colored, raw_ostream::Colors color) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i == colored)
        out.changeColor(color);
      out << row[i];
      if (i == colored)
        out.resetColor();
      if (i + 1 < row.size())
        out.indent(unsigned(widths[i] - width(row[i]) + 2));
    }
    out << '\n';
  }
};

raw_ostream::Colors colorOf(Verdict verdict) {
  switch (verdict) {
  case Verdict::Convert:
    return raw_ostream::GREEN;
  case Verdict::Review:
    return raw_ostream::YELLOW;
  case Verdict::Keep:
    return raw_ostream::RED;
  }
  llvm_unreachable("no such verdict");
}

/// "2 load, store": operations by name, those that occur more than once with their number.
std::string operationsOf(const PlannedField &field) {
  std::map<std::string, int> counts;
  for (const PlannedSection &section : field.sections)
    ++counts[section.operation.empty() ? "none" : section.operation];
  // What could not be lowered says nothing about what the field needs.
  counts.erase("none");
  std::string text;
  for (const auto &[operation, count] : counts) {
    text += text.empty() ? "" : ", ";
    text += count > 1 ? std::to_string(count) + " " + operation : operation;
  }
  return text.empty() ? "-" : text;
}

/// The reasons of one field: a line for each that is said, with the first place it is said of. What
/// goes beyond a handful is for `explain`.
void printReasons(raw_ostream &out, const std::vector<Reason> &reasons, StringRef root,
                  StringRef name) {
  constexpr size_t handful = 5;
  std::vector<std::pair<const Reason *, size_t>> said;
  for (const Reason &reason : reasons) {
    const auto same = llvm::find_if(said, [&](const auto &one) {
      return one.first->id == reason.id && one.first->message == reason.message;
    });
    if (same == said.end())
      said.emplace_back(&reason, 0);
    else
      ++same->second;
  }
  for (size_t i = 0; i < said.size(); ++i) {
    if (i == handful && said.size() > handful + 1) {
      out << "    ... and " << said.size() - handful << " more: unlatch explain " << name << '\n';
      return;
    }
    const auto &[reason, others] = said[i];
    out << "    " << describePlace(reason->where, root) << ": " << reason->message << " ["
        << reason->id << "]";
    if (others > 0)
      out << " and at " << others << " more place" << (others == 1 ? "" : "s");
    out << '\n';
  }
}

void printTitle(raw_ostream &out, StringRef title) {
  out << '\n';
  out.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true) << title;
  out.resetColor() << '\n';
}

void printName(raw_ostream &out, Verdict verdict, StringRef name) {
  out << "  ";
  out.changeColor(colorOf(verdict)) << nameOf(verdict);
  out.resetColor() << ' ' << name << '\n';
}

std::string plural(size_t count, StringRef noun) {
  return (llvm::Twine(count) + " " + noun + (count == 1 ? "" : "s")).str();
}

void printHints(raw_ostream &out, const Decision &decision, const std::set<std::string> &reported) {
  const PlannedField *convert = nullptr;
  const PlannedField *review = nullptr;
  const PlannedField *keep = nullptr;
  for (const PlannedField &field : decision.plan().fields) {
    if (!reported.count(field.id))
      continue;
    const PlannedField *&first = field.verdict == Verdict::Convert  ? convert
                                 : field.verdict == Verdict::Review ? review
                                                                    : keep;
    if (!first)
      first = &field;
  }
  if (!convert && !review && !keep)
    return;
  printTitle(out, "next");
  if (convert)
    out << "  unlatch diff"
        << (convert->phase > 0 ? " --phase " + std::to_string(convert->phase) : "")
        << "  shows the first change; apply, with the same options, makes it\n";
  if (review)
    out << "  unlatch diff --accept " << nameOf(decision.facts(), review->id)
        << "  includes a field under review\n";
  if (const PlannedField *field = review ? review : keep ? keep : convert)
    out << "  unlatch explain " << nameOf(decision.facts(), field->id) << "  says why\n";
}

} // namespace

std::string describePlace(const Location &where, StringRef root) {
  return llvm::formatv("{0}:{1}:{2}", relativeTo(root, where.file), where.line, where.column).str();
}

void printPlanText(raw_ostream &out, const Decision &decision,
                   const std::set<std::string> &reported, bool withHints) {
  const Facts &facts = decision.facts();
  const Plan &plan = decision.plan();
  const StringRef root = decision.project().root;

  Table table;
  std::array<size_t, 3> counts = {0, 0, 0};
  std::set<std::string> guards;
  for (const PlannedField &field : plan.fields) {
    if (!reported.count(field.id))
      continue;
    ++counts[size_t(field.verdict)];
    guards.insert(field.guard);
    const bool kept = field.verdict == Verdict::Keep;
    table.add({kept || field.phase == 0 ? "-" : std::to_string(field.phase),
               nameOf(facts, field.id).str(),
               field.guard.empty() ? "-" : nameOf(facts, field.guard).str(),
               nameOf(field.verdict).str(),
               kept || field.strategy == Strategy::None ? "-" : nameOf(field.strategy).str(),
               operationsOf(field)},
              colorOf(field.verdict));
  }
  const size_t count = counts[0] + counts[1] + counts[2];
  if (count > 0)
    table.print(out, {"PHASE", "FIELD", "MUTEX", "VERDICT", "STRATEGY", "OPERATIONS"}, 3);

  if (counts[size_t(Verdict::Review)] > 0) {
    printTitle(out, "under review: what another thread could newly see, or what it costs");
    for (const PlannedField &field : plan.fields) {
      if (!reported.count(field.id) || field.verdict != Verdict::Review)
        continue;
      printName(out, field.verdict, nameOf(facts, field.id));
      for (const Observation &observation : field.observations) {
        out << "    " << observation.message << '\n';
        for (const int index : observation.sections) {
          if (index < 0 || size_t(index) >= field.sections.size())
            continue;
          const PlannedSection &section = field.sections[size_t(index)];
          out << "      " << describePlace(section.where, root) << ": " << section.operation
              << " in " << section.function << '\n';
        }
      }
      printReasons(out, field.reasons, root, nameOf(facts, field.id));
    }
  }
  if (counts[size_t(Verdict::Keep)] > 0) {
    printTitle(out, "kept under their mutex");
    for (const PlannedField &field : plan.fields) {
      if (!reported.count(field.id) || field.verdict != Verdict::Keep)
        continue;
      printName(out, field.verdict, nameOf(facts, field.id));
      printReasons(out, field.reasons, root, nameOf(facts, field.id));
    }
  }

  const bool everything = reported.size() == plan.fields.size();
  bool titled = false;
  for (const PlannedMutex &mutex : plan.mutexes) {
    if (!everything && !guards.count(mutex.id))
      continue;
    if (!titled)
      printTitle(out, "mutexes");
    titled = true;
    out << "  ";
    out.changeColor(mutex.remove ? raw_ostream::GREEN : raw_ostream::SAVEDCOLOR)
        << (mutex.remove ? "remove" : "keep  ");
    out.resetColor() << ' ' << nameOf(facts, mutex.id) << ": " << mutex.sectionsDropped << " of "
                     << plural(size_t(mutex.sectionsDropped + mutex.sectionsLeft), "section")
                     << " dropped";
    if (!mutex.stillGuards.empty()) {
      out << "; still guards ";
      for (size_t i = 0; i < mutex.stillGuards.size(); ++i)
        out << (i ? ", " : "") << nameOf(facts, mutex.stillGuards[i]);
    }
    out << '\n';
  }

  titled = false;
  for (const Finding &finding : plan.findings) {
    if (!everything && !reported.count(finding.field) && !guards.count(finding.field))
      continue;
    if (!titled)
      printTitle(out, "findings");
    titled = true;
    out << "  " << describePlace(finding.where, root) << ": ";
    out.changeColor(raw_ostream::MAGENTA) << "warning: ";
    out.resetColor() << finding.message << " [" << finding.id << "]\n";
  }

  size_t failed = 0;
  for (const TranslationUnit &unit : facts.units)
    failed += !unit.parsed;
  out << (count > 0 || titled ? "\n" : "") << plural(facts.units.size(), "translation unit");
  if (failed > 0)
    out << " (" << failed << " not parsed)";
  out << ", " << plural(count, "guarded field") << ": " << counts[size_t(Verdict::Convert)]
      << " convert, " << counts[size_t(Verdict::Review)] << " review, "
      << counts[size_t(Verdict::Keep)] << " keep\n";
  if (withHints)
    printHints(out, decision, reported);
}

void printDiffText(raw_ostream &out, StringRef diff) {
  while (!diff.empty()) {
    const size_t end = diff.find('\n');
    const StringRef line = diff.take_front(end);
    const bool header =
        line.starts_with("diff --git ") || line.starts_with("--- ") || line.starts_with("+++ ");
    if (header)
      out.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
    else if (line.starts_with("@@"))
      out.changeColor(raw_ostream::CYAN);
    else if (line.starts_with("+"))
      out.changeColor(raw_ostream::GREEN);
    else if (line.starts_with("-"))
      out.changeColor(raw_ostream::RED);
    out << line;
    out.resetColor() << (end == StringRef::npos ? "" : "\n");
    diff = end == StringRef::npos ? StringRef() : diff.drop_front(end + 1);
  }
}

} // namespace unlatch
