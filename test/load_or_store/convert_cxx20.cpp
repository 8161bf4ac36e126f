// RUN: %check_rewrite %s -std=c++20
// RUN: %if libc++ %{ %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++20 -stdlib=libc++ | FileCheck %s --check-prefix=PLAN %}
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
//
// Put a value unless there is one, as C++20 has it.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// Asked, then put.
class AskThenPut {
public:
  void add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.contains(key))
      values_[key] = value;
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
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AskThenPut::values_ convert map
// EXPECT: mutex AskThenPut::mutex_ remove
// EXPECT: operation AskThenPut::add load_or_store
// EXPECT: operation AskThenPut::get load

// A hit leaves.
class AskThenLeave {
public:
  bool add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.contains(key))
      return false;
    values_.emplace(key, value);
    return true;
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
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AskThenLeave::values_ convert map
// EXPECT: mutex AskThenLeave::mutex_ remove
// EXPECT: operation AskThenLeave::add load_or_store
// EXPECT: operation AskThenLeave::get load

// Asked; what is there goes out.
class AskThenAt {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.contains(key))
      return values_.at(key);
    values_.emplace(key, value);
    return value;
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
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AskThenAt::values_ convert map
// EXPECT: mutex AskThenAt::mutex_ remove
// EXPECT: operation AskThenAt::add load_or_store
// EXPECT: operation AskThenAt::get load

