// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/scalar_records.h"

#include "matchers/comparisons.h"
#include "matchers/path_records.h"

#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace clang;

namespace unlatch {

namespace {

/// Other expressions may be rewritten themselves.
std::string plain(const FunctionAnalysis &a, const Expr *value) {
  value = strip(value);
  const auto *reference = dyn_cast<DeclRefExpr>(value);
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  const bool isName = (variable && variable->hasLocalStorage()) ||
                      (reference && isa<EnumConstantDecl>(reference->getDecl()));
  if (!isName && !isa<IntegerLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr>(value))
    return {};
  return a.text.textOr(value->getSourceRange(), "");
}

std::string both(const std::string &expected, const std::string &desired) {
  return expected + ", " + desired;
}

/// Of std::atomic, or the runtime's functions for it.
std::string valueOfAtomic(const FunctionAnalysis &a, const Root &root, StringRef operation) {
  const Stmt *parent = a.meaningfulParent(root.reference, nullptr);
  if (const auto *member = dyn_cast_or_null<MemberExpr>(parent))
    parent = a.parentOf(member);
  const auto *call = dyn_cast_or_null<CallExpr>(parent);
  if (!call)
    return {};
  const unsigned first = isa<CXXMemberCallExpr>(call) ? 0 : 1;
  if (operation == "compare_and_swap" && call->getNumArgs() == 3)
    return both(plain(a, call->getArg(1)), plain(a, call->getArg(2)));
  if ((operation == "set" || operation == "exchange") && call->getNumArgs() > first)
    return plain(a, call->getArg(first));
  return {};
}

std::string sum(bool plus, const std::string &amount) { return (plus ? "+ " : "- ") + amount; }

/// Of an addition to std::atomic, by whatever name.
std::string sumOfAtomic(const FunctionAnalysis &a, const Root &root) {
  const Stmt *parent = a.meaningfulParent(root.reference, nullptr);
  if (const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(parent)) {
    const OverloadedOperatorKind kind = call->getOperator();
    const bool steps = kind == OO_PlusPlus || kind == OO_MinusMinus;
    return sum(kind == OO_PlusPlus || kind == OO_PlusEqual,
               steps ? "1" : plain(a, call->getArg(1)));
  }
  if (const auto *member = dyn_cast_or_null<MemberExpr>(parent))
    parent = a.parentOf(member);
  const auto *call = dyn_cast_or_null<CallExpr>(parent);
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  const unsigned first = isa_and_nonnull<CXXMemberCallExpr>(call) ? 0 : 1;
  if (!callee || !callee->getIdentifier() || call->getNumArgs() <= first)
    return {};
  return sum(callee->getName() == "fetch_add", plain(a, call->getArg(first)));
}

/// The same of the number that it was.
std::string sumOfNumber(const FunctionAnalysis &a, const Cluster &cluster) {
  const auto isNumber = [&](const Expr *side) {
    return llvm::any_of(cluster.roots, [&](int index) {
      return a.roots[static_cast<std::size_t>(index)].reference == strip(side);
    });
  };
  for (const Use &use : a.uses) {
    if (!cluster.has(use.root) || (use.kind != UseKind::Modify && use.kind != UseKind::Replace))
      continue;
    if (const auto *unary = dyn_cast<UnaryOperator>(use.whole))
      return sum(unary->isIncrementOp(), "1");
    const auto *binary = dyn_cast<BinaryOperator>(use.whole);
    if (binary && binary->isCompoundAssignmentOp())
      return sum(binary->getOpcode() == BO_AddAssign, plain(a, binary->getRHS()));
    const auto *of = binary ? dyn_cast<BinaryOperator>(strip(binary->getRHS())) : nullptr;
    if (of)
      return sum(of->getOpcode() == BO_Add,
                 plain(a, isNumber(of->getLHS()) ? of->getRHS() : of->getLHS()));
  }
  return {};
}

} // namespace

/// An answer that is kept, rather than branched on: as it is, or the other way round.
static std::string keptAnswer(const FunctionAnalysis &a, const Cluster &cluster) {
  for (const Expr *asked : a.expressions) { // in source order
    const auto test = a.tests.find(asked);
    if (test == a.tests.end() || !cluster.has(test->second.first))
      continue;
    bool positive = test->second.second;
    const Stmt *parent = a.meaningfulParent(asked, nullptr);
    while (const auto *unary = dyn_cast_or_null<UnaryOperator>(parent)) {
      if (unary->getOpcode() != UO_LNot)
        break;
      positive = !positive;
      asked = unary;
      parent = a.meaningfulParent(asked, nullptr);
    }
    if (!a.isBooleanContext(asked) && !a.isDiscarded(asked))
      return positive ? "kept" : "kept inverted";
  }
  return {};
}

std::vector<std::string> answersOf(const FunctionAnalysis &a, const Cluster &cluster) {
  if (llvm::any_of(a.roots, [](const Root &root) { return root.kind != RootKind::Scalar; }))
    return {};
  const CompoundStmt *block = statementsOf(a, cluster).block;
  std::set<std::string> hits, misses;
  for (const Path &path : a.outcomesOf(cluster.roots.front()).paths) {
    for (const PathStep &step : path)
      if ((step.kind == PathStep::Hit || step.kind == PathStep::Miss) && cluster.has(step.index))
        (step.kind == PathStep::Hit ? hits : misses).insert(exitOf(a, path, block));
  }
  std::vector<std::string> answers;
  if (hits != misses)
    answers = {"hit " + llvm::join(hits, "|"), "miss " + llvm::join(misses, "|")};
  if (std::string kept = keptAnswer(a, cluster); !kept.empty())
    answers.push_back(std::move(kept));
  return answers;
}

std::string sumOf(const FunctionAnalysis &a, const Cluster &cluster) {
  const Root &first = a.roots[static_cast<std::size_t>(cluster.roots.front())];
  return first.fieldType == TypeClass::Atomic ? sumOfAtomic(a, first) : sumOfNumber(a, cluster);
}

std::string valueOf(const FunctionAnalysis &a, const Cluster &cluster, StringRef operation) {
  const Root &first = a.roots[static_cast<std::size_t>(cluster.roots.front())];
  if (first.fieldType == TypeClass::Atomic)
    return valueOfAtomic(a, first, operation);
  const Expr *written = nullptr;
  for (const Use &use : a.uses) {
    if (!cluster.has(use.root) || use.kind != UseKind::Replace)
      continue;
    if (const auto *assign = dyn_cast<BinaryOperator>(use.whole))
      written = assign->getRHS();
    else if (const auto *call = dyn_cast<CallExpr>(use.whole); call && call->getNumArgs() == 2)
      written = call->getArg(1);
  }
  if (!written)
    return {};
  if (operation == "compare_and_swap") {
    const Expr *expected = comparedWith(a, first);
    return both(expected ? plain(a, expected) : "", plain(a, written));
  }
  return operation == "set" || operation == "exchange" ? plain(a, written) : "";
}

} // namespace unlatch
