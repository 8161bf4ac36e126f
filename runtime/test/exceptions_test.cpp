// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whatever user code throws, the map is as it was, nothing is lost, and nothing is left locked.

#include <map>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/map.h>

#include "support.h"

namespace {

struct failure : std::runtime_error {
  failure() : std::runtime_error("as asked for") {}
};

// Throws at the n-th copy, hash or comparison from now on.
int until_failure = -1;
void count_down() {
  if (until_failure > 0 && --until_failure == 0)
    throw failure();
}

struct fragile : unlatch_test::counted {
  fragile(int its_number) : counted(its_number) {}
  fragile(const fragile &other) : counted(other) { count_down(); }
  fragile(fragile &&other) noexcept : counted(std::move(other)) {}
  fragile &operator=(const fragile &) = default;
  friend bool operator==(const fragile &left, const fragile &right) {
    count_down();
    return left.number == right.number;
  }
};
struct fragile_hash {
  std::size_t operator()(const fragile &key) const {
    count_down();
    return static_cast<std::size_t>(key.number % 2); // collisions, so that == is called
  }
};
using fragile_map = unlatch::map<fragile, fragile, fragile_hash>;

std::map<int, int> contents_of(const fragile_map &m) {
  std::map<int, int> result;
  m.range([&](const fragile &key, const fragile &value) { result[key.number] = value.number; });
  return result;
}

// Runs an operation again and again, so that each of its calls of user code fails once.
template <class Operation> void fail_everywhere(Operation operation) {
  const long before = unlatch_test::counted::alive.load();
  int failures = 0;
  for (int nth = 1;; ++nth) {
    fragile_map m;
    for (int i = 0; i < 4; ++i)
      m.store(i, i * 10);
    const std::map<int, int> contents = contents_of(m);
    const fragile key(2), absent(8), value(20), other(5);
    until_failure = nth;
    bool failed = false;
    try {
      operation(m, key, absent, value, other);
    } catch (const failure &) {
      failed = true;
    }
    until_failure = -1;
    if (!failed)
      break;
    ++failures;
    ASSERT_EQ(contents_of(m), contents) << "at call " << nth;
    ASSERT_EQ(m.size(), 4U);
    ASSERT_EQ(m.load(2)->number, 20);
    m.store(2, 7); // it can still be written to
    ASSERT_EQ(m.erase(2), 1U);
  }
  EXPECT_GT(failures, 0);
  EXPECT_EQ(unlatch_test::counted::alive.load(), before);
}

TEST(Exceptions, EveryOperationAtEveryCall) {
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &) { m.load(key); });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &) { m.contains(key); });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &) { m.at(key); });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &other) { m.store(key, other); });
  fail_everywhere(
      [](auto &m, auto &, auto &absent, auto &, auto &other) { m.store(absent, other); });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &other) { m.swap(key, other); });
  fail_everywhere(
      [](auto &m, auto &, auto &absent, auto &, auto &other) { m.load_or_store(absent, other); });
  fail_everywhere([](auto &m, auto &, auto &absent, auto &, auto &other) {
    m.load_or_emplace(absent, [&] { return other; });
  });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &) { m.load_and_delete(key); });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &) { m.erase(key); });
  fail_everywhere([](auto &m, auto &key, auto &, auto &value, auto &other) {
    m.compare_and_swap(key, value, other);
  });
  fail_everywhere(
      [](auto &m, auto &key, auto &, auto &value, auto &) { m.compare_and_delete(key, value); });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &other) {
    m.update(key, [&](std::optional<fragile> &entry) { entry = other; });
  });
  fail_everywhere([](auto &m, auto &, auto &absent, auto &, auto &other) {
    m.update(absent, [&](std::optional<fragile> &entry) { entry = other; });
  });
  fail_everywhere([](auto &m, auto &, auto &, auto &, auto &) { m.items(); });
  fail_everywhere([](auto &m, auto &, auto &, auto &, auto &) { m.take_all(); });
  fail_everywhere([](auto &m, auto &, auto &, auto &, auto &) {
    m.erase_if([](const fragile &, const fragile &) {
      count_down();
      return true;
    });
  });
  fail_everywhere([](auto &m, auto &, auto &, auto &, auto &) {
    m.range([](const fragile &, const fragile &) { count_down(); });
  });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &) {
    m.visit(key, [](const fragile &) { count_down(); });
  });
  fail_everywhere([](auto &m, auto &key, auto &, auto &, auto &) {
    m.update(key, [](std::optional<fragile> &entry) {
      entry.reset();
      count_down();
    });
  });
}

TEST(Exceptions, AFailedInsertGivesItsArgumentsBack) {
  fragile_map m;
  fragile key(1), value(10);
  struct dead : fragile {
    using fragile::fragile;
    dead(dead &&other) noexcept : fragile(std::move(other)) { other.number = -1; }
    dead(const dead &) = default;
    dead &operator=(dead &&other) noexcept {
      number = std::exchange(other.number, -1);
      return *this;
    }
  };
  unlatch::map<int, dead> moving;
  dead lent(5);
  until_failure = 1; // the copy that would have been returned
  EXPECT_THROW(moving.load_or_store(1, std::move(lent)), failure);
  until_failure = -1;
  EXPECT_EQ(lent.number, 5);
  EXPECT_TRUE(moving.empty());
}

TEST(Exceptions, AConstructorThatFailsHalfWayLeavesNothing) {
  const long before = unlatch_test::counted::alive.load();
  for (int nth = 1; nth < 6; ++nth) {
    until_failure = -1;
    try {
      const std::initializer_list<std::pair<const fragile, fragile>> list{{1, 1}, {2, 2}, {3, 3}};
      until_failure = nth;
      const fragile_map m(list);
      ADD_FAILURE();
    } catch (const failure &) {
    }
  }
  until_failure = -1;
  EXPECT_EQ(unlatch_test::counted::alive.load(), before);
}

} // namespace
