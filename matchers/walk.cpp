// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The walk over the control flow graph: follows paths, with the locks held, the outcome of each
// look-up, and what flags remember of outcomes, and records what happens on them in order.
// Paths that agree in all of this are one. A step met again on its path (a loop) is marked and
// not repeated, so the walk ends.

#include "matchers/function_analysis.h"
#include "matchers/types.h"

#include <deque>
#include <set>

using namespace clang;

namespace unlatch {

namespace {

/// What a boolean is known to say: a constant, or the outcome of a look-up.
struct Truth {
  enum Kind { Unknown, Constant, Outcome } kind = Unknown;
  bool value = false; ///< the constant, or the polarity
  int root = -1;
  auto operator<=>(const Truth &) const = default;
};

struct State {
  std::vector<int> held;       // lock sites, in order of acquisition
  std::map<int, bool> outcome; // root -> there?
  std::map<int, bool> present; // key group -> there?
  std::map<const VarDecl *, Truth> flags;
  /// Left sides of && and || on the way to where the whole is tested: with temporaries in it, the
  /// graph joins before that.
  std::map<const Expr *, bool> decided;
  Path path;
  auto operator<=>(const State &) const = default;
};

enum class Record {
  Sections, ///< everything between acquisition and release
  Summary,  ///< everything
  Outcomes, ///< only roots, their uses and outcomes, and exits
  Locks,    ///< nothing: which locks are held, where there are too many paths for the rest
};

class Walker {
public:
  /// Outcomes are followed for the roots of one group only: what others find is independent.
  Walker(FunctionAnalysis &analysis, Record record, const std::vector<int> &groups,
         int followed = -1)
      : a(analysis), record(record), groups(groups), followed(followed) {
    for (const auto &test : a.tests)
      asked.insert(test.second.first);
  }

  RawSection result; // of Summary and Outcomes

  void run() {
    std::deque<std::pair<const CFGBlock *, State>> work;
    std::map<const CFGBlock *, std::set<State>> seen;
    auto enter = [&](const CFGBlock *block, State state) {
      if (!block)
        return;
      if (++visits > kMostVisits) {
        overflow = true;
        return;
      }
      if (seen[block].insert(state).second)
        work.push_back({block, std::move(state)});
    };
    enter(&a.graph->getEntry(), {});
    while (!work.empty() && !overflow) {
      auto [block, state] = std::move(work.front());
      work.pop_front();
      if (block == &a.graph->getExit()) {
        finish(state);
        continue;
      }
      for (State &after : through(*block, state)) {
        // A call that does not return ends what is held; it does not leave the function with it.
        if (block->hasNoReturnElement())
          for (int site : std::vector<int>(after.held.rbegin(), after.held.rend()))
            release(site, after);
        leave(*block, std::move(after), enter);
      }
    }
    result.incomplete = overflow;
    if (overflow && record == Record::Sections)
      for (RawSection &section : a.sections)
        section.incomplete = true;
  }

private:
  static constexpr unsigned kMostVisits = 6000;
  /// That a block ends with: each look-up in it may double them.
  static constexpr std::size_t kMostStates = 512;

  /// Runs the elements of a block; a root that may or may not find its key forks the path.
  std::vector<State> through(const CFGBlock &block, State state) {
    std::vector<State> states{std::move(state)};
    for (const CFGElement &element : block) {
      if (std::optional<CFGStmt> statement = element.getAs<CFGStmt>()) {
        std::vector<State> next;
        for (State &each : states)
          for (State &after : execute(*statement->getStmt(), std::move(each)))
            next.push_back(std::move(after));
        std::sort(next.begin(), next.end());
        next.erase(std::unique(next.begin(), next.end()), next.end());
        states = std::move(next);
        if (states.size() > kMostStates) {
          overflow = true;
          return {};
        }
      } else if (std::optional<CFGAutomaticObjDtor> end = element.getAs<CFGAutomaticObjDtor>()) {
        for (State &each : states)
          destroy(end->getVarDecl(), each);
      }
    }
    return states;
  }

