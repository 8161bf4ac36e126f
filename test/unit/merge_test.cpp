// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "facts_builder.h"

#include "analysis/merge.h"
#include "analysis/serialise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace unlatch::test {
namespace {

/// Facts of a unit in which everything that can differ does, by the seed.
Facts unitOf(unsigned seed) {
  std::mt19937 random(seed);
  auto pick = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  ProgramBuilder program;
  program.mutex("mu");
  program.state("a");
  program.map("m");
  program.function("f" + std::to_string(pick(3))).lock("mu").store("m").unlock();
  program.function("shared").lock("mu").load("m").unlock();
  Facts facts = program.finish();
  FieldFact &field = facts.fields["a"];
  field.type = "type" + std::to_string(pick(2));
  field.where.line += pick(2);
  field.immutable = pick(2);
  field.holds = {"type" + std::to_string(pick(2))};
  field.isPublic = pick(2);
  field.declarationText += std::to_string(pick(2));
  if (pick(2))
    field.declaration.erase(Strategy::Snapshot);
  field.declaration[Strategy::Atomic].edits.front().text += std::to_string(pick(3));
  if (pick(2))
    field.declaration[Strategy::Atomic].blockers.push_back(
        {"macro", "blocker" + std::to_string(pick(2)), {"f", 1, 1}});
  if (pick(3) == 0)
    field.typeClass = TypeClass::Other;
  MutexFact &mutex = facts.mutexes["mu"];
  mutex.recursive = pick(2);
  mutex.where.line += pick(2);
  mutex.removal.edits.front().length += pick(2);
  facts.files["/p/program.h"] = {"hash" + std::to_string(pick(2))};
  facts.units.push_back({"/p/" + std::to_string(seed) + ".cpp", true, {}, {}, {"/p/program.h"}});
  facts.overriders["v"] = {"w" + std::to_string(pick(3))};
  facts.weakOrderings.push_back({"fence", {"f", pick(3), 1}});
  facts.mutexUses.push_back({"mu", {"waits", "", {"f", pick(3), 1}}});
  return facts;
}

bool isBlocked(const Facts &facts, const std::string &id) {
  return std::any_of(facts.fieldBlockers.begin(), facts.fieldBlockers.end(),
                     [&](const FieldBlocker &blocker) { return blocker.reason.id == id; });
}

TEST(MergeTest, AssociativeCommutativeIdempotent) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Facts a = unitOf(3 * seed), b = unitOf(3 * seed + 1), c = unitOf(3 * seed + 2);
    const Facts all = merge({a, b, c});
    EXPECT_EQ(merge({merge({a, b}), c}), all) << seed;
    EXPECT_EQ(merge({a, merge({b, c})}), all) << seed;
    EXPECT_EQ(merge({c, a, b}), all) << seed;
    EXPECT_EQ(merge({b, a}), merge({a, b})) << seed;
    EXPECT_EQ(merge({all}), all) << seed;
    EXPECT_EQ(merge({all, a}), all) << seed;
    EXPECT_EQ(merge({all, all}), all) << seed;
  }
}

TEST(MergeTest, NothingIsNothing) { EXPECT_EQ(merge({}), Facts{}); }

TEST(MergeTest, IdenticalBodiesCollapseAndOthersStay) {
  Facts a = unitOf(1), b = a;
  EXPECT_EQ(merge({a, b}).functions.at("shared").size(), 1U);
  b.functions.at("shared").front().isNoexcept = true;
  EXPECT_EQ(merge({a, b}).functions.at("shared").size(), 2U);
}

TEST(MergeTest, EqualDeclarationsAreNoDifference) {
  const Facts a = unitOf(5);
  EXPECT_TRUE(merge({a, a}).fieldBlockers.empty());
}

TEST(MergeTest, DifferentDeclarationsBlock) {
  Facts a = unitOf(5), b = a;
  b.fields["a"].declaration[Strategy::Atomic].edits.front().text = "else";
  EXPECT_TRUE(isBlocked(merge({a, b}), "macro"));
  EXPECT_FALSE(isBlocked(merge({a, b}), "template-dependent"));
  b = a;
  b.fields["a"].typeClass = TypeClass::OrderedMap;
  EXPECT_TRUE(isBlocked(merge({a, b}), "template-dependent"));
}

TEST(MergeTest, BlockersOfBothCount) {
  Facts a = unitOf(5), b = a;
  a.fields["m"].declaration[Strategy::Map].blockers = {{"macro", "one", {}}};
  b.fields["m"].declaration[Strategy::Map].blockers = {{"macro", "two", {}}};
  EXPECT_EQ(merge({a, b}).fields["m"].declaration[Strategy::Map].blockers.size(), 2U);
}

TEST(MergeTest, MutableAnywhereIsMutable) {
  Facts a = unitOf(5), b = a;
  a.fields["a"].immutable = true;
  b.fields["a"].immutable = false;
  EXPECT_FALSE(merge({a, b}).fields["a"].immutable);
}

TEST(MergeTest, WhoeverSeesMoreOfATypeCounts) {
  Facts a = unitOf(5), b = a;
  a.fields["m"].holds = {"std::any", "std::function<void ()>"};
  b.fields["m"].holds = {"std::any", "std::shared_ptr<Job>"};
  a.fields["m"].bytes = 8;
  b.fields["m"].bytes = 16;
  a.fields["m"].grows = true;
  b.fields["m"].grows = false;
  const FieldFact field = merge({a, b}).fields["m"];
  EXPECT_EQ(field.holds, (std::vector<std::string>{"std::any", "std::function<void ()>",
                                                   "std::shared_ptr<Job>"}));
  EXPECT_EQ(field.bytes, 16U);
  EXPECT_TRUE(field.grows);
}

