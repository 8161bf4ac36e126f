// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/series.h"

#include "tool/names.h"
#include "tool/selection.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace unlatch {

using llvm::StringRef;

namespace {

/// "0001-broker-pending-requests.patch", from the first field of the step.
std::string fileName(const Decision &decision, const PhaseChange &step, size_t number) {
  std::string words;
  const StringRef name = nameOf(decision.facts(), *step.fields.begin());
  for (const char c : name.take_front(50))
    if (llvm::isAlnum(c))
      words += c;
    else if (!words.empty() && words.back() != '-')
      words += '-';
  while (!words.empty() && words.back() == '-')
    words.pop_back();
  return llvm::formatv("{0,0+4}-{1}.patch", number, words).str();
}

} // namespace

llvm::Expected<std::vector<PhaseChange>> stepsOf(Decision &decision,
                                                 const std::set<std::string> &selected) {
  std::vector<PhaseChange> steps;
  std::set<std::string> done;
  Texts texts;
  for (const int phase : phasesOf(decision.plan(), selected)) {
    PhaseChange step;
    step.phase = phase;
    for (const PlannedField &field : decision.plan().fields)
      if (field.phase == phase && selected.count(field.id))
        step.fields.insert(field.id);
    done.insert(step.fields.begin(), step.fields.end());
    llvm::Expected<Change> change = decision.change(done);
    if (!change)
      return change.takeError();
    // A file that earlier phases did not touch starts as it is on disk.
    for (const auto &[file, text] : change->originals)
      texts.try_emplace(file, text);
    step.diff = diffOf(texts, change->edited, decision.project().root);
    for (auto &[file, text] : change->edited)
      texts[file] = std::move(text);
    steps.push_back(std::move(step));
  }
  return steps;
}

llvm::Expected<std::vector<std::string>>
writeSeries(const Decision &decision, const std::vector<PhaseChange> &steps, StringRef folder) {
  if (const std::error_code code = llvm::sys::fs::create_directories(folder))
    return llvm::createStringError(code, folder + ": " + code.message());
  std::vector<std::string> names;
  for (const PhaseChange &step : steps) {
    llvm::SmallString<256> path(folder);
    llvm::sys::path::append(path, fileName(decision, step, names.size() + 1));
    std::error_code code;
    llvm::raw_fd_ostream out(path, code);
    if (!code) {
      out << step.diff;
      out.close();
      code = out.error();
      out.clear_error();
    }
    if (code)
      return llvm::createStringError(code, path + ": " + code.message());
    names.push_back(path.str().str());
  }
  return names;
}

} // namespace unlatch