  std::vector<State> execute(const Stmt &statement, State state) {
    if (const auto *declaration = dyn_cast<DeclStmt>(&statement)) {
      for (const Decl *each : declaration->decls())
        if (const auto *variable = dyn_cast<VarDecl>(each)) {
          declare(*variable, state);
          if (auto found = a.guards.find(variable); found != a.guards.end())
            for (int site : found->second)
              acquire(site, state);
        }
    } else if (auto found = a.lockEvents.find(&statement); found != a.lockEvents.end()) {
      for (auto [acquires, site] : found->second)
        if (acquires)
          acquire(site, state);
        else
          release(site, state);
    }
    if (const auto *assign = dyn_cast<BinaryOperator>(&statement);
        assign && assign->getOpcode() == BO_Assign)
      if (const auto *reference = dyn_cast<DeclRefExpr>(strip(assign->getLHS())))
        if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
          remember(*variable, assign->getRHS(), state);

    std::vector<State> states{std::move(state)};
    if (auto found = a.marks.find(&statement); found != a.marks.end())
      for (const PathStep &mark : found->second) {
        std::vector<State> next;
        for (State &each : states)
          fire(mark, std::move(each), next);
        states = std::move(next);
      }
    if (const auto *leave = dyn_cast<ReturnStmt>(&statement)) {
      auto place = std::find(a.returns.begin(), a.returns.end(), leave);
      auto ordinal = static_cast<int>(place - a.returns.begin());
      for (State &each : states)
        note({PathStep::Exit, false, ordinal}, each);
    }
    return states;
  }

  void fire(const PathStep &mark, State state, std::vector<State> &out) {
    visited(mark, state);
    if (mark.kind == PathStep::Mention) {
      out.push_back(std::move(state));
      return;
    }
    if ((mark.kind == PathStep::Root && !isFollowed(mark.index)) ||
        (mark.kind == PathStep::Use &&
         !isFollowed(a.uses[static_cast<std::size_t>(mark.index)].root))) {
      out.push_back(std::move(state));
      return;
    }
    if (mark.kind == PathStep::Root)
      return root(mark, std::move(state), out);
    note(mark, state);
    if (mark.kind == PathStep::Use) {
      const Use &use = a.uses[static_cast<std::size_t>(mark.index)];
      int group = groups[static_cast<std::size_t>(use.root)];
      const bool gone = use.kind == UseKind::Erase || use.kind == UseKind::Discard;
      if (gone || (use.kind == UseKind::Replace && use.meaning == Meaning::Optional)) {
        state.present[group] = !gone;
        // The entry of update() shows what was done to it, an iterator does not.
        if (a.roots[static_cast<std::size_t>(use.root)].kind == RootKind::Entry) {
          keepAnswers(use.root, state);
          state.outcome[use.root] = !gone;
        }
      }
    }
    out.push_back(std::move(state));
  }

  /// What flags remember was so before the entry changes.
  static void keepAnswers(int root, State &state) {
    auto known = state.outcome.find(root);
    for (auto &[variable, truth] : state.flags)
      if (truth.kind == Truth::Outcome && truth.root == root)
        truth = known == state.outcome.end()
                    ? Truth()
                    : Truth{Truth::Constant, known->second == truth.value, -1};
  }

  bool isFollowed(int root) const {
    if (record == Record::Locks)
      return false;
    return record != Record::Outcomes ||
           a.outcomeGroups[static_cast<std::size_t>(root)] == followed;
  }

  void root(const PathStep &mark, State state, std::vector<State> &out) {
    const Root &root = a.roots[static_cast<std::size_t>(mark.index)];
    int group = groups[static_cast<std::size_t>(mark.index)];
    bool again = std::any_of(state.path.begin(), state.path.end(), [&](const PathStep &step) {
      return step.kind == PathStep::Root && step.index == mark.index;
    });
    note(mark, state);
    state.outcome.erase(mark.index);
    if (!lasts(root)) { // each of the runtime's operations stands alone
      if (root.kind == RootKind::LoadOrStore) {
        State hit = state;
        learn(mark.index, true, hit);
        out.push_back(std::move(hit));
        learn(mark.index, false, state);
      }
      out.push_back(std::move(state));
      return;
    }
    if (again) // the key may be another one now
      state.present.erase(group);
    auto known = state.present.find(group);
    switch (root.kind) {
    case RootKind::Put:
    case RootKind::Swap:
      state.present[group] = true;
      break;
    case RootKind::EraseKey:
      if (known != state.present.end())
        state.outcome[mark.index] = known->second;
      state.present[group] = false;
      break;
    case RootKind::Subscript:
    case RootKind::Insert:
    case RootKind::LoadOrStore:
      if (known != state.present.end()) {
        state.outcome[mark.index] = known->second;
        state.present[group] = true;
        break;
      } else if (record != Record::Outcomes && !asked.count(mark.index)) {
        state.present[group] = true; // either way, and nothing depends on which it was
        break;
      } else {
        State hit = state;
        learn(mark.index, true, hit);
        hit.present[group] = true;
        out.push_back(std::move(hit));
        learn(mark.index, false, state);
        state.present[group] = true;
        break;
      }
    default:
      if (known != state.present.end())
        state.outcome[mark.index] = known->second;
      break;
    }
    out.push_back(std::move(state));
  }

