// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each operation of the map does, in one thread.

#include <limits>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unordered_map>

#include <gtest/gtest.h>

#include <unlatch/map.h>

#include "support.h"

namespace {

using unlatch_test::colliding_hash;
using text_map = unlatch::map<std::string, int>;

static_assert(!std::is_copy_constructible<text_map>::value, "as with a mutex in it");
static_assert(!std::is_move_constructible<text_map>::value, "as with a mutex in it");
static_assert(!std::is_copy_assignable<text_map>::value, "as with a mutex in it");
static_assert(noexcept(std::declval<text_map &>().clear()), "as std's");
static_assert(noexcept(std::declval<text_map &>().size()), "as std's");
static_assert(noexcept(std::declval<text_map &>().empty()), "as std's");

TEST(Map, StartsEmpty) {
  const text_map m;
  EXPECT_TRUE(m.empty());
  EXPECT_EQ(m.size(), 0U);
  EXPECT_EQ(m.load("a"), std::nullopt);
  EXPECT_FALSE(m.contains("a"));
  EXPECT_TRUE(m.items().empty());
}

TEST(Map, StartsWithAList) {
  const text_map m{{"a", 1}, {"b", 2}, {"a", 3}};
  EXPECT_EQ(m.size(), 2U);
  EXPECT_EQ(m.load("a"), 1) << "the first of equal keys stays, as in std::unordered_map";
  EXPECT_EQ(m.load("b"), 2);
}

TEST(Map, StoreReplaces) {
  text_map m;
  EXPECT_TRUE(m.store("a", 1));
  EXPECT_FALSE(m.store("a", 2));
  EXPECT_EQ(m.load("a"), 2);
  EXPECT_EQ(m.size(), 1U);
}

TEST(Map, AtThrowsForAMiss) {
  const text_map m{{"a", 1}};
  EXPECT_EQ(m.at("a"), 1);
  EXPECT_THROW(m.at("b"), std::out_of_range);
}

TEST(Map, VisitReadsInPlace) {
  unlatch::map<int, std::unique_ptr<int>> m; // values that cannot be copied
  m.store(1, std::make_unique<int>(10));
  int seen = 0;
  EXPECT_TRUE(m.visit(1, [&](const std::unique_ptr<int> &value) { seen = *value; }));
  EXPECT_EQ(seen, 10);
  EXPECT_FALSE(m.visit(2, [&](const std::unique_ptr<int> &) { FAIL(); }));
  EXPECT_TRUE(m.contains(1));
  EXPECT_EQ(m.erase(1), 1U);
}

TEST(Map, VisitMayWriteToTheMap) {
  text_map m{{"a", 1}};
  EXPECT_TRUE(m.visit("a", [&](const int &value) {
    EXPECT_EQ(m.erase("a"), 1U);
    EXPECT_TRUE(m.empty());
    m.store("a", 2);
    EXPECT_EQ(value, 1);
  }));
  EXPECT_EQ(m.load("a"), 2);
}

TEST(Map, LoadOrStore) {
  text_map m;
  EXPECT_EQ(m.load_or_store("a", 1), (std::pair<int, bool>(1, true)));
  EXPECT_EQ(m.load_or_store("a", 2), (std::pair<int, bool>(1, false)));
  const std::string key = "b";
  const int value = 3;
  EXPECT_EQ(m.load_or_store(key, value), (std::pair<int, bool>(3, true)));
}

TEST(Map, FailedLoadOrStoreLeavesItsArguments) {
  unlatch::map<std::string, std::string> m;
  m.store(std::string(40, 'k'), std::string(40, 'v'));
  std::string key(40, 'k');
  std::string value(40, 'w');
  EXPECT_FALSE(m.load_or_store(std::move(key), std::move(value)).second);
  EXPECT_EQ(key, std::string(40, 'k'));
  EXPECT_EQ(value, std::string(40, 'w'));
  EXPECT_TRUE(m.load_or_store("other", std::move(value)).second);
  EXPECT_TRUE(value.empty()) << "moved, since it was inserted";
}

TEST(Map, LoadOrEmplaceCallsTheFactoryForAMiss) {
  text_map m;
  int calls = 0;
  const auto make = [&] { return ++calls; };
  EXPECT_EQ(m.load_or_emplace("a", make), (std::pair<int, bool>(1, true)));
  EXPECT_EQ(m.load_or_emplace("a", make), (std::pair<int, bool>(1, false)));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(m.load_or_emplace("b", [&] { return m.load("a").value_or(0) + 1; }).first, 2);
}

TEST(Map, LoadAndDelete) {
  text_map m{{"a", 1}};
  EXPECT_EQ(m.load_and_delete("a"), 1);
  EXPECT_EQ(m.load_and_delete("a"), std::nullopt);
  EXPECT_TRUE(m.empty());
}

TEST(Map, EraseSaysHowMany) {
  text_map m{{"a", 1}};
  EXPECT_EQ(m.erase("b"), 0U);
  EXPECT_EQ(m.erase("a"), 1U);
  EXPECT_EQ(m.erase("a"), 0U);
}

TEST(Map, SwapReturnsTheOld) {
  text_map m;
  EXPECT_EQ(m.swap("a", 1), std::nullopt);
  EXPECT_EQ(m.swap("a", 2), 1);
  EXPECT_EQ(m.load("a"), 2);
  EXPECT_EQ(m.size(), 1U);
}

TEST(Map, CompareAndSwap) {
  text_map m{{"a", 1}};
  EXPECT_FALSE(m.compare_and_swap("a", 2, 3));
  EXPECT_FALSE(m.compare_and_swap("b", 1, 3));
  EXPECT_TRUE(m.compare_and_swap("a", 1, 3));
  EXPECT_EQ(m.load("a"), 3);
  EXPECT_FALSE(m.compare_and_delete("a", 1));
  EXPECT_TRUE(m.compare_and_delete("a", 3));
  EXPECT_FALSE(m.compare_and_delete("a", 3));
}

TEST(Map, ValuesThatEqualNothing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  unlatch::map<int, double> m;
  m.store(1, nan);
  EXPECT_FALSE(m.compare_and_swap(1, nan, 1.0)) << "as == says";
  m.update(1, [](std::optional<double> &entry) { entry = 2.0; }); // must not retry for ever
  EXPECT_EQ(m.load(1), 2.0);
  m.store(1, nan);
  EXPECT_EQ(m.erase(1), 1U);
}

TEST(Map, UpdateReadsAndWritesBack) {
  text_map m;
  m.update("a", [](std::optional<int> &entry) {
    EXPECT_FALSE(entry);
    entry = 1;
  });
  EXPECT_EQ(m.load("a"), 1);
  const std::string &said = m.update("a", [](std::optional<int> &entry) {
    entry = *entry + 1;
    return std::string("done");
  });
  EXPECT_EQ(said, "done");
  EXPECT_EQ(m.load("a"), 2);
  m.update("a", [](std::optional<int> &entry) { entry.reset(); });
  EXPECT_FALSE(m.contains("a"));
  m.update("a", [](std::optional<int> &entry) { EXPECT_FALSE(entry); });
  EXPECT_FALSE(m.contains("a"));
  EXPECT_EQ(m.size(), 0U);
}

TEST(Map, UpdateReturnsReferencesAndMoveOnlyThings) {
  text_map m{{"a", 1}};
  int outside = 5;
  int &returned = m.update("a", [&](std::optional<int> &) -> int & { return outside; });
  EXPECT_EQ(&returned, &outside);
  EXPECT_EQ(*m.update("a", [](std::optional<int> &e) { return std::make_unique<int>(*e); }), 1);
}

TEST(Map, UpdateMayUseTheMap) {
  text_map m{{"a", 1}, {"b", 2}};
  m.update("a", [&](std::optional<int> &entry) {
    entry = static_cast<int>(m.size()) + m.at("b");
    m.store("c", 3);
  });
  EXPECT_EQ(m.load("a"), 4);
  EXPECT_EQ(m.size(), 3U);
}

TEST(Map, RangeSeesEverythingOnce) {
  unlatch::map<int, int> m;
  for (int i = 0; i < 1000; ++i)
    m.store(i, i * 2);
  std::set<int> seen;
  m.range([&](const int &key, const int &value) {
    EXPECT_EQ(value, key * 2);
    EXPECT_TRUE(seen.insert(key).second);
  });
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Map, RangeStopsAtFalse) {
  unlatch::map<int, int> m{{1, 1}, {2, 2}, {3, 3}};
  int calls = 0;
  m.range([&](int, int) { return ++calls < 2; });
  EXPECT_EQ(calls, 2);
  m.range([&](int, int) { return 0; }); // not a bool: not asked
}

TEST(Map, RangeMayReadButNotWrite) {
  unlatch::map<int, int> m{{1, 1}, {2, 2}};
  m.range([&](int key, int value) {
    EXPECT_EQ(m.load(key), value);
    EXPECT_EQ(m.size(), 2U);
    m.range([](int, int) {});
    EXPECT_EQ(m.items().size(), 2U);
    EXPECT_THROW(m.store(3, 3), std::system_error);
    EXPECT_THROW(m.erase(key), std::system_error);
    EXPECT_EQ(m.erase(99), 0U) << "which changes nothing, and does not wait";
    EXPECT_THROW(m.erase_if([](int, int) { return true; }), std::system_error);
  });
  EXPECT_EQ(m.size(), 2U);
  EXPECT_TRUE(m.store(3, 3)) << "open again";
}

TEST(Map, SortedItems) {
  unlatch::map<int, int> numbers;
  EXPECT_TRUE(numbers.sorted_items().empty());
  for (int key : {5, -3, 9, 0, 7, 1})
    numbers.store(key, key * 10);
  EXPECT_EQ(numbers.sorted_items(), (std::vector<std::pair<int, int>>{
                                        {-3, -30}, {0, 0}, {1, 10}, {5, 50}, {7, 70}, {9, 90}}));
  EXPECT_EQ(numbers.sorted_items(std::greater<int>()).front().first, 9);

  struct fixed { // not assignable
    const int number;
  };
  unlatch::map<std::string, fixed> names;
  for (int i = 0; i < 100; ++i)
    names.store(std::to_string(i), fixed{i});
  const auto sorted = names.sorted_items();
  ASSERT_EQ(sorted.size(), 100U);
  for (std::size_t i = 1; i < sorted.size(); ++i)
    EXPECT_LT(sorted[i - 1].first, sorted[i].first);
  EXPECT_EQ(sorted.front().second.number, 0);
  EXPECT_EQ(sorted.back().second.number, 99);
}

TEST(Map, WritingInALoopOverItems) {
  unlatch::map<int, int> m{{1, 1}, {2, 2}, {3, 3}};
  for (const auto &[key, value] : m.items())
    if (value != 2)
      m.erase(key);
  EXPECT_EQ(m.items(), (std::vector<std::pair<int, int>>{{2, 2}}));
}

TEST(Map, ToContainers) {
  const text_map m{{"b", 2}, {"a", 1}};
  EXPECT_EQ((m.to<std::map<std::string, int>>()), (std::map<std::string, int>{{"a", 1}, {"b", 2}}));
  EXPECT_EQ((m.to<std::unordered_map<std::string, int>>().at("b")), 2);
}

TEST(Map, EraseIf) {
  unlatch::map<int, int> m;
  for (int i = 0; i < 100; ++i)
    m.store(i, i);
  EXPECT_EQ(m.erase_if([](const int &key, const int &) { return key % 2 == 0; }), 50U);
  EXPECT_EQ(m.erase_if([](const auto &entry) { return entry.second < 10; }), 5U);
  EXPECT_EQ(m.erase_if([](const int &, const int &) { return false; }), 0U);
  EXPECT_EQ(m.size(), 45U);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(m.contains(i), i % 2 == 1 && i > 10);
  for (int i = 0; i < 100; ++i)
    m.store(i, -i);
  EXPECT_EQ(m.size(), 100U) << "entries come back after a sweep";
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(m.load(i), -i);
}

TEST(Map, TakeAllAndClear) {
  text_map m{{"b", 2}, {"a", 1}};
  EXPECT_EQ((m.take_all<std::map<std::string, int>>()),
            (std::map<std::string, int>{{"a", 1}, {"b", 2}}));
  EXPECT_TRUE(m.empty());
  m.store("c", 3);
  EXPECT_EQ(m.take_all(), (std::vector<std::pair<std::string, int>>{{"c", 3}}));
  m.store("d", 4);
  m.clear();
  EXPECT_TRUE(m.empty());
  EXPECT_FALSE(m.contains("d"));
  m.clear();
}

TEST(Map, AgreesWithStdOverManyOperations) {
  unlatch::map<int, int> m;
  std::unordered_map<int, int> reference;
  unlatch_test::generator random(1);
  for (int i = 0; i < unlatch_test::rounds(200000); ++i) {
    const int key = random.below(i < 1000 ? 16 : 5000);
    switch (random.below(6)) {
    case 0:
    case 1:
      ASSERT_EQ(m.store(key, i), reference.insert_or_assign(key, i).second);
      break;
    case 2:
      ASSERT_EQ(m.erase(key), reference.erase(key));
      break;
    case 3:
      ASSERT_EQ(m.load_or_store(key, i).first, reference.try_emplace(key, i).first->second);
      break;
    case 4:
      m.update(key, [](std::optional<int> &entry) {
        if (entry && *entry % 2 == 0)
          entry.reset();
        else
          entry = entry.value_or(0) + 1;
      });
      if (const auto it = reference.find(key); it != reference.end() && it->second % 2 == 0)
        reference.erase(it);
      else
        ++reference[key];
      break;
    default:
      const auto it = reference.find(key);
      ASSERT_EQ(m.load(key), it == reference.end() ? std::nullopt : std::optional(it->second));
    }
    ASSERT_EQ(m.size(), reference.size());
  }
  EXPECT_EQ((m.to<std::unordered_map<int, int>>()), reference);
}

TEST(Map, CollidingHashes) {
  unlatch::map<int, int, colliding_hash> m;
  for (int i = 0; i < 200; ++i)
    EXPECT_TRUE(m.store(i, i));
  for (int i = 0; i < 200; i += 2)
    EXPECT_EQ(m.erase(i), 1U);
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(m.contains(i), i % 2 == 1);
  EXPECT_EQ(m.size(), 100U);
}

TEST(Map, ReserveAndExpectedSize) {
  unlatch::map<int, int> m(10000);
  m.reserve(100000);
  for (int i = 0; i < 1000; ++i)
    m.store(i, i);
  EXPECT_EQ(m.size(), 1000U);
  EXPECT_EQ(m.load(999), 999);
}

// Keys that compare equal but differ: the one that came first stays, as with operator[].
struct named {
  int id;
  std::string spelling;
  friend bool operator==(const named &left, const named &right) { return left.id == right.id; }
};
struct named_hash {
  std::size_t operator()(const named &key) const { return static_cast<std::size_t>(key.id); }
};

TEST(Map, AKeyStaysTheObjectThatItWas) {
  unlatch::map<named, int, named_hash> m;
  m.store({1, "first"}, 1);
  m.store({1, "second"}, 2);
  m.swap({1, "third"}, 3);
  m.update({1, "fourth"}, [](std::optional<int> &entry) { entry = 4; });
  EXPECT_TRUE(m.compare_and_swap({1, "fifth"}, 4, 5));
  m.load_or_store({1, "sixth"}, 6);
  ASSERT_EQ(m.size(), 1U);
  EXPECT_EQ(m.items()[0].first.spelling, "first");
  EXPECT_EQ(m.items()[0].second, 5);
  m.erase({1, ""});
  m.store({1, "seventh"}, 7);
  EXPECT_EQ(m.items()[0].first.spelling, "seventh");
}

} // namespace
