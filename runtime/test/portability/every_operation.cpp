// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every operation of the library, for keys and values of each layout, in one file that needs
// nothing else. Compiled by compilers.py in many ways, with and without exceptions and run-time
// type information. Says where it went wrong, or nothing.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <unlatch/counter.h>
#include <unlatch/map.h>
#include <unlatch/reclaim.h>
#include <unlatch/snapshot.h>

namespace {

std::atomic<int> failures{0};

void check(bool holds, const char *what, int line) {
  if (!holds && failures.fetch_add(1) < 20)
    std::fprintf(stderr, "line %d: not so: %s\n", line, what);
}
#define CHECK(condition) check((condition), #condition, __LINE__)

// A value for each layout, made from a number.

enum class color : std::uint8_t { red, green, blue, other };

struct coordinates { // too large for a slot, and without a destructor
  std::uint64_t x, y, z;
  friend bool operator==(const coordinates &left, const coordinates &right) {
    return left.x == right.x && left.y == right.y && left.z == right.z;
  }
};

struct alignas(128) over_aligned {
  int number;
  friend bool operator==(const over_aligned &left, const over_aligned &right) {
    return left.number == right.number;
  }
};

struct half { // fits into a slot, and cannot be default-constructed
  explicit half(std::uint16_t its_number) : number(its_number) {}
  std::uint16_t number;
  friend bool operator==(half left, half right) { return left.number == right.number; }
};

template <class T> T make(int number) {
  if constexpr (std::is_same<T, std::string>::value)
    return "number " + std::to_string(number) + ", too long for the string object";
  else if constexpr (std::is_same<T, coordinates>::value)
    return {static_cast<std::uint64_t>(number), 1, 2};
  else if constexpr (std::is_same<T, over_aligned>::value)
    return {number};
  else if constexpr (std::is_same<T, half>::value)
    return half(static_cast<std::uint16_t>(number));
  else
    return static_cast<T>(number);
}

// Which of them stand in the slots of the table.
#ifndef UNLATCH_FALLBACK_MUTEX
template <class K, class V>
constexpr bool is_inline = unlatch::detail::fits_inline<K, V, std::hash<K>, std::equal_to<K>>;
static_assert(is_inline<int, float>, "four bytes each");
static_assert(is_inline<color, half>, "less than four bytes");
static_assert(is_inline<std::uint64_t, double> == unlatch::detail::has_double_word<std::uint64_t>,
              "eight bytes each");
static_assert(!is_inline<int, coordinates> && !is_inline<std::string, int>, "nodes");
#endif

template <class K, class V> void look_up(const unlatch::map<K, V> &m, int number) {
  const K key = make<K>(number);
  const V value = make<V>(number);
  CHECK(m.load(key) == value);
  CHECK(m.contains(key));
  CHECK(m.at(key) == value);
  bool seen = false;
  CHECK(m.visit(key, [&](const V &present) { seen = present == value; }));
  CHECK(seen);
}

template <class K, class V> void one_key() {
  unlatch::map<K, V> m;
  CHECK(m.empty());
  CHECK(!m.load(make<K>(1)));
  CHECK(!m.visit(make<K>(1), [](const V &) {}));
  CHECK(m.store(make<K>(1), make<V>(2)));
  CHECK(m.swap(make<K>(1), make<V>(1)) == make<V>(2));
  look_up(m, 1);

  const K key = make<K>(2);
  const V value = make<V>(2);
  CHECK(m.load_or_store(key, value) == std::make_pair(value, true));
  CHECK(m.load_or_store(key, make<V>(3)) == std::make_pair(value, false));
  CHECK(m.load_or_store(make<K>(2), value) == std::make_pair(value, false));
  CHECK(m.load_or_store(make<K>(3), make<V>(3)).second);
  CHECK(m.load_or_emplace(make<K>(1), [] { return make<V>(3); }).first == make<V>(1));
  CHECK(m.load_or_emplace(make<K>(0), [] { return make<V>(0); }).second);
  CHECK(m.size() == 4);

  CHECK(m.compare_and_swap(key, value, make<V>(3)));
  CHECK(!m.compare_and_swap(key, value, make<V>(1)));
  CHECK(!m.compare_and_delete(key, value));
  CHECK(m.compare_and_delete(key, make<V>(3)));
  CHECK(m.load_and_delete(make<K>(3)) == make<V>(3));
  CHECK(!m.load_and_delete(make<K>(3)));
  CHECK(m.erase(make<K>(0)) == 1);
  CHECK(m.erase(make<K>(0)) == 0);

  CHECK(m.update(key, [&](std::optional<V> &entry) {
    const bool was_absent = !entry;
    entry.emplace(value);
    return was_absent;
  }));
  look_up(m, 2);
  m.update(key, [](std::optional<V> &entry) { entry.reset(); });
  CHECK(!m.contains(key));
  CHECK(m.hash_function()(key) == std::hash<K>()(key));
  CHECK(m.key_eq()(key, key));
  m.clear();
  CHECK(m.empty());
}

template <class K, class V> void whole_map(int entries) {
  unlatch::map<K, V> m(4);
  for (int i = 0; i < entries; ++i) // grows
    CHECK(m.store(make<K>(i), make<V>(i)));
  m.reserve(2 * static_cast<std::size_t>(entries));
  const auto all = static_cast<std::size_t>(entries);
  CHECK(m.size() == all);
  for (int i = 0; i < entries; ++i)
    look_up(m, i);

  std::size_t seen = 0;
  m.range([&](const K &, const V &) { ++seen; });
  CHECK(seen == all);
  m.range([&](const K &, const V &) { return --seen > 2; });
  CHECK(seen == 2);
  CHECK(m.items().size() == all);
  CHECK(m.sorted_items().size() == all);
  using pairs = std::vector<std::pair<K, V>>;
  CHECK(m.template to<pairs>().size() == all);

  const V gone = make<V>(1);
  CHECK(m.erase_if([&](const K &, const V &value) { return value == gone; }) == 1);
  CHECK(m.erase_if([](const auto &each) { return each.first == make<K>(2); }) == 1);
  CHECK(!m.contains(make<K>(1)));
  CHECK(m.size() == all - 2);
  const pairs taken = m.take_all();
  CHECK(taken.size() == all - 2);
  for (const auto &each : taken)
    m.store(each.first, each.second);
  CHECK(m.template take_all<pairs>().size() == all - 2);
  CHECK(m.empty());
}

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

void other_forms_of_a_key() {
  unlatch::map<std::string, int, text_hash, std::equal_to<>> m{{"a", 1}, {"b", 2}, {"a", 3}};
  const std::string_view key = "a";
  CHECK(m.load(key) == 1);
  CHECK(m.contains(key));
  CHECK(m.visit(key, [](int value) { CHECK(value == 1); }));
  CHECK(m.load_and_delete(key) == 1);
  CHECK(m.erase(std::string_view("b")) == 1);
}

void values_that_only_move() {
  unlatch::map<int, std::unique_ptr<int>> m;
  CHECK(m.store(1, std::make_unique<int>(1)));
  CHECK(!m.store(1, std::make_unique<int>(2)));
  CHECK(m.visit(1, [](const std::unique_ptr<int> &value) { CHECK(*value == 2); }));
  CHECK(m.erase(1) == 1);
}

void values_with_an_alignment() {
  unlatch::map<int, over_aligned> m;
  CHECK(m.store(1, make<over_aligned>(1)));
  CHECK(m.swap(1, make<over_aligned>(2)) == make<over_aligned>(1));
  CHECK(m.visit(1, [](const over_aligned &value) {
    CHECK(reinterpret_cast<std::uintptr_t>(&value) % alignof(over_aligned) == 0);
  }));
}

void exceptions() {
#if defined(__cpp_exceptions)
  unlatch::map<int, int> m{{1, 1}};
  bool thrown = false;
  try {
    m.at(2);
  } catch (const std::out_of_range &) {
    thrown = true;
  }
  CHECK(thrown);
#endif
}

template <class T> void snapshots() {
  unlatch::snapshot<T> s(make<T>(1));
  CHECK(s.load() == make<T>(1));
  auto first = s.read();
  s.replace(make<T>(2));
  CHECK(*first == make<T>(1));
  CHECK(first.get() == make<T>(1));
  CHECK(!s.compare_and_swap(first, make<T>(3)));
  auto second = s.read();
  CHECK(s.compare_and_swap(second, make<T>(3)));
  CHECK(s.modify([](T &value) {
    value = make<T>(1);
    return 7;
  }) == 7);
  s.modify([](T &value) { value = make<T>(2); });
  CHECK(s.view([](const T &value) { return value == make<T>(2); }));
  const auto moved = std::move(first);
  CHECK(*moved == make<T>(1));
  const unlatch::snapshot<T> in_place(std::in_place, make<T>(3));
  CHECK(in_place.load() == make<T>(3));
}

template <class Integer> void counters() {
  unlatch::counter<Integer> c(Integer{3});
  ++c;
  c += Integer{2};
  c.add(Integer{4});
  CHECK(c.sum() == Integer{10});
}

template <class T> int number_of(const T &value) {
  if constexpr (std::is_same<T, std::string>::value)
    return std::atoi(value.c_str() + std::strlen("number "));
  else if constexpr (std::is_same<T, coordinates>::value)
    return static_cast<int>(value.x);
  else if constexpr (std::is_same<T, half>::value)
    return value.number;
  else
    return static_cast<int>(value);
}

/// What is not atomic loses something here.
template <class K, class V> void in_threads() {
  constexpr int writers = 4, rounds = 500, shared_keys = 5;
  unlatch::map<K, V> m;
  unlatch::snapshot<V> s(make<V>(0));
  unlatch::counter<> c;
  const auto add_one = [](std::optional<V> &entry) {
    const int before = entry ? number_of(*entry) : 0;
    entry.emplace(make<V>(before + 1));
  };
  std::vector<std::thread> threads;
  for (int index = 0; index < writers; ++index)
    threads.emplace_back([&, index] {
      for (int i = 0; i < rounds; ++i) {
        m.update(make<K>(i % shared_keys), add_one);
        const K own = make<K>(shared_keys + index * rounds + i);
        CHECK(m.store(own, make<V>(i)));
        CHECK(m.load(own) == make<V>(i));
        CHECK(i % 2 == 0 || m.erase(own) == 1);
        s.modify([](V &value) { value = make<V>(number_of(value) + 1); });
        ++c;
      }
    });
  threads.emplace_back([&] {
    for (int i = 0; i < 20; ++i) {
      std::size_t seen = 0;
      m.range([&](const K &, const V &) { ++seen; });
      CHECK(seen <= shared_keys + writers * rounds);
      CHECK(m.items().size() <= shared_keys + writers * rounds);
      CHECK(m.load_or_store(make<K>(0), make<V>(0)).second == false || i == 0);
      CHECK(number_of(*s.read()) <= writers * rounds);
    }
  });
  for (std::thread &each : threads)
    each.join();
  int total = 0;
  for (int key = 0; key < shared_keys; ++key)
    total += number_of(m.at(make<K>(key)));
  CHECK(total == writers * rounds);
  CHECK(m.size() == shared_keys + writers * rounds / 2);
  CHECK(number_of(s.load()) == writers * rounds);
  CHECK(c.sum() == writers * rounds);
}

} // namespace

int main() {
  one_key<color, half>();
  one_key<std::uint64_t, std::uint64_t>();
  one_key<int, coordinates>();
  one_key<std::string, std::string>();
  whole_map<int, half>(1000);
  whole_map<std::uint64_t, std::uint64_t>(1000);
  whole_map<std::string, coordinates>(1000);
  other_forms_of_a_key();
  values_with_an_alignment();
  values_that_only_move();
  exceptions();
  snapshots<int>();
  snapshots<std::string>();
  snapshots<over_aligned>();
  counters<std::uint64_t>();
  counters<signed char>();
  in_threads<std::uint64_t, half>();
  in_threads<int, coordinates>();
  in_threads<int, std::string>();
  return failures.load() == 0 ? 0 : 1;
}