  /// Whether what one look-up found still holds at the next.
  static bool lasts(const Root &root) {
    return root.fieldType != TypeClass::Converted || root.kind == RootKind::Entry;
  }

  /// The outcome of a look-up becomes known on this path.
  void learn(int root, bool there, State &state) {
    state.outcome[root] = there;
    int group = groups[static_cast<std::size_t>(root)];
    if (!state.present.count(group) && lasts(a.roots[static_cast<std::size_t>(root)]))
      state.present[group] = there;
    note({there ? PathStep::Hit : PathStep::Miss, false, root}, state);
  }

  void note(PathStep step, State &state) {
    bool inner = step.kind >= PathStep::Root;
    if (record == Record::Locks || (record == Record::Outcomes ? !inner : inner))
      return;
    if (record == Record::Sections && state.held.empty())
      return;
    for (PathStep &earlier : state.path)
      if (earlier.kind == step.kind && earlier.index == step.index) {
        earlier.repeated = true;
        return;
      }
    state.path.push_back(step);
  }

  void acquire(int site, State &state) {
    if (std::find(state.held.begin(), state.held.end(), site) != state.held.end())
      return;
    state.held.push_back(site);
    if (record == Record::Sections || record == Record::Summary)
      state.path.push_back({PathStep::Acquire, false, site});
  }

  void release(int site, State &state) {
    auto held = std::find(state.held.begin(), state.held.end(), site);
    if (held == state.held.end())
      return;
    state.held.erase(held);
    state.present.clear(); // others may come in now
    if (record == Record::Outcomes || record == Record::Locks)
      return;
    state.path.push_back({PathStep::Release, false, site});
    if (record != Record::Sections)
      return;
    auto begin = std::find_if(state.path.begin(), state.path.end(), [&](const PathStep &step) {
      return step.kind == PathStep::Acquire && step.index == site;
    });
    std::set<Path> &paths = collected[site];
    paths.insert(Path(begin, state.path.end()));
    if (paths.size() > 256)
      overflow = true;
    if (state.held.empty())
      state.path.clear();
  }

  void destroy(const VarDecl *variable, State &state) {
    if (auto found = a.guards.find(variable); found != a.guards.end())
      for (auto site = found->second.rbegin(); site != found->second.rend(); ++site)
        release(*site, state);
    if (auto found = a.destructorMarks.find(variable); found != a.destructorMarks.end())
      for (const PathStep &mark : found->second) {
        visited(mark, state);
        note(mark, state);
      }
    state.flags.erase(variable);
  }

  void declare(const VarDecl &variable, State &state) {
    if (variable.getInit())
      remember(variable, variable.getInit(), state);
  }

  void remember(const VarDecl &variable, const Expr *value, State &state) {
    if (!variable.getType()->isBooleanType() || !variable.isLocalVarDecl() ||
        a.captured.count(&variable))
      return;
    Truth truth = evaluate(value, state);
    if (truth.kind == Truth::Unknown)
      state.flags.erase(&variable);
    else
      state.flags[&variable] = truth;
  }

