// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds every touch of memory that other threads may see, and every call, in a function.

#pragma once

#include "matchers/function_analysis.h"

#include <string>

namespace unlatch {

/// What it finds goes to the analysis of the function; what concerns a member wherever it is used
/// goes to the facts.
class MemoryFinder {
public:
  MemoryFinder(FunctionAnalysis &analysis, Facts &facts) : a(analysis), facts(facts) {}

  void run();

private:
  bool isSystem(const clang::Decl *declaration) const;

  // memory.cpp: members and variables.

  /// Members of `this` in a constructor or destructor: no other thread can see the object yet.
  bool unshared(const ObjectPath &path) const;
  bool forLogging(const clang::Expr *expression) const;
  static bool onlyLogs(const clang::Stmt *statement);
  void memberUse(const clang::MemberExpr &member);
  /// A class with a lock or an atomic of its own.
  bool guardsItself(clang::QualType type);
  void variableUse(const clang::DeclRefExpr &reference);
  /// A reference to something that may be used under other names, whatever lock is held here. The
  /// members of the program's own classes have accesses of their own.
  static bool refersElsewhere(const clang::ValueDecl &declaration);
  /// A local variable that is not this thread's own.
  void sharedLocal(const clang::DeclRefExpr &reference);
  void sharedVariable(const clang::VarDecl &variable, const clang::Expr &reference);
  void add(Access access, const clang::Expr &node, TypeClass type, const ObjectPath &path);
  bool isKept(const clang::Expr &node) const;
  /// `a.load()`, or a conversion to the value.
  bool onlyLoads(const clang::Expr &atomic) const;
  int scalarRoot(const Access &access, const clang::Expr &node, TypeClass type, const ObjectPath &);
  void memoryUse(const clang::Expr &node, bool writes, int parameter, std::string description);
  /// What inserting, erasing and replacing do to the values besides: their constructors and
  /// destructors run under the lock.
  void valueLifetimes();
  /// `Owner{...}` that gives a value to a member which would become another type.
  void aggregate(const clang::InitListExpr &list);
  void initialisers();

  // behind_pointers.cpp: what is no member of the program's own classes.

  void dereference(const clang::Expr &node, const clang::Expr *pointer);
  /// `*p` and `p[i]` of a smart pointer.
  void smartDereference(const clang::CXXOperatorCallExpr &call);
  /// `p->size()` of a class of the library's.
  void arrow(const clang::MemberExpr &member);
  void behind(const clang::Expr &node, clang::QualType type, const ObjectPath &path, bool writes);
  /// Noted once, and on no path: only the callers know whether it can be gone.
  void readThrough(const clang::Expr &node, int parameter);
  /// What harmless calls do behind the pointers that they are given.
  void lentPointers(const clang::Expr &call, const clang::FunctionDecl &callee,
                    llvm::ArrayRef<const clang::Expr *> arguments);
  void lentPointer(const clang::Expr &call, const clang::Expr &argument, bool writes);

  // handles.cpp: iterators, views and the like.

  void handleUse(const clang::Expr &node, const clang::Expr *handle, bool writes);
  void throughHandle(const clang::CallExpr &call);
  void lentHandles(const clang::Expr &node, const clang::FunctionDecl &callee,
                   llvm::ArrayRef<const clang::Expr *> arguments);
  void behindReferencePart(const clang::Expr &node);

  // calls.cpp: calls that are written. implicit_calls.cpp: those that are not.

  std::string describe(const clang::Expr &call) const;
  std::string argumentPath(const clang::Expr *argument) const;
  /// The next argument: where it lies, and what it may lead into.
  void addArgument(Call &call, const clang::FunctionDecl &callee,
                   const clang::Expr *argument) const;
  void addCall(Call call, const clang::Stmt *node);
  void callUse(const clang::CallExpr &call);
  bool isGuard(const clang::CXXMethodDecl *method) const;
  /// A method of a mutex, which a section says all about. In its own class it is a function.
  void countsOwners(const clang::CallExpr &call, const clang::FunctionDecl &callee);
  bool isLockingElsewhere(const clang::CXXMethodDecl &method) const;
  /// A function passed as an argument: called at once by an algorithm, or by someone later.
  void functionArgument(const clang::FunctionDecl &callee, const clang::Expr *argument,
                        const clang::CallExpr &call);
  /// A function pointer or the like that an algorithm calls.
  void calledBack(const clang::Expr &argument, const clang::CallExpr &call);
  void implicitCall(const clang::FunctionDecl &callee, const clang::Expr *node,
                    const char *description);
  /// A function of the program that runs there without being named.
  void runUnnamed(const clang::FunctionDecl &callee, const clang::Expr &node);
  bool isStillEmpty(const clang::Expr &object) const;
  void runsUnnamed(const clang::FunctionDecl &callee, const clang::Expr &node);
  /// A copy or assignment that is not written by hand.
  void runsCopies(const clang::CXXRecordDecl &record, const clang::Expr &node);
  void deletion(const clang::CXXDeleteExpr &expression);
  void creation(const clang::CXXNewExpr &expression);
  void temporaryEnds(const clang::Expr &expression);
  static bool mayBeLast(const clang::Expr *init);
  /// `auto [a, b] = x` may call functions to get at the parts.
  void bindings(const clang::DecompositionDecl &whole);
  /// A smart pointer is made with it, and may be the last that leads to its object.
  void deleterGiven(const clang::Expr &deleter, const clang::Expr &node);
  void constructUse(const clang::CXXConstructExpr &construct);
  template <class Arguments>
  void constructorCall(const clang::CXXConstructorDecl &constructor, const clang::Expr &node,
                       Arguments &&arguments);
  static bool isGuardType(clang::QualType type);
  /// `Timer();`, whose destructor runs at once.
  bool isThrownAway(const clang::Expr &expression) const;
  /// What is evaluated for it stands in another declaration, and is not followed.
  void defaultArgument(const clang::CXXDefaultArgExpr &argument);
  void destructorOf(const clang::VarDecl &variable);

  FunctionAnalysis &a;
  Facts &facts;
  llvm::DenseMap<const clang::RecordDecl *, bool> guarding;
};

} // namespace unlatch
