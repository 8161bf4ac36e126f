// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/snapshot.h>

#include "support.h"

namespace {

using unlatch_test::counted;

struct state {
  int first = 0;
  int second = 0;
  std::string text;
};

static_assert(!std::is_copy_constructible<unlatch::snapshot<int>>::value, "as with a mutex in it");
static_assert(!std::is_move_constructible<unlatch::snapshot<int>>::value, "as with a mutex in it");

TEST(Snapshot, Construction) {
  EXPECT_EQ(unlatch::snapshot<int>().load(), 0);
  EXPECT_EQ(unlatch::snapshot<std::string>("a").load(), "a");
  unlatch::snapshot<state> s{state{1, 2, "x"}};
  EXPECT_EQ(s.read()->second, 2);
  unlatch::snapshot<std::vector<int>> in_place(std::in_place, 3U, 7);
  EXPECT_EQ(in_place.load(), (std::vector<int>{7, 7, 7}));
}

TEST(Snapshot, AGuardKeepsItsPicture) {
  unlatch::snapshot<std::string> s("old");
  const auto before = s.read();
  s.replace("new");
  const auto after = s.read();
  EXPECT_EQ(*before, "old");
  EXPECT_EQ(before->size(), 3U);
  EXPECT_EQ(after.get(), "new");
  EXPECT_EQ(s.load(), "new");
}

TEST(Snapshot, ManyGuardsAtOnce) {
  std::optional<unlatch::snapshot<int>> s(std::in_place, 0);
  unlatch::snapshot<int> other(-1);
  std::vector<unlatch::snapshot<int>::guard> guards;
  for (int i = 0; i < 100; ++i) { // more than one record of hazard slots holds
    guards.push_back(s->read());
    s->replace(i + 1);
    guards.push_back(other.read());
  }
  s.reset(); // guards may outlive it
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(*guards[static_cast<std::size_t>(2 * i)], i);
    EXPECT_EQ(*guards[static_cast<std::size_t>(2 * i + 1)], -1);
  }
}

TEST(Snapshot, ModifyReturnsWhatTheCallbackReturns) {
  unlatch::snapshot<std::map<int, int>> s;
  EXPECT_TRUE(s.modify([](std::map<int, int> &m) { return m.emplace(1, 2).second; }));
  s.modify([](std::map<int, int> &m) { m[3] = 4; });
  int outside = 0;
  int &returned = s.modify([&](std::map<int, int> &) -> int & { return outside; });
  EXPECT_EQ(&returned, &outside);
  EXPECT_EQ(s.view([](const std::map<int, int> &m) { return m.size(); }), 2U);
  EXPECT_EQ(*s.modify([&](std::map<int, int> &) { return std::make_unique<int>(5); }), 5);
}

TEST(Snapshot, ModifyMayRead) {
  unlatch::snapshot<int> s(1);
  s.modify([&](int &value) { value += s.load(); });
  EXPECT_EQ(s.load(), 2);
}

TEST(Snapshot, NothingIsPublishedIfTheCallbackThrows) {
  unlatch::snapshot<int> s(1);
  EXPECT_THROW(s.modify([](int &value) {
    value = 2;
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(s.load(), 1);
  s.modify([](int &value) { value = 3; }); // the queue of writers has moved on
  EXPECT_EQ(s.load(), 3);
}

TEST(Snapshot, CompareAndSwapComparesPublications) {
  unlatch::snapshot<int> s(1);
  const auto first = s.read();
  EXPECT_TRUE(s.compare_and_swap(first, 2));
  EXPECT_FALSE(s.compare_and_swap(first, 3));
  s.replace(1); // equal to what it was, but not the same
  EXPECT_FALSE(s.compare_and_swap(first, 3));
  EXPECT_EQ(s.load(), 1);
  unlatch::snapshot<int> other(1);
  EXPECT_FALSE(other.compare_and_swap(first, 3));
}

TEST(Snapshot, ReadersSeeOnePictureAndWritersLoseNothing) {
  unlatch::snapshot<state> s;
  const int each = unlatch_test::rounds(4000);
  unlatch_test::in_threads(10, [&](int index) {
    int last = 0;
    for (int i = 0; i < each; ++i) {
      switch (index % 4) {
      case 0:
        s.modify([](state &now) {
          ++now.first;
          ++now.second;
          now.text = std::to_string(now.first);
        });
        break;
      case 1:
        for (;;) {
          const auto seen = s.read();
          const int next = seen->first + 1;
          if (s.compare_and_swap(seen, state{next, next, std::to_string(next)}))
            break;
        }
        break;
      default:
        const auto seen = s.read();
        const auto again = s.read();
        ASSERT_EQ(seen->first, seen->second);
        ASSERT_EQ(seen->text, seen->first == 0 ? "" : std::to_string(seen->first));
        ASSERT_LE(last, seen->first);
        ASSERT_LE(seen->first, again->first);
        last = seen->first;
      }
    }
  });
  EXPECT_EQ(s.load().first, 6 * each);
}

TEST(Snapshot, NothingIsLeftBehind) {
  const long before = counted::alive.load();
  {
    unlatch::snapshot<counted> s(1);
    unlatch_test::in_threads(4, [&](int index) {
      for (int i = 0; i < unlatch_test::rounds(5000); ++i) {
        if (index % 2 == 0)
          s.replace(i);
        else
          EXPECT_GE(s.read()->number, 0);
      }
    });
    EXPECT_EQ(counted::alive.load(), before + 1) << "no replaced value waits for anything";
  }
  EXPECT_EQ(counted::alive.load(), before);
}

} // namespace