  Truth evaluate(const Expr *expression, const State &state) {
    bool positive = true;
    while (true) {
      expression = strip(expression);
      if (auto found = state.decided.find(expression); found != state.decided.end())
        return {Truth::Constant, found->second == positive, -1};
      if (auto found = a.tests.find(expression); found != a.tests.end()) {
        auto [root, polarity] = found->second;
        // Another thread may write an atomic at any time.
        if (!isFollowed(root) ||
            (record != Record::Outcomes &&
             a.roots[static_cast<std::size_t>(root)].fieldType == TypeClass::Atomic))
          return {};
        bool asked = polarity == positive;
        if (auto known = state.outcome.find(root); known != state.outcome.end())
          return {Truth::Constant, known->second == asked, -1};
        return {Truth::Outcome, asked, root};
      }
      if (const auto *unary = dyn_cast<UnaryOperator>(expression);
          unary && unary->getOpcode() == UO_LNot) {
        positive = !positive;
        expression = unary->getSubExpr();
        continue;
      }
      if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(expression)) {
        expression = rewritten->getSemanticForm();
        continue;
      }
      if (const auto *both = dyn_cast<BinaryOperator>(expression); both && both->isLogicalOp()) {
        // Either side may decide alone; the graph has evaluated them on the way here.
        bool decides = both->getOpcode() == BO_LOr;
        Truth left = evaluate(both->getLHS(), state);
        if (left.kind == Truth::Constant && left.value == decides)
          return {Truth::Constant, decides == positive, -1};
        Truth right = evaluate(both->getRHS(), state);
        if (right.kind == Truth::Constant && right.value == decides)
          return {Truth::Constant, decides == positive, -1};
        if (left.kind == Truth::Constant && right.kind != Truth::Unknown) {
          if (!positive)
            right.value = !right.value;
          return right;
        }
        return {};
      }
      if (const auto *literal = dyn_cast<CXXBoolLiteralExpr>(expression))
        return {Truth::Constant, literal->getValue() == positive, -1};
      if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
        if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
          if (auto found = state.flags.find(variable); found != state.flags.end()) {
            Truth truth = found->second;
            if (!positive)
              truth.value = !truth.value;
            if (truth.kind == Truth::Outcome)
              if (auto known = state.outcome.find(truth.root); known != state.outcome.end())
                return {Truth::Constant, known->second == truth.value, -1};
            return truth;
          }
      return {};
    }
  }

  /// Whether a test of what is followed is part of the expression.
  bool asks(const Stmt *node) const {
    const auto *expression = dyn_cast_or_null<Expr>(node);
    if (auto found = expression ? a.tests.find(expression) : a.tests.end();
        found != a.tests.end() && isFollowed(found->second.first))
      return true;
    return node && llvm::any_of(node->children(), [&](const Stmt *child) { return asks(child); });
  }

  template <class Enter> void leave(const CFGBlock &block, State state, Enter &enter) {
    const Expr *condition = block.succ_size() == 2 ? block.getLastCondition() : nullptr;
    if (condition && block.getTerminatorStmt() && !isa<SwitchStmt>(block.getTerminatorStmt())) {
      Truth truth = evaluate(condition, state);
      const CFGBlock *yes = block.succ_begin()->getReachableBlock();
      const CFGBlock *no = (block.succ_begin() + 1)->getReachableBlock();
      const auto *logical = dyn_cast<BinaryOperator>(block.getTerminatorStmt());
      if (!logical)
        state.decided.clear();
      if (truth.kind == Truth::Constant)
        return enter(truth.value ? yes : no, std::move(state));
      State other = state;
      if (logical && asks(logical)) {
        state.decided[strip(condition)] = true;
        other.decided[strip(condition)] = false;
      }
      if (truth.kind == Truth::Outcome) {
        learn(truth.root, truth.value, state);
        learn(truth.root, !truth.value, other);
      }
      enter(yes, std::move(state));
      enter(no, std::move(other));
      return;
    }
    for (const CFGBlock::AdjacentBlock &next : block.succs())
      enter(next.getReachableBlock(), state);
  }

  void finish(State &state) {
    // A throw, or a call that does not return, has no way through the destructors in the graph.
    const std::vector<int> held = state.held;
    for (auto site = held.rbegin(); site != held.rend(); ++site)
      if (a.locks[static_cast<std::size_t>(*site)].guard)
        release(*site, state);
    if (record != Record::Sections && record != Record::Locks) {
      if (std::find(result.paths.begin(), result.paths.end(), state.path) == result.paths.end())
        result.paths.push_back(state.path);
      if (result.paths.size() > 512)
        overflow = true;
      return;
    }
    for (int site : state.held)
      stillHeld.insert(site);
  }

