// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rule 1, and the counter-examples it was made from.

#include "facts_builder.h"

#include <gtest/gtest.h>

namespace unlatch::test {
namespace {

class OneActionTest : public testing::Test {
protected:
  OneActionTest() {
    program.mutex("mu");
    program.map("items");
  }
  /// Sections that show the map to be the mutex's, and are fine in themselves.
  void plainSections() {
    program.function("put").lock("mu").store("items").unlock();
    program.function("look").lock("mu").load("items").unlock();
    program.function("drop").lock("mu").erase("items").unlock();
  }
  ProgramBuilder program;
};

TEST_F(OneActionTest, SingleOperationsLeave) {
  plainSections();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(find(plan, "items")->strategy, Strategy::Map);
  EXPECT_EQ(find(plan, "items")->guard, "mu");
  EXPECT_EQ(sectionsOf(plan, "items"), "put:store look:load drop:erase");
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsDropped, 3);
}

TEST_F(OneActionTest, CheckOfAnAtomicThenInsertAsksForReview) {
  plainSections();
  program.atomic("stopped");
  program.function("insert").lock("mu").read("stopped").store("items").unlock();
  program.function("stop").write("stopped").lock("mu").range("items").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Review);
  EXPECT_EQ(reasonsOf(plan, "items"), "spans-fields");
  EXPECT_NE(find(plan, "items")->reasons.front().message.find("stopped"), std::string::npos);
}

TEST_F(OneActionTest, InsertThenCheckOfAnAtomicStays) {
  plainSections();
  program.atomic("stopped");
  program.function("insert").lock("mu").store("items").read("stopped").unlock();
  program.function("stop").write("stopped").lock("mu").range("items").unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "spans-fields");
}

TEST_F(OneActionTest, TwoAtomicsInASectionWithoutTheFieldKeepIt) {
  plainSections();
  program.atomic("a");
  program.atomic("b");
  program.function("both").lock("mu").write("a").write("b").unlock();
  program.function("reader").read("a").read("b");
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Keep);
  EXPECT_EQ(reasonsOf(plan, "items"), "spans-fields");
}

TEST_F(OneActionTest, OneAtomicInASectionOfItsOwnDoesNotMatter) {
  plainSections();
  program.atomic("a");
  program.function("one").lock("mu").write("a").unlock();
  program.function("reader").read("a");
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
}

TEST_F(OneActionTest, AtomicThatIsOnlyUsedUnderTheLockIsGuardedByIt) {
  plainSections();
  program.atomic("a");
  program.function("count").lock("mu").store("items").write("a").write("a").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  // ... and so still needs the lock.
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsDropped, 3);
}

TEST_F(OneActionTest, BareStayingFieldAfterTheActionIsARace) {
  program.scalar("stopped");
  FieldFact &h = program.field("h", TypeClass::Other);
  (void)h;
  program.function("hit")
      .lock("mu")
      .branch()
      .get("stopped")
      .write("h")
      .unlock()
      .otherwise()
      .get("stopped")
      .unlock();
  program.function("hit2").lock("mu").write("h").unlock();
  program.function("stop").lock("mu").set("stopped").unlock();
  program.function("after").lock("mu").set("stopped").unlock().read("h");
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "stopped"), Verdict::Keep);
  EXPECT_TRUE(hasReason(plan, "stopped", "spans-fields"));
}

TEST_F(OneActionTest, BareStayingFieldBeforeTheActionIsFine) {
  plainSections();
  program.field("h", TypeClass::Other);
  program.function("early").lock("mu").write("h").store("items").unlock();
  program.function("more").lock("mu").write("h").unlock();
  program.function("bare").read("h");
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(findMutex(plan, "mu")->stillGuards, std::vector<std::string>{"h"});
}

TEST_F(OneActionTest, StayingGuardedFieldsAreNoActions) {
  plainSections();
  program.field("names", TypeClass::Other);
  program.function("mixed").lock("mu").write("names").store("items").read("names").unlock();
  program.function("more").lock("mu").write("names").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(verdictOf(plan, "names"), Verdict::Keep);
  EXPECT_EQ(reasonsOf(plan, "names"), "unsupported-operation");
  EXPECT_EQ(findMutex(plan, "mu")->sectionsDropped, 3);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsLeft, 2);
}

TEST_F(OneActionTest, UnknownCallUnderTheLockStays) {
  plainSections();
  program.function("get").lock("mu").load("items").call("dial").store("items").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Keep);
  EXPECT_TRUE(hasReason(plan, "items", "calls-out"));
}

TEST_F(OneActionTest, UnknownCallOnAnotherPathIsAnotherMatter) {
  plainSections();
  program.function("get")
      .lock("mu")
      .branch()
      .load("items")
      .unlock()
      .otherwise()
      .call("dial")
      .unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  // The section with the call keeps its lock, and so the mutex stays.
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsLeft, 1);
}

