// RUN: %check_alone %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// insert_or_assign, and whether it was new.
class InsertOrAssignNew {
public:
  bool set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.insert_or_assign(key, value).second;
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
  // EXPECT: field InsertOrAssignNew::values_ keep unsupported-operation
  std::unordered_map<std::string, int> values_;
};

// insert_or_assign, bound to names.
class Bound {
public:
  bool set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto [it, inserted] = values_.insert_or_assign(key, value);
    (void)it;
    return inserted;
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
  // EXPECT: field Bound::values_ keep unsupported-operation
  std::unordered_map<std::string, int> values_;
};
