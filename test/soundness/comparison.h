// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decides about a program, runs it before and after, and compares.

#pragma once

#include "interleavings.h"

#include <string>

namespace unlatch::soundness {

/// One for all that converts, and one for each field that may be converted alone.
std::vector<Rewrite> rewritesOf(const AbstractProgram &program);

struct Comparison {
  enum Outcome {
    Stays,     ///< nothing converts
    Undefined, ///< the original has a race or a deadlock, so nothing is promised
    TooLarge,
    Same,
    Wrong
  };
  Outcome outcome = Stays;
  int rewrites = 0;
  /// All that the rewritten program shows could be had by running one method after the other.
  bool isLinearizable = true;
  std::string complaint; ///< of what is wrong
};

class Comparer {
public:
  /// Of the program as it is decided.
  Comparison compare(const AbstractProgram &program) {
    return compare(program, rewritesOf(program));
  }
  Comparison compare(const AbstractProgram &program, const std::vector<Rewrite> &rewrites);

private:
  std::string wrongWith(const Behaviour &after, const Histories &before);

  Interleavings interleavings_;
};

/// The smallest program that is still wrong, got by leaving things out.
AbstractProgram reduced(AbstractProgram program);

} // namespace unlatch::soundness
