// RUN: %check_alone %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// erase(it++), of a std::map.
class PostIncrement {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second < least)
        values_.erase(it++);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field PostIncrement::values_ keep unsupported-operation
  std::map<std::string, int> values_;
};
