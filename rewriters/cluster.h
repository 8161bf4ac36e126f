// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A cluster: the roots in one function that together are one operation on one field, and the
// rewrites of it, one file a strategy.

#pragma once

#include "matchers/function_analysis.h"

#include <string>
#include <vector>

namespace unlatch {

struct Cluster {
  std::vector<int> roots; ///< in source order
  int region = -1;        ///< lock site, or -1 without a lock of the function's own
  std::string name;       ///< the operation that the paths amount to
  std::vector<std::string> records;

  bool has(int root) const { return llvm::is_contained(roots, root); }
};

/// The text of the container as spelled, e.g. `pending_` or `this->pending_`.
std::string containerText(const FunctionAnalysis &analysis, const Root &root);
/// The key that a look-up names is of the same type as the one in the map.
bool isOfKeyType(const Root &root);
std::string mappedTypeText(const FunctionAnalysis &analysis, const Root &root);
std::string keyText(const FunctionAnalysis &analysis, const Root &root);
/// The function's return type as spelled.
std::string returnTypeText(const FunctionAnalysis &analysis);
/// A name that nothing in the function has yet.
std::string freshName(const FunctionAnalysis &analysis, std::initializer_list<const char *> names);

/// map.cpp, several_roots.cpp: one call for another, and expressions around it.
bool rewriteAsExpressions(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out);
/// presence.cpp: a look-up that only one test is made of. Also the whole of an `if`, with the
/// semicolon of a body without braces.
enum class TestForm {
  None,      ///< it can't be done
  Test,      ///< the operation is the test
  Statement, ///< the operation stands for the whole `if`
};
TestForm rewriteAsTest(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out);
clang::SourceRange wholeRange(const FunctionAnalysis &analysis, const clang::IfStmt &branch);
/// loops.cpp: loops over all elements, and operations on the whole map.
bool isWhole(const FunctionAnalysis &analysis, const Cluster &cluster);
void rewriteWhole(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out);
/// visit.cpp: a loop that shows the elements to its body where they are, and so can't throw where
/// it could not before.
bool visitsInPlace(const FunctionAnalysis &analysis, const Cluster &cluster);
void rewriteAsVisit(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out);
/// update.cpp: the statements of the section become the function that update() is given. Returns
/// what the code around it makes of its result, as aroundUpdate() does.
std::string rewriteAsUpdate(const FunctionAnalysis &analysis, const Cluster &cluster,
                            Candidate &out);
/// update_result.cpp: what the code around an update() makes of its result; empty if nothing.
std::string aroundUpdate(const FunctionAnalysis &analysis, const clang::Expr &call);
inline constexpr const char *kResultReturned = "returned";
/// A way out of the section that stands behind the update() now, taken if its result is false.
std::string resultLeaves(const FunctionAnalysis &analysis, const clang::ReturnStmt &leave);
/// The constant that is returned, if it is one.
std::string returnedLiteral(const clang::ReturnStmt &leave);
/// statement_range.cpp: the statements that rewriteAsUpdate() wraps, as children of one block;
/// empty if it can't.
struct StatementRange {
  const clang::CompoundStmt *block = nullptr;
  std::vector<const clang::Stmt *> statements;
  std::string around; ///< what the code around will make of the result, once they are wrapped

  bool holds(const FunctionAnalysis &analysis, const clang::Stmt *node) const;
  /// Whether the declaration stands within the statements.
  bool declares(const FunctionAnalysis &analysis, const clang::ValueDecl *declaration) const;
};
StatementRange statementsOf(const FunctionAnalysis &analysis, const Cluster &cluster);
/// atomic.cpp: scalars.
std::string classifyScalar(const FunctionAnalysis &analysis, const Cluster &cluster,
                           Candidate &out);

/// The operation that a use of a std::atomic is, or "none".
std::string classifyAtomic(const FunctionAnalysis &analysis, const Root &root);

/// Moves the lines of the statements one step to the right.
void indentLines(const FunctionAnalysis &analysis, clang::SourceRange range, Candidate &out);

} // namespace unlatch
