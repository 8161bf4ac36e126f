// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "tool/change.h"

#include "rewriters/includes.h"
#include "rewriters/unified_diff.h"
#include "tool/project.h"

namespace unlatch {

llvm::Expected<Change> changeBy(std::vector<Edit> edits, const Facts &facts, const Plan &plan,
                                const std::set<std::string> &selected,
                                const std::set<std::string> &keepLockHeaders) {
  Change change;
  change.edits = std::move(edits);
  llvm::Expected<Texts> originals = readOriginals(facts, change.edits);
  if (!originals)
    return originals.takeError();
  change.originals = std::move(*originals);
  llvm::Expected<Texts> edited = applyEdits(change.originals, change.edits);
  if (!edited)
    return edited.takeError();
  change.edited = std::move(*edited);
  IncludeChanges includes;
  includes.needed = includesFor(facts, plan, selected);
  includes.keepLockHeaders = keepLockHeaders;
  change.lostLockHeader = updateIncludes(change.edited, change.originals, facts, includes);
  return change;
}

llvm::Expected<Change> changeFor(const Facts &facts, const Plan &plan,
                                 const std::set<std::string> &selected,
                                 const std::set<std::string> &keepLockHeaders) {
  return changeBy(editsFor(facts, plan, selected), facts, plan, selected, keepLockHeaders);
}

Location placeBefore(const Change &change, Location where) {
  const auto edited = change.edited.find(where.file);
  const auto original = change.originals.find(where.file);
  if (edited != change.edited.end() && original != change.originals.end())
    where.line = lineBefore(original->second, edited->second, where.line);
  return where;
}

std::string diffOf(const Texts &before, const Texts &after, llvm::StringRef root) {
  std::string diff;
  for (const auto &[file, text] : after) {
    const auto original = before.find(file);
    if (original != before.end())
      diff += unifiedDiff(relativeTo(root, file), original->second, text);
  }
  return diff;
}

} // namespace unlatch
