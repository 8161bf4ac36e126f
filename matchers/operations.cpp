// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the paths of a function amount to: roots on one key that meet on a path form a cluster; the
// records of what each path does to the key decide which operation the cluster is.

#include "matchers/comparisons.h"
#include "matchers/decisions.h"
#include "matchers/new_throws.h"
#include "matchers/path_records.h"
#include "matchers/scalar_records.h"
#include "matchers/types.h"
#include "rewriters/cluster.h"
#include "rewriters/iteration_order.h"

#include <numeric>

using namespace clang;

namespace unlatch {

namespace {

bool isWholeKind(RootKind kind) {
  return kind == RootKind::Loop || kind == RootKind::EraseLoop || kind == RootKind::EraseIf ||
         kind == RootKind::Size || kind == RootKind::Clear || kind == RootKind::CopyAll ||
         kind == RootKind::TakeAll;
}

class Operations {
public:
  Operations(FunctionAnalysis &analysis, FunctionFact &out) : a(analysis), out(out) {}

  void run() {
    keepUnderLock();
    form();
    for (Cluster &cluster : clusters)
      decide(cluster);
  }

private:
  /// What leads into an element must not outlive the lock that the element was found under.
  void keepUnderLock() {
    for (std::size_t i = 0; i < a.mentions.size(); ++i) {
      auto [root, where] = a.mentions[i];
      for (int site : a.heldAtRoot[static_cast<std::size_t>(root)]) {
        const std::vector<int> &held = a.heldAtMention[i];
        if (std::find(held.begin(), held.end(), site) != held.end())
          continue;
        a.block(root, "escapes-reference",
                "this leads into the container and is used after the lock was released", where);
        break;
      }
    }
  }

  int region(int root) const {
    const std::vector<int> &held = a.heldAtRoot[static_cast<std::size_t>(root)];
    return held.empty() ? -1 : held.front();
  }

  const RawSection &outcomes(const Cluster &cluster) const {
    return a.outcomesOf(cluster.roots.front());
  }

  bool belongTogether(int left, int right) const {
    const Root &l = a.roots[static_cast<std::size_t>(left)];
    const Root &r = a.roots[static_cast<std::size_t>(right)];
    if (l.field != r.field || l.base != r.base ||
        a.heldAtRoot[static_cast<std::size_t>(left)] !=
            a.heldAtRoot[static_cast<std::size_t>(right)])
      return false;
    // Each of the runtime's operations stands alone.
    if (l.fieldType == TypeClass::Converted || r.fieldType == TypeClass::Converted)
      return false;
    if (l.kind == RootKind::Scalar)
      return r.kind == RootKind::Scalar && l.fieldType != TypeClass::Atomic;
    // A size read beside a loop can come from the loop's own picture.
    if (isWholeKind(l.kind) || isWholeKind(r.kind))
      return (l.kind == RootKind::Size && r.kind == RootKind::Loop) ||
             (l.kind == RootKind::Loop && r.kind == RootKind::Size);
    return a.keyGroups[static_cast<std::size_t>(left)] ==
           a.keyGroups[static_cast<std::size_t>(right)];
  }

  void form() {
    std::vector<int> parent(a.roots.size());
    std::iota(parent.begin(), parent.end(), 0);
    auto find = [&](int x) {
      while (parent[static_cast<std::size_t>(x)] != x)
        x = parent[static_cast<std::size_t>(x)];
      return x;
    };
    for (const auto &entry : a.outcomes)
      for (const Path &path : entry.second.paths)
        for (const PathStep &left : path) {
          if (left.kind != PathStep::Root)
            continue;
          for (const PathStep &right : path)
            if (right.kind == PathStep::Root && left.index < right.index &&
                belongTogether(left.index, right.index)) {
              int x = find(left.index), y = find(right.index);
              parent[static_cast<std::size_t>(std::max(x, y))] = std::min(x, y);
            }
        }
    std::map<int, Cluster> byRoot;
    for (std::size_t i = 0; i < a.roots.size(); ++i) {
      auto index = static_cast<int>(i);
      Cluster &cluster = byRoot[find(index)];
      cluster.roots.push_back(index);
      cluster.region = region(index);
    }
    for (auto &[root, cluster] : byRoot) {
      std::sort(cluster.roots.begin(), cluster.roots.end(),
                [&](int left, int right) { return place(left) < place(right); });
      clusters.push_back(std::move(cluster));
    }
  }

