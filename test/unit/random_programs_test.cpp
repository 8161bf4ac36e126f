// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small random programs, decided by the analysis and then run in every interleaving, before and
// after: what the rewritten program can show, the original could show too, and no race is new.

#include "facts_builder.h"

#include "analysis/needed_locks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

namespace unlatch::test {
namespace {

/// One indivisible step of a thread.
struct Instruction {
  enum Kind { Lock, Unlock, Read, Write, Add } kind = Read;
  int which = 0; ///< of the locks or variables
  int value = 0; ///< to write
  Location lock; ///< the place where it is taken, for Lock and Unlock
};

struct Function {
  std::string name;
  std::vector<Instruction> body;
};

constexpr int kLocks = 2;
constexpr int kVariables = 5;
const char *const kLockNames[kLocks] = {"mu", "nu"};
/// Two that can leave, two that can't, and an atomic.
const char *const kVariableNames[kVariables] = {"map", "count", "names", "lines", "flag"};
constexpr int kAtomic = 4;

/// All that a program can show, found by running every interleaving.
class Explorer {
public:
  Explorer(std::vector<std::vector<Instruction>> threads, std::set<int> synchronised)
      : threads_(std::move(threads)), synchronised_(std::move(synchronised)) {}

  void run() {
    State state;
    state.next.assign(threads_.size(), 0);
    state.seen.resize(threads_.size());
    visit(state);
  }

  std::set<std::vector<int>> outcomes;
  bool races = false;
  bool deadlocks = false;

private:
  struct State {
    std::vector<std::size_t> next;
    std::vector<int> owner = std::vector<int>(kLocks, -1);
    std::vector<int> values = std::vector<int>(kVariables, 0);
    std::vector<std::vector<int>> seen; ///< what each thread has read
    auto operator<=>(const State &) const = default;
  };

  const Instruction *nextOf(const State &state, std::size_t thread) const {
    return state.next[thread] < threads_[thread].size() ? &threads_[thread][state.next[thread]]
                                                        : nullptr;
  }

  bool conflict(const Instruction *left, const Instruction *right) const {
    auto isAccess = [](const Instruction *each) {
      return each && each->kind != Instruction::Lock && each->kind != Instruction::Unlock;
    };
    return isAccess(left) && isAccess(right) && left->which == right->which &&
           !synchronised_.contains(left->which) &&
           (left->kind != Instruction::Read || right->kind != Instruction::Read);
  }

  void visit(const State &state) {
    if (!visited_.insert(state).second)
      return;
    bool moved = false;
    for (std::size_t thread = 0; thread < threads_.size(); ++thread) {
      const Instruction *instruction = nextOf(state, thread);
      for (std::size_t other = 0; other < thread; ++other)
        races = races || conflict(instruction, nextOf(state, other));
      if (!instruction)
        continue;
      const auto which = static_cast<std::size_t>(instruction->which);
      State after = state;
      ++after.next[thread];
      switch (instruction->kind) {
      case Instruction::Lock:
        if (state.owner[which] >= 0)
          continue;
        after.owner[which] = static_cast<int>(thread);
        break;
      case Instruction::Unlock:
        after.owner[which] = -1;
        break;
      case Instruction::Read:
        after.seen[thread].push_back(state.values[which]);
        break;
      case Instruction::Write:
        after.values[which] = instruction->value;
        break;
      case Instruction::Add:
        after.seen[thread].push_back(++after.values[which]);
        break;
      }
      moved = true;
      visit(after);
    }
    if (moved)
      return;
    std::vector<int> outcome = state.values;
    for (std::size_t thread = 0; thread < threads_.size(); ++thread) {
      outcome.push_back(-1);
      deadlocks = deadlocks || nextOf(state, thread);
      outcome.insert(outcome.end(), state.seen[thread].begin(), state.seen[thread].end());
    }
    outcomes.insert(outcome);
  }

  std::vector<std::vector<Instruction>> threads_;
  std::set<int> synchronised_;
  std::set<State> visited_;
};

class RandomProgram {
public:
  explicit RandomProgram(unsigned seed) : random_(seed) {
    barely_ = 3 + pick(6);
    mostly_ = 2 + pick(4);
    program_.mutex("mu");
    program_.mutex("nu");
    program_.map("map");
    program_.scalar("count");
    program_.field("names", TypeClass::Other);
    program_.field("lines", TypeClass::Other);
    program_.atomic("flag");
    for (int index = 0; index < 4; ++index)
      addFunction("f" + std::to_string(index));
    // Each thread calls one function or two.
    for (int thread = 0; thread < 2 + pick(2); ++thread) {
      calls_.emplace_back();
      for (int call = 0; call < 1 + pick(2); ++call)
        calls_.back().push_back(pick(4));
    }
  }

  Facts facts() const { return program_.finish(); }

