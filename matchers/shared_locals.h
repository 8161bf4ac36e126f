// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which local variables other threads may get at: those that are captured by what runs later, or
// whose address goes where it is kept. All others are their thread's own.

#pragma once

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <utility>
#include <vector>

namespace unlatch {

/// Follows what leads to a variable through the functions of a translation unit. What it is handed
/// to beyond them is noted as a loan, to be looked up over the whole program.
class SharedLocals {
public:
  /// What an expression gives access by: it is a part of the variable, or its value leads there.
  enum class By { Place, Value };

  struct Loan {
    const clang::FunctionDecl *callee = nullptr;
    int parameter = -1; ///< or the object that it is called on
    By by = By::Place;
    const clang::Expr *where = nullptr;
  };

  SharedLocals();
  ~SharedLocals();

  bool mayBeShared(const clang::ValueDecl *local);
  /// Where one goes that is its thread's own as far as this translation unit tells.
  std::vector<Loan> loansOf(const clang::ValueDecl *local) const { return loans_.lookup(local); }
  /// What a function does with something that it was lent: keep it, or lend it in turn.
  struct Fate {
    bool isKept = false;
    std::vector<Loan> loans;
  };
  Fate parameterFate(const clang::ParmVarDecl *parameter, By by);
  Fate objectFate(const clang::CXXMethodDecl *method);

  /// It keeps the value that it begins with.
  bool isOnlyRead(const clang::ValueDecl *local);

private:
  struct Body {
    const clang::Stmt *statement = nullptr;
    std::unique_ptr<clang::ParentMap> parents;
    llvm::DenseMap<const clang::ValueDecl *, std::vector<const clang::Expr *>> references;
    std::vector<const clang::Expr *> selves; ///< `this`
  };

  using Key = std::pair<const clang::Decl *, int>;

  const Body *bodyOf(const clang::FunctionDecl *function);
  const Body *bodyAround(const clang::ValueDecl *local);
  bool variableLeaks(const clang::ValueDecl *variable, By by);
  bool leaks(const clang::Expr *expression, By by, const Body &body);
  bool leaksAsPlace(const clang::Expr *expression, const clang::Stmt *parent, const Body &body);
  bool leaksAsValue(const clang::Expr *expression, const clang::Stmt *parent, const Body &body);
  bool methodLeaks(const clang::MemberExpr &member, By by, const Body &body);
  bool argumentLeaks(const clang::CallExpr &call, const clang::Expr *argument, By by,
                     const Body &body);
  bool constructionLeaks(const clang::CXXConstructExpr &construct, const clang::Expr *argument,
                         By by, const Body &body);
  bool declarationLeaks(const clang::DeclStmt &declaration, const clang::Expr *initial, By by,
                        const Body &body);
  bool parameterLeaks(const clang::FunctionDecl &callee, unsigned index,
                      const clang::Expr *argument, By by);
  bool objectLeaks(const clang::CXXMethodDecl &method, const clang::Expr *where);
  bool resultLeaks(const clang::CallExpr &call, const Body &body);

  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Body>> bodies_;
  bool remember(const Key &key, bool leaks);

  llvm::DenseMap<Key, bool> known_;
  std::vector<Key> undecided_;
  void forgetUndecided();

  std::vector<Loan> met_; ///< on the way
  llvm::DenseMap<const clang::ValueDecl *, std::vector<Loan>> loans_;
};

} // namespace unlatch
