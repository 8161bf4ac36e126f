// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What leaves if not all can.

#include "facts_builder.h"

#include "analysis/choice.h"

#include <gtest/gtest.h>

namespace unlatch::test {
namespace {

TEST(ChoiceTest, MapBeforeItsMissCounter) {
  ProgramBuilder program;
  program.mutex("mu");
  program.map("entries");
  program.scalar("misses");
  program.function("get")
      .lock("mu")
      .branch()
      .load("entries")
      .unlock()
      .otherwise()
      .load("entries")
      .add("misses")
      .unlock();
  program.function("put").lock("mu").store("entries").unlock();
  program.function("count").lock("mu").get("misses").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "entries"), Verdict::Convert);
  EXPECT_EQ(verdictOf(plan, "misses"), Verdict::Keep);
  EXPECT_EQ(reasonsOf(plan, "misses"), "spans-fields");
  const PlannedMutex *mutex = findMutex(plan, "mu");
  EXPECT_FALSE(mutex->remove);
  EXPECT_EQ(mutex->stillGuards, std::vector<std::string>{"misses"});
  EXPECT_EQ(mutex->sectionsDropped, 1);
  EXPECT_EQ(mutex->sectionsLeft, 2);
}

TEST(ChoiceTest, TwoMapsInStep) {
  ProgramBuilder program;
  program.mutex("mu");
  program.map("byName");
  program.map("byId");
  program.function("bind").lock("mu").store("byName").store("byId").unlock();
  program.function("idOf").lock("mu").load("byName").unlock();
  program.function("nameOf").lock("mu").load("byId").unlock();
  const Plan plan = program.decide();
  EXPECT_NE(verdictOf(plan, "byName") == Verdict::Convert,
            verdictOf(plan, "byId") == Verdict::Convert);
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
}

TEST(ChoiceTest, MoreSectionsWin) {
  ProgramBuilder program;
  program.mutex("mu");
  program.map("a");
  program.map("b");
  program.function("both").lock("mu").store("a").store("b").unlock();
  program.function("a1").lock("mu").load("a").unlock();
  program.function("b1").lock("mu").load("b").unlock();
  program.function("b2").lock("mu").load("b").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "a"), Verdict::Keep);
  EXPECT_EQ(verdictOf(plan, "b"), Verdict::Convert);
}

TEST(ChoiceTest, NothingWonIfEverySectionKeepsItsLock) {
  ProgramBuilder program;
  program.mutex("mu");
  program.map("a");
  program.map("b");
  program.function("both").lock("mu").store("a").store("b").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "a"), Verdict::Keep);
  EXPECT_EQ(verdictOf(plan, "b"), Verdict::Keep);
  EXPECT_EQ(reasonsOf(plan, "a"), "spans-fields");
  EXPECT_EQ(reasonsOf(plan, "b"), "spans-fields");
}

TEST(ChoiceTest, FieldsOfTwoMutexesHeldTogether) {
  ProgramBuilder program;
  program.mutex("mu");
  program.mutex("nu");
  program.map("a");
  program.map("b");
  program.function("both").lock("mu").lock("nu").store("a").store("b").unlock().unlock();
  program.function("a1").lock("mu").load("a").unlock();
  program.function("a2").lock("mu").load("a").unlock();
  program.function("b1").lock("nu").load("b").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "a"), Verdict::Convert);
  EXPECT_EQ(verdictOf(plan, "b"), Verdict::Keep);
}

TEST(ChoiceTest, TwoLocksThatOneDeclarationTakes) {
  ProgramBuilder program;
  program.mutex("mu");
  program.mutex("nu");
  program.map("a");
  program.map("b");
  // Only one of the two can be taken out of the declaration.
  FunctionBuilder &both = program.function("both").lock("mu").lock("nu");
  both.acquisition(0).removal.edits = {{"/p/program.cpp", 9000, 4, ""}};
  both.acquisition(1).removal.edits = {{"/p/program.cpp", 9002, 4, ""}};
  both.branch().store("a").unlock().unlock().otherwise().store("b").unlock().unlock();
  program.function("a1").lock("mu").load("a").unlock();
  program.function("b1").lock("nu").load("b").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "a"), Verdict::Convert);
  EXPECT_EQ(verdictOf(plan, "b"), Verdict::Convert);
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
  EXPECT_FALSE(findMutex(plan, "nu")->remove);
}

TEST(ChoiceTest, ExactSearchBeatsGreed) {
  // The best alone, 1, rules out two that are better together.
  const std::vector<Benefit> benefits = {{0, 3, 0}, {0, 4, 0}, {0, 3, 0}, {0, 1, 0}};
  Rivalries rivalries;
  rivalries[{0, 1}];
  rivalries[{1, 2}];
  EXPECT_EQ(bestIndependentSet(benefits, rivalries), (std::vector<std::size_t>{0, 2, 3}));
}

TEST(ChoiceTest, TiesGoToTheFirst) {
  Rivalries rivalries;
  rivalries[{0, 1}];
  EXPECT_EQ(bestIndependentSet({{1, 2, 0}, {1, 2, 0}}, rivalries), std::vector<std::size_t>{0});
}

TEST(ChoiceTest, ManyRivalsAreChosenGreedily) {
  std::vector<Benefit> benefits;
  Rivalries rivalries;
  for (std::size_t index = 0; index < 20; ++index) {
    benefits.push_back({0, static_cast<int>(index % 2) + 1, 0});
    if (index > 0)
      rivalries[{index - 1, index}];
  }
  const auto chosen = bestIndependentSet(benefits, rivalries);
  EXPECT_EQ(chosen.size(), 10U);
  EXPECT_EQ(chosen.front(), 1U);
}

TEST(ChoiceTest, PhasesByWeightOfSections) {
  ProgramBuilder program;
  program.mutex("mu", "A");
  program.mutex("nu", "B");
  program.mutex("xu", "C");
  program.map("writes", "A");
  program.map("reads", "B");
  program.map("alike", "C");
  program.function("w1").lock("mu").store("writes").unlock();
  program.function("w2").lock("mu").erase("writes").unlock();
  program.function("r1").shared("nu").load("reads").unlock();
  program.function("r2").lock("nu").store("reads").unlock();
  program.function("x1").lock("xu").store("alike").unlock();
  program.function("x2").lock("xu").erase("alike").unlock();
  const Plan plan = program.decide();
  ASSERT_EQ(plan.fields.size(), 3U);
  EXPECT_EQ(plan.fields[0].id, "reads");
  EXPECT_EQ(plan.fields[1].id, "alike");
  EXPECT_EQ(plan.fields[2].id, "writes");
  EXPECT_EQ(plan.fields[2].phase, 3);
}

} // namespace
} // namespace unlatch::test
