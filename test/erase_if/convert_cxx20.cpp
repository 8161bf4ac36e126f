// RUN: %check_rewrite %s -std=c++20
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++20 -stdlib=libc++ | FileCheck %s --check-prefix=PLAN %}
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
//
// Erase by a test, as C++20 has it.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// The loop; the test is on the key.
class Prefixed {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(const std::string &prefix) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->first.starts_with(prefix))
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Prefixed::values_ convert map
// EXPECT: mutex Prefixed::mutex_ remove
// EXPECT: operation Prefixed::sweep erase_if
// EXPECT: operation Prefixed::put store

// The loop, with an attribute on the branch.
class Unlikely {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second < least) [[unlikely]]
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Unlikely::values_ convert map
// EXPECT: mutex Unlikely::mutex_ remove
// EXPECT: operation Unlikely::sweep erase_if
// EXPECT: operation Unlikely::put store
