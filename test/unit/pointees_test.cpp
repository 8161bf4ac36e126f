// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rule 3: what the elements of a map point to.

#include "facts_builder.h"

#include <gtest/gtest.h>

namespace unlatch::test {
namespace {

class PointeesTest : public testing::Test {
protected:
  PointeesTest() {
    program.mutex("mu");
    program.map("processes");
    program.function("put").lock("mu").store("processes").unlock();
    program.function("look").shared("mu").load("processes").unlock();
    program.function("drop").lock("mu").erase("processes").unlock();
  }
  /// The pointee's own method, which takes the pointee's own lock.
  void ownLock() {
    program.mutex("pmu", "P");
    program.scalar("status", "P");
    program.function("setStatus").lock("pmu").set("status").unlock();
    program.function("getStatus").lock("pmu").get("status").unlock();
  }
  ProgramBuilder program;
};

TEST_F(PointeesTest, OwnLockAsksForReview) {
  ownLock();
  program.function("restart")
      .lock("mu")
      .load("processes")
      .call("setStatus", "pointee")
      .through("processes")
      .unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Review);
  EXPECT_EQ(find(plan, "processes")->strategy, Strategy::Map);
  EXPECT_EQ(reasonsOf(plan, "processes"), "spans-fields");
  ASSERT_EQ(find(plan, "processes")->observations.size(), 1U);
  const Observation &observation = find(plan, "processes")->observations.front();
  EXPECT_EQ(observation.message,
            "restart: between its load of processes and the moment it writes status of an object "
            "found there, another thread can change processes, as put does, and then see the "
            "object change; until now the lock kept the two together");
  EXPECT_EQ(observation.sections, (std::vector<int>{3, 0}));
  // The mutex stays as long as nobody has accepted that.
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(findMutex(plan, "mu")->stillGuards, std::vector<std::string>{"processes"});
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Convert);
}

TEST_F(PointeesTest, PerOperationConverts) {
  ownLock();
  program.function("restart")
      .lock("mu")
      .load("processes")
      .call("setStatus", "pointee")
      .through("processes")
      .unlock();
  const Plan plan = program.decide(Consistency::PerOperation);
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Convert);
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
}

TEST_F(PointeesTest, LoopOverAllAsksForReview) {
  ownLock();
  program.function("list")
      .shared("mu")
      .range("processes")
      .repeated()
      .call("getStatus", "pointee")
      .through("processes")
      .repeated()
      .unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Review);
  EXPECT_NE(find(plan, "processes")->observations.front().message.find("range"), std::string::npos);
}

TEST_F(PointeesTest, DirectLockOfThePointeeAsksForReview) {
  program.mutex("pmu", "P");
  program.scalar("status", "P");
  program.function("get").lock("pmu").get("status").unlock();
  program.function("mark")
      .lock("mu")
      .load("processes")
      .lock("pmu", "pointee")
      .write("status", "pointee")
      .through("processes")
      .unlock()
      .unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Review) << reasonsOf(plan, "processes");
  // The object used can't be proved to be the one that was locked.
  EXPECT_TRUE(hasReason(plan, "status", "aliased"));
}

TEST_F(PointeesTest, LockedThroughANameAsksForReview) {
  program.mutex("pmu", "P");
  program.scalar("status", "P");
  program.function("get").lock("pmu").get("status").unlock();
  FunctionBuilder &mark = program.function("mark").lock("mu").load("processes");
  mark.lock("pmu", "local:p").set("status").through("processes").access().base = "local:p";
  mark.unlock().unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Review) << reasonsOf(plan, "processes");
  EXPECT_EQ(verdictOf(plan, "status"), Verdict::Convert) << reasonsOf(plan, "status");
}

TEST_F(PointeesTest, LockOfTheWrongObjectIsNone) {
  program.mutex("pmu", "P");
  program.scalar("status", "P");
  program.function("get").lock("pmu").get("status").unlock();
  program.function("mark")
      .lock("mu")
      .load("processes")
      .lock("pmu", "local:other")
      .write("status", "pointee")
      .through("processes")
      .unlock()
      .unlock();
  EXPECT_TRUE(hasReason(program.decide(), "processes", "pointee-guarded"));
}

TEST_F(PointeesTest, AtomicOfThePointeeAsksForReview) {
  program.atomic("pid", "P");
  program.function("signal")
      .lock("mu")
      .load("processes")
      .read("pid", "pointee")
      .through("processes")
      .unlock();
  program.function("setPid").write("pid");
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Review);
}

TEST_F(PointeesTest, FrozenPointeeThatTheElementOwnsIsFree) {
  program.field("id", TypeClass::Other, "P").immutable = true;
  program.function("name")
      .lock("mu")
      .load("processes")
      .read("id", "pointee")
      .through("processes")
      .unlock();
  EXPECT_EQ(verdictOf(program.decide(), "processes"), Verdict::Convert);
}

TEST_F(PointeesTest, FrozenPointeeBehindARawPointerIsGuarded) {
  program.field("id", TypeClass::Other, "P").immutable = true;
  program.function("name")
      .lock("mu")
      .load("processes")
      .read("id", "pointee")
      .through("processes", false)
      .unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "processes"), "pointee-guarded");
}

TEST_F(PointeesTest, PointeeUnderTheMapsOwnLockIsGuarded) {
  program.scalar("seen", "P");
  program.function("touch")
      .lock("mu")
      .load("processes")
      .write("seen", "pointee")
      .through("processes")
      .unlock();
  program.function("idle")
      .lock("mu")
      .load("processes")
      .read("seen", "pointee")
      .through("processes")
      .unlock();
  const Plan plan = program.decide();
  EXPECT_TRUE(hasReason(plan, "processes", "pointee-guarded"));
  EXPECT_EQ(find(plan, "seen")->guard, "mu");
  EXPECT_TRUE(hasReason(plan, "seen", "aliased"));
}

TEST_F(PointeesTest, OwnLockBehindARawPointerIsGuarded) {
  ownLock();
  program.function("restart")
      .lock("mu")
      .load("processes")
      .call("setStatus", "pointee")
      .through("processes", false)
      .unlock();
  EXPECT_TRUE(hasReason(program.decide(), "processes", "pointee-guarded"));
}

TEST_F(PointeesTest, SomethingElseInTheWayIsNoMatterForReview) {
  ownLock();
  program.function("restart")
      .lock("mu")
      .load("processes")
      .call("setStatus", "pointee")
      .through("processes")
      .call("spawn")
      .unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Keep);
  EXPECT_TRUE(hasReason(plan, "processes", "calls-out"));
}

TEST_F(PointeesTest, OtherFieldsOfTheMutexStayForIt) {
  ownLock();
  program.scalar("limit");
  program.function("setLimit").lock("mu").set("limit").unlock();
  program.function("getLimit").lock("mu").get("limit").unlock();
  program.function("list")
      .shared("mu")
      .range("processes")
      .repeated()
      .call("getStatus", "pointee")
      .through("processes")
      .repeated()
      .unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "processes"), Verdict::Review);
  // list() looks at many processes in one section: that relies on the lock, whoever else leaves.
  EXPECT_EQ(reasonsOf(plan, "limit"), "spans-fields");
}

} // namespace
} // namespace unlatch::test
