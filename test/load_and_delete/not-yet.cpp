// RUN: %check_alone %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <cstdio>

// extract() of what was found.
class ExtractIterator {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    return values_.extract(it).mapped();
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field ExtractIterator::values_ keep escapes-reference
  std::unordered_map<std::string, int> values_;
};

// Whether the erasure found something is what is returned.
class EraseIfCount {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool take(const std::string &key, int &out) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      out = it->second;
    return values_.erase(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field EraseIfCount::values_ keep side-effect-in-update
  std::unordered_map<std::string, int> values_;
};
