// RUN: %check_rewrite %s -std=c++20
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++20 -stdlib=libc++ | FileCheck %s --check-prefix=PLAN %}
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
//
// Is there such a key? As C++20 asks.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// contains(), the answer goes out.
class Asked {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.contains(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Asked::values_ convert map
// EXPECT: mutex Asked::mutex_ remove
// EXPECT: operation Asked::has contains
// EXPECT: operation Asked::put store

// contains(), negated.
class AskedNegated {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.contains(key))
      return false;
    return true;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AskedNegated::values_ convert map
// EXPECT: mutex AskedNegated::mutex_ remove
// EXPECT: operation AskedNegated::has contains
// EXPECT: operation AskedNegated::put store

