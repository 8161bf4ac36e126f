// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory runs out, at whichever allocation of an operation: the map is as it was, nothing is lost,
// the operation can be done again, and removals go on.

#include "failing_memory.h"

#include <atomic>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/map.h>

#include "maps_of_memory.h"
#include "support.h"

namespace {

using namespace unlatch_test;

template <class Map>
constexpr bool stands_in_slots = !UNLATCH_BACKEND_LOCKED && std::is_same_v<Map, slot_map>;

/// What the operations are given.
template <class Map> struct arguments {
  const typename Map::key_type present = make<typename Map::key_type>(2);
  const typename Map::key_type absent = make<typename Map::key_type>(1000);
  const typename Map::mapped_type value = make<typename Map::mapped_type>(20); // of `present`
  const typename Map::mapped_type other = make<typename Map::mapped_type>(7);
};

/// That many entries, of them the first four alive.
template <class Map> void fill(Map &m, const arguments<Map> &given, int entries, bool and_erase) {
  for (int i = 0; i < entries; ++i)
    store(m, i, i * 10);
  if (and_erase)
    m.erase_if([](const auto &key, const auto &) { return number_in(key) >= 4; });
  if (m.contains(given.present))
    m.store(given.present, given.value);
}

struct start {
  int entries = 4;
  bool and_erase = false;
};

/// Lets each allocation of an operation fail once. The operation returns a number that says what
/// came of it. Returns how many of the failures it passed on.
template <class Map, class Operation> int fail_everywhere(Operation operation, start from = {}) {
  int refusals = 0;
  expect_nothing_left_of([&] {
    const arguments<Map> given;
    Map undisturbed;
    fill(undisturbed, given, from.entries, from.and_erase);
    const numbers before = numbers_in(undisturbed);
    const int expected_answer = operation(undisturbed, given);
    const numbers expected = numbers_in(undisturbed);
    bool has_failed = true;
    for (long nth = 1; has_failed; ++nth) {
      Map m;
      fill(m, given, from.entries, from.and_erase);
      std::optional<int> answer;
      {
        const failure now(nth);
        answer = unless_out_of_memory([&] { return operation(m, given); });
        has_failed = now.has_happened();
      }
      if (!answer) {
        ++refusals;
        ASSERT_EQ(numbers_in(m), before) << "at allocation " << nth;
        ASSERT_EQ(m.size(), before.size());
        answer = operation(m, given);
      }
      ASSERT_EQ(*answer, expected_answer) << "at allocation " << nth;
      ASSERT_EQ(numbers_in(m), expected);
      ASSERT_EQ(m.size(), expected.size());
    }
  });
  return refusals;
}

TEST(AllocationFailure, OfWrites) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    using value_type = typename map::mapped_type;
    const auto expect_refusals = [](auto operation) {
      EXPECT_EQ(fail_everywhere<map>(operation) > 0, !stands_in_slots<map>);
    };
    expect_refusals(
        [](map &m, auto &given) { return static_cast<int>(m.store(given.absent, given.other)); });
    expect_refusals(
        [](map &m, auto &given) { return static_cast<int>(m.store(given.present, given.other)); });
    expect_refusals(
        [](map &m, auto &given) { return number_in(m.swap(given.present, given.other)); });
    expect_refusals(
        [](map &m, auto &given) { return number_in(m.swap(given.absent, given.other)); });
    expect_refusals([](map &m, auto &given) {
      const auto [value, is_new] = m.load_or_store(given.absent, given.other);
      return number_in(value) * 2 + static_cast<int>(is_new);
    });
    expect_refusals([](map &m, auto &given) {
      const auto made =
          m.load_or_emplace(given.absent, [&]() -> value_type { return given.other; });
      return number_in(made.first) * 2 + static_cast<int>(made.second);
    });
    expect_refusals([](map &m, auto &given) {
      return static_cast<int>(m.compare_and_swap(given.present, given.value, given.other));
    });
    for (const bool is_present : {true, false})
      expect_refusals([&](map &m, auto &given) {
        return m.update(is_present ? given.present : given.absent,
                        [&](std::optional<value_type> &entry) {
                          const int before = number_in(entry);
                          entry = given.other;
                          return before;
                        });
      });
  });
}

