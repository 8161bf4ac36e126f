// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vocabulary of calls that do nothing another thread could observe or wait for. A positive
// list: what is not on it counts as an unknown call.

#pragma once

#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"

#include <vector>

namespace unlatch {

/// A function of the standard library or the system that touches nothing but its arguments, the
/// heap, or output that nobody reads back.
bool isHarmless(const clang::FunctionDecl *callee);

/// It tells the time: what it returns never goes back, so that who reads it first is seen.
bool readsClock(const clang::FunctionDecl *callee);

/// The constructors of the program's own classes that a function of the standard library runs:
/// std::make_shared<T> and the like. Which of T's is not seen, so all of them count.
std::vector<const clang::CXXConstructorDecl *> constructorsRunBy(const clang::FunctionDecl *callee);

/// The destructors of the program's own classes that destroying a value of this type may run.
/// Copies of shared pointers only run them if they are the last: `owners` says whether to count.
std::vector<const clang::CXXDestructorDecl *> destructorsRunBy(clang::QualType type, bool owners);

/// The default constructor of a class, if it is written by hand, or does more than give its members
/// their values.
const clang::CXXConstructorDecl *defaultConstructor(clang::QualType type);

/// A constructor that is seen to do nothing but give its members their values. One that is not
/// written by hand is seen where it is used.
bool onlyInitialises(const clang::CXXConstructorDecl *constructor);

/// A function of the C library that gives back what its argument names. In a destructor that is
/// what the object has held, which nobody else may use by then.
bool givesBack(const clang::FunctionDecl *callee);

/// A call that by its name writes to a log: `logger.info(...)`, `log_debug(...)`.
bool isLogging(const clang::FunctionDecl *callee);

/// The callee runs what is passed to it before it returns, and in this thread.
bool callsAtOnce(const clang::FunctionDecl *callee);

} // namespace unlatch