  unsigned place(int root) const {
    const Root &r = a.roots[static_cast<std::size_t>(root)];
    if (!r.reference)
      return 0;
    return a.text.sources().getFileOffset(a.text.sources().getFileLoc(r.reference->getBeginLoc()));
  }

  void decide(Cluster &cluster) {
    const Root &first = a.roots[static_cast<std::size_t>(cluster.roots.front())];
    Operation operation;
    operation.field = first.field;
    operation.where = first.reference ? a.text.locate(first.reference->getBeginLoc())
                                      : a.text.locate(a.function.getLocation());
    operation.key = first.kind == RootKind::Entry && a.given ? a.given->key : keyText(a, first);
    operation.manyTimes = repeats(cluster);
    if (outcomes(cluster).incomplete)
      operation.rewrite.blockers.push_back(
          {"unsupported-operation", "more paths lead through this function than are followed",
           operation.where});
    if (first.kind == RootKind::Scalar)
      scalar(cluster, operation);
    else
      map(cluster, operation);
    if (operation.strategy == Strategy::Map && !isUnlatchMap(fieldType(first)) &&
        !visitsInPlace(a, cluster))
      operation.newThrow = newThrowOf(operation.name, fieldType(first), a.context);
    std::sort(operation.rewrite.blockers.begin(), operation.rewrite.blockers.end());
    if (!operation.rewrite.blockers.empty()) {
      operation.name = "none";
      operation.rewrite.edits.clear();
    }
    // A change through an iterator changes the map, wherever it was found.
    bool changes = (operation.name == "none" || operation.name == "call-update") &&
                   !(first.reference && first.reference->getType().isConstQualified());
    for (const std::string &path : operation.paths)
      for (const char *effect : {"put", "erase", "modify", "clear", "take_all"})
        changes |= StringRef(path).contains(effect);
    auto index = static_cast<int>(out.operations.size());
    out.operations.push_back(std::move(operation));
    for (FunctionAnalysis::FieldSite &site : a.fields)
      if (site.root >= 0 && cluster.has(site.root)) {
        site.fact.operation = index;
        if (first.kind != RootKind::Scalar)
          site.fact.writes |= changes;
      }
  }

  bool repeats(const Cluster &cluster) const {
    if (cluster.region < 0)
      return false;
    for (const Path &path : a.sections[static_cast<std::size_t>(cluster.region)].paths)
      for (const PathStep &step : path)
        if (step.kind == PathStep::Field && step.repeated)
          for (int root : cluster.roots)
            if (a.fields[static_cast<std::size_t>(step.index)].node ==
                a.roots[static_cast<std::size_t>(root)].reference)
              return !a.roots[static_cast<std::size_t>(root)].loop;
    return false;
  }

  void problems(const Cluster &cluster, Operation &operation) const {
    for (int index : cluster.roots) {
      const Root &root = a.roots[static_cast<std::size_t>(index)];
      operation.rewrite.blockers.insert(operation.rewrite.blockers.end(), root.problems.begin(),
                                        root.problems.end());
    }
  }