// Copies of keys and values are the caller's matter, and may need memory. A removal needs none.
TEST(AllocationFailure, OfRemovals) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    using value_type = typename map::mapped_type;
    const auto expect_none = [](auto operation) { EXPECT_EQ(fail_everywhere<map>(operation), 0); };
    expect_none([](map &m, auto &given) {
      return static_cast<int>(m.erase(given.present) * 2 + m.erase(given.absent));
    });
    expect_none([](map &m, auto &given) {
      return static_cast<int>(m.compare_and_delete(given.present, given.value));
    });
    expect_none([](map &m, auto &) {
      return static_cast<int>(
          m.erase_if([](const auto &key, const auto &) { return number_in(key) % 2 == 0; }));
    });
    expect_none([](map &m, auto &) {
      m.clear();
      return 0;
    });
    fail_everywhere<map>(
        [](map &m, auto &given) { return number_in(m.load_and_delete(given.present)); });
    fail_everywhere<map>([](map &m, auto &given) {
      return m.update(given.present, [](std::optional<value_type> &entry) {
        const int before = number_in(entry);
        entry.reset();
        return before;
      });
    });
    EXPECT_GT(
        fail_everywhere<map>([](map &m, auto &) { return static_cast<int>(m.take_all().size()); }),
        0);
  });
}

TEST(AllocationFailure, OfReads) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    using value_type = typename map::mapped_type;
    EXPECT_EQ(fail_everywhere<map>([](map &m, auto &given) {
                int sum = m.contains(given.absent) ? 1000 : 0;
                m.visit(given.present, [&](const value_type &value) { sum += number_in(value); });
                m.range([&](const auto &, const auto &value) { sum += number_in(value); });
                return sum + static_cast<int>(m.size());
              }),
              0);
    EXPECT_EQ(fail_everywhere<map>([](map &m, auto &given) {
                return number_in(m.load(given.present)) + number_in(m.at(given.present));
              }) > 0,
              (std::is_same_v<value_type, std::string>));
    EXPECT_GT(
        fail_everywhere<map>([](map &m, auto &) { return static_cast<int>(m.items().size()); }), 0);
  });
}

TEST(AllocationFailure, OfOperationsOnOtherTypesOfKeys) {
  const std::string text = make<std::string>(2);
  const std::string_view present = text;
  EXPECT_EQ(fail_everywhere<text_map>([&](text_map &m, auto &) {
              int sum = m.contains(present) ? 1000 : 0;
              m.visit(present, [&](const std::string &value) { sum += number_in(value); });
              return sum + static_cast<int>(m.erase(present));
            }),
            0);
  EXPECT_GT(fail_everywhere<text_map>(
                [&](text_map &m, auto &) { return number_in(m.load_and_delete(present)); }),
            0);
}

// Whatever size the table has, some entry is the one that makes it grow. If most of what filled it
// is dead, the next one is as large or smaller.
TEST(AllocationFailure, OfGrowth) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    for (int entries = 0; entries < rounds(100); ++entries)
      for (const bool and_erase : {false, true})
        fail_everywhere<map>(
            [](map &m, auto &given) {
              return static_cast<int>(m.load_or_store(given.absent, given.other).second);
            },
            {entries, and_erase});
    EXPECT_GT(fail_everywhere<map>([](map &m, auto &) {
                m.reserve(500);
                return 0;
              }),
              0);
    EXPECT_GT(fail_everywhere<map>([](map &, auto &) {
                const map other(100);
                return static_cast<int>(other.size());
              }),
              0);
    EXPECT_GT(fail_everywhere<map>([](map &, auto &given) {
                const map other({{given.present, given.value}, {given.absent, given.other}});
                return static_cast<int>(other.size());
              }),
              0);
  });
}

// "If not, the arguments are as they were, rvalues too."
template <class Map, class Insert> void expect_arguments_back(Insert insert) {
  expect_nothing_left_of([insert] {
    bool has_failed = true;
    for (long nth = 1; has_failed; ++nth) {
      Map m;
      store(m, 1, 1);
      auto key = make<typename Map::key_type>(5);
      auto value = make<typename Map::mapped_type>(50);
      bool is_inserted = false;
      {
        const failure now(nth);
        is_inserted = unless_out_of_memory([&] { return insert(m, key, value); }).has_value();
        has_failed = now.has_happened();
      }
      if (!is_inserted) {
        ASSERT_EQ(number_in(key), 5) << "at allocation " << nth;
        ASSERT_EQ(number_in(value), 50);
        ASSERT_EQ(m.size(), 1U);
        insert(m, key, value);
      }
      ASSERT_EQ(number_in(m.load(make<typename Map::key_type>(5))), 50);
    }
  });
}

TEST(AllocationFailure, OfAnInsertionGivesTheArgumentsBack) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    expect_arguments_back<map>(
        [](map &m, auto &key, auto &value) { return m.load_or_store(key, value).second; });
    expect_arguments_back<map>([](map &m, auto &key, auto &value) {
      return m.load_or_store(key, std::move(value)).second;
    });
    expect_arguments_back<map>([](map &m, auto &key, auto &value) {
      return m.load_or_store(std::move(key), value).second;
    });
    expect_arguments_back<map>([](map &m, auto &key, auto &value) {
      return m.load_or_store(std::move(key), std::move(value)).second;
    });
  });
}

