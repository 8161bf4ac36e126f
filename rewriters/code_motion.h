// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several steps that become one operation meet at one place: one of them moves, past all that is
// evaluated in between. Whether that shows is asked here.

#pragma once

#include "rewriters/cluster.h"

namespace unlatch {

/// What is evaluated on a way from one place in a function to a later one, and the cluster that
/// both belong to left out: its other steps move along.
class CodeMotion {
public:
  CodeMotion(const FunctionAnalysis &analysis, const Cluster &cluster, const clang::Expr *earlier,
             const clang::Expr *later);

  /// The one place leads to the other.
  bool isPossible() const { return known; }
  /// No exception can come in between, so who does the one does the other.
  bool staysWhole() const { return known && !throws; }

  /// A value that is computed for the later place is the same at the earlier one, and computing it
  /// there shows in nothing else.
  bool preserves(const clang::Expr *value) const;
  /// The same of a value that is computed once, there or here, and of what is done with it.
  bool joins(const clang::Expr *value) const;

private:
  bool isOfCluster(const clang::Stmt *node) const;
  void cross(const clang::Stmt *node);
  bool changesOwn(const clang::Stmt *node) const;
  bool changesField(const clang::Stmt *node);
  bool mayBeAssigned(const clang::VarDecl *variable) const;
  bool existsBefore(const clang::VarDecl *variable) const;
  /// isFollowed: its value is not all that is looked at.
  bool preserves(const clang::VarDecl *variable, bool isCaptured, bool isFollowed) const;
  /// It may be known by other names.
  bool isLent(const clang::VarDecl *variable) const;

  const FunctionAnalysis &a;
  const Cluster &cluster;
  const clang::Expr *earlier;
  const clang::Expr *later;
  bool known = false;     ///< both places are in the graph, and the one leads to the other
  bool throws = false;    ///< something in between may throw
  bool disturbed = false; ///< something changes that is no plain local variable
  llvm::DenseSet<const clang::ValueDecl *> changed; ///< by their own names
  bool otherFields = false;                         ///< of this object change
  std::vector<clang::QualType> assigned;            ///< the numbers among them
};

/// All that a cluster changes is done where its first step is: no exception comes in between.
bool staysWhole(const FunctionAnalysis &analysis, const Cluster &cluster,
                const clang::Expr *earlier);

} // namespace unlatch
