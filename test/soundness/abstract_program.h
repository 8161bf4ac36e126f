// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small programs that have nothing but what the rules are about: methods that lock, use a few
// variables, decide by what they have read, and call each other; threads that call the methods.

#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace unlatch::soundness {

/// What there is to use. A program uses some of it.
enum Variable : std::uint8_t {
  kItemA, ///< the two keys of one map
  kItemB,
  kCount, ///< scalars, which can leave
  kLimit,
  kNames, ///< memory that stays
  kLines,
  kFlag, ///< atomics
  kStopped,
  kFirstStatus, ///< of the two objects that values of the map can point to
  kSecondStatus,
  kWorld, ///< what unknown code does things to
  kVariables
};

inline constexpr int kMutexes = 2;
inline constexpr int kMostThreads = 3;
inline constexpr int kMostCalls = 3; ///< of one thread
/// Values are small: 0 is "absent", "false", "null"; 15 is an object that was deleted.
inline constexpr std::uint8_t kDeleted = 15;

struct Instruction {
  enum Kind : std::uint8_t {
    Lock,
    TryLock, ///< reads whether it succeeded
    Unlock,  ///< if it is held: a lock may have been taken on some paths only
    Read,
    ReadAll, ///< of the map
    Write,
    Add,
    Erase,
    ReadPointee, ///< of the object that was read last
    WritePointee,
    Unknown,  ///< a call into code that is not seen
    Callback, ///< the same, and it calls a function of the program
    Call,
    BranchIfZero, ///< if what was read last is zero; to a later instruction
    BranchUnlessZero,
    Jump,
    Return ///< which releases what the function has locked
  };
  Kind kind = Read;
  std::uint8_t variable = 0;
  std::uint8_t value = 0;
  std::uint8_t mutex = 0;
  int target = 0;      ///< of a branch, or the function called
  int acquisition = 0; ///< for Lock, TryLock, Unlock: which one of the function
  bool shared = false; ///< of Lock: the mode
  bool copies = false; ///< of Write: what was read last is added
  bool weak = false;   ///< of Write to an atomic: not sequentially consistent
  bool twice = false;  ///< in a loop, which runs twice

  bool isBranch() const { return kind == BranchIfZero || kind == BranchUnlessZero; }
  bool isAccess() const { return kind >= Read && kind <= WritePointee; }
  bool yieldsValue() const {
    return kind != Write && kind != WritePointee && kind != Lock && kind != Unlock &&
           kind < Callback;
  }
};

struct Function {
  std::string name;
  std::vector<Instruction> body;
  bool isCallback = false; ///< its address is taken
};

enum class MutexKind : std::uint8_t { Plain, Shared, Recursive };

struct AbstractProgram {
  std::vector<Function> functions;
  std::vector<std::vector<int>> threads; ///< the functions that each calls, in order
  std::array<MutexKind, kMutexes> mutexes{};
  std::array<std::uint8_t, kVariables> initial{};
  bool elementsOwn = true; ///< the map owns what it points to
  bool atomicStatus = false;
  bool worldIsPlain = false; ///< unknown code relies on its callers' locks

  bool uses(Instruction::Kind kind) const;
};

/// A place where a lock is taken: function and acquisition, by index.
using Place = std::pair<int, int>;

/// What a rewrite does to a program.
struct Rewrite {
  std::set<Place> gone;           ///< locks
  std::set<std::string> departed; ///< fields
  std::set<Place> fenced{};       ///< locks that are gone, for which there are fences now
};

/// The body on one of its paths: the instructions in the order in which they run, by index. What a
/// return releases stands there as the index of the Lock, negative and less one.
std::vector<std::vector<int>> walks(const Function &function);

bool isAtomic(const AbstractProgram &program, std::uint8_t variable);
std::string fieldOf(std::uint8_t variable);
const char *nameOfMutex(int mutex);

/// For people: as code, without the locks that are gone.
std::string print(const AbstractProgram &program, const Rewrite &rewrite = {});

} // namespace unlatch::soundness
