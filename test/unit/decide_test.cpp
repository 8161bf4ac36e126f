// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reasons to stay, mutexes that go, edits, and that the order of facts does not matter.

#include "facts_builder.h"

#include "analysis/merge.h"
#include "analysis/sections.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace unlatch::test {
namespace {

class DecideTest : public testing::Test {
protected:
  DecideTest() {
    program.mutex("mu");
    program.map("items");
    program.function("put").lock("mu").store("items").unlock();
    program.function("look").shared("mu").load("items").unlock();
  }
  std::string reasons() const { return reasonsOf(program.decide(), "items"); }
  ProgramBuilder program;
};

TEST_F(DecideTest, BlockersOfTheField) {
  program.facts().fieldBlockers.push_back(
      {"items", Strategy::None, {"escapes-reference", "returned", {"f", 3, 1}}});
  program.facts().fieldBlockers.push_back(
      {"items", Strategy::Snapshot, {"not-copyable", "no copy", {"f", 4, 1}}});
  EXPECT_EQ(reasons(), "escapes-reference");
}

TEST_F(DecideTest, BlockersOfTheDeclaration) {
  program.facts().fields["items"].declaration[Strategy::Map].blockers = {
      {"macro", "from a macro", {"f", 1, 1}}};
  EXPECT_EQ(reasons(), "macro");
}

TEST_F(DecideTest, BlockersOfAnOperation) {
  FunctionBuilder &odd = program.function("odd").lock("mu").store("items");
  odd.lastOperation().name = "none";
  odd.lastOperation().rewrite.blockers = {{"ordered", "needs neighbours", {"f", 1, 1}}};
  odd.unlock();
  EXPECT_EQ(reasons(), "ordered");
  EXPECT_EQ(sectionsOf(program.decide(), "items"), "put:store look:load odd:none");
}

TEST_F(DecideTest, AccessThatIsNoOperation) {
  program.function("odd").lock("mu").read("items").unlock();
  EXPECT_EQ(reasons(), "unsupported-operation");
}

TEST_F(DecideTest, SuppressedFieldOrMutex) {
  program.facts().fields["items"].keptBecause = "later";
  EXPECT_EQ(reasons(), "suppressed");
  program.facts().fields["items"].keptBecause.clear();
  program.facts().mutexes["mu"].keptBecause = "never";
  EXPECT_EQ(reasons(), "suppressed");
}

TEST_F(DecideTest, UnitThatDidNotParse) {
  program.facts().units.push_back(
      {"/p/other.cpp", false, {{{"/p/bad.cpp", 1, 1}, "no such file"}}, {}, {"/p/other.h"}});
  EXPECT_EQ(reasons(), "");
  program.facts().units.push_back(
      {"/p/bad.cpp", false, {{{"/p/bad.cpp", 1, 1}, "no such file"}}, {}, {"/p/program.h"}});
  EXPECT_EQ(reasons(), "tu-not-parsed");
}

TEST_F(DecideTest, UnitThatDidNotParseAndNobodyKnowsWhatItIncludes) {
  program.facts().units.push_back({"/p/bad.cpp", false, {}, {}, {}});
  EXPECT_EQ(reasons(), "tu-not-parsed");
}

TEST_F(DecideTest, OldLanguageForAMapButNotForAnAtomic) {
  program.mutex("nu");
  program.scalar("count");
  program.function("old").lock("mu").load("items").unlock().fact().language = "gnu++14";
  program.function("old2").lock("nu").add("count").unlock().fact().language = "c++11";
  EXPECT_EQ(reasons(), "language-too-old");
  EXPECT_EQ(verdictOf(program.decide(), "count"), Verdict::Convert);
}

TEST_F(DecideTest, PublicFieldOfAHeader) {
  program.facts().fields["items"].isPublic = true;
  EXPECT_EQ(reasons(), "public-field");
  // What one source file declares, no other sees.
  program.facts().fields["items"].where.file = "/p/program.cpp";
  program.facts().units.push_back({"/p/program.cpp", true, {}, {}, {"/p/program.cpp"}});
  EXPECT_EQ(reasons(), "");
}

TEST_F(DecideTest, LocksThatCannotBeRemovedAreNothingWon) {
  ProgramBuilder other;
  other.mutex("mu");
  other.map("items");
  FunctionBuilder &put = other.function("put").lock("mu").store("items");
  put.acquisition().removal.blockers = {{"macro", "the lock comes from a macro", {"f", 1, 1}}};
  put.unlock();
  EXPECT_EQ(reasonsOf(other.decide(), "items"), "macro");
}

TEST_F(DecideTest, OneLockThatCannotBeRemovedKeepsTheMutexOnly) {
  FunctionBuilder &put = program.function("put2").lock("mu").store("items");
  put.acquisition().removal.blockers = {{"macro", "the lock comes from a macro", {"f", 1, 1}}};
  put.unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsLeft, 1);
}

