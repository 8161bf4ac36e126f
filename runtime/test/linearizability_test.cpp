// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Records what several threads see of one small map, and searches for an order of the operations
// that explains it (J. Wing, C. Gong, "Testing and Verifying Concurrent Objects", JPDC 1993, with
// the memory of visited configurations of G. Lowe, "Testing for Linearizability", CCPE 2017).

// Before the library's headers: threads change over at its delicate places, now and then.
#include "interleave.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

#include <unlatch/map.h>

#include "support.h"

namespace {

constexpr int key_count = 3;
constexpr int absent = 0; // values are 1 to 7
using state = std::array<int, key_count>;

enum class kind {
  load,
  contains,
  store,
  swap,
  load_or_store,
  load_and_delete,
  erase,
  compare_and_swap,
  compare_and_delete,
  increment,
  toggle,
  size,
  items,
  erase_odd,
  clear,
  take_all,
  last = take_all
};

struct operation {
  kind what = kind::load;
  int key = 0;
  int argument = 0;
  int expected = 0;
  int result = 0; // whatever came back, as one number
  long begin = 0;
  long end = 0;
};

int encode(const state &s) {
  int code = 0;
  for (int each : s)
    code = code * 8 + each;
  return code;
}
int size_of(const state &s) {
  int number = 0;
  for (int each : s)
    number += each != absent;
  return number;
}

// What the operation does to a map that no one else uses, and what it returns.
int apply(const operation &op, state &s) {
  int &entry = s[static_cast<std::size_t>(op.key)];
  const int before = entry;
  switch (op.what) {
  case kind::load:
    return before;
  case kind::contains:
    return before != absent;
  case kind::store:
    entry = op.argument;
    return before == absent;
  case kind::swap:
    entry = op.argument;
    return before;
  case kind::load_or_store:
    if (before == absent)
      entry = op.argument;
    return entry * 2 + (before == absent);
  case kind::load_and_delete:
    entry = absent;
    return before;
  case kind::erase:
    entry = absent;
    return before != absent;
  case kind::compare_and_swap:
    if (before != op.expected)
      return 0;
    entry = op.argument;
    return 1;
  case kind::compare_and_delete:
    if (before != op.expected)
      return 0;
    entry = absent;
    return 1;
  case kind::increment:
    entry = before % 7 + 1;
    return before;
  case kind::toggle:
    entry = before == absent ? op.argument : absent;
    return before;
  case kind::size:
    return size_of(s);
  case kind::items:
    return encode(s);
  case kind::erase_odd: {
    int removed = 0;
    for (int &each : s)
      if (each % 2 == 1) {
        each = absent;
        ++removed;
      }
    return removed;
  }
  case kind::clear:
    s = state{};
    return 0;
  case kind::take_all: {
    const int code = encode(s);
    s = state{};
    return code;
  }
  }
  return -1;
}

// The same on the real map.
template <class Map> int perform(const operation &op, Map &m) {
  const auto encode_items = [](const auto &items) {
    state s{};
    for (const auto &[key, value] : items)
      s[static_cast<std::size_t>(key)] = value;
    return encode(s);
  };
  switch (op.what) {
  case kind::load:
    return m.load(op.key).value_or(absent);
  case kind::contains:
    return m.contains(op.key);
  case kind::store:
    return m.store(op.key, op.argument);
  case kind::swap:
    return m.swap(op.key, op.argument).value_or(absent);
  case kind::load_or_store: {
    const auto [value, inserted] = m.load_or_store(op.key, op.argument);
    return value * 2 + inserted;
  }
  case kind::load_and_delete:
    return m.load_and_delete(op.key).value_or(absent);
  case kind::erase:
    return static_cast<int>(m.erase(op.key));
  case kind::compare_and_swap:
    return m.compare_and_swap(op.key, op.expected, op.argument);
  case kind::compare_and_delete:
    return m.compare_and_delete(op.key, op.expected);
  case kind::increment:
    return m.update(op.key, [](std::optional<int> &entry) {
      const int before = entry.value_or(absent);
      entry = before % 7 + 1;
      return before;
    });
  case kind::toggle:
    return m.update(op.key, [&](std::optional<int> &entry) {
      const int before = entry.value_or(absent);
      if (entry)
        entry.reset();
      else
        entry = op.argument;
      return before;
    });
  case kind::size:
    return static_cast<int>(m.size());
  case kind::items:
    return encode_items(m.items());
  case kind::erase_odd:
    return static_cast<int>(m.erase_if([](int, int value) { return value % 2 == 1; }));
  case kind::clear:
    m.clear();
    return 0;
  case kind::take_all:
    return encode_items(m.take_all());
  }
  return -1;
}

// Whether some order that respects real time explains all results.
class checker {
public:
  explicit checker(const std::vector<operation> &history) : history_(history) {}
  bool explains() { return search(0, state{}); }

private:
  bool search(std::uint64_t done, const state &s) {
    if (done == (std::uint64_t{1} << history_.size()) - 1)
      return true;
    if (!visited_.insert(done << 9 | static_cast<std::uint64_t>(encode(s))).second)
      return false;
    // Whatever comes next must have begun before the first of the rest ended.
    long first_end = -1;
    for (std::size_t i = 0; i < history_.size(); ++i)
      if ((done >> i & 1) == 0 && (first_end < 0 || history_[i].end < first_end))
        first_end = history_[i].end;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if ((done >> i & 1) != 0 || history_[i].begin > first_end)
        continue;
      state next = s;
      if (apply(history_[i], next) == history_[i].result &&
          search(done | std::uint64_t{1} << i, next))
        return true;
    }
    return false;
  }

