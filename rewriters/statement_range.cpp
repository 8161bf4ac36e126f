// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The statements that one operation spans: from the first touch of the key to the last, and what
// has to come along.

#include "rewriters/cluster.h"

using namespace clang;

namespace unlatch {

StatementRange statementsOf(const FunctionAnalysis &a, const Cluster &cluster) {
  std::vector<const Stmt *> nodes;
  for (int index : cluster.roots) {
    const Root &r = a.roots[static_cast<std::size_t>(index)];
    if (r.reference)
      nodes.push_back(r.reference);
    for (const Use &use : a.uses)
      if (use.root == index)
        nodes.push_back(use.whole);
  }
  StatementRange range;
  if (nodes.empty())
    return range;
  // The innermost block that holds all of them.
  for (const Stmt *up = a.parentOf(nodes.front()); up; up = a.parentOf(up)) {
    const auto *block = dyn_cast<CompoundStmt>(up);
    if (block && std::all_of(nodes.begin(), nodes.end(),
                             [&](const Stmt *node) { return a.isInside(node, block); })) {
      range.block = block;
      break;
    }
  }
  if (!range.block)
    return range;
  std::vector<const Stmt *> children(range.block->body_begin(), range.block->body_end());
  std::size_t first = children.size(), last = 0;
  for (std::size_t i = 0; i < children.size(); ++i)
    for (const Stmt *node : nodes)
      if (a.isInside(node, children[i])) {
        first = std::min(first, i);
        last = std::max(last, i);
      }
  // What is declared inside and used behind comes along.
  for (std::size_t i = first; i <= last && i < children.size(); ++i) {
    const auto *declaration = dyn_cast<DeclStmt>(children[i]);
    if (!declaration)
      continue;
    for (const Decl *each : declaration->decls()) {
      auto extend = [&](const ValueDecl *value) {
        auto found = a.references.find(value);
        if (found == a.references.end())
          return;
        for (const DeclRefExpr *reference : found->second)
          for (std::size_t j = last + 1; j < children.size(); ++j)
            if (a.isInside(reference, children[j]))
              last = j;
      };
      if (const auto *value = dyn_cast<ValueDecl>(each))
        extend(value);
      if (const auto *bindings = dyn_cast<DecompositionDecl>(each))
        for (const BindingDecl *binding : bindings->bindings())
          extend(binding);
    }
  }
  // A return inside takes the rest of the function along if that rest is only a return.
  bool returns = false;
  for (const ReturnStmt *leave : a.returns)
    for (std::size_t i = first; i <= last; ++i)
      returns |= a.isInside(leave, children[i]);
  if (returns && range.block == a.body && last + 2 == children.size() &&
      isa<ReturnStmt>(children.back()))
    ++last;
  range.statements.assign(children.begin() + static_cast<std::ptrdiff_t>(first),
                          children.begin() + static_cast<std::ptrdiff_t>(last) + 1);
  return range;
}

bool StatementRange::holds(const FunctionAnalysis &a, const Stmt *node) const {
  return std::any_of(statements.begin(), statements.end(),
                     [&](const Stmt *statement) { return a.isInside(node, statement); });
}

bool StatementRange::declares(const FunctionAnalysis &a, const ValueDecl *declaration) const {
  for (const Stmt *statement : statements) {
    SourceLocation at = declaration->getLocation();
    const SourceManager &sources = a.text.sources();
    if (!sources.isBeforeInTranslationUnit(at, statement->getBeginLoc()) &&
        !sources.isBeforeInTranslationUnit(statement->getEndLoc(), at))
      return true;
  }
  return false;
}

} // namespace unlatch
