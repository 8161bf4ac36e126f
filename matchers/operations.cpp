// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the paths of a function amount to: roots on one key that meet on a path form a cluster; the
// records of what each path does to the key decide which operation the cluster is.

#include "matchers/function_analysis.h"
#include "matchers/types.h"
#include "rewriters/cluster.h"

#include <numeric>

using namespace clang;

namespace unlatch {

namespace {

bool isWholeKind(RootKind kind) {
  return kind == RootKind::Loop || kind == RootKind::EraseLoop || kind == RootKind::EraseIf ||
         kind == RootKind::Size || kind == RootKind::Clear || kind == RootKind::CopyAll ||
         kind == RootKind::TakeAll;
}

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

  std::string exitOf(const Path &path, const StatementRange *range) const {
    for (const PathStep &step : path) {
      if (step.kind != PathStep::Exit)
        continue;
      const ReturnStmt *leave = a.returns[static_cast<std::size_t>(step.index)];
      if (!range)
        return "return#" + std::to_string(step.index);
      int ordinal = 0;
      for (const ReturnStmt *each : a.returns) {
        bool inside = std::any_of(range->statements.begin(), range->statements.end(),
                                  [&](const Stmt *s) { return a.isInside(each, s); });
        if (!inside)
          continue;
        ++ordinal;
        if (each != leave)
          continue;
        // The wrapped statements leave by false, whatever the function returned there.
        const bool moved = !range->around.empty() && range->around != kResultReturned;
        const std::string literal = moved ? "false" : returnedLiteral(*each);
        if (each == range->statements.back() && literal == "true")
          return "end";
        return "return#" + std::to_string(ordinal) + literal;
      }
      return "end";
    }
    return range ? "end" : "";
  }

  std::vector<std::string> records(const Cluster &cluster, const StatementRange *range,
                                   bool withExits) const {
    std::set<std::string> all;
    for (const Path &path : outcomes(cluster).paths) {
      PathRecord record = recordOf(cluster, path);
      if (!record.concerned)
        continue;
      if (withExits)
        record.exit = exitOf(path, range);
      if (range) // within update() a test may move to where the entry is first looked at
        record.asks = 0;
      all.insert(record.str());
    }
    return {all.begin(), all.end()};
  }

  PathRecord recordOf(const Cluster &cluster, const Path &path) const {
    PathRecord record;
    std::optional<bool> there;
    int pending = -1;
    bool takes = false;
    for (const PathStep &step : path) {
      int rootIndex = step.kind == PathStep::Use ? a.uses[static_cast<std::size_t>(step.index)].root
                                                 : step.index;
      if (step.kind == PathStep::Exit)
        continue;
      if (std::find(cluster.roots.begin(), cluster.roots.end(), rootIndex) == cluster.roots.end())
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
        continue;
      }
      if (step.kind == PathStep::Root) {
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
        break;
      case UseKind::Erase:
      case UseKind::Discard:
        record.effect("erase");
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

  /// `slot = value`, where `slot` is a local reference.
  static bool isThroughReference(const Use &use) {
    const auto *reference = dyn_cast<DeclRefExpr>(strip(use.node));
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    return variable && use.meaning != Meaning::Optional && variable->getType()->isReferenceType();
  }

  static std::string nameOf(const std::vector<std::string> &records, bool takes) {
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

  std::string wholeName(const Cluster &cluster, const std::vector<std::string> &records) const {
    bool loop = false;
    for (int index : cluster.roots)
      loop |= a.roots[static_cast<std::size_t>(index)].kind == RootKind::Loop;
    if (loop)
      return "range";
    return records.empty() ? "none" : records.front();
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
    std::sort(operation.rewrite.blockers.begin(), operation.rewrite.blockers.end());
    if (!operation.rewrite.blockers.empty()) {
      operation.name = "none";
      operation.rewrite.edits.clear();
    }
    // A change through an iterator changes the map, wherever it was found.
    bool changes = operation.name == "none" || operation.name == "call-update";
    for (const std::string &path : operation.paths)
      for (const char *effect : {"put", "erase", "modify", "clear", "take_all"})
        changes |= StringRef(path).contains(effect);
    auto index = static_cast<int>(out.operations.size());
    out.operations.push_back(std::move(operation));
    for (FunctionAnalysis::FieldSite &site : a.fields)
      if (site.root >= 0 &&
          std::find(cluster.roots.begin(), cluster.roots.end(), site.root) != cluster.roots.end()) {
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
      operation.paths = records(cluster, nullptr, false);
      operation.name = cluster.name = wholeName(cluster, operation.paths);
      if (operation.name == "range") // a size beside it comes from the same picture
        operation.paths = {"range"};
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
    operation.paths = records(cluster, nullptr, true);
    cluster.records = records(cluster, nullptr, false);
    const bool takes = llvm::any_of(cluster.roots, [&](int index) {
      return a.roots[static_cast<std::size_t>(index)].kind == RootKind::Take;
    });
    operation.name = cluster.name = nameOf(cluster.records, takes);
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
      operation.paths = records(cluster, &whole, true);
      return;
    }
    if (converted || !operation.rewrite.blockers.empty())
      return;
    Candidate tested;
    if (cluster.name == "erase" || cluster.name == "contains") {
      const TestForm form = rewriteAsTest(a, cluster, tested);
      if (form == TestForm::Statement)
        operation.paths = untested(operation.paths);
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
    cluster.wrapped = true;
    const std::string around = rewriteAsUpdate(a, cluster, wrapped);
    StatementRange range = statementsOf(a, cluster);
    range.around = around;
    operation.paths = records(cluster, &range, true);
    if (!around.empty())
      operation.paths.push_back("around: " + around);
    operation.rewrite = std::move(wrapped);
  }

  /// What is left of the paths of `if (found) erase` once there is no test.
  static std::vector<std::string> untested(const std::vector<std::string> &paths) {
    std::vector<std::string> result;
    for (StringRef path : paths)
      if (path.consume_front("hit "))
        result.push_back(path.str());
    return result;
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
    if (first.fieldType == TypeClass::Atomic) {
      operation.name = classifyAtomic(a, first);
      return;
    }
    problems(cluster, operation);
    if (operation.rewrite.blockers.empty())
      operation.name = classifyScalar(a, cluster, operation.rewrite);
    else
      operation.name = "none";
  }

  FunctionAnalysis &a;
  FunctionFact &out;
  std::vector<Cluster> clusters;
};

} // namespace

void FunctionAnalysis::decideOperations(FunctionFact &out) { Operations(*this, out).run(); }

} // namespace unlatch