  const std::vector<operation> &history_;
  std::unordered_set<std::uint64_t> visited_;
};

std::string describe(const std::vector<operation> &history) {
  std::string text;
  for (const operation &op : history)
    text += "[" + std::to_string(op.begin) + ", " + std::to_string(op.end) + "] operation " +
            std::to_string(static_cast<int>(op.what)) + " key " + std::to_string(op.key) +
            " argument " + std::to_string(op.argument) + " expected " +
            std::to_string(op.expected) + " gave " + std::to_string(op.result) + "\n";
  return text;
}

TEST(Linearizability, TheCheckerRejectsWhatCannotBe) {
  const auto make = [](kind what, int key, int argument, int result, long begin, long end) {
    operation op;
    op.what = what;
    op.key = key;
    op.argument = argument;
    op.result = result;
    op.begin = begin;
    op.end = end;
    return op;
  };
  using history = std::vector<operation>;
  // A load that began after a store had ended has to see it; one at the same time need not.
  const history late{make(kind::store, 0, 1, 1, 0, 1), make(kind::load, 0, 0, 0, 2, 3)};
  const history same{make(kind::store, 0, 1, 1, 0, 3), make(kind::load, 0, 0, 0, 1, 2)};
  EXPECT_FALSE(checker(late).explains());
  EXPECT_TRUE(checker(same).explains());
  // A count that lags behind what a reader has seen already.
  const history lagging{make(kind::store, 0, 1, 1, 0, 9), make(kind::load, 0, 0, 1, 1, 2),
                        make(kind::size, 0, 0, 0, 3, 4)};
  EXPECT_FALSE(checker(lagging).explains());
  // Two inserts that both say they were first.
  const history twice{make(kind::load_or_store, 0, 1, 3, 0, 9),
                      make(kind::load_or_store, 0, 2, 5, 1, 8)};
  EXPECT_FALSE(checker(twice).explains());
  // Half of a clear.
  const history half{make(kind::store, 0, 1, 1, 0, 1), make(kind::store, 1, 1, 1, 2, 3),
                     make(kind::clear, 0, 0, 0, 4, 9), make(kind::load, 0, 0, 0, 5, 6),
                     make(kind::load, 1, 0, 1, 7, 8)};
  EXPECT_FALSE(checker(half).explains());
}

// `whole_map_share`: how many of 100 operations concern the whole map.
template <class Map>
void check_histories(int histories, int threads, int each, int whole_map_share) {
  std::atomic<int> round{0};
  std::atomic<int> arrived{0};
  std::atomic<long> clock{0};
  std::unique_ptr<Map> m = std::make_unique<Map>();
  std::vector<std::vector<operation>> recorded(static_cast<std::size_t>(threads));
  bool failed = false;
  unlatch_test::in_threads(threads, [&](int index) {
    unlatch_test::generator random(static_cast<std::uint64_t>(index + 1));
    std::vector<operation> &mine = recorded[static_cast<std::size_t>(index)];
    for (int history = 0; history < histories; ++history) {
      mine.clear();
      for (int i = 0; i < each; ++i) {
        operation op;
        op.what = random.below(100) < whole_map_share
                      ? static_cast<kind>(static_cast<int>(kind::size) + random.below(5))
                      : static_cast<kind>(random.below(static_cast<int>(kind::size)));
        op.key = random.below(key_count);
        op.argument = 1 + random.below(7);
        op.expected = 1 + random.below(7);
        op.begin = clock.fetch_add(1);
        op.result = perform(op, *m);
        op.end = clock.fetch_add(1);
        mine.push_back(op);
      }
      if (arrived.fetch_add(1) + 1 == threads) { // the last one checks, the others wait
        std::vector<operation> all;
        for (const auto &those : recorded)
          all.insert(all.end(), those.begin(), those.end());
        if (!failed && !checker(all).explains()) {
          failed = true;
          ADD_FAILURE() << "no order explains this:\n" << describe(all);
        }
        m = std::make_unique<Map>(); // so that buckets are spliced in all the time
        arrived.store(0);
        round.fetch_add(1);
      } else {
        while (round.load() == history)
          std::this_thread::yield();
      }
    }
  });
}

struct constant_hash {
  std::size_t operator()(int) const { return 1; }
};

TEST(Linearizability, SingleKeys) {
  check_histories<unlatch::map<int, int>>(unlatch_test::rounds(3000), 3, 8, 0);
}
TEST(Linearizability, WithWholeMapOperations) {
  check_histories<unlatch::map<int, int>>(unlatch_test::rounds(3000), 3, 7, 30);
}
TEST(Linearizability, WithCollisions) {
  check_histories<unlatch::map<int, int, constant_hash>>(unlatch_test::rounds(3000), 4, 6, 10);
}

} // namespace
