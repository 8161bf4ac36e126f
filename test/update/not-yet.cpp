// RUN: %check_alone %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>
#include <cstdio>

// at(), assigned to.
class AtChanged {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.at(key) = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field AtChanged::values_ keep unsupported-operation
  std::unordered_map<std::string, int> values_;
};
