// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// That the explorer sees what it is there to see.

#include "comparison.h"

#include <gtest/gtest.h>

namespace unlatch::soundness {
namespace {

Instruction one(Instruction::Kind kind, std::uint8_t variable = 0, std::uint8_t value = 0) {
  Instruction instruction;
  instruction.kind = kind;
  instruction.variable = variable;
  instruction.value = value;
  return instruction;
}

Instruction branch(Instruction::Kind kind, int target) {
  Instruction instruction = one(kind);
  instruction.target = target;
  return instruction;
}

std::vector<Instruction> locked(std::vector<Instruction> inside) {
  inside.insert(inside.begin(), one(Instruction::Lock));
  inside.push_back(one(Instruction::Unlock));
  return inside;
}

AbstractProgram program(std::vector<std::vector<Instruction>> bodies,
                        std::vector<std::vector<int>> threads) {
  AbstractProgram result;
  for (std::vector<Instruction> &body : bodies)
    result.functions.push_back(
        {"f" + std::to_string(result.functions.size()), std::move(body), false});
  result.threads = std::move(threads);
  return result;
}

Behaviour run(const AbstractProgram &program, const Rewrite &rewrite = {}) {
  return Interleavings().run(*codeOf(program, rewrite));
}

Comparison compare(const AbstractProgram &program, const Rewrite &rewrite) {
  return Comparer().compare(program, {rewrite});
}

const Instruction kPut = one(Instruction::Write, kItemA, 1);
const Instruction kLook = one(Instruction::Read, kItemA);

TEST(InterleavingsTest, MethodsUnderOneLockAreLinearizable) {
  const AbstractProgram both =
      program({locked({kLook, kPut}), locked({one(Instruction::Add, kCount), kLook})},
              {{0, 1}, {1, 0}, {1}});
  const Behaviour behaviour = run(both);
  EXPECT_FALSE(behaviour.races || behaviour.deadlocks);
  const Histories sequential = Interleavings().sequential(*codeOf(both, {}));
  EXPECT_EQ(sequential.unexplained(behaviour.histories), nullptr);
  EXPECT_EQ(behaviour.histories.unexplained(sequential), nullptr);
}

TEST(InterleavingsTest, OneOperationNeedsNoLock) {
  const AbstractProgram single = program({locked({kPut}), locked({kLook})}, {{0}, {1, 1}});
  const Comparison comparison = compare(single, {{{0, 0}, {1, 0}}, {"items"}});
  EXPECT_EQ(comparison.outcome, Comparison::Same) << comparison.complaint;
  EXPECT_TRUE(comparison.isLinearizable);
}

TEST(InterleavingsTest, TwoOperationsNeedIt) {
  const AbstractProgram two = program({locked({kLook, kPut})}, {{0}, {0}});
  const Comparison comparison = compare(two, {{{0, 0}}, {"items"}});
  EXPECT_EQ(comparison.outcome, Comparison::Wrong);
  EXPECT_NE(comparison.complaint.find("history is new"), std::string::npos);
}

TEST(InterleavingsTest, CheckOfAnAtomicThenInsertLosesAnElement) {
  const std::vector<Instruction> insert =
      locked({one(Instruction::Read, kStopped), branch(Instruction::BranchUnlessZero, 4), kPut});
  std::vector<Instruction> stop = locked({one(Instruction::ReadAll)});
  stop.insert(stop.begin(), one(Instruction::Write, kStopped, 1));
  const AbstractProgram lost = program({insert, stop}, {{0}, {1}});
  EXPECT_EQ(compare(lost, {{{0, 0}, {1, 0}}, {"items"}}).outcome, Comparison::Wrong);
}

TEST(InterleavingsTest, BareMemoryAfterTheActionIsANewRace) {
  const std::vector<Instruction> hit =
      locked({one(Instruction::Read, kCount), branch(Instruction::BranchUnlessZero, 4),
              one(Instruction::Write, kNames, 1)});
  std::vector<Instruction> stop = locked({one(Instruction::Write, kCount, 1)});
  stop.push_back(one(Instruction::Read, kNames));
  const Comparison comparison = compare(program({hit, stop}, {{0}, {1}}), {{{1, 0}}, {"count"}});
  EXPECT_EQ(comparison.outcome, Comparison::Wrong);
  EXPECT_NE(comparison.complaint.find("race is new"), std::string::npos);
}

TEST(InterleavingsTest, ReadersShareALockAndWritersDoNot) {
  std::vector<Instruction> reads = locked({one(Instruction::Read, kNames)});
  std::vector<Instruction> writes = locked({one(Instruction::Write, kNames, 1)});
  EXPECT_FALSE(run(program({reads, writes}, {{0}, {1}})).races);
  reads.front().shared = true;
  EXPECT_FALSE(run(program({reads, writes}, {{0}, {1}})).races);
  writes.front().shared = true;
  EXPECT_TRUE(run(program({reads, writes}, {{0}, {1}})).races);
}

TEST(InterleavingsTest, LocksInOppositeOrderBlockEachOther) {
  auto nested = [](std::uint8_t outer) {
    std::vector<Instruction> body = {one(Instruction::Lock), one(Instruction::Lock), kPut,
                                     one(Instruction::Unlock), one(Instruction::Unlock)};
    body[0].mutex = body[4].mutex = outer;
    body[1].mutex = body[2].mutex = body[3].mutex = static_cast<std::uint8_t>(1 - outer);
    body[1].acquisition = body[3].acquisition = 1;
    return body;
  };
  EXPECT_FALSE(run(program({nested(0), nested(0)}, {{0}, {1}})).deadlocks);
  EXPECT_TRUE(run(program({nested(0), nested(1)}, {{0}, {1}})).deadlocks);
}

TEST(InterleavingsTest, FencesAreForWeakStoresWhatLocksWere) {
  // Neither sees what the other has written.
  std::vector<Instruction> look = locked({kLook}), put = locked({kPut});
  look.insert(look.begin(), one(Instruction::Write, kFlag, 1));
  look.front().weak = true;
  put.push_back(one(Instruction::Read, kFlag));
  const AbstractProgram both = program({look, put}, {{0}, {1}});
  Rewrite rewrite{{{0, 0}, {1, 0}}, {"items"}};
  EXPECT_EQ(compare(both, rewrite).outcome, Comparison::Wrong);
  rewrite.fenced = {{0, 0}};
  EXPECT_EQ(compare(both, rewrite).outcome, Comparison::Same);
}

TEST(InterleavingsTest, OrderOfCallsThatDoNotOverlapCounts) {
  // A weak store is seen late: nothing but real time tells that the call had returned.
  AbstractProgram strong =
      program({{one(Instruction::Write, kFlag, 1)}, {one(Instruction::Read, kFlag)}}, {{0}, {1}});
  AbstractProgram weak = strong;
  weak.functions[0].body[0].weak = true;
  const Behaviour before = run(strong), after = run(weak);
  const History *late = before.histories.unexplained(after.histories);
  ASSERT_NE(late, nullptr);
  History withoutOrder = *late;
  withoutOrder.returnedBefore = 0;
  EXPECT_TRUE(before.histories.explain(withoutOrder));
}

} // namespace
} // namespace unlatch::soundness
