// RUN: %check_alone %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// erase() from begin to end.
class EraseAll {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(values_.begin(), values_.end());
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field EraseAll::values_ keep multi-key
  std::unordered_map<std::string, int> values_;
};

// Moved out, and cleared.
class Taken {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::unordered_map<std::string, int> reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    auto all = std::move(values_);
    values_.clear();
    return all;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Taken::values_ keep aliased
  std::unordered_map<std::string, int> values_;
};