  void map(Cluster &cluster, Operation &operation) {
    operation.strategy = Strategy::Map;
    problems(cluster, operation);
    const Root &first = a.roots[static_cast<std::size_t>(cluster.roots.front())];
    if (first.kind == RootKind::Unknown && operation.rewrite.blockers.empty())
      operation.rewrite.blockers.push_back(
          {"unsupported-operation", "not understood", operation.where});
    bool converted = first.kind == RootKind::Entry || isUnlatchMap(fieldType(first));
    if (isWhole(a, cluster)) {
      operation.paths = recordsOf(a, cluster, nullptr, false);
      operation.name = cluster.name = wholeOperationOf(a, cluster, operation.paths);
      if (operation.name == "range") // a size beside it comes from the same picture
        operation.paths = {"range"};
      if (std::string decisions = decisionsOf(a, first); !decisions.empty())
        operation.paths.push_back(std::move(decisions));
      if (llvm::any_of(cluster.roots,
                       [&](int index) { return needsOrder(a, index) || keepsOrder(a, index); }))
        operation.paths.push_back("in order");
      if (operation.rewrite.blockers.empty() && !converted)
        rewriteWhole(a, cluster, operation.rewrite);
      return;
    }
    if (first.kind == RootKind::Update) {
      operation.name = "call-update"; // described by the function it is given
      if (std::string around = aroundUpdate(a, *first.call); !around.empty())
        operation.paths = {around};
      return;
    }
    operation.paths = recordsOf(a, cluster, nullptr, true);
    cluster.records = recordsOf(a, cluster, nullptr, false);
    const bool takes = llvm::any_of(cluster.roots, [&](int index) {
      return a.roots[static_cast<std::size_t>(index)].kind == RootKind::Take;
    });
    operation.name = cluster.name = operationOf(cluster.records, takes);
    if (first.kind == RootKind::Swap)
      operation.name = cluster.name = "swap";
    if (first.kind == RootKind::Entry) {
      // As the statements that became this function were named, see below.
      if (operation.name == "erase" && llvm::any_of(cluster.records, [](StringRef record) {
            return record.starts_with("hit") || record.starts_with("miss");
          }))
        operation.name = cluster.name = "load_and_delete";
      StatementRange whole;
      whole.block = dyn_cast<CompoundStmt>(a.body);
      if (whole.block)
        whole.statements.assign(whole.block->body_begin(), whole.block->body_end());
      operation.paths = recordsOf(a, cluster, &whole, true);
      return;
    }
    if (converted || !operation.rewrite.blockers.empty())
      return;
    Candidate tested;
    if (cluster.name == "erase" || cluster.name == "contains") {
      const TestForm form = rewriteAsTest(a, cluster, tested);
      if (form == TestForm::Statement)
        operation.paths = untested(operation.paths);
      if (form == TestForm::Test) // where it is not asked, nothing is done any more
        llvm::erase_if(operation.paths,
                       [](StringRef path) { return path.empty() || path.starts_with("return#"); });
      if (form != TestForm::None) {
        operation.rewrite = std::move(tested);
        return;
      }
    }
    if (cluster.name == "erase" &&
        (first.kind == RootKind::Find || first.kind == RootKind::Presence))
      operation.name = cluster.name = "load_and_delete";
    Candidate plain;
    if (cluster.name != "update" && rewriteAsExpressions(a, cluster, plain)) {
      operation.rewrite = std::move(plain);
      return;
    }
    Candidate wrapped;
    const std::string around = rewriteAsUpdate(a, cluster, wrapped);
    StatementRange range = statementsOf(a, cluster);
    range.around = around;
    operation.paths = recordsOf(a, cluster, &range, true);
    if (!around.empty())
      operation.paths.push_back("around: " + around);
    operation.rewrite = std::move(wrapped);
  }

  QualType fieldType(const Root &root) const {
    return root.reference ? root.reference->getType() : QualType();
  }

  void scalar(Cluster &cluster, Operation &operation) {
    operation.strategy = Strategy::Atomic;
    const Root &first = a.roots[static_cast<std::size_t>(cluster.roots.front())];
    if (first.fieldType == TypeClass::Converted) {
      operation.strategy = Strategy::Snapshot;
      operation.name = first.method.empty() ? "none" : first.method;
      return;
    }
    problems(cluster, operation);
    if (first.fieldType == TypeClass::Atomic)
      operation.name = classifyAtomic(a, first);
    else if (operation.rewrite.blockers.empty())
      operation.name = classifyScalar(a, cluster, operation.rewrite);
    else
      operation.name = "none";
    operation.key = valueOf(a, cluster, operation.name);
    if (isFlag(first) || operation.name == "compare_and_swap")
      operation.paths = answersOf(a, cluster);
    if (operation.name == "add")
      operation.paths.push_back(sumOf(a, cluster));
  }

  FunctionAnalysis &a;
  FunctionFact &out;
  std::vector<Cluster> clusters;
};

} // namespace

void FunctionAnalysis::decideOperations(FunctionFact &out) { Operations(*this, out).run(); }

} // namespace unlatch
