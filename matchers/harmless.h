// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vocabulary of calls that do nothing another thread could observe or wait for. A positive
// list: what is not on it counts as an unknown call.

#pragma once

#include "clang/AST/Decl.h"

namespace unlatch {

/// A function of the standard library or the system that touches nothing but its arguments, the
/// heap, or output that nobody reads back.
bool isHarmless(const clang::FunctionDecl *callee);

/// A call that by its name writes to a log: `logger.info(...)`, `log_debug(...)`.
bool isLogging(const clang::FunctionDecl *callee);

/// The callee runs what is passed to it before it returns, and in this thread.
bool callsAtOnce(const clang::FunctionDecl *callee);

} // namespace unlatch
