// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs every interleaving of a few threads. Steps that commute with whatever other threads do are
// run together with their neighbours: releases with what stands before them, acquisitions with what
// stands behind (Lipton, "Reduction: a method of proving properties of parallel programs", CACM
// 1975). Either only brings calls that do not overlap further apart, so no history is lost that
// another does not subsume; and deadlocks are kept, because two acquisitions are never one step.

#pragma once

#include "history.h"
#include "threads_code.h"

namespace unlatch::soundness {

struct Behaviour {
  Histories histories;
  bool races = false;
  bool deadlocks = false;
  bool usesDeleted = false;
  bool isTooLarge = false;
};

class Interleavings {
public:
  /// Stops at the first thing that is wrong.
  Behaviour run(const ThreadsCode &code);
  /// The histories in which calls never overlap: each runs as a whole, in any order that keeps that
  /// of each thread. A program all of whose histories these explain is linearizable, with its
  /// methods for operations (Wing, Gong, "Testing and verifying concurrent objects", JPDC 1993).
  Histories sequential(const ThreadsCode &code);

private:
  struct State {
    History seen;
    std::uint64_t buffers = 0; ///< stores on their way to memory
    std::array<std::uint8_t, kMostThreads> next{};
    std::array<std::uint8_t, kMutexes> owner{}; ///< thread + 1, or none
    std::array<std::uint8_t, kMutexes> depth{};
    std::array<std::uint8_t, kMutexes> sharers{}; ///< a bit a thread
    std::uint8_t returned = 0;                    ///< calls of each thread, two bits each
    bool operator==(const State &) const = default;
  };
  /// What a thread would access next, and under which lock that it takes in the same step.
  struct Next {
    const Code *access = nullptr;
    const Code *lock = nullptr;
  };

  bool insert(const State &state);
  void visit(const State &state);
  bool isFree(const State &state, std::size_t thread, const Code &acquire) const;
  std::size_t position(const State &state, std::size_t thread) const;
  Next next(const State &state, std::size_t thread) const;
  bool conflict(const State &state, const std::array<Next, kMostThreads> &nexts) const;
  static unsigned place(const State &state, std::size_t thread, const Code &access);
  bool step(State &state, std::size_t thread);
  void callEach(const State &state);
  void access(State &state, std::size_t thread, const Code &code);
  bool runsOn(State &state, std::size_t thread) const;

  // Weak stores, as a processor of the x86 kind delays them: in order, past later loads. Sewell and
  // others, "x86-TSO", CACM 2010.
  static unsigned bufferOf(const State &state, std::size_t thread);
  static void setBuffer(State &state, std::size_t thread, unsigned buffer);
  static bool flushOne(State &state, std::size_t thread);
  static void flush(State &state, std::size_t thread);
  static std::uint8_t load(const State &state, std::size_t thread, unsigned variable);
  static void store(State &state, unsigned variable, std::uint8_t value);
  static void observe(State &state, std::size_t thread, std::uint8_t value);

  const ThreadsCode *code_ = nullptr;
  Behaviour behaviour_;
  std::vector<State> work_;
  // A set of states that is emptied by counting up.
  std::vector<State> slots_;
  std::vector<unsigned> rounds_;
  unsigned round_ = 0;
  std::size_t count_ = 0;
};

} // namespace unlatch::soundness