TEST_F(OneActionTest, SharedMemoryIsAnAction) {
  plainSections();
  program.function("poke").lock("mu").store("items").memory(true).unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "spans-fields");
}

TEST_F(OneActionTest, UnguardedFieldIsAnAction) {
  plainSections();
  program.field("global", TypeClass::Other, "");
  program.function("poke").lock("mu").store("items").write("global", "").unlock();
  program.function("other").read("global", "");
  program.function("another").write("global", "");
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "spans-fields");
}

TEST_F(OneActionTest, FrozenFieldsAreFree) {
  plainSections();
  program.field("name", TypeClass::Other).immutable = true;
  program.field("path", TypeClass::Other);
  program.function("construct").write("path").unshared();
  program.function("use").lock("mu").read("name").store("items").read("path").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(find(plan, "path"), nullptr);
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
}

TEST_F(OneActionTest, SynchronisedObjectIsAnAction) {
  plainSections();
  program.field("queue", TypeClass::Synchronised).immutable = true;
  program.function("push").lock("mu").store("items").write("queue").unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "spans-fields");
}

TEST_F(OneActionTest, LoggerReadForLoggingIsFree) {
  plainSections();
  program.mutex("other");
  program.field("logger", TypeClass::Other);
  program.function("setLogger").lock("other").write("logger").unlock();
  FunctionBuilder &insert = program.function("insert").lock("mu").store("items").read("logger");
  insert.access().forLogging = true;
  insert.call("log").lastCall().logging = true;
  insert.unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
}

TEST_F(OneActionTest, LoggerThatTheMutexGuardsKeepsTheLock) {
  plainSections();
  program.field("logger", TypeClass::Other);
  program.function("setLogger").lock("mu").write("logger").unlock();
  FunctionBuilder &insert = program.function("insert").lock("mu").store("items").read("logger");
  insert.access().forLogging = true;
  insert.unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsLeft, 2);
}

TEST_F(OneActionTest, LockThatStandsInForAFieldsGuardStays) {
  plainSections();
  program.mutex("outer");
  program.field("names", TypeClass::Other);
  program.function("rename").lock("outer").write("names").write("names").unlock();
  // This one does not hold the guard, but a lock that the next one holds as well.
  program.function("careless").lock("mu").write("names").unlock();
  program.function("both").lock("outer").lock("mu").read("names").store("items").unlock().unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(find(plan, "names")->guard, "outer");
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(findMutex(plan, "mu")->sectionsLeft, 2);
}

TEST_F(OneActionTest, NestedSectionNotHeldAcrossIsAnAction) {
  plainSections();
  program.mutex("inner");
  program.field("log", TypeClass::Other);
  program.function("nested").lock("mu").lock("inner").write("log").unlock().store("items").unlock();
  program.function("more").lock("inner").write("log").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(reasonsOf(plan, "items"), "spans-fields");
}

TEST_F(OneActionTest, NestedSectionHeldAcrossIsNone) {
  plainSections();
  program.mutex("inner");
  program.field("log", TypeClass::Other);
  program.function("both")
      .lock("mu")
      .lock("inner")
      .write("log")
      .store("items")
      .read("log")
      .unlock()
      .unlock();
  program.function("more").lock("inner").write("log").unlock();
  EXPECT_EQ(verdictOf(program.decide(), "items"), Verdict::Convert);
}

TEST_F(OneActionTest, NestedSectionThatOthersCanSeeBegunIsAnAction) {
  plainSections();
  program.mutex("inner");
  program.function("both").lock("mu").lock("inner").store("items").unlock().unlock();
  EXPECT_EQ(verdictOf(program.decide(), "items"), Verdict::Convert);
  // Who fails to lock it knows that the section has begun, and finds the map without the element.
  program.facts().mutexUses.push_back({"inner", {"conditional-lock", "tried", {"f", 1, 1}}});
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "spans-fields");
}

TEST_F(OneActionTest, NestedSectionThatOthersCanSeeBegunAndEndedIsTwoActions) {
  plainSections();
  program.mutex("inner");
  program.field("log", TypeClass::Other);
  program.function("nested").lock("mu").lock("inner").write("log").unlock().unlock();
  program.function("more").lock("inner").write("log").unlock();
  EXPECT_EQ(verdictOf(program.decide(), "items"), Verdict::Convert);
  program.facts().mutexUses.push_back({"inner", {"conditional-lock", "tried", {"f", 1, 1}}});
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "spans-fields");
}

TEST_F(OneActionTest, LockReleasedBeforeTheActionIsAnAction) {
  plainSections();
  program.mutex("outer");
  program.field("log", TypeClass::Other);
  // Hand over hand: outer, mu, release outer, then the map.
  program.function("hand").lock("outer").write("log").lock("mu").unlock(0).store("items").unlock();
  program.function("more").lock("outer").write("log").unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "spans-fields");
}

TEST_F(OneActionTest, TwoKeysStay) {
  plainSections();
  program.function("move").lock("mu").erase("items", "a").store("items", "b").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(reasonsOf(plan, "items"), "multi-key");
}

