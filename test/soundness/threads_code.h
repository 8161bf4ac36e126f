// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An abstract program made ready to run: calls are inlined, locks that are gone are left out.

#pragma once

#include "abstract_program.h"

#include <optional>

namespace unlatch::soundness {

/// One instruction of a thread.
struct Code {
  enum Kind : std::uint8_t {
    Begin, ///< of a method, where its thread calls it
    End,
    Acquire,
    TryAcquire,
    Release,
    Fence, ///< of a lock that is gone
    Read,
    ReadAll,
    Write,
    Add,
    Erase,
    ReadPointee,
    WritePointee,
    BranchIfZero,
    BranchUnlessZero,
    Jump,
    Stop
  };
  Kind kind = Stop;
  std::uint8_t variable = 0;
  std::uint8_t value = 0;
  std::uint8_t mutex = 0;
  std::uint8_t target = 0;
  bool shared = false;
  bool copies = false;
  bool weak = false;
  bool synchronised = false; ///< an operation or an atomic, which races with nothing

  bool isAccess() const { return kind >= Read && kind <= WritePointee; }
};

struct ThreadsCode {
  std::vector<std::vector<Code>> threads;
  std::array<std::uint8_t, kVariables> initial{};
  std::array<bool, kMutexes> recursive{};
  bool elementsOwn = true;
  bool triesLocks = false; ///< so that others can see whether a lock is held
};

/// Of the program as it is rewritten. Nothing if it is too long for the interleavings to be
/// counted.
std::optional<ThreadsCode> codeOf(const AbstractProgram &program, const Rewrite &rewrite);

} // namespace unlatch::soundness
