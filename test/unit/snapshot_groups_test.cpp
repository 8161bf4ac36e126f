// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "facts_builder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace unlatch::test {
namespace {

class SnapshotGroupsTest : public testing::Test {
protected:
  SnapshotGroupsTest() {
    program.mutex("mu");
    program.state("status");
    program.state("code");
  }
  void plainSections() {
    program.function("exit").lock("mu").get("status").write("status").write("code").unlock();
    program.function("info").lock("mu").read("status").read("code").unlock();
  }
  ProgramBuilder program;
};

TEST_F(SnapshotGroupsTest, FieldsThatAreUsedTogetherBecomeOneState) {
  plainSections();
  const Plan plan = program.decide();
  for (const char *field : {"status", "code"}) {
    EXPECT_EQ(verdictOf(plan, field), Verdict::Convert) << reasonsOf(plan, field);
    EXPECT_EQ(find(plan, field)->strategy, Strategy::Snapshot);
    EXPECT_EQ(find(plan, field)->group, "mu");
    EXPECT_EQ(find(plan, field)->phase, 1);
    EXPECT_EQ(sectionsOf(plan, field), "exit:modify info:read");
  }
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
}

TEST_F(SnapshotGroupsTest, EditsOfAState) {
  plainSections();
  const Facts facts = program.finish();
  const Plan plan = decide(facts, {});
  // A group goes in whole, whichever of its fields is named.
  const auto edits = editsFor(facts, plan, {"code"});
  const auto texts = textsOf(edits);
  auto count = [&](const std::string &text) {
    return std::count(texts.begin(), texts.end(), text);
  };
  EXPECT_EQ(count("  struct State {\n    int status = 0;\n    int code = 0;\n  };\n"
                  "  unlatch::snapshot<State> state_;\n"),
            1);
  EXPECT_EQ(count("read"), 1);
  EXPECT_EQ(count("modify"), 1);
  EXPECT_EQ(count("next.status"), 2);
  EXPECT_EQ(count("next.code"), 1);
  EXPECT_EQ(count("state->status"), 1);
  EXPECT_EQ(count("state->code"), 1);
  // The second field's declaration and the mutex go.
  EXPECT_EQ(count(""), 2);
  EXPECT_EQ(texts.size(), 10U);
  EXPECT_EQ(includesFor(facts, plan, {"code"}), (std::vector<std::pair<std::string, std::string>>{
                                                    {"/p/program.h", "<unlatch/snapshot.h>"}}));
}

TEST_F(SnapshotGroupsTest, ScalarsThatNeverMeetBecomeAtomics) {
  program.function("setStatus").lock("mu").set("status").unlock();
  program.function("setCode").lock("mu").set("code").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(find(plan, "status")->strategy, Strategy::Atomic);
  EXPECT_EQ(find(plan, "code")->strategy, Strategy::Atomic);
  EXPECT_TRUE(find(plan, "code")->group.empty());
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
}

TEST_F(SnapshotGroupsTest, LoneScalarBecomesAnAtomic) {
  program.function("next").lock("mu").add("status").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(find(plan, "status")->strategy, Strategy::Atomic);
}

TEST_F(SnapshotGroupsTest, LoneStructBecomesASnapshot) {
  ProgramBuilder lone;
  lone.mutex("mu");
  FieldFact &point = lone.state("point");
  point.typeClass = TypeClass::Struct;
  point.declaration.erase(Strategy::Atomic);
  lone.function("move").lock("mu").write("point").unlock();
  lone.function("where").lock("mu").read("point").unlock();
  const Plan plan = lone.decide();
  EXPECT_EQ(find(plan, "point")->strategy, Strategy::Snapshot);
  EXPECT_EQ(verdictOf(plan, "point"), Verdict::Convert);
}

TEST_F(SnapshotGroupsTest, NotBesideAMap) {
  plainSections();
  program.map("items");
  program.function("put").lock("mu").store("items").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Keep);
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
}

TEST_F(SnapshotGroupsTest, NotBesideOtherGuardedState) {
  plainSections();
  program.field("names", TypeClass::Other);
  program.function("name").lock("mu").write("names").unlock();
  const Plan plan = program.decide();
  EXPECT_NE(find(plan, "status")->strategy, Strategy::Snapshot);
}

TEST_F(SnapshotGroupsTest, HelperThatUsesTheFieldsBlocks) {
  program.function("exit").lock("mu").write("status").call("finish").unlock();
  program.function("finish").write("code");
  program.function("info").lock("mu").read("status").read("code").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Keep);
  EXPECT_EQ(verdictOf(plan, "code"), Verdict::Keep);
}

TEST_F(SnapshotGroupsTest, CallUnderTheLockBlocks) {
  program.function("exit").lock("mu").write("status").write("code").call("notify").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Keep);
}

TEST_F(SnapshotGroupsTest, BlockedRewriteBlocksAll) {
  program.function("exit")
      .lock("mu")
      .write("status")
      .write("code")
      .access()
      .snapshotModify.blockers = {{"macro", "in a macro", {"f", 1, 1}}};
  program.function("info").lock("mu").read("status").read("code").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Keep);
  EXPECT_EQ(verdictOf(plan, "code"), Verdict::Keep);
}

TEST_F(SnapshotGroupsTest, AtomicBesideTheStateAsksForReview) {
  program.atomic("pid");
  program.function("setPid").write("pid");
  program.function("exit").lock("mu").write("status").write("code").unlock();
  program.function("info").lock("mu").read("pid").read("status").read("code").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Review);
  EXPECT_EQ(find(plan, "status")->strategy, Strategy::Snapshot);
  ASSERT_EQ(find(plan, "status")->observations.size(), 1U);
  EXPECT_EQ(
      find(plan, "status")->observations.front().message,
      "info also reads pid: another thread can change code, status between the two; until now "
      "the lock kept them together");
}

TEST_F(SnapshotGroupsTest, TooOldALanguage) {
  plainSections();
  program.function("old").lock("mu").read("status").read("code").unlock().fact().language = "c++14";
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Keep);
}

} // namespace
} // namespace unlatch::test