TEST_F(OneActionTest, SeveralStepsOnOneKeyStay) {
  plainSections();
  program.function("twice").lock("mu").load("items").store("items").unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "unsupported-operation");
}

TEST_F(OneActionTest, SeveralAccessesOfOneOperationAreOne) {
  plainSections();
  program.function("upsert")
      .lock("mu")
      .operation("items", "update", "k", false, Strategy::Map)
      .andAgain()
      .repeated()
      .andAgain(true)
      .unlock();
  EXPECT_EQ(verdictOf(program.decide(), "items"), Verdict::Convert);
}

TEST_F(OneActionTest, OperationInALoopIsMany) {
  plainSections();
  program.function("fill").lock("mu").store("items", "x").repeated().unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "multi-key");
}

TEST_F(OneActionTest, OperationSaidToBeDoneManyTimesIsMany) {
  plainSections();
  FunctionBuilder &fill = program.function("fill").lock("mu").store("items", "x");
  fill.lastOperation().manyTimes = true;
  fill.unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "multi-key");
}

TEST_F(OneActionTest, RangeIsOneOperationThoughItRepeats) {
  plainSections();
  program.function("all").lock("mu").range("items").repeated().andAgain().repeated().unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
}

TEST_F(OneActionTest, RangeInACalleeThatIsCalledInALoopIsMany) {
  plainSections();
  program.function("sum").range("items").repeated();
  program.function("all").lock("mu").call("sum").repeated().unlock();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "unsupported-operation");
}

TEST_F(OneActionTest, EmptySectionIsABarrier) {
  plainSections();
  program.function("wait").lock("mu").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(reasonsOf(plan, "items"), "unsupported-operation");
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
}

TEST_F(OneActionTest, IncompleteSectionStays) {
  plainSections();
  program.function("maze").lock("mu").load("items").unlock().incomplete();
  EXPECT_EQ(reasonsOf(program.decide(), "items"), "unsupported-operation");
}

TEST_F(OneActionTest, EnteringTwiceIsRecursive) {
  plainSections();
  program.facts().mutexes["mu"].recursive = true;
  program.function("outer").lock("mu").call("put").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Keep);
  EXPECT_TRUE(hasReason(plan, "items", "recursive"));
}

TEST_F(OneActionTest, RecursiveMutexThatIsNeverEnteredTwiceIsALock) {
  program.facts().mutexes["mu"].recursive = true;
  plainSections();
  EXPECT_EQ(verdictOf(program.decide(), "items"), Verdict::Convert);
}

TEST_F(OneActionTest, RecursiveMutexAndUnknownCall) {
  program.facts().mutexes["mu"].recursive = true;
  plainSections();
  program.function("notify").lock("mu").call("").unlock();
  EXPECT_TRUE(hasReason(program.decide(), "items", "calls-out"));
}

TEST_F(OneActionTest, ConditionVariableKeepsAllFields) {
  plainSections();
  program.facts().mutexUses.push_back({"mu", {"waits", "a condition variable waits", {"f", 1, 1}}});
  const Plan plan = program.decide();
  EXPECT_EQ(reasonsOf(plan, "items"), "waits");
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
}

TEST_F(OneActionTest, FencesTakeThePlaceOfTheLock) {
  plainSections();
  program.facts().weakOrderings.push_back({"memory_order_relaxed", {"/p/a.cpp", 4, 2}});
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Convert);
  EXPECT_EQ(reasonsOf(plan, "items"), "weak-atomics");
  EXPECT_TRUE(findMutex(plan, "mu")->remove);
}

TEST_F(OneActionTest, WeakAtomicsAskForReviewWhereSectionsStay) {
  plainSections();
  program.function("rename").lock("mu").write("names").unlock();
  program.facts().weakOrderings.push_back({"memory_order_relaxed", {"/p/a.cpp", 4, 2}});
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Review);
  EXPECT_EQ(reasonsOf(plan, "items"), "weak-atomics");
  EXPECT_EQ(find(plan, "items")->observations.size(), 1U);
  EXPECT_FALSE(findMutex(plan, "mu")->remove);
  EXPECT_EQ(verdictOf(program.decide(Consistency::PerOperation), "items"), Verdict::Convert);
}

TEST_F(OneActionTest, CallBackToBareAccessesStays) {
  plainSections();
  // The callback relies on the lock that its caller holds, which nobody can see.
  program.function("callback").store("items");
  program.function("callback2").store("items");
  FunctionBuilder &callback = program.function("callback3").store("items");
  callback.fact().addressTaken = true;
  program.function("each").lock("mu").call("").unlock();
  program.function("look2").lock("mu").load("items").unlock();
  program.function("look3").lock("mu").load("items").unlock();
  const Plan plan = program.decide();
  EXPECT_EQ(verdictOf(plan, "items"), Verdict::Keep);
  EXPECT_TRUE(hasReason(plan, "items", "calls-out"));
}

} // namespace
} // namespace unlatch::test