// A map without memory fills up what it has. All of it can be removed again.
TEST(AllocationFailure, OfAllAllocations) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    expect_nothing_left_of([] {
      using key_type = typename map::key_type;
      using value_type = typename map::mapped_type;
      map m;
      store(m, 0, 0);
      std::vector<key_type> keys;
      for (int i = 0; i < 300; ++i)
        keys.push_back(make<key_type>(i));
      const value_type value = make<value_type>(5);
      std::vector<bool> is_in(keys.size());
      is_in[0] = true;
      std::size_t refusals = 0;
      bool have_been_removed = true;
      {
        const failure always((failure::of_all()));
        for (std::size_t i = 1; i < keys.size(); ++i) {
          is_in[i] = unless_out_of_memory([&] { return m.store(keys[i], value); }).has_value();
          refusals += is_in[i] ? 0 : 1;
        }
        for (std::size_t i = 0; i < keys.size(); i += 2)
          have_been_removed = (m.erase(keys[i]) == 1) == is_in[i] && have_been_removed;
      }
      EXPECT_TRUE(have_been_removed);
      EXPECT_GT(refusals, 200U);
      for (std::size_t i = 0; i < keys.size(); ++i)
        ASSERT_EQ(m.contains(keys[i]), is_in[i] && i % 2 == 1) << i;
      {
        const failure always((failure::of_all()));
        m.clear();
      }
      EXPECT_TRUE(m.empty());
      for (int i = 0; i < 300; ++i)
        EXPECT_TRUE(store(m, i, i));
      EXPECT_EQ(m.size(), 300U);
    });
  });
}

// One thread gets no memory, while the table grows and shrinks under the writes of others. Each
// writes to keys of its own, and knows what has to be there.
template <class Map> void starve_one_of(int threads) {
  using key_type = typename Map::key_type;
  using value_type = typename Map::mapped_type;
  constexpr int most_keys = 300;
  Map m;
  store(m, 0, 0);
  std::atomic<bool> has_starved{false};
  std::vector<std::vector<bool>> is_in(static_cast<std::size_t>(threads),
                                       std::vector<bool>(most_keys));
  std::atomic<bool> has_failed{false};
  in_threads(threads, [&](int index) {
    std::vector<bool> &mine = is_in[static_cast<std::size_t>(index)];
    std::vector<key_type> keys;
    for (int i = 0; i < most_keys; ++i)
      keys.push_back(make<key_type>(i * threads + index));
    const value_type value = make<value_type>(1);
    generator random(static_cast<std::uint64_t>(index) + 1);
    mine[0] = index == 0;
    const auto write = [&](std::size_t which) {
      if (unless_out_of_memory([&] { return m.store(keys[which], value); }))
        mine[which] = true;
    };
    const auto erase = [&](std::size_t which) {
      try {
        if ((m.erase(keys[which]) == 1) != mine[which])
          has_failed = true;
        mine[which] = false;
      } catch (...) {
        has_failed = true;
      }
    };
    const auto any = [&] { return static_cast<std::size_t>(random.below(most_keys)); };
    if (index == 0) {
      for (int i = 0; i < most_keys; i += 2)
        write(static_cast<std::size_t>(i));
      const failure always((failure::of_all()));
      for (int i = 0; i < rounds(20000); ++i) {
        write(any());
        erase(any());
      }
      has_starved = true;
    } else {
      while (!has_starved.load()) {
        // Many or few of its keys, so that tables of every size come and go.
        const int few = random.below(2) == 0 ? most_keys : 8;
        for (int i = 0; i < most_keys; ++i) {
          write(static_cast<std::size_t>(random.below(few)));
          erase(any());
        }
      }
    }
  });
  EXPECT_FALSE(has_failed.load());
  numbers expected;
  for (int index = 0; index < threads; ++index)
    for (int i = 0; i < most_keys; ++i)
      if (is_in[static_cast<std::size_t>(index)][static_cast<std::size_t>(i)])
        expected[i * threads + index] = 1;
  if (is_in[0][0])
    expected[0] = numbers_in(m)[0];
  EXPECT_EQ(numbers_in(m), expected);
}

TEST(AllocationFailure, OfOneThreadWhileOthersWrite) {
  for_each_layout([](auto layout) {
    using map = typename decltype(layout)::map;
    expect_nothing_left_of([] { starve_one_of<map>(3); });
  });
}

} // namespace
