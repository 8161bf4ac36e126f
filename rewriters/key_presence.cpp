// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/key_presence.h"

#include "rewriters/code_motion.h"

using namespace clang;

namespace unlatch {

namespace {

bool inserts(RootKind kind) { return kind == RootKind::Subscript || kind == RootKind::Insert; }

/// Whether the key is there after a step, if that decides about it.
std::optional<bool> afterwards(const FunctionAnalysis &a, const Cluster &cluster,
                               const PathStep &step) {
  if (step.kind == PathStep::Use) {
    const Use &use = a.uses[static_cast<std::size_t>(step.index)];
    if (!cluster.has(use.root))
      return std::nullopt;
    if (use.kind == UseKind::Erase || use.kind == UseKind::Discard)
      return false;
    return use.kind == UseKind::Replace ? std::optional(true) : std::nullopt;
  }
  if ((step.kind != PathStep::Hit && step.kind != PathStep::Miss && step.kind != PathStep::Root) ||
      !cluster.has(step.index))
    return std::nullopt;
  const RootKind kind = a.roots[static_cast<std::size_t>(step.index)].kind;
  if (step.kind != PathStep::Root)
    return step.kind == PathStep::Hit || inserts(kind);
  if (inserts(kind) || kind == RootKind::Put)
    return true;
  return kind == RootKind::EraseKey ? std::optional(false) : std::nullopt;
}

bool isTested(const FunctionAnalysis &a, int root) {
  return llvm::any_of(
      a.uses, [&](const Use &use) { return use.root == root && use.kind == UseKind::Test; });
}

class OldAnswers {
public:
  OldAnswers(const FunctionAnalysis &analysis, const Cluster &cluster)
      : a(analysis), cluster(cluster) {
    for (int index : cluster.roots) {
      const Root &root = a.roots[static_cast<std::size_t>(index)];
      const bool puts = inserts(root.kind) || root.kind == RootKind::Put;
      if (root.kind == RootKind::EraseKey || (puts && presenceAt(a, cluster, index) != true))
        changes.push_back({root.call, root.assignment != nullptr});
    }
    for (const Use &use : a.uses)
      if (cluster.has(use.root) && use.kind == UseKind::Erase)
        changes.push_back({use.whole, false});
  }

  const Expr *test(bool ofAssigned) const {
    for (const Use &use : a.uses) {
      if (!cluster.has(use.root) || use.kind != UseKind::Test)
        continue;
      const Root &root = a.roots[static_cast<std::size_t>(use.root)];
      if (root.kind != RootKind::Find || !root.handle)
        continue;
      for (const Change &change : changes)
        if (change.assigns == ofAssigned && !a.isInside(use.whole, change.call) &&
            leads(root.call, change.call) && leads(change.call, use.whole))
          return use.whole;
    }
    return nullptr;
  }

private:
  struct Change {
    const Expr *call;
    bool assigns; ///< the iterator is what it gives
  };

  bool leads(const Expr *from, const Expr *to) const {
    return CodeMotion(a, cluster, from, to).isPossible();
  }

  const FunctionAnalysis &a;
  const Cluster &cluster;
  std::vector<Change> changes;
};

} // namespace

std::optional<bool> presenceAt(const FunctionAnalysis &a, const Cluster &cluster, int root) {
  std::optional<bool> result;
  for (const Path &path : a.outcomesOf(root).paths) {
    std::optional<bool> there;
    for (const PathStep &step : path) {
      if (step.kind == PathStep::Root && step.index == root) {
        if (!there || (result && *result != *there))
          return std::nullopt;
        result = there;
        break;
      }
      if (std::optional<bool> now = afterwards(a, cluster, step))
        there = now;
    }
  }
  return result;
}

const Expr *testOfOldAnswer(const FunctionAnalysis &a, const Cluster &cluster) {
  return OldAnswers(a, cluster).test(/*ofAssigned=*/false);
}

const Expr *testOfNewAnswer(const FunctionAnalysis &a, const Cluster &cluster) {
  return OldAnswers(a, cluster).test(/*ofAssigned=*/true);
}

bool asksAboutTheStart(const FunctionAnalysis &a, const Cluster &cluster) {
  const bool insertsMissing = cluster.name == "load_or_store";
  for (const Path &path : a.outcomesOf(cluster.roots.front()).paths) {
    bool changed = false, inserted = false;
    std::optional<bool> there;
    for (const PathStep &step : path) {
      if (step.kind == PathStep::Root && cluster.has(step.index)) {
        const RootKind kind = a.roots[static_cast<std::size_t>(step.index)].kind;
        const bool reads = kind == RootKind::At || kind == RootKind::Subscript;
        const bool looks = kind == RootKind::Find || kind == RootKind::Presence;
        if ((changed && (reads || looks)) || (inserted && looks && isTested(a, step.index)))
          return false;
        // `m[k]` inserts a default value, and at() throws, where none of these operations does.
        if (reads && there != true)
          return false;
        const bool puts = kind == RootKind::Put || kind == RootKind::Insert;
        inserted |= insertsMissing && puts;
        changed |= (!insertsMissing && puts) || kind == RootKind::EraseKey;
      } else if (step.kind == PathStep::Use) {
        const Use &use = a.uses[static_cast<std::size_t>(step.index)];
        if (changed && cluster.has(use.root) && use.kind == UseKind::Read)
          return false; // what an iterator leads to is what has been stored
        changed |=
            cluster.has(use.root) && (use.kind == UseKind::Erase || use.kind == UseKind::Replace);
      }
      if (std::optional<bool> now = afterwards(a, cluster, step))
        there = now;
    }
  }
  return !insertsMissing || !testOfNewAnswer(a, cluster);
}

} // namespace unlatch