TEST(SerialiseTest, RoundTrip) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const Facts facts = merge({unitOf(seed), unitOf(seed + 1)});
    auto again = parseFacts(printFacts(facts));
    ASSERT_TRUE(static_cast<bool>(again)) << llvm::toString(again.takeError());
    EXPECT_EQ(*again, facts);
    EXPECT_EQ(printFacts(*again), printFacts(facts));
  }
}

TEST(SerialiseTest, RoundTripOfEverything) {
  // No member has its default value, so that none can be forgotten.
  Facts facts;
  const Location where{"f\"\\\n.cpp", 4000000000U, 2};
  const Reason reason{"id", "message", where};
  const Candidate candidate{
      {{"f", 1, 2, "caf\xe9 \xff"}}, {reason}, {{"f", "<atomic>"}}, {{"thrower", reason}}};
  facts.fields["\xe9"] = {"\xe9",
                          "n",
                          "t",
                          "o",
                          where,
                          FieldKind::LocalStatic,
                          TypeClass::Other,
                          true,
                          true,
                          true,
                          "g",
                          "k",
                          8,
                          true,
                          {{Strategy::Snapshot, candidate}},
                          "d",
                          {"f", 1, 2, "x"},
                          {"std::any"}};
  facts.fields["hex"].id = "hex";
  facts.fields["hex"].typeClass = TypeClass::Synchronised;
  facts.mutexes["m"] = {"m",  "n",  "t", "o",  where,     true, {"l"},
                        true, true, "k", true, candidate, "S",  "s_"};
  facts.redeclarations = {{"v", where, true, "r", {{Strategy::Map, candidate}}, candidate}};
  FunctionFact function;
  function.id = "i";
  function.name = "n";
  function.where = where;
  function.owner = "o";
  function.loans = {{"local", "c", "param:0", where, {0}}};
  function.kept = {"*param:1"};
  function.throwsFrom = {"", "c"};
  function.isVirtual = function.addressTaken = function.isLambda = true;
  function.isEntry = function.isNoexcept = function.alwaysLocks = true;
  function.within = "w";
  function.language = "c++17";
  function.acquisitions = {{"m", "b", Mode::Shared, where, candidate, candidate, candidate,
                            candidate, candidate, candidate}};
  function.fences = 2;
  function.operations = {{"f", Strategy::Atomic, "n", "k", {"p", ""}, where, candidate, true, "x"}};
  function.accesses = {
      {"f", "b", true, where, 0, {0}, true, 0, true, true, "t", true, candidate, candidate}};
  function.calls = {{"c", "d", "b", {"a", ""}, {"l"}, where, {0}, true, true, "t", true}};
  function.memory = {{true, 3, "d", where, {0}}};
  function.lent = {"", "int"};
  const Section section{0, {{}, {{Event::Memory, 0, true}}}, true};
  function.sections = {section};
  function.summary = section;
  FunctionFact other;
  other.id = "i";
  facts.functions["i"] = {function, other};
  facts.functions["none"];
  facts.overriders["a"] = {"b"};
  facts.fieldBlockers = {{"f", Strategy::Atomic, reason}};
  facts.mutexUses = {{"m", reason}};
  facts.weakOrderings = {{"d", where}};
  facts.typeBlockers = {{"t", Strategy::Snapshot, reason}};
  facts.files["f"] = {"h"};
  facts.units = {{"f", false, {{where, "e"}}, {{where, "w"}}, {"d"}}};
  auto again = parseFacts(printFacts(facts));
  ASSERT_TRUE(static_cast<bool>(again)) << llvm::toString(again.takeError());
  EXPECT_EQ(*again, facts);
}

std::string errorOf(const std::string &text) {
  auto facts = parseFacts(text);
  return facts ? "none" : llvm::toString(facts.takeError());
}

TEST(SerialiseTest, BadFiles) {
  EXPECT_NE(errorOf("").find("not a facts file"), std::string::npos);
  EXPECT_NE(errorOf("[]").find("names no schema"), std::string::npos);
  EXPECT_NE(errorOf(R"({"schema":"unlatch-facts/1"})").find("another version: unlatch-facts/1"),
            std::string::npos);
  EXPECT_NE(errorOf(R"({"schema":"unlatch-facts/10"})").find("without facts"), std::string::npos);
  EXPECT_NE(
      errorOf(R"({"schema":"unlatch-facts/10","facts":{"units":[{"parsed":3}]}})").find("units[0]"),
      std::string::npos);
  EXPECT_NE(
      errorOf(R"({"schema":"unlatch-facts/10","facts":{"functions":[["f",[{"id":"f","name":"n",)"
              R"("accesses":[{"operation":7}]}]]]}})")
          .find("refers to what is not there"),
      std::string::npos);
  for (const char *trace : {"x0", "a", "a1b", "a-", "0", "*"})
    EXPECT_NE(
        errorOf(R"({"schema":"unlatch-facts/10","facts":{"functions":[["f",[{"id":"f","name":"n",)"
                R"("summary":{"traces":[")" +
                std::string(trace) + R"("]}}]]]}})")
            .find("expected events"),
        std::string::npos)
        << trace;
  const std::string whole = printFacts(unitOf(1));
  for (std::size_t length = 0; length + 2 < whole.size(); length += 97)
    EXPECT_NE(errorOf(whole.substr(0, length)), "none");
}

} // namespace
} // namespace unlatch::test
