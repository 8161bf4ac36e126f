// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vocabulary of guards, whose objects hold a lock as long as they live: the standard library's,
// and classes of the program that are seen to be guards.

#pragma once

#include "matchers/lock_types.h"

namespace unlatch {

/// std::lock_guard and its kin. Only these have methods that lock and unlock in between.
bool isStandardGuard(clang::QualType type);

/// One of those, or a class of the program that unlocks in its destructor what one of its
/// constructors has locked, and does nothing besides. Or that holds one of the standard library's,
/// and nothing else.
bool isGuard(clang::QualType type);

/// How a guard that is made like this takes its mutex: None if it is not seen to take it. Tags of
/// the standard library's guards, such as std::defer_lock, are not looked at.
LockCall takenBy(const clang::CXXConstructExpr &construct);

} // namespace unlatch
