// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values and memory: none lost, none left, and reads allocate nothing.

#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "support.h"

#if !UNLATCH_TEST_SANITIZED // which bring their own operator new

namespace {
thread_local long allocations = 0;
}

// GCC sees malloc and delete, or new and free, in one place after inlining.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
void *operator new(std::size_t size) {
  ++allocations;
  if (void *const memory = std::malloc(size))
    return memory;
  throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

namespace {

TEST(Values, ReadsAllocateNothing) {
  unlatch::map<std::string, int> m;
  const std::string key(40, 'a');
  const std::string absent(40, 'b');
  m.store(key, 1);
  unlatch::snapshot<int> s(1);
  static_cast<void>(m.load(key)); // the thread's first operation may take a record
  const long before = allocations;
  int sum = 0;
  for (int i = 0; i < 1000; ++i) {
    sum += m.load(key).value_or(0) + m.contains(absent) + m.at(key) + *s.read();
    m.visit(key, [&](const int &value) { sum += value; });
    sum += static_cast<int>(m.size());
    m.range([&](const std::string &, int value) { sum += value; });
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(sum, 6000);
}

template <class Value> void removals_allocate_nothing() {
  unlatch::map<int, Value> m;
  for (int i = 0; i < 1000; ++i)
    m.store(i, Value{});
  m.erase(999); // a thread's list of what it holds back is made once
  const long before = allocations;
  for (int i = 0; i < 500; ++i)
    m.erase(i);
  m.erase_if([](int key, const Value &) { return key < 600; });
  m.clear();
  EXPECT_EQ(allocations, before);
}

TEST(Values, RemovalsAllocateNothing) {
  removals_allocate_nothing<int>();
  removals_allocate_nothing<std::array<long, 4>>();
  removals_allocate_nothing<std::shared_ptr<int>>();
}

TEST(Values, AnEmptyMapAllocatesNothing) {
  const long before = allocations;
  const unlatch::map<std::string, std::string> m;
  EXPECT_FALSE(m.contains(std::string()));
  EXPECT_EQ(allocations, before);
}

/// How many times a thread allocates that stores that often, under so many keys. It is a new one,
/// so there is no memory that it could use again.
template <class Value> long allocations_for(int stores, int keys) {
  long result = 0;
  std::thread([&] {
    unlatch::map<int, Value> m;
    m.reserve(4096);
    const long before = allocations;
    for (int i = 0; i < stores; ++i)
      m.store(i % keys, Value{});
    result = allocations - before;
  }).join();
  return result;
}
template <class Value> long allocations_for_a_thousand() {
  return allocations_for<Value>(1000, 1000);
}

#if UNLATCH_BACKEND_LOCKED
TEST(Values, EntryAndValueAndTheTablesOwnNode) {
  EXPECT_EQ(allocations_for_a_thousand<int>(), 3000);
}
#else
TEST(Values, SmallEntriesStandInTheTable) {
  EXPECT_EQ(allocations_for_a_thousand<int>(), 0);
  EXPECT_EQ(allocations_for_a_thousand<double>(), 0);
}
TEST(Values, OthersAreOneAllocationEach) {
  EXPECT_EQ((allocations_for_a_thousand<std::array<long, 4>>()), 1000);
  EXPECT_EQ(allocations_for_a_thousand<std::shared_ptr<int>>(), 1000);
}
#if UNLATCH_REUSES_MEMORY
TEST(Values, MemoryOfSmallEntriesIsUsedAgain) {
  // Two batches at most are held back or in reserve; the list of them is one allocation more.
  using small = std::array<long, 4>;
  EXPECT_LE(allocations_for<small>(100'000, 100), 100 + 2 * 512 + 1);
  using large = std::array<long, 40>;
  EXPECT_GE(allocations_for<large>(100'000, 100), 100'000);
}
#endif
#endif

} // namespace

#endif

namespace {

using unlatch_test::counted;

TEST(Values, NoneIsLeft) {
  const long before = counted::alive.load();
  {
    unlatch::map<int, counted> m;
    for (int i = 0; i < 1000; ++i)
      m.store(i % 300, i);
    EXPECT_EQ(counted::alive.load(), before + 300);
    m.erase(5);
    m.update(6, [](std::optional<counted> &entry) { entry = 3; });
    m.swap(7, 1);
    m.load_or_store(8, 1);
    m.load_or_store(1000, 1);
    EXPECT_EQ(counted::alive.load(), before + 300);
    m.erase_if([](int key, const counted &) { return key % 2 == 0; });
    EXPECT_EQ(counted::alive.load(), before + static_cast<long>(m.size()));
  }
  EXPECT_EQ(counted::alive.load(), before);
}

TEST(Values, NoneIsLeftUnderConcurrency) {
  const long before = counted::alive.load();
  {
    unlatch::map<int, counted, unlatch_test::colliding_hash> m;
    unlatch_test::in_threads(8, [&](int index) {
      unlatch_test::generator random(static_cast<std::uint64_t>(index) + 1);
      for (int i = 0; i < unlatch_test::rounds(20000); ++i) {
        const int key = random.below(12);
        switch (random.below(6)) {
        case 0:
          m.store(key, i);
          break;
        case 1:
          m.erase(key);
          break;
        case 2:
          m.swap(key, i);
          break;
        case 3:
          m.load_or_store(key, i);
          break;
        case 4:
          m.load(key);
          break;
        default:
          m.update(key, [](std::optional<counted> &e) { e ? e.reset() : void(e = 1); });
        }
      }
    });
    EXPECT_EQ(counted::alive.load(), before + static_cast<long>(m.size()))
        << "no removed value waits for anything once all are quiet";
  }
  EXPECT_EQ(counted::alive.load(), before);
}

// However a race between inserts ends, the argument of the one that lost is untouched.
TEST(Values, ALostInsertLeavesItsArguments) {
  unlatch::map<std::string, std::unique_ptr<int>> holder; // only to see that it compiles
  holder.store("a", std::make_unique<int>(1));
  unlatch::map<int, std::string> m;
  std::atomic<int> wins{0};
  const int keys = unlatch_test::rounds(5000);
  unlatch_test::in_threads(4, [&](int index) {
    for (int key = 0; key < keys; ++key) {
      std::string value = std::string(30, 'x') + std::to_string(index);
      const std::string copy = value;
      const auto [now, inserted] = m.load_or_store(key, std::move(value));
      if (inserted) {
        wins.fetch_add(1);
        ASSERT_EQ(now, copy);
      } else {
        ASSERT_EQ(value, copy);
      }
    }
  });
  EXPECT_EQ(wins.load(), keys);
}

} // namespace
