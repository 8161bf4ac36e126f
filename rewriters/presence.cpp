// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A look-up of which nothing is wanted but one test: the test becomes the operation. An element
// that is found to be erased is erased by its key, and what erase() returns is the answer.

#include "rewriters/code_motion.h"
#include "rewriters/evaluation_order.h"

using namespace clang;

namespace unlatch {

namespace {

class PresenceRewriter {
public:
  PresenceRewriter(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out)
      : a(analysis), cluster(cluster), out(out) {}

  TestForm run() {
    const Root &first = root(cluster.roots.front());
    if ((first.kind != RootKind::Find && first.kind != RootKind::Presence) || first.bound ||
        first.binding || !first.key || !onlyTested())
      return TestForm::None;
    const bool erases = cluster.name == "erase";
    if (!erases && !first.handle)
      return TestForm::None; // an expression in place
    // The operation moves to where the test is.
    const DeclStmt *declaration = nullptr;
    if (first.handle) {
      declaration = a.statementOf(first.handle);
      if (!declaration || isMentionedElsewhere(*first.handle) ||
          a.canonicalKey(first.key).empty() || isRepeated(declaration))
        return TestForm::None;
    }
    if (!staysWhole(a, cluster, test->whole))
      return TestForm::None;
    call = containerText(a, first) + (erases ? ".erase(" : ".contains(") + keyText(a, first) + ")";
    if (erases && replaceIf(declaration))
      return out.blockers.empty() ? TestForm::Statement : TestForm::None;
    if (declaration && !removeDeclaration(*declaration))
      return TestForm::None;
    a.text.replace(out, test->whole->getSourceRange(), answer(erases));
    for (const Expr *erasure : erasures) {
      if (!isa_and_nonnull<CompoundStmt>(a.parentOf(fullExpression(a, erasure))))
        return TestForm::None;
      a.text.removeStatement(out, erasure->getSourceRange());
    }
    return out.blockers.empty() ? TestForm::Test : TestForm::None;
  }

private:
  const Root &root(int index) const { return a.roots[static_cast<std::size_t>(index)]; }

  /// One test, and erasures of what it found.
  bool onlyTested() {
    for (const FunctionAnalysis::Part &part : a.parts)
      if (cluster.has(part.root))
        return false;
    for (const Use &use : a.uses) {
      if (!cluster.has(use.root))
        continue;
      if (use.kind == UseKind::Test && !test && use.root == cluster.roots.front())
        test = &use;
      else if (use.kind == UseKind::Erase && a.isDiscarded(use.whole))
        erasures.push_back(use.whole);
      else
        return false;
    }
    for (int index : cluster.roots) {
      if (index == cluster.roots.front())
        continue;
      if (root(index).kind != RootKind::EraseKey || !a.isDiscarded(root(index).call))
        return false;
      erasures.push_back(root(index).call);
    }
    return test && (cluster.name == "erase") == !erasures.empty();
  }

  /// `(void)it;`, which would be left without what it names.
  bool isMentionedElsewhere(const VarDecl &handle) const {
    auto found = a.references.find(&handle);
    return found != a.references.end() &&
           llvm::any_of(found->second, [&](const DeclRefExpr *reference) {
             return !a.isInside(reference, test->whole) &&
                    llvm::none_of(erasures,
                                  [&](const Expr *each) { return a.isInside(reference, each); });
           });
  }

  /// Whether the test can run more often than the look-up, or in another function.
  bool isRepeated(const DeclStmt *declaration) const {
    const Stmt *block = a.parentOf(declaration);
    for (const Stmt *up = a.parentOf(test->whole); up != block; up = a.parentOf(up))
      if (!up || isLoop(up) || isa<LambdaExpr>(up))
        return true;
    return !isa_and_nonnull<CompoundStmt>(block) && !isa_and_nonnull<IfStmt>(block);
  }

  /// `if (it != m.end()) m.erase(it);` and no more: only the erasure is left.
  bool replaceIf(const DeclStmt *declaration) {
    const auto *branch = dyn_cast_or_null<IfStmt>(a.meaningfulParent(test->whole, nullptr));
    if (!branch || !test->positive || strip(branch->getCond()) != strip(test->whole) ||
        branch->getElse() || branch->getConditionVariable() || erasures.size() != 1 ||
        (branch->getInit() && branch->getInit() != declaration))
      return false;
    const Stmt *body = branch->getThen();
    if (const auto *block = dyn_cast<CompoundStmt>(body))
      body = block->size() == 1 ? block->body_front() : nullptr;
    if (body != fullExpression(a, erasures.front()) ||
        !isa_and_nonnull<CompoundStmt>(a.parentOf(branch)))
      return false;
    if (declaration && branch->getInit() != declaration)
      a.text.removeStatement(out, declaration->getSourceRange());
    a.text.replace(out, wholeRange(a, *branch), call + ";");
    return true;
  }

  bool removeDeclaration(const DeclStmt &declaration) {
    const auto *branch = dyn_cast_or_null<IfStmt>(a.parentOf(&declaration));
    if (!branch) {
      a.text.removeStatement(out, declaration.getSourceRange());
      return true;
    }
    // `if (auto it = m.find(k); it != m.end())`: the condition stays.
    const SourceLocation begin = declaration.getBeginLoc(), end = branch->getCond()->getBeginLoc();
    if (begin.isMacroID() || end.isMacroID() || strip(branch->getCond()) != strip(test->whole))
      return false;
    a.text.replace(out, SourceRange(begin, end.getLocWithOffset(-1)), "");
    return true;
  }

  std::string answer(bool erases) const {
    if (a.isBooleanContext(test->whole))
      return test->positive ? call : "!" + call;
    if (erases)
      return call + (test->positive ? " != 0" : " == 0");
    return test->positive ? call : "!" + call;
  }

  const FunctionAnalysis &a;
  const Cluster &cluster;
  Candidate &out;
  const Use *test = nullptr;
  std::vector<const Expr *> erasures;
  std::string call;
};

} // namespace

TestForm rewriteAsTest(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out) {
  return PresenceRewriter(analysis, cluster, out).run();
}

SourceRange wholeRange(const FunctionAnalysis &a, const IfStmt &branch) {
  SourceRange range = branch.getSourceRange();
  if (isa<CompoundStmt>(branch.getThen()))
    return range;
  SourceLocation semicolon = Lexer::findLocationAfterToken(
      branch.getEndLoc(), tok::semi, a.text.sources(), a.text.language(), false);
  if (semicolon.isValid())
    range.setEnd(semicolon.getLocWithOffset(-1));
  return range;
}

} // namespace unlatch
