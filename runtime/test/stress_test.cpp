// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ten threads, every operation, on maps that have just been made, so that growth, collisions and
// hand-over happen all the time. Values tell which key they belong to.

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/snapshot.h>

#include "support.h"

namespace {

using unlatch_test::generator;
constexpr int thread_count = 10;

struct word_codec {
  static std::string key(int number) { return "key number " + std::to_string(number); }
  static std::string value(int number, int version) {
    return std::to_string(number) + " in a long text: " + std::to_string(version);
  }
  static bool belongs(const std::string &key, const std::string &value) {
    const std::string number = value.substr(0, value.find(' '));
    return key == "key number " + number;
  }
};
struct number_codec {
  static int key(int number) { return number; }
  static long value(int number, int version) { return number + 1000000L * version; }
  static bool belongs(int key, long value) { return value % 1000000 == key; }
};

template <class Map, class Codec> void everything(Map &m, int index, int operations, int keys) {
  using value_type = typename Map::mapped_type;
  generator random(static_cast<std::uint64_t>(index) + 77);
  for (int i = 0; i < operations; ++i) {
    const int number = random.below(keys);
    const auto key = Codec::key(number);
    const auto check = [&](const value_type &value) { ASSERT_TRUE(Codec::belongs(key, value)); };
    const auto check_optional = [&](const std::optional<value_type> &value) {
      if (value)
        check(*value);
    };
    switch (random.below(40)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      m.store(key, Codec::value(number, i));
      break;
    case 5:
    case 6:
    case 7:
    case 8:
      m.erase(key);
      break;
    case 9:
    case 10:
      check(m.load_or_store(key, Codec::value(number, i)).first);
      break;
    case 11:
    case 12:
      check(m.load_or_emplace(key, [&] { return Codec::value(number, i); }).first);
      break;
    case 13:
    case 14:
      check_optional(m.load_and_delete(key));
      break;
    case 15:
    case 16:
      check_optional(m.swap(key, Codec::value(number, i)));
      break;
    case 17:
      if (const auto seen = m.load(key))
        m.compare_and_swap(key, *seen, Codec::value(number, i));
      break;
    case 18:
      if (const auto seen = m.load(key))
        m.compare_and_delete(key, *seen);
      break;
    case 19:
    case 20:
    case 21:
      m.update(key, [&](std::optional<value_type> &entry) {
        check_optional(entry);
        if (entry && i % 2 == 0)
          entry.reset();
        else
          entry = Codec::value(number, i);
      });
      break;
    case 22:
      if (i % 8 == 0)
        m.range([&](const auto &k, const auto &v) { ASSERT_TRUE(Codec::belongs(k, v)); });
      break;
    case 23:
      if (i % 16 == 0)
        m.erase_if([&](const auto &k, const auto &v) {
          EXPECT_TRUE(Codec::belongs(k, v));
          return v < Codec::value(number, i);
        });
      break;
    case 24:
      if (i % 64 == 0)
        m.clear();
      break;
    case 25:
      if (i % 64 == 0) {
        for (const auto &[k, v] : m.take_all())
          ASSERT_TRUE(Codec::belongs(k, v));
      }
      break;
    case 26:
      ASSERT_LE(m.size(), static_cast<std::size_t>(keys));
      break;
    case 27:
      m.reserve(static_cast<std::size_t>(number));
      break;
    case 28:
    case 29:
    case 30:
      m.visit(key, check);
      break;
    default:
      check_optional(m.load(key));
    }
  }
}

template <class Map, class Codec> void stress(int maps, int operations, int keys) {
  for (int round = 0; round < maps; ++round) {
    Map m;
    unlatch_test::in_threads(thread_count, [&](int index) {
      everything<Map, Codec>(m, index + round * thread_count, operations, keys);
    });
    std::size_t seen = 0;
    m.range([&](const auto &k, const auto &v) {
      ASSERT_TRUE(Codec::belongs(k, v));
      ASSERT_TRUE(m.contains(k));
      ++seen;
    });
    ASSERT_EQ(m.size(), seen);
  }
}

TEST(Stress, ManyYoungMaps) {
  stress<unlatch::map<int, long>, number_codec>(unlatch_test::rounds(200), 300, 200);
}
TEST(Stress, FewKeys) {
  stress<unlatch::map<int, long>, number_codec>(2, unlatch_test::rounds(20000), 6);
}
TEST(Stress, Collisions) {
  stress<unlatch::map<int, long, unlatch_test::colliding_hash>, number_codec>(
      2, unlatch_test::rounds(10000), 30);
}
TEST(Stress, Strings) {
  stress<unlatch::map<std::string, std::string>, word_codec>(2, unlatch_test::rounds(10000), 500);
}
TEST(Stress, Growth) {
  unlatch::map<int, int> m;
  const int each = unlatch_test::rounds(20000);
  unlatch_test::in_threads(thread_count, [&](int index) {
    for (int i = 0; i < each; ++i) {
      ASSERT_TRUE(m.store(i * thread_count + index, i));
      ASSERT_EQ(m.load(i / 2 * thread_count + index), i / 2);
    }
  });
  EXPECT_EQ(m.size(), static_cast<std::size_t>(each * thread_count));
  for (int i = 0; i < each * thread_count; ++i)
    ASSERT_EQ(m.load(i), i / thread_count);
}

// Increments from all sides: update loses none.
TEST(Stress, UpdateLosesNothing) {
  unlatch::map<int, int> m;
  unlatch::map<int, int> swapped;
  const int each = unlatch_test::rounds(8000);
  unlatch_test::in_threads(thread_count, [&](int) {
    for (int i = 0; i < each; ++i) {
      m.update(i % 3, [](std::optional<int> &entry) { entry = entry.value_or(0) + 1; });
      for (;;) {
        const int seen = swapped.load_or_store(0, 0).first;
        if (swapped.compare_and_swap(0, seen, seen + 1))
          break;
      }
      if (i % 512 == 0)
        m.items();
    }
  });
  int sum = 0;
  m.range([&](int, int value) { sum += value; });
  EXPECT_EQ(sum, each * thread_count);
  EXPECT_EQ(swapped.load(0), each * thread_count);
}

// Each key is handed out once, however many ask.
TEST(Stress, LoadAndDeleteHandsOutOnce) {
  unlatch::map<int, int> m;
  const int keys = unlatch_test::rounds(20000);
  for (int i = 0; i < keys; ++i)
    m.store(i, i);
  std::atomic<int> got{0};
  unlatch_test::in_threads(thread_count, [&](int index) {
    for (int i = 0; i < keys; ++i)
      if (index % 2 == 0 ? m.load_and_delete(i).has_value() : m.erase(i) == 1)
        got.fetch_add(1);
  });
  EXPECT_EQ(got.load(), keys);
  EXPECT_TRUE(m.empty());
}

TEST(Stress, AllTypesTogether) {
  unlatch::map<int, std::shared_ptr<unlatch::snapshot<std::string>>> m;
  unlatch::counter<> created;
  unlatch_test::in_threads(thread_count, [&](int index) {
    generator random(static_cast<std::uint64_t>(index) + 5);
    for (int i = 0; i < unlatch_test::rounds(5000); ++i) {
      const int key = random.below(10);
      if (random.below(8) == 0)
        m.erase(key);
      const auto [state, is_new] = m.load_or_emplace(
          key, [] { return std::make_shared<unlatch::snapshot<std::string>>("a"); });
      if (is_new)
        ++created;
      state->modify(
          [](std::string &text) { text.size() > 20 ? text.clear() : text.push_back('a'); });
      const auto guard = state->read();
      ASSERT_EQ(guard->find_first_not_of('a'), std::string::npos);
    }
  });
  EXPECT_GE(created.sum(), m.size());
}

} // namespace
