// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Entry locksets, and which mutex guards what.

#include "facts_builder.h"

#include "analysis/paths.h"
#include "analysis/whole_program.h"

#include <gtest/gtest.h>

namespace unlatch::test {
namespace {

Lockset entryOf(const ProgramBuilder &program, const std::string &function) {
  const Facts facts = program.finish();
  const Program calls(facts);
  return Locksets(calls).atEntry(function);
}

FieldGuard guardOf(const ProgramBuilder &program, const std::string &field) {
  const Facts facts = program.finish();
  const WholeProgram whole(facts);
  FieldGuard guard = whole.guards.of(field);
  // The functions go with `facts`; only the numbers are of interest.
  for (auto *sites : {&guard.accesses, &guard.bare, &guard.unshared, &guard.unidentified})
    for (AccessSite &site : *sites)
      site.function = nullptr;
  return guard;
}

TEST(PathsTest, CallsRenameObjects) {
  Call call;
  call.base = "this->broker_";
  call.arguments = {"this", "local", "local:p"};
  EXPECT_EQ(inCallee("this->broker_->mu", call),
            (std::vector<std::string>{"this->mu", "param:0->broker_->mu"}));
  EXPECT_EQ(inCallee("", call), std::vector<std::string>{""});
  EXPECT_TRUE(inCallee("local:q", call).empty());
  EXPECT_TRUE(inCallee("?", call).empty());
  EXPECT_EQ(inCaller("this->x", call, "7"), "this->broker_->x");
  EXPECT_EQ(inCaller("param:0", call, "7"), "this");
  EXPECT_EQ(inCaller("param:1", call, "7"), "local");
  EXPECT_EQ(inCaller("param:1->next", call, "7"), "?");
  EXPECT_EQ(inCaller("param:2->next", call, "7"), "local:p->next");
  EXPECT_EQ(inCaller("param:9", call, "7"), "?");
  EXPECT_EQ(inCaller("local:x", call, "7"), "local:7/x");
  EXPECT_EQ(parameterOf("param:12"), 12);
  EXPECT_EQ(parameterOf("param:1->x"), -1);
  EXPECT_FALSE(leadsFrom("param:10", "param:1"));
  EXPECT_FALSE(identifiesObject("pointee->x"));
}

TEST(LocksetsTest, IntersectionOverAllCallers) {
  ProgramBuilder program;
  program.function("one").lock("mu").lock("nu").call("helper").unlock().unlock();
  program.function("two").lock("mu").call("helper").unlock();
  program.function("helper").read("x");
  EXPECT_EQ(entryOf(program, "helper"), (Lockset{{"mu", "this", Mode::Exclusive}}));
}

TEST(LocksetsTest, SharedIsWeakerThanExclusive) {
  ProgramBuilder program;
  program.function("one").shared("mu").call("helper").unlock();
  program.function("two").lock("mu").call("helper").unlock();
  program.function("helper").read("x");
  EXPECT_EQ(entryOf(program, "helper"), (Lockset{{"mu", "this", Mode::Shared}}));
}

TEST(LocksetsTest, ThroughHelpersAndParameters) {
  ProgramBuilder program;
  program.function("outer").lock("mu").call("free", "", {"this"}).unlock();
  program.function("free").call("method", "param:0");
  program.function("method").read("x");
  EXPECT_EQ(entryOf(program, "free"), (Lockset{{"mu", "param:0", Mode::Exclusive}}));
  EXPECT_EQ(entryOf(program, "method"), (Lockset{{"mu", "this", Mode::Exclusive}}));
}

TEST(LocksetsTest, RecursionDoesNotLoseTheLock) {
  ProgramBuilder program;
  program.function("outer").lock("mu").call("walk").unlock();
  program.function("walk").read("x").call("walk");
  EXPECT_EQ(entryOf(program, "walk").size(), 1U);
}

TEST(LocksetsTest, NothingHoldsWhereAnybodyCouldEnter) {
  for (int kind = 0; kind < 4; ++kind) {
    ProgramBuilder program;
    if (kind != 3)
      program.function("outer").lock("mu").call("helper").unlock();
    FunctionFact &helper = program.function("helper").read("x").fact();
    helper.addressTaken = kind == 0;
    helper.isVirtual = kind == 1;
    helper.isEntry = kind == 2;
    EXPECT_TRUE(entryOf(program, "helper").empty()) << kind;
  }
}

TEST(LocksetsTest, AnUnlockedCallerTakesItAway) {
  ProgramBuilder program;
  program.function("one").lock("mu").call("helper").unlock();
  program.function("two").call("helper");
  program.function("helper").read("x");
  EXPECT_TRUE(entryOf(program, "helper").empty());
}

class GuardsTest : public testing::Test {
protected:
  GuardsTest() {
    program.mutex("mu");
    program.map("items");
  }
  ProgramBuilder program;
};

TEST_F(GuardsTest, MajorityOfAccesses) {
  program.function("a").lock("mu").store("items").unlock();
  program.function("b").lock("mu").load("items").unlock();
  program.function("c").load("items");
  const FieldGuard guard = guardOf(program, "items");
  EXPECT_EQ(guard.mutex, "mu");
  EXPECT_TRUE(guard.majority);
  EXPECT_EQ(guard.bare.size(), 1U);
}

TEST_F(GuardsTest, HalfIsNoMajority) {
  program.function("a").lock("mu").store("items").unlock();
  program.function("c").load("items");
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "unguarded");
  EXPECT_TRUE(program.decide().findings.empty());
}

TEST_F(GuardsTest, AnnotationTipsTheBalance) {
  program.facts().fields["items"].annotatedGuard = "mu";
  program.function("a").lock("mu").store("items").unlock();
  program.function("c").load("items");
  const FieldGuard guard = guardOf(program, "items");
  EXPECT_TRUE(guard.majority);
  EXPECT_EQ(guard.bare.size(), 1U);
}

TEST_F(GuardsTest, WriteUnderASharedLockIsBare) {
  program.function("a").lock("mu").store("items").unlock();
  program.function("b").shared("mu").load("items").unlock();
  program.function("c").shared("mu").store("items").unlock();
  const FieldGuard guard = guardOf(program, "items");
  EXPECT_TRUE(guard.majority);
  EXPECT_EQ(guard.bare.size(), 1U);
  const Plan plan = program.decide();
  ASSERT_EQ(plan.findings.size(), 1U);
  EXPECT_EQ(plan.findings.front().id, "unlocked-access");
  EXPECT_NE(plan.findings.front().message.find("only locked for reading"), std::string::npos);
}

TEST_F(GuardsTest, ConstructorsDoNotCount) {
  program.function("construct").store("items").unshared();
  program.function("construct2").store("items").unshared();
  program.function("a").lock("mu").store("items").unlock();
  const FieldGuard guard = guardOf(program, "items");
  EXPECT_TRUE(guard.isAlwaysHeld());
  EXPECT_EQ(guard.unshared.size(), 2U);
}

TEST_F(GuardsTest, LockOfAnotherObjectDoesNotCount) {
  program.function("a").lock("mu").store("items").unlock();
  program.function("b").lock("mu").load("items").unlock();
  program.function("steal").lock("mu", "param:0").store("items").unlock();
  EXPECT_EQ(guardOf(program, "items").bare.size(), 1U);
}

TEST_F(GuardsTest, MutexOfStaticStorageGuardsAnyObject) {
  program.mutex("global", "");
  program.function("a").lock("global", "").store("items").unlock();
  const FieldGuard guard = guardOf(program, "items");
  EXPECT_EQ(guard.mutex, "global");
  EXPECT_TRUE(guard.isAlwaysHeld());
}

TEST_F(GuardsTest, FieldOfAnotherObjectThanItsLockIsAliased) {
  program.scalar("seen", "Session");
  program.function("touch").lock("mu").load("items").write("seen", "local:s").unlock();
  program.function("touch2").lock("mu").load("items").write("seen", "local:s").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(find(plan, "seen")->guard, "mu");
  EXPECT_TRUE(hasReason(plan, "seen", "aliased"));
}

TEST_F(GuardsTest, ObjectsThatCannotBeToldApartAreAliased) {
  program.scalar("x", "P");
  program.mutex("pmu", "P");
  program.function("a").lock("pmu", "pointee").write("x", "pointee").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(find(plan, "x")->guard, "pmu");
  EXPECT_TRUE(hasReason(plan, "x", "aliased"));
}

TEST_F(GuardsTest, HelperCalledWithTheLockHeldIsInlined) {
  program.function("stock").lock("mu").call("peek").unlock();
  program.function("restock").lock("mu").call("overwrite").unlock();
  program.function("peek").load("items");
  program.function("overwrite").store("items");
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(sectionsOf(plan, "items"), "stock:load restock:store");
  EXPECT_TRUE(plan.findings.empty());
}

TEST_F(GuardsTest, BareAccessIsAFindingAndAnOperationOfItsOwn) {
  program.function("put").lock("mu").store("items").unlock();
  program.function("look").lock("mu").load("items").unlock();
  program.function("shutdown").load("items");
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(sectionsOf(plan, "items"), "put:store look:load shutdown:load");
  EXPECT_EQ(find(plan, "items")->sections.back().mode, Mode::None);
  ASSERT_EQ(plan.findings.size(), 1U);
  EXPECT_EQ(plan.findings.front().message,
            "read without mu, which guards every other access, in shutdown");
}

TEST_F(GuardsTest, BareAccessWithoutAnOperationKeepsTheField) {
  program.function("put").lock("mu").store("items").unlock();
  program.function("look").lock("mu").load("items").unlock();
  program.function("shutdown").read("items");
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "unlocked-access unsupported-operation");
}

