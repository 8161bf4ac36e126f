// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows what a reference to a container starts, from node to node, and notes each use of it.

#pragma once

#include "matchers/function_analysis.h"

#include <string>

namespace unlatch {

/// Follows what flows from one root; what it meets goes to the analysis of the function.
class Follower {
public:
  Follower(FunctionAnalysis &analysis, int root) : a(analysis), root(root) {}

  // uses.cpp: what leads to an element.
  void from(const clang::Expr *expression, Meaning meaning);
  void variable(const clang::ValueDecl *declaration, Meaning meaning);
  void elementVariable(const clang::VarDecl *variable);

private:
  static bool isStandard(const clang::FunctionDecl *callee);

  void escape(const clang::Stmt *where);
  void unsupported(const clang::Stmt *where, std::string message);
  void use(UseKind kind, Meaning meaning, const clang::Expr *node, const clang::Expr *whole,
           bool positive = true);
  Root &self() { return a.roots[static_cast<std::size_t>(root)]; }

  /// The other operand of a comparison is the end of the same container.
  bool isEnd(const clang::Expr *expression);
  bool sameContainer(const clang::Expr *object);
  /// `m.emplace(k, v).first` of the same container.
  bool isInsertion(const clang::Expr *value);
  /// Whether the variable holds what a look-up of this root's key, in the same container, found.
  bool findsSameKey(const clang::VarDecl *variable);

  void iterator(const clang::Expr *expression, const clang::Expr *last, const clang::Stmt *parent);
  /// The variable that an expression initialises within a declaration statement.
  const clang::VarDecl *initialised(const clang::DeclStmt *declaration, const clang::Expr *last);
  void holder(const clang::VarDecl *variable, Meaning meaning);
  void comparison(const clang::Expr *ours, const clang::Expr *left, const clang::Expr *right,
                  bool notEqual, const clang::Expr *whole);
  void part(const clang::MemberExpr *member, const clang::Expr *handle);
  void element(const clang::Expr *expression, const clang::Expr *last, const clang::Stmt *parent);
  /// `auto &[key, value] = *it`, once, in a statement of its own.
  bool bindElement(const clang::VarDecl *variable);
  void pair(const clang::Expr *expression, const clang::Expr *last, const clang::Stmt *parent);
  void flag(const clang::Expr *expression);
  bool isOnlyTested(const clang::VarDecl &count) const;
  bool isTruth(const clang::Expr &count, const clang::Expr *last, const clang::Stmt &parent) const;
  void presence(const clang::Expr *expression, const clang::Expr *last, const clang::Stmt *parent);
  /// What the runtime hands out: std::optional<V>, or the entry of update(); also a node handle.
  void optional(const clang::Expr *expression, const clang::Expr *last, const clang::Stmt *parent);

  // value_uses.cpp: what is done with keys and values, and with their parts.
  void key(const clang::Expr *expression, const clang::Expr *last, const clang::Stmt *parent,
           bool loads);
  void value(const clang::Expr *expression, const clang::Expr *last, const clang::Stmt *parent,
             bool loads, Meaning meaning);
  void noteElementPointer(const clang::Expr *expression);
  /// A raw pointer that was copied out still leads to what the mutex may guard.
  void notePointerFlow(const clang::Expr *last, const clang::Stmt *parent);
  void loopOverValue(const clang::CXXForRangeStmt &loop, const clang::Expr *expression,
                     Meaning meaning);
  void constructed(const clang::CXXConstructExpr &construct, const clang::Expr *expression,
                   const clang::Expr *last, Meaning meaning);
  /// A smart pointer copied into a variable still leads to the same pointee.
  void noteCopyFlow(const clang::CXXConstructExpr &construct, const clang::Expr *expression);
  /// `handle->member`: a member of the value, or a call on it.
  void arrowMember(const clang::MemberExpr *member, Meaning);
  void methodOn(const clang::CXXMemberCallExpr &call, const clang::Expr *expression,
                Meaning meaning);
  void argument(const clang::CallExpr &call, const clang::Expr *expression, const clang::Expr *last,
                Meaning meaning);
  /// The element is called, or passed to something called through a pointer or an object.
  void passedOn(const clang::CallExpr &call, Meaning meaning);
  /// A constant element is called by a function of which its class has another for those that are
  /// not, as the copies of elements are.
  void asksForConstness(const clang::CXXMethodDecl &method, const clang::Expr *object,
                        const clang::Expr &call);
  void calledThrough(const clang::CallExpr &call, const clang::Expr *expression,
                     const clang::Expr *last, Meaning);
  void operatorOn(const clang::CXXOperatorCallExpr &call, const clang::CXXMethodDecl &method,
                  const clang::Expr *expression, Meaning meaning);
  void interiorPointer(const clang::Expr *expression, const clang::Expr *last,
                       const clang::Stmt *parent);

  FunctionAnalysis &a;
  int root;
};

} // namespace unlatch
