// RUN: %check_rewrite %s -std=c++20
// Right to convert, and not yet understood: refused by name all the same.

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// std::erase_if, answer not used.
class Free {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [least](const auto &entry) { return entry.second < least; });
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Free::values_ keep calls-out
  std::unordered_map<std::string, int> values_;
};

// std::erase_if, the number goes out.
class FreeCounted {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::size_t sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::erase_if(values_, [&](const auto &entry) {
      const auto &[key, value] = entry;
      return key.empty() || value < least;
    });
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field FreeCounted::values_ keep calls-out
  std::unordered_map<std::string, int> values_;
};
