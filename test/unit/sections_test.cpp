// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls under a lock, followed over the whole program.

#include "facts_builder.h"

#include <gtest/gtest.h>

namespace unlatch::test {
namespace {

class SectionsTest : public testing::Test {
protected:
  SectionsTest() {
    program.mutex("mu");
    program.map("items");
    program.function("put").lock("mu").store("items").unlock();
    program.function("look").lock("mu").load("items").unlock();
  }
  std::string reasons() const { return reasonsOf(program.decide(), "items"); }
  ProgramBuilder program;
};

TEST_F(SectionsTest, HarmlessCallee) {
  program.function("pure");
  program.function("use").lock("mu").call("pure").store("items").call("pure").unlock();
  EXPECT_EQ(reasons(), "");
}

TEST_F(SectionsTest, CalleesOperationIsTheCallersAction) {
  program.function("helper").store("items", "a");
  program.function("use").lock("mu").load("items", "b").call("helper").unlock();
  EXPECT_EQ(reasons(), "multi-key");
}

TEST_F(SectionsTest, AllBodiesCount) {
  program.function("helper").store("items", "a");
  program.function("helper");
  program.function("use").lock("mu").load("items", "b").call("helper").unlock();
  EXPECT_EQ(reasons(), "multi-key");
}

TEST_F(SectionsTest, RecursiveCalleeIsUnknown) {
  program.function("walk").branch().otherwise().call("walk");
  program.function("use").lock("mu").store("items").call("walk").unlock();
  EXPECT_EQ(reasons(), "calls-out");
}

TEST_F(SectionsTest, RecursiveCalleeHidesMoreThanOneAction) {
  program.function("walk").load("items").branch().otherwise().call("walk");
  program.function("use").lock("mu").call("walk").unlock();
  EXPECT_EQ(reasons(), "calls-out");
}

TEST_F(SectionsTest, TooManyPathsAreUnknown) {
  FunctionBuilder &many = program.function("many").branch();
  program.field("global", TypeClass::Other, "");
  for (int path = 0; path < 300; ++path)
    many.otherwise().write("global", "");
  program.function("use").lock("mu").store("items").call("many").unlock();
  EXPECT_EQ(reasons(), "calls-out");
}

TEST_F(SectionsTest, PathsWithoutInterestAreOne) {
  FunctionBuilder &many = program.function("many").branch();
  program.field("frozen", TypeClass::Other).immutable = true;
  for (int path = 0; path < 300; ++path)
    many.otherwise().read("frozen");
  program.function("use").lock("mu").store("items").call("many").unlock();
  EXPECT_EQ(reasons(), "");
}

TEST_F(SectionsTest, IncompleteCalleeIsUnknown) {
  program.function("maze").incomplete();
  program.function("use").lock("mu").store("items").call("maze").unlock();
  EXPECT_EQ(reasons(), "calls-out");
}

TEST_F(SectionsTest, VirtualCallToKnownOverriders) {
  program.function("Derived::f");
  program.facts().overriders["Base::f"] = {"Derived::f"};
  program.function("use").lock("mu").store("items").call("Base::f").lastCall().isVirtual = true;
  EXPECT_EQ(reasons(), "");
}

TEST_F(SectionsTest, VirtualCallToAnOverriderWithoutABody) {
  program.function("Derived::f");
  program.facts().overriders["Base::f"] = {"Derived::f", "Foreign::f"};
  program.function("use").lock("mu").store("items").call("Base::f").lastCall().isVirtual = true;
  EXPECT_EQ(reasons(), "calls-out");
}

TEST_F(SectionsTest, VirtualCallThatNobodyImplements) {
  program.function("use").lock("mu").store("items").call("Base::f").lastCall().isVirtual = true;
  EXPECT_EQ(reasons(), "calls-out");
}

TEST_F(SectionsTest, ObjectsOfTheRunningThreadAreFree) {
  program.field("total", TypeClass::Other, "Sum");
  program.function("Sum::add").write("total");
  program.function("use").lock("mu").store("items").call("Sum::add", "local").unlock();
  program.function("shared").call("Sum::add", "this->sum");
  EXPECT_EQ(reasons(), "");
}

TEST_F(SectionsTest, SharedObjectsAreNot) {
  program.field("total", TypeClass::Other, "Sum");
  program.function("Sum::add").write("total");
  program.function("use").lock("mu").store("items").call("Sum::add", "this->sum").unlock();
  EXPECT_EQ(reasons(), "spans-fields");
}

TEST_F(SectionsTest, ParameterThatIsAlwaysLocal) {
  program.function("fill").memory(true, 0);
  program.function("use").lock("mu").store("items").call("fill", "", {"local"}).unlock();
  EXPECT_EQ(reasons(), "");
}

TEST_F(SectionsTest, ParameterThatIsPassedOn) {
  program.function("fill").memory(true, 0);
  program.function("use").lock("mu").store("items").call("fill", "", {"param:0"}).unlock();
  program.function("caller").call("use", "this", {"local"});
  EXPECT_EQ(reasons(), "");
  program.function("caller2").call("use", "this", {"this->result"});
  EXPECT_EQ(reasons(), "spans-fields");
}

TEST_F(SectionsTest, ParameterOfTheSectionsOwnFunction) {
  // Nobody calls it: whoever will, passes what is its own.
  FunctionBuilder &use = program.function("use").lock("mu").store("items").memory(true, 0).unlock();
  EXPECT_EQ(reasons(), "");
  use.fact().addressTaken = true;
  EXPECT_EQ(reasons(), "spans-fields");
}

TEST_F(SectionsTest, LoggerWithoutABodyIsHarmless) {
  program.function("use").lock("mu").store("items").call("log").lastCall().logging = true;
  EXPECT_EQ(reasons(), "");
}

TEST_F(SectionsTest, LoggerUnderItsOwnLockIsHarmless) {
  program.mutex("logMu", "L");
  program.field("lines", TypeClass::Other, "L");
  program.function("log").lock("logMu").write("lines").call("").unlock();
  program.function("use").lock("mu").store("items").call("log", "this->log").lastCall().logging =
      true;
  EXPECT_EQ(reasons(), "");
}

TEST_F(SectionsTest, LoggerThatWritesWithoutALockIsACall) {
  program.field("lines", TypeClass::Other, "L");
  program.function("log").write("lines");
  program.function("use").lock("mu").store("items").call("log", "this->log").lastCall().logging =
      true;
  EXPECT_EQ(reasons(), "spans-fields");
}

TEST_F(SectionsTest, SectionInACalleeIsNested) {
  program.mutex("nu", "D");
  program.field("x", TypeClass::Other, "D");
  program.function("D::set").lock("nu").write("x").unlock();
  program.function("use").lock("mu").store("items").call("D::set", "this->d").unlock();
  EXPECT_EQ(reasons(), "spans-fields");
}

TEST_F(SectionsTest, SeveralOperationsOfOneSectionAreListedMostGeneralFirst) {
  program.function("use")
      .lock("mu")
      .branch()
      .load("items")
      .unlock()
      .otherwise()
      .operation("items", "update", "k", true, Strategy::Map)
      .unlock();
  EXPECT_EQ(sectionsOf(program.decide(), "items"), "put:store look:load use:update use:load");
}

} // namespace
} // namespace unlatch::test