TEST_F(GuardsTest, ConstructorAccessNeedsAnOperationToo) {
  program.function("put").lock("mu").store("items").unlock();
  program.function("construct").write("items").unshared();
  const Plan plan = program.decide();
  EXPECT_EQ(reasonsOf(plan, "items"), "unsupported-operation");
  EXPECT_TRUE(plan.findings.empty());
  EXPECT_EQ(sectionsOf(plan, "items"), "put:store");
}

TEST_F(GuardsTest, LoggersReadInPassingDoNotDecide) {
  program.field("logger", TypeClass::Other);
  program.function("setLogger").lock("mu").write("logger").unlock();
  for (const char *name : {"x", "y", "z"})
    program.function(name).read("logger").access().forLogging = true;
  const Plan plan = program.decide();
  EXPECT_EQ(find(plan, "logger")->guard, "mu");
  EXPECT_EQ(findMutex(plan, "mu")->stillGuards, std::vector<std::string>{"logger"});
  EXPECT_EQ(plan.findings.size(), 1U);
}

TEST_F(GuardsTest, NeverWrittenNeedsNoGuard) {
  program.function("look").lock("mu").load("items").unlock();
  const Plan plan = program.decide();
  EXPECT_TRUE(plan.fields.empty());
}

TEST_F(GuardsTest, DeadMutex) {
  program.mutex("left");
  program.function("put").lock("mu").store("items").unlock();
  const Plan plan = program.decide();
  ASSERT_EQ(plan.findings.size(), 1U);
  EXPECT_EQ(plan.findings.front().id, "dead-mutex");
  EXPECT_EQ(plan.findings.front().field, "left");
  EXPECT_FALSE(findMutex(plan, "left")->remove);
  EXPECT_TRUE(findMutex(plan, "left")->stillGuards.empty());
}

} // namespace
} // namespace unlatch::test