  void visited(const PathStep &mark, const State &state) {
    if (record != Record::Sections && record != Record::Locks)
      return;
    auto meet = [&](std::vector<std::vector<int>> &all) {
      auto index = static_cast<std::size_t>(mark.index);
      if (!seenOnce.insert({mark.kind, mark.index}).second) {
        std::vector<int> both;
        for (int site : all[index])
          if (std::find(state.held.begin(), state.held.end(), site) != state.held.end())
            both.push_back(site);
        if (both.size() != all[index].size() || both.size() != state.held.size()) {
          a.inconsistentLocks = true;
          for (int site : all[index])
            conditional.insert(site);
          for (int site : state.held)
            conditional.insert(site);
        }
        all[index] = both;
      } else {
        all[index] = state.held;
      }
    };
    switch (mark.kind) {
    case PathStep::Field:
      return meet(a.heldAtField);
    case PathStep::Invoke:
      return meet(a.heldAtCall);
    case PathStep::Memory:
      return meet(a.heldAtMemory);
    case PathStep::Root:
      return meet(a.heldAtRoot);
    case PathStep::Mention:
      return meet(a.heldAtMention);
    default:
      return;
    }
  }

public:
  std::map<int, std::set<Path>> collected;
  std::set<int> stillHeld;   // at the end of the function
  std::set<int> conditional; // held on some paths only

private:
  FunctionAnalysis &a;
  Record record;
  const std::vector<int> &groups;
  int followed;
  std::set<int> asked; ///< roots of which a test wants to know whether the key was there
  std::set<std::pair<int, int>> seenOnce;
  unsigned visits = 0;
  bool overflow = false;
};

/// Marks on nodes that the graph leaves out fire with the nearest node that it has.
void moveMarksToElements(FunctionAnalysis &a) {
  llvm::DenseSet<const Stmt *> elements;
  for (const CFGBlock *block : *a.graph)
    for (const CFGElement &element : *block)
      if (std::optional<CFGStmt> statement = element.getAs<CFGStmt>())
        elements.insert(statement->getStmt());
  std::vector<const Stmt *> lost;
  for (const auto &entry : a.marks)
    if (!elements.count(entry.first))
      lost.push_back(entry.first);
  // In source order, so that what is moved to one node keeps its order.
  std::sort(lost.begin(), lost.end(), [&](const Stmt *left, const Stmt *right) {
    return left->getBeginLoc() < right->getBeginLoc();
  });
  for (const Stmt *node : lost) {
    const Stmt *up = node;
    while (up && !elements.count(up))
      up = a.parentOf(up);
    if (!up)
      continue;
    std::vector<PathStep> moved = a.marks[node];
    a.marks.erase(node);
    std::vector<PathStep> &target = a.marks[up];
    target.insert(target.begin(), moved.begin(), moved.end());
  }
}

} // namespace

void FunctionAnalysis::walk() {
  CFG::BuildOptions options;
  options.setAllAlwaysAdd();
  options.AddImplicitDtors = true;
  options.AddInitializers = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.AddCXXDefaultInitExprInAggregates = true;
  graph = CFG::buildCFG(&function, const_cast<Stmt *>(body), &context, options);
  if (!graph) {
    summary.incomplete = true;
    return;
  }
  moveMarksToElements(*this);
  sections.resize(locks.size());
  heldAtField.resize(fields.size());
  heldAtCall.resize(calls.size());
  heldAtMemory.resize(memory.size());
  heldAtRoot.resize(roots.size());
  heldAtMention.resize(mentions.size());

  // Roots on the same key of the same container share what is known of its presence.
  keyGroups.assign(roots.size(), 0);
  std::map<std::string, int> groupOf;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    std::string name = keyName(static_cast<int>(i));
    keyGroups[i] = groupOf.emplace(name, static_cast<int>(groupOf.size())).first->second;
  }

  Walker walker(*this, Record::Sections, keyGroups);
  walker.run();
  for (const auto &[site, paths] : walker.collected)
    sections[static_cast<std::size_t>(site)].paths.assign(paths.begin(), paths.end());
  Walker locksOnly(*this, Record::Locks, keyGroups);
  if (walker.result.incomplete)
    locksOnly.run();
  const Walker &last = walker.result.incomplete ? locksOnly : walker;
  conditionalSites.assign(last.conditional.begin(), last.conditional.end());
  unreleasedSites.assign(last.stillHeld.begin(), last.stillHeld.end());

  Walker whole(*this, Record::Summary, keyGroups);
  whole.run();
  summary = std::move(whole.result);

  groupOutcomes();
  for (int group : std::set<int>(outcomeGroups.begin(), outcomeGroups.end())) {
    Walker following(*this, Record::Outcomes, keyGroups, group);
    following.run();
    outcomes[group] = std::move(following.result);
  }
}

} // namespace unlatch
