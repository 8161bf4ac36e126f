// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "comparison.h"

#include "program_facts.h"

#include "analysis/needed_locks.h"
#include "analysis/plan.h"

#include <algorithm>

namespace unlatch::soundness {

namespace {

Rewrite rewriteFor(const AbstractProgram &program, const WholeProgram &whole,
                   const Departures &leaving) {
  Rewrite rewrite;
  for (const auto &departure : leaving)
    rewrite.departed.insert(departure.first);
  for (const auto &[mutex, released] : releasedLocks(whole, leaving)) {
    const bool isFenced = leavesFences(whole, released, leaving);
    for (const ExpandedSection *section : released.dropped)
      for (std::size_t function = 0; function < program.functions.size(); ++function)
        if (program.functions[function].name == section->function->name) {
          const Place place{static_cast<int>(function), section->acquisition};
          rewrite.gone.insert(place);
          if (isFenced)
            rewrite.fenced.insert(place);
        }
  }
  return rewrite;
}

/// Leaves out one instruction, and makes those that jump land where they did.
void leaveOut(std::vector<Instruction> &body, std::size_t index) {
  body.erase(body.begin() + static_cast<std::ptrdiff_t>(index));
  for (Instruction &instruction : body)
    if ((instruction.isBranch() || instruction.kind == Instruction::Jump) &&
        instruction.target > static_cast<int>(index))
      --instruction.target;
}

/// A lock with all that releases it.
void leaveOutLock(std::vector<Instruction> &body, int acquisition) {
  for (std::size_t index = body.size(); index-- > 0;)
    if (body[index].kind <= Instruction::Unlock && body[index].acquisition == acquisition &&
        body[index].kind != Instruction::TryLock)
      leaveOut(body, index);
  for (Instruction &instruction : body)
    if (instruction.kind <= Instruction::Unlock && instruction.acquisition > acquisition)
      --instruction.acquisition;
}

/// All programs that are a step smaller.
std::vector<AbstractProgram> smaller(const AbstractProgram &program) {
  std::vector<AbstractProgram> result;
  auto changed = [&](auto change) {
    result.push_back(program);
    change(result.back());
  };
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    if (program.threads.size() > 2)
      changed([&](AbstractProgram &other) {
        other.threads.erase(other.threads.begin() + static_cast<std::ptrdiff_t>(thread));
      });
    for (std::size_t call = 0; call < program.threads[thread].size(); ++call)
      changed([&](AbstractProgram &other) {
        auto &calls = other.threads[thread];
        calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(call));
      });
  }
  for (std::size_t function = 0; function < program.functions.size(); ++function) {
    const auto &body = program.functions[function].body;
    if (!body.empty())
      changed([&](AbstractProgram &other) { other.functions[function].body.clear(); });
    for (std::size_t index = 0; index < body.size(); ++index) {
      const Instruction &instruction = body[index];
      if (instruction.kind == Instruction::Lock)
        changed([&](AbstractProgram &other) {
          leaveOutLock(other.functions[function].body, instruction.acquisition);
        });
      else if (instruction.kind != Instruction::Unlock &&
               instruction.kind != Instruction::TryLock &&
               (index == 0 || body[index - 1].kind != Instruction::TryLock)) // its test
        changed([&](AbstractProgram &other) { leaveOut(other.functions[function].body, index); });
      if (instruction.shared || instruction.copies || instruction.twice)
        changed([&](AbstractProgram &other) {
          Instruction &same = other.functions[function].body[index];
          same.shared = same.copies = same.twice = false;
        });
    }
  }
  for (std::size_t variable = 0; variable < kVariables; ++variable)
    if (program.initial[variable])
      changed([&](AbstractProgram &other) { other.initial[variable] = 0; });
  return result;
}

} // namespace

std::vector<Rewrite> rewritesOf(const AbstractProgram &program) {
  const Facts facts = factsOf(program);
  Departures all;
  for (const PlannedField &field : decide(facts, {}).fields)
    if (field.verdict == Verdict::Convert)
      all.emplace(field.id, field.strategy);
  if (all.empty())
    return {};
  const WholeProgram whole(facts);
  std::vector<Rewrite> rewrites{rewriteFor(program, whole, all)};
  if (all.size() > 1)
    for (const auto &departure : all)
      rewrites.push_back(rewriteFor(program, whole, {departure}));
  return rewrites;
}

std::string Comparer::wrongWith(const Behaviour &after, const Histories &before) {
  if (after.races)
    return "a race is new";
  if (after.deadlocks)
    return "a deadlock is new";
  if (after.usesDeleted)
    return "an object is used that was deleted";
  if (const History *history = before.unexplained(after.histories))
    return "this history is new:\n" + print(*history);
  return {};
}

Comparison Comparer::compare(const AbstractProgram &program, const std::vector<Rewrite> &rewrites) {
  Comparison result;
  if (rewrites.empty())
    return result;
  const std::optional<ThreadsCode> code = codeOf(program, {});
  if (!code) {
    result.outcome = Comparison::TooLarge;
    return result;
  }
  const Behaviour before = interleavings_.run(*code);
  if (before.races || before.deadlocks || before.usesDeleted || before.isTooLarge) {
    result.outcome = before.isTooLarge ? Comparison::TooLarge : Comparison::Undefined;
    return result;
  }
  const Histories sequential = interleavings_.sequential(*code);
  result.outcome = Comparison::Same;
  for (const Rewrite &rewrite : rewrites) {
    const Behaviour after = interleavings_.run(*codeOf(program, rewrite));
    if (after.isTooLarge) {
      result.outcome = Comparison::TooLarge;
      return result;
    }
    ++result.rewrites;
    if (sequential.unexplained(after.histories))
      result.isLinearizable = false;
    std::string complaint = wrongWith(after, before.histories);
    if (!complaint.empty()) {
      result.outcome = Comparison::Wrong;
      result.complaint = print(program, rewrite) + complaint;
      return result;
    }
  }
  return result;
}

AbstractProgram reduced(AbstractProgram program) {
  Comparer comparer;
  for (bool changed = true; changed;) {
    changed = false;
    for (AbstractProgram &other : smaller(program)) {
      if (comparer.compare(other).outcome != Comparison::Wrong)
        continue;
      program = std::move(other);
      changed = true;
      break;
    }
  }
  return program;
}

} // namespace unlatch::soundness
