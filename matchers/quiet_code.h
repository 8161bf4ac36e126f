// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code that does nothing but look at the objects that it is given, and change these: who may use
// the objects may run it.

#pragma once

#include "matchers/used_types.h"

#include <vector>

namespace unlatch {

/// Seen in its body, and in those of the functions that it calls.
bool isQuiet(const clang::FunctionDecl &function);

/// The functions of the program that a call of one of the library's may run without their being
/// named, but for the quiet ones and for lambdas, which are arguments.
std::vector<const clang::FunctionDecl *> runByLibrary(const clang::FunctionDecl &callee);

/// What a copy or assignment runs that is not written by hand, but for what is quiet.
std::vector<const clang::FunctionDecl *> runByCopying(const clang::CXXRecordDecl &record);

/// Destructors and deleters, but for the quiet ones, that run when a value of the type ends;
/// `owners` says whether it may be the last that leads to what it shares.
std::vector<const clang::FunctionDecl *> runByEnding(clang::QualType type, bool owners);

} // namespace unlatch
