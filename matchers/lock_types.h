// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vocabulary of lock types: the standard library's, those of POSIX, and classes of the program
// that are seen to be locks.

#pragma once

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>
#include <vector>

namespace unlatch {

struct MutexType {
  bool shared = false;
  bool recursive = false;
  bool timed = false;
  /// A class of the program's own. Its methods say whether it is more than a lock.
  const clang::CXXRecordDecl *own = nullptr;
  /// It says of itself that it is a lock, by Clang's thread-safety annotations.
  bool annotated = false;
  /// A type of the C library, which functions lock.
  bool posix = false;
};

/// As long as it lives, its thread asks only once which classes of a translation unit are locks.
/// That one has to be complete.
class KnownLocks {
public:
  KnownLocks();
  KnownLocks(const KnownLocks &) = delete;
  KnownLocks &operator=(const KnownLocks &) = delete;
  ~KnownLocks();

private:
  friend std::optional<MutexType> mutexType(clang::QualType type);
  llvm::DenseMap<const clang::CXXRecordDecl *, std::optional<MutexType>> known;
};

/// std::mutex and its kin, and those of POSIX. Or a class of the program with a pair of methods
/// that lock and unlock, and that is annotated as a capability, or holds a lock of the system's or
/// an atomic.
std::optional<MutexType> mutexType(clang::QualType type);

/// pthread_cond_t.
bool isPosixCondition(clang::QualType type);

/// The members of the class itself that are mutexes, in order of declaration.
std::vector<const clang::FieldDecl *> mutexesOf(const clang::RecordDecl &record);

/// What calling a method of a mutex does to it.
enum class LockCall { None, Acquire, AcquireShared, Release, Try };
LockCall lockCall(const clang::CXXMethodDecl &method);

/// What a function of the C library does to the mutex that its first argument points to. Or, as a
/// condition variable's does, its second.
enum class PosixCall { None, Acquire, AcquireShared, Release, Try, Begin, End, Wait };
PosixCall posixCall(const clang::FunctionDecl &function);

/// The methods of a lock class of the program that run wherever it is locked or unlocked.
std::vector<const clang::CXXMethodDecl *> lockMethods(const clang::CXXRecordDecl &lock);
/// Those, and what runs where one is made and where it ends, as far as it is written by hand.
std::vector<const clang::CXXMethodDecl *> lockCode(const clang::CXXRecordDecl &lock);

/// Whether a method that locks is seen to take what its class holds, whatever has been before. If
/// it is not, it could let a thread in that holds it already.
bool alwaysLocks(const clang::FunctionDecl &method);

} // namespace unlatch
