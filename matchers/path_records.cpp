// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each path does to a key becomes a record in canonical form: paths that do the same have the
// same record, and the set of them decides which operation it is.

#include "matchers/path_records.h"

#include <algorithm>
#include <optional>
#include <set>

using namespace clang;

namespace unlatch {

namespace {

/// What one path does to one key, in canonical form.
struct PathRecord {
  bool concerned = false;
  std::string outcome;
  bool copies = false;
  int asks = 0; ///< answers given as values: 1 present, 2 absent, 3 both
  std::vector<std::string> effects;
  std::string exit;

  void effect(const char *name) {
    if (effects.empty() || effects.back() != name)
      effects.push_back(name);
  }

  std::string str() const {
    std::string out = outcome;
    auto add = [&](const std::string &part) { out += (out.empty() ? "" : " ") + part; };
    std::vector<std::string> kept = effects;
    bool copied = copies;
    // What is erased in the end was changed for nobody to see; moving out of it is copying it.
    if (kept.size() > 1 && kept.back() == "erase") {
      kept = {"erase"};
      copied = true;
    }
    if (outcome == "miss" && kept.size() == 1 && kept.front() == "erase")
      kept.clear(); // there was nothing to erase
    if (asks != 0)
      add("asks" + std::to_string(asks));
    if (copied)
      add("copy");
    for (const std::string &each : kept)
      add(each);
    if (!exit.empty())
      add(exit);
    return out;
  }
};

/// Which return in `range` is taken, once its statements have been wrapped.
std::string exitOf(const FunctionAnalysis &a, const Path &path, const StatementRange &range) {
  for (const PathStep &step : path) {
    if (step.kind != PathStep::Exit)
      continue;
    const ReturnStmt *leave = a.returns[static_cast<std::size_t>(step.index)];
    int ordinal = 0;
    for (const ReturnStmt *each : a.returns) {
      if (!range.holds(a, each))
        continue;
      ++ordinal;
      if (each != leave)
        continue;
      // The wrapped statements leave by false, whatever the function returned there.
      const bool moved = !range.around.empty() && range.around != kResultReturned;
      const std::string literal = moved ? "false" : returnedLiteral(*each);
      if (each == range.statements.back() && literal == "true")
        return "end";
      return "return#" + std::to_string(ordinal) + literal;
    }
    return "end";
  }
  return "end";
}

/// `slot = value`, where `slot` is a local reference.
bool isThroughReference(const Use &use) {
  const auto *reference = dyn_cast<DeclRefExpr>(strip(use.node));
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  return variable && use.meaning != Meaning::Optional && variable->getType()->isReferenceType();
}

/// Whether the key is there may be another question than at the start.
bool changed(const PathRecord &record) {
  return llvm::is_contained(record.effects, "put") || llvm::is_contained(record.effects, "erase");
}

PathRecord recordOf(const FunctionAnalysis &a, const Cluster &cluster, const Path &path) {
  PathRecord record;
  std::optional<bool> there;
  int pending = -1;
  bool takes = false;
  std::set<int> lookedAtLater; // roots that were looked at when something had been changed
  for (const PathStep &step : path) {
    int rootIndex =
        step.kind == PathStep::Use ? a.uses[static_cast<std::size_t>(step.index)].root : step.index;
    if (step.kind == PathStep::Exit)
      continue;
    if (!cluster.has(rootIndex))
      continue;
    record.concerned = true;
    const Root &root = a.roots[static_cast<std::size_t>(rootIndex)];
    if (step.kind == PathStep::Hit || step.kind == PathStep::Miss) {
      bool hit = step.kind == PathStep::Hit;
      if (record.outcome.empty())
        record.outcome = hit ? "hit" : "miss";
      if (pending == rootIndex && !hit)
        record.effect("put");
      there = pending == rootIndex ? true : hit;
      pending = -1;
      if (lookedAtLater.count(rootIndex) || (root.kind == RootKind::Entry && changed(record)))
        record.effects.push_back(hit ? "found" : "missing");
      continue;
    }
    if (step.kind == PathStep::Root) {
      if (changed(record))
        lookedAtLater.insert(rootIndex);
      switch (root.kind) {
      case RootKind::Put:
        record.effect("put");
        there = true;
        break;
      case RootKind::Swap:
        record.effect("put");
        there = true;
        break;
      case RootKind::Insert:
      case RootKind::LoadOrStore:
      case RootKind::Subscript:
        if (!there)
          pending = rootIndex;
        else if (!*there)
          record.effect("put");
        if (there)
          there = true;
        break;
      case RootKind::EraseKey:
        record.effect("erase");
        there = false;
        break;
      case RootKind::Take:
        takes = true;
        break;
      case RootKind::At:
        record.copies = true;
        break;
      case RootKind::Loop:
        record.effect("range");
        break;
      case RootKind::EraseLoop:
      case RootKind::EraseIf:
        record.effect("erase_if");
        break;
      case RootKind::Size:
        record.effect("size");
        break;
      case RootKind::Clear:
        record.effect("clear");
        break;
      case RootKind::CopyAll:
        record.effect("range");
        break;
      case RootKind::TakeAll:
        record.effect("take_all");
        break;
      default:
        break;
      }
      continue;
    }
    const Use &use = a.uses[static_cast<std::size_t>(step.index)];
    if (root.loop)
      continue; // what is done with each element is the loop's business
    bool ownCopy = root.kind == RootKind::Take || root.kind == RootKind::Load ||
                   root.kind == RootKind::LoadOrStore;
    switch (use.kind) {
    case UseKind::Read:
      record.copies = true;
      break;
    case UseKind::Modify:
      if (ownCopy)
        record.copies = true;
      else
        record.effect("modify");
      break;
    case UseKind::Replace:
      // The whole value anew; through a reference that may have been bound to a new one.
      record.effect(isThroughReference(use) ? "modify" : "put");
      there = true;
      break;
    case UseKind::Erase:
    case UseKind::Discard:
      record.effect("erase");
      there = false;
      break;
    case UseKind::Test:
      record.asks |= use.asked > 0 ? 1 : use.asked < 0 ? 2 : 0;
      break;
    case UseKind::ReadKey:
      break;
    }
  }
  if (takes && record.outcome != "miss")
    record.effect("erase");
  return record;
}

} // namespace

// One behind the block is nothing to the operation, and another
// section's may go into a function of its own.
std::string exitOf(const FunctionAnalysis &a, const Path &path, const CompoundStmt *block) {
  for (const PathStep &step : path) {
    if (step.kind != PathStep::Exit)
      continue;
    int ordinal = 0;
    for (const ReturnStmt *each : a.returns) {
      if (block && !a.isInside(each, block))
        continue;
      if (each == a.returns[static_cast<std::size_t>(step.index)])
        return "return#" + std::to_string(ordinal);
      ++ordinal;
    }
  }
  return "";
}

std::vector<std::string> recordsOf(const FunctionAnalysis &a, const Cluster &cluster,
                                   const StatementRange *range, bool withExits) {
  std::set<std::string> all;
  const CompoundStmt *block = range ? range->block : statementsOf(a, cluster).block;
  for (const Path &path : a.outcomesOf(cluster.roots.front()).paths) {
    PathRecord record = recordOf(a, cluster, path);
    if (!record.concerned)
      continue;
    if (withExits)
      record.exit = range ? exitOf(a, path, *range) : exitOf(a, path, block);
    if (range) // within update() a test may move to where the entry is first looked at
      record.asks = 0;
    all.insert(record.str());
  }
  return {all.begin(), all.end()};
}

std::string operationOf(const std::vector<std::string> &records, bool takes) {
  bool copies = false, putOnMiss = false, eraseOnHit = false;
  bool allPut = true, allErase = true;
  bool hitQuiet = true, missQuiet = true, everyHitErases = true, everyMissPuts = true;
  bool everyHitPuts = true;
  bool unknownQuiet = true;
  for (const std::string &record : records) {
    bool hit = StringRef(record).starts_with("hit"), miss = StringRef(record).starts_with("miss");
    bool put = StringRef(record).contains("put"), erase = StringRef(record).contains("erase");
    bool modify = StringRef(record).contains("modify");
    bool copy = StringRef(record).contains("copy");
    if (modify || (put && erase))
      return "update";
    copies |= copy;
    allPut &= put && !copy && !hit && !miss;
    allErase &= erase && !hit && !miss && !copy;
    if (hit) {
      hitQuiet &= !put && !erase;
      everyHitErases &= erase && !put;
      everyHitPuts &= put && !erase;
      eraseOnHit |= erase;
    } else if (miss) {
      missQuiet &= !put && !erase;
      everyMissPuts &= put;
      putOnMiss |= put;
    } else {
      unknownQuiet &= !put && !erase;
    }
  }
  if (records.empty())
    return "none";
  if (allPut)
    return "store";
  if (allErase)
    return "erase";
  if (hitQuiet && missQuiet && unknownQuiet)
    return copies ? "load" : "contains";
  if (eraseOnHit && everyHitErases && missQuiet && unknownQuiet)
    return copies || takes ? "load_and_delete" : "erase";
  if (putOnMiss && everyMissPuts && everyHitPuts && copies && unknownQuiet)
    return "swap";
  if (putOnMiss && everyMissPuts && hitQuiet && unknownQuiet)
    return "load_or_store";
  bool plainErase = true;
  for (const std::string &record : records)
    plainErase &= StringRef(record).contains("erase") && !StringRef(record).starts_with("miss");
  if (plainErase)
    return "load_and_delete";
  return "update";
}

std::string wholeOperationOf(const FunctionAnalysis &a, const Cluster &cluster,
                             const std::vector<std::string> &records) {
  bool loop = false;
  for (int index : cluster.roots)
    loop |= a.roots[static_cast<std::size_t>(index)].kind == RootKind::Loop;
  if (loop)
    return "range";
  return records.empty() ? "none" : records.front();
}

std::vector<std::string> untested(const std::vector<std::string> &paths) {
  std::vector<std::string> result;
  for (StringRef path : paths)
    if (path.consume_front("hit "))
      result.push_back(path.str());
  return result;
}

} // namespace unlatch
