// RUN: %check_rewrite %s -std=c++20
// RUN: %if libc++ %{ %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++20 -stdlib=libc++ | FileCheck %s --check-prefix=PLAN %}
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
//
// Look a key up, and copy its value out, as C++20 has it.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// Asked, then read by at().
class ContainsThenAt {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.contains(key))
      return std::nullopt;
    return values_.at(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ContainsThenAt::values_ convert map
// EXPECT: mutex ContainsThenAt::mutex_ remove
// EXPECT: operation ContainsThenAt::get load
// EXPECT: operation ContainsThenAt::put store

// Asked, then found.
class ContainsThenFind {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.contains(key))
      return values_.find(key)->second;
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ContainsThenFind::values_ convert map
// EXPECT: mutex ContainsThenFind::mutex_ remove
// EXPECT: operation ContainsThenFind::get load
// EXPECT: operation ContainsThenFind::put store

// Asked in a conditional expression.
class ContainsInTernary {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.contains(key) ? values_.at(key) : -1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ContainsInTernary::values_ convert map
// EXPECT: mutex ContainsInTernary::mutex_ remove
// EXPECT: operation ContainsInTernary::get load
// EXPECT: operation ContainsInTernary::put store

// A test with an initialiser, the end on the left.
class BindingInIf {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (const auto it = values_.find(key); values_.end() != it) [[likely]]
      return it->second;
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field BindingInIf::values_ convert map
// EXPECT: mutex BindingInIf::mutex_ remove
// EXPECT: operation BindingInIf::get load
// EXPECT: operation BindingInIf::put store

