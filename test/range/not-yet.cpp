// RUN: %check_alone %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// A copy is made under the lock; the loop runs after.
class CopyThenLoop {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all() const {
    std::unordered_map<std::string, int> copy;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      copy = values_;
    }
    int result = 0;
    for (const auto &[key, value] : copy)
      result += static_cast<int>(key.size()) + value;
    return result;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field CopyThenLoop::values_ keep aliased
  std::unordered_map<std::string, int> values_;
};

// A vector of the entries.
class VectorOfPairs {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::vector<std::pair<std::string, int>> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::vector<std::pair<std::string, int>>(values_.begin(), values_.end());
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field VectorOfPairs::values_ keep unsupported-operation
  std::unordered_map<std::string, int> values_;
};

// std::count_if.
class CountIf {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int>(std::count_if(values_.begin(), values_.end(),
                                          [](const auto &entry) { return entry.second > 1; }));
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field CountIf::values_ keep unsupported-operation
  std::unordered_map<std::string, int> values_;
};

// std::any_of.
class AnyOf {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool all(int wanted) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::any_of(values_.begin(), values_.end(),
                       [=](const auto &entry) { return entry.second == wanted; });
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field AnyOf::values_ keep unsupported-operation
  std::unordered_map<std::string, int> values_;
};
