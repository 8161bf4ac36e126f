// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop over all elements in code that must not throw: range() shows them where they are, while
// items() would copy them.

#include "rewriters/cluster.h"

#include "matchers/harmless.h"
#include "matchers/types.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace unlatch {

namespace {

const CXXForRangeStmt *onlyLoop(const FunctionAnalysis &a, const Cluster &cluster) {
  if (cluster.roots.size() != 1)
    return nullptr;
  const Root &root = a.roots[static_cast<std::size_t>(cluster.roots.front())];
  return root.kind == RootKind::Loop ? dyn_cast_or_null<CXXForRangeStmt>(root.loop) : nullptr;
}

/// The body becomes a function: nothing leaves it but its end. Writers wait while it runs, so it
/// calls nothing that could come to write to the map.
bool canBeGiven(const Stmt *node) {
  if (!node)
    return true;
  if (isa<ReturnStmt, BreakStmt, ContinueStmt, GotoStmt, IndirectGotoStmt, LabelStmt,
          CoroutineBodyStmt, CoreturnStmt, CoawaitExpr, CoyieldExpr, LambdaExpr>(node))
    return false;
  if (const auto *call = dyn_cast<CallExpr>(node))
    if (const FunctionDecl *callee = call->getDirectCallee(); !callee || !isHarmless(callee))
      return false;
  if (const auto *construct = dyn_cast<CXXConstructExpr>(node))
    if (const CXXConstructorDecl *constructor = construct->getConstructor();
        !constructor->isTrivial() && !isStandardDeclaration(constructor))
      return false;
  return llvm::all_of(node->children(), canBeGiven);
}

bool isPart(const FunctionAnalysis &a, int root, const Expr *reference) {
  return llvm::any_of(a.parts, [&](const FunctionAnalysis::Part &part) {
    return part.root == root && a.isInside(reference, part.node);
  });
}

class VisitRewriter {
public:
  VisitRewriter(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out)
      : a(analysis), index(cluster.roots.front()), loop(*onlyLoop(analysis, cluster)), out(out) {}

  void run() {
    std::string key, value;
    if (const auto *pair = dyn_cast<DecompositionDecl>(loop.getLoopVariable())) {
      key = pair->bindings()[0]->getNameAsString();
      value = pair->bindings()[1]->getNameAsString();
    } else {
      for (const FunctionAnalysis::Part &part : a.parts) {
        if (part.root != index)
          continue;
        std::string &name = part.key ? key : value;
        if (name.empty())
          name = part.key ? freshName(a, {"key", "itsKey"}) : freshName(a, {"value", "itsValue"});
        a.text.replace(out, part.node->getSourceRange(), name);
      }
    }
    const Root &root = a.roots[static_cast<std::size_t>(index)];
    a.text.replace(out, SourceRange(loop.getBeginLoc(), loop.getRParenLoc()),
                   containerText(a, root) + ".range([&](const auto &" + key + ", const auto &" +
                       value + ")");
    a.text.insertAfter(out, SourceRange(loop.getEndLoc(), loop.getEndLoc()), ");");
  }

private:
  const FunctionAnalysis &a;
  int index;
  const CXXForRangeStmt &loop;
  Candidate &out;
};

} // namespace

bool visitsInPlace(const FunctionAnalysis &a, const Cluster &cluster) {
  const CXXForRangeStmt *loop = onlyLoop(a, cluster);
  const auto *signature = a.function.getType()->getAs<FunctionProtoType>();
  if (!loop || !signature || !signature->isNothrow() || !isa<CompoundStmt>(loop->getBody()) ||
      loop->getInit() || !canBeGiven(loop->getBody()))
    return false;
  const VarDecl *element = loop->getLoopVariable();
  if (!element->getType()->isReferenceType())
    return false; // a copy may be changed
  const auto *pair = dyn_cast<DecompositionDecl>(element);
  if (pair)
    return pair->bindings().size() == 2;
  const auto found = a.references.find(element);
  return found == a.references.end() ||
         llvm::all_of(found->second, [&](const DeclRefExpr *reference) {
           return isPart(a, cluster.roots.front(), reference);
         });
}

void rewriteAsVisit(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out) {
  VisitRewriter(analysis, cluster, out).run();
}

} // namespace unlatch
