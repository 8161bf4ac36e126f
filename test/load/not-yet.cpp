// RUN: %check_alone %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <cstdio>

// The end has a name.
class EndInVariable {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = values_.find(key);
    const auto end = values_.end();
    if (it == end)
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field EndInVariable::values_ keep escapes-reference
  std::unordered_map<std::string, int> values_;
};
