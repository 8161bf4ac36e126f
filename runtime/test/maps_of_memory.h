// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A map of each layout, with keys and values that need as much memory as such keys and values may,
// and that tell the number that they were made of.

#ifndef UNLATCH_RUNTIME_TEST_MAPS_OF_MEMORY_H
#define UNLATCH_RUNTIME_TEST_MAPS_OF_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <unlatch/map.h>

namespace unlatch_test {

struct four_words {
  std::uint64_t words[4];
  friend bool operator==(const four_words &left, const four_words &right) {
    return left.words[0] == right.words[0] && left.words[3] == right.words[3];
  }
};

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

// An equality that the library does not know: whoever replaces a value copies the key in the map.
struct same_text {
  bool operator()(const std::string &left, const std::string &right) const { return left == right; }
};

using slot_map = unlatch::map<std::uint64_t, std::uint64_t>;
using plain_node_map = unlatch::map<std::uint64_t, four_words>;
using text_map = unlatch::map<std::string, std::string, text_hash, std::equal_to<>>;
using shared_map =
    unlatch::map<std::string, std::shared_ptr<std::string>, std::hash<std::string>, same_text>;

template <class Map> struct layout {
  using map = Map;
};
template <class Test> void for_each_layout(Test test) {
  test(layout<slot_map>());
  test(layout<plain_node_map>());
  test(layout<text_map>());
  test(layout<shared_map>());
}

template <class T> T make(int number) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(number);
  else if constexpr (std::is_same_v<T, four_words>)
    return {{make<std::uint64_t>(number), 0, 0, make<std::uint64_t>(number)}};
  else if constexpr (std::is_same_v<T, std::string>)
    return std::to_string(number) + std::string(40, '.');
  else
    return std::make_shared<std::string>(make<std::string>(number));
}

template <class T, class = std::enable_if_t<std::is_integral_v<T>>> int number_in(T value) {
  return static_cast<int>(value);
}
inline int number_in(const four_words &value) { return static_cast<int>(value.words[3]); }
inline int number_in(const std::string &value) { return value.empty() ? -1 : std::stoi(value); }
inline int number_in(const std::shared_ptr<std::string> &value) {
  return value ? number_in(*value) : -1;
}
template <class T> int number_in(const std::optional<T> &value) {
  return value ? number_in(*value) : -1;
}

using numbers = std::map<int, int>;

template <class Map> numbers numbers_in(const Map &m) {
  numbers result;
  m.range([&](const auto &key, const auto &value) { result[number_in(key)] = number_in(value); });
  return result;
}

template <class Map> bool store(Map &m, int key, int value) {
  return m.store(make<typename Map::key_type>(key), make<typename Map::mapped_type>(value));
}

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_MAPS_OF_MEMORY_H