  /// What the threads run if the locks taken at these places are gone.
  std::vector<std::vector<Instruction>> threads(const std::set<Location> &gone) const {
    std::vector<std::vector<Instruction>> result;
    for (const auto &calls : calls_) {
      result.emplace_back();
      for (int call : calls)
        for (const Instruction &instruction : functions_[static_cast<std::size_t>(call)].body)
          if (!gone.contains(instruction.lock) || instruction.lock == Location{})
            result.back().push_back(instruction);
    }
    return result;
  }

private:
  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  void addFunction(const std::string &name) {
    FunctionBuilder &builder = program_.function(name);
    Function function{name, {}};
    std::vector<std::pair<int, Location>> held;
    const bool isBare = pick(barely_) == 0;
    auto lock = [&](int which) {
      builder.lock(kLockNames[which]);
      const Location where = builder.acquisition(builder.fact().acquisitions.size() - 1).where;
      held.emplace_back(which, where);
      function.body.push_back({Instruction::Lock, which, 0, where});
    };
    auto unlock = [&] {
      builder.unlock();
      function.body.push_back({Instruction::Unlock, held.back().first, 0, held.back().second});
      held.pop_back();
    };
    if (!isBare)
      lock(pick(mostly_) == 0 ? 1 : 0);
    for (int step = 0; step < 1 + pick(3); ++step) {
      const int nested = 1 - (held.empty() ? 0 : held.front().first);
      if (held.size() == 1 && pick(5) == 0)
        lock(nested);
      else if (held.size() == 2 && pick(2) == 0)
        unlock();
      access(builder, function, pick(kVariables));
    }
    while (!held.empty())
      unlock();
    functions_.push_back(function);
  }

  void access(FunctionBuilder &builder, Function &function, int which) {
    const int value = ++nextValue_ * 10;
    const std::string name = kVariableNames[which];
    const int kind = pick(3);
    Instruction instruction{Instruction::Read, which, value, {}};
    if (which == 0) {
      kind ? builder.load(name) : builder.store(name);
      instruction.kind = kind ? Instruction::Read : Instruction::Write;
    } else if (which == 1) {
      kind == 0 ? builder.get(name) : kind == 1 ? builder.set(name) : builder.add(name);
      instruction.kind = kind == 0   ? Instruction::Read
                         : kind == 1 ? Instruction::Write
                                     : Instruction::Add;
    } else {
      kind ? builder.read(name) : builder.write(name);
      instruction.kind = kind ? Instruction::Read : Instruction::Write;
    }
    function.body.push_back(instruction);
  }

  std::mt19937 random_;
  ProgramBuilder program_;
  std::vector<Function> functions_;
  std::vector<std::vector<int>> calls_;
  int nextValue_ = 0;
  int barely_ = 0; ///< one function in so many takes no lock
  int mostly_ = 0; ///< one in so many takes the other lock
};

/// The places of the locks that go if these fields leave.
std::set<Location> lockless(const Facts &facts, const Departures &leaving) {
  std::set<Location> places;
  const WholeProgram whole(facts);
  for (const auto &[mutex, released] : releasedLocks(whole, leaving))
    for (const ExpandedSection *section : released.dropped)
      places.insert(section->lock().where);
  return places;
}

/// UNLATCH_RANDOM_PROGRAMS asks for another number than the usual.
unsigned programsToTry() {
  const char *text = std::getenv("UNLATCH_RANDOM_PROGRAMS");
  return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 4000;
}

TEST(RandomProgramsTest, NothingNewCanBeObserved) {
  int converted = 0, compared = 0;
  const unsigned programs = programsToTry();
  for (unsigned seed = 0; seed < programs; ++seed) {
    const RandomProgram program(seed);
    const Facts facts = program.facts();
    Departures all;
    for (const PlannedField &field : decide(facts, {}).fields)
      if (field.verdict == Verdict::Convert)
        all.emplace(field.id, field.strategy);
    if (all.empty())
      continue;
    ++converted;
    Explorer before(program.threads({}), {kAtomic});
    before.run();
    // What a race means is undefined, so nothing is promised; and a thread may well get further
    // before it stops for good.
    if (before.races || before.deadlocks)
      continue;
    // Any part of what converts may be applied alone.
    std::vector<Departures> selections{all};
    if (all.size() > 1)
      for (const auto &departure : all)
        selections.push_back({departure});
    for (const Departures &leaving : selections) {
      ++compared;
      std::set<int> synchronised{kAtomic};
      for (int variable = 0; variable < kVariables; ++variable)
        if (leaving.contains(kVariableNames[variable]))
          synchronised.insert(variable);
      Explorer after(program.threads(lockless(facts, leaving)), synchronised);
      after.run();
      EXPECT_FALSE(after.deadlocks) << "seed " << seed;
      EXPECT_FALSE(after.races) << "seed " << seed << "\n" << print(decide(facts, {}));
      EXPECT_TRUE(std::includes(before.outcomes.begin(), before.outcomes.end(),
                                after.outcomes.begin(), after.outcomes.end()))
          << "seed " << seed << "\n"
          << print(decide(facts, {}));
      if (testing::Test::HasFailure())
        return;
    }
  }
  // Otherwise the comparison would say little.
  EXPECT_GT(compared, static_cast<int>(programs / 10));
  RecordProperty("converted", converted);
  RecordProperty("compared", compared);
}

} // namespace
} // namespace unlatch::test