TEST_F(DecideTest, MutexWhoseDeclarationCannotGoStays) {
  program.facts().mutexes["mu"].removal.blockers = {{"macro", "two in one line", {"f", 1, 1}}};
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
}

TEST_F(DecideTest, OnePlaceInSeveralInstancesNeedsTheLockInAll) {
  program.field("names", TypeClass::Other);
  program.function("name").lock("mu").write("names").unlock();
  FunctionBuilder &first = program.function("template").lock("mu").store("items").unlock();
  FunctionBuilder &second =
      program.function("template").lock("mu").store("items").write("names").unlock();
  second.acquisition() = first.acquisition();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsDropped, 2);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsLeft, 2);
}

TEST_F(DecideTest, EditsOfAMap) {
  const Facts facts = program.finish();
  const Plan plan = decide(facts, {});
  const auto edits = editsFor(facts, plan, {"items"});
  EXPECT_TRUE(std::is_sorted(edits.begin(), edits.end()));
  auto texts = textsOf(edits);
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(texts, (std::vector<std::string>{"", "", "", "items.load(k)", "items.store(k)",
                                             "unlatch::map items"}));
  EXPECT_TRUE(editsFor(facts, plan, {}).empty());
  EXPECT_EQ(includesFor(facts, plan, {"items"}).size(), 1U);
}

TEST_F(DecideTest, EditsOfAFieldThatStaysAreNone) {
  program.facts().fields["items"].keptBecause = "later";
  const Facts facts = program.finish();
  EXPECT_TRUE(editsFor(facts, decide(facts, {}), {"items"}).empty());
}

TEST_F(DecideTest, EditsOfOneFieldLeaveTheLocksOfOthers) {
  program.scalar("count");
  program.function("inc").lock("mu").add("count").unlock();
  const Facts facts = program.finish();
  const Plan plan = decide(facts, {});
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(editsFor(facts, plan, {"items", "count"}).size(), 9U);
  // Alone: declaration, operation and lock, but not the mutex.
  EXPECT_EQ(editsFor(facts, plan, {"count"}).size(), 3U);
}

TEST_F(DecideTest, EqualEditsOfSeveralUnitsAreOne) {
  Facts facts = program.finish();
  Facts again = facts;
  for (auto &[id, bodies] : again.functions)
    for (FunctionFact &body : bodies)
      body.language = "c++17";
  const Facts both = merge({facts, again});
  EXPECT_EQ(editsFor(both, decide(both, {}), {"items"}),
            editsFor(facts, decide(facts, {}), {"items"}));
  EXPECT_EQ(print(decide(both, {})), print(decide(facts, {})));
}

TEST_F(DecideTest, RewritesThatMeet) {
  FunctionBuilder &put = program.function("clash").lock("mu").store("items").unlock();
  put.lastOperation().rewrite.edits.push_back(put.acquisition().removal.edits.front());
  put.lastOperation().rewrite.edits.back().text = "other";
  EXPECT_EQ(reasons(), "does-not-compile");
}

TEST_F(DecideTest, NotListed) {
  program.scalar("elsewhere", "D");
  program.field("cv", TypeClass::Wait);
  program.function("use").lock("mu").write("cv").unlock();
  program.function("other").write("elsewhere");
  const Plan plan = program.decide();
  ASSERT_EQ(plan.fields.size(), 1U);
}

TEST_F(DecideTest, ListedButUnguarded) {
  program.scalar("count");
  program.function("inc").lock("mu").add("count").unlock();
  program.function("read1").get("count");
  program.function("read2").get("count");
  const Plan plan = program.decide();
  EXPECT_EQ(reasonsOf(plan, "count"), "unguarded");
  EXPECT_TRUE(find(plan, "count")->guard.empty());
}

TEST_F(DecideTest, PlanDoesNotDependOnTheOrderOfFacts) {
  program.scalar("count");
  program.function("inc").lock("mu").add("count").unlock();
  program.function("bare").load("items");
  const Facts facts = program.finish();
  std::vector<Facts> parts;
  for (const auto &[id, bodies] : facts.functions) {
    Facts part = facts;
    part.functions = {{id, bodies}};
    parts.push_back(part);
  }
  const std::string expected = print(decide(merge(parts), {}));
  std::reverse(parts.begin(), parts.end());
  EXPECT_EQ(print(decide(merge(parts), {})), expected);
  EXPECT_EQ(print(decide(facts, {})), expected);
}

} // namespace
} // namespace unlatch::test
