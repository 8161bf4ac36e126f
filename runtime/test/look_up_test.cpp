// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which types can stand for a key, and hashes and comparisons of one's own.

#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <unlatch/map.h>

namespace {

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

// A key that counts how often it is made out of something else.
struct tracked {
  static inline int made = 0;
  tracked(std::string its_text) : text(std::move(its_text)) { ++made; }
  tracked(const char *its_text) : text(its_text) { ++made; }
  std::string text;
};
struct tracked_hash {
  using is_transparent = void;
  std::size_t operator()(const char *text) const { return (*this)(std::string_view(text)); }
  std::size_t operator()(const tracked &key) const { return std::hash<std::string>()(key.text); }
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};
struct tracked_equal {
  using is_transparent = void;
  bool operator()(const tracked &left, const char *right) const { return left.text == right; }
  bool operator()(const tracked &left, const tracked &right) const {
    return left.text == right.text;
  }
  bool operator()(const tracked &left, std::string_view right) const { return left.text == right; }
};

TEST(LookUp, ConvertsWhatStdConverts) {
  unlatch::map<std::string, std::string> m;
  const char *const key = "key";
  EXPECT_TRUE(m.store(key, "value"));
  EXPECT_EQ(m.load(key), "value");
  EXPECT_EQ(m.at(key), "value");
  EXPECT_TRUE(m.contains("key"));
  EXPECT_TRUE(m.visit("key", [](const std::string &) {}));
  EXPECT_FALSE(m.load_or_store(key, "other").second);
  EXPECT_FALSE(m.load_or_store({3, 'k'}, {3, 'v'}).first.empty());
  EXPECT_EQ(m.swap(key, "new"), "value");
  EXPECT_TRUE(m.compare_and_swap(key, "new", "newer"));
  m.update(key, [](std::optional<std::string> &entry) { *entry += "est"; });
  EXPECT_EQ(m.load_or_emplace(key, [] { return "made"; }).first, "newerest");
  EXPECT_EQ(m.load_and_delete(key), "newerest");
  EXPECT_FALSE(m.compare_and_delete(key, ""));
  EXPECT_EQ(m.erase(key), 0U);
  unlatch::map<long, int> numbers;
  numbers.store(1, 2);
  EXPECT_EQ(numbers.load(static_cast<short>(1)), 2);
}

TEST(LookUp, TakesOtherTypesDirectly) {
  unlatch::map<tracked, int, tracked_hash, tracked_equal> m;
  m.store("a", 1);
  m.store("b", 2);
  tracked::made = 0;
  const std::string_view a = "a";
  EXPECT_EQ(m.load(a), 1);
  EXPECT_EQ(m.load("b"), 2);
  EXPECT_TRUE(m.contains(a));
  EXPECT_TRUE(m.visit(a, [](const int &value) { EXPECT_EQ(value, 1); }));
  EXPECT_EQ(m.erase(a), 1U);
  EXPECT_EQ(m.load_and_delete("b"), 2);
  EXPECT_EQ(m.erase("c"), 0U);
  EXPECT_EQ(tracked::made, 0) << "no key was made to look one up";
}

TEST(LookUp, StandardTransparentComparison) {
  unlatch::map<std::string, int, text_hash, std::equal_to<>> m{{"a", 1}};
  EXPECT_EQ(m.load(std::string_view("a")), 1);
  EXPECT_EQ(m.load("a"), 1);
  EXPECT_EQ(m.load(std::string("a")), 1);
  EXPECT_EQ(m.at("a"), 1);
}

struct folding_hash {
  bool fold = false;
  std::size_t operator()(const std::string &text) const {
    std::size_t sum = 0;
    for (char each : text)
      sum = sum * 31 +
            static_cast<unsigned char>(fold && each >= 'A' && each <= 'Z' ? each + 32 : each);
    return sum;
  }
};
struct folding_equal {
  bool fold = false;
  bool operator()(const std::string &left, const std::string &right) const {
    return fold ? folding_hash{true}(left) == folding_hash{true}(right) : left == right;
  }
};

TEST(LookUp, HashAndEqualityWithState) {
  unlatch::map<std::string, int, folding_hash, folding_equal> m(16, {true}, {true});
  m.store("Key", 1);
  EXPECT_EQ(m.load("kEY"), 1);
  m.store("KEY", 2);
  EXPECT_EQ(m.size(), 1U);
  EXPECT_EQ(m.items()[0].first, "Key");
  EXPECT_TRUE(m.hash_function().fold);
  EXPECT_TRUE(m.key_eq().fold);
}

TEST(LookUp, FunctionsAsHash) {
  using hash = std::function<std::size_t(int)>;
  unlatch::map<int, int, hash> m(0, [](int key) { return static_cast<std::size_t>(key); });
  m.store(1, 1);
  EXPECT_TRUE(m.contains(1));
}

} // namespace
