// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rewrite of a cluster by expressions alone, which map.cpp describes.

#pragma once

#include "rewriters/cluster.h"

#include <optional>
#include <string>
#include <vector>

namespace unlatch {

/// map.cpp defines what concerns one root and what serves any number, several_roots.cpp the rest.
class ExpressionRewriter {
public:
  ExpressionRewriter(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out)
      : a(analysis), cluster(cluster), out(out) {}

  bool run();

private:
  /// How an answer is asked whether the key was there, and for the value.
  enum class Answer { Optional, Pair };

  const Root &root(int index) const { return a.roots[static_cast<std::size_t>(index)]; }

  /// A change in place that stays visible; moving out of what is erased is none, and swap() does
  /// the assignment.
  bool isChange(const Use &use) const;
  bool single(const Root &only);

  // ---------------------------------------------------------------- one root

  std::string presenceText(const Root &r) const;
  /// Replaces each test of a root by `text`, or its negation.
  void rewriteTests(int index, const std::string &text, bool bare = false);
  std::string negate(const Use &use, const std::string &text) const;
  void renameMethod(const Root &r, const char *name);
  bool find(const Root &r);
  bool answerIs(const Root &r, int index, const char *operation);
  /// `auto &[key, value] = *it` becomes `auto &value = *it`, and the key the one looked up.
  bool rewriteBinding(const Root &r, const std::string &handle);
  /// `if (auto it = m.find(k); it != m.end())` reads better as `if (auto it = m.load(k))`.
  void shortenOrTest(const Root &r, int index, const std::string &handle);
  bool isMissed(const Root &r, const clang::Expr *value);
  bool isAssignedAsBuilt(const Root &r) const;
  bool movesKey(const Root &r);
  bool put(const Root &r);
  bool insert(const Root &r);
  bool subscript(const Root &r);
  bool extract(const Root &r);

  // ---------------------------------------------------------------- one root or several

  void spellAuto(const clang::VarDecl *variable);
  /// `it->second` becomes the value of the answer.
  void rewriteParts(int index, const std::string &handle, Answer answer);
  void replaceKey(const FunctionAnalysis::Part &part);
  /// The key looked up is the key stored: equal keys of these types can't be told apart.
  /// The text of the value that an insertion would construct.
  std::optional<std::string> valueText(const Root &r) const;
  /// Deletes a call that is a statement of its own, or an `if` that it is all of.
  void removeCall(const clang::Expr *call);
  void removeElse(const clang::IfStmt &branch);

  // ---------------------------------------------------------------- several roots

  bool several();
  /// What falls away in whole, so that nothing in it is edited.
  void markGone();
  bool isGone(const clang::Stmt *node) const;
  /// `if (it == m.end()) it = m.emplace(k, v).first;` and no more, or the assignment alone.
  const clang::Stmt *shellOf(const clang::Expr &assignment) const;
  void removeAssignment(const clang::Expr &assignment);
  /// `it->second = value`, as whole expressions.
  std::vector<const clang::Expr *> replacements() const;
  /// The one value that is assigned or inserted, if it can be named where the look-up stands and
  /// the old value is not looked at after that.
  std::optional<std::string> swappedIn(const Root &first) const;
  void erasures(int index);
  void tests(int index, const std::string &handle, bool pair);
  void valueOf(const Root &r, const std::string &handle, bool pair);
  /// Whether the answer is needed for nothing but one test, which the call itself can be.
  bool isOnlyTested() const;
  bool hoist(const Root &first, const std::string &line);
  /// The value of the insertion on a miss, if it can be named where the look-up stands.
  std::optional<std::string> hoistedValue(const Root &first) const;
  /// What an insertion would store, as it can be written where the look-up stands: itself, or a
  /// function that computes it.
  std::optional<std::string> valueAt(const Root &insertion, const Root &lookUp) const;
  /// `if (!m.count(k)) m[k] = v;` and `if (m.count(k)) m.erase(k);` as a whole.
  bool replaceWholeIf();

  const FunctionAnalysis &a;
  const Cluster &cluster;
  Candidate &out;
  std::vector<const clang::Stmt *> gone;
};

} // namespace unlatch
