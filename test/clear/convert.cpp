// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Remove everything; or take everything out.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// clear().
class Clear {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.clear();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Clear::values_ convert map
// EXPECT: mutex Clear::mutex_ remove
// EXPECT: operation Clear::reset clear
// EXPECT: operation Clear::put store

// clear() where nothing may be thrown.
class ClearNoexcept {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() noexcept {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.clear();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ClearNoexcept::values_ convert map
// EXPECT: mutex ClearNoexcept::mutex_ remove
// EXPECT: operation ClearNoexcept::reset clear
// EXPECT: operation ClearNoexcept::put store

// Assigned an empty one.
class AssignedEmpty {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_ = {};
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AssignedEmpty::values_ convert map
// EXPECT: mutex AssignedEmpty::mutex_ remove
// EXPECT: operation AssignedEmpty::reset clear
// EXPECT: operation AssignedEmpty::put store

// Assigned one just made.
class AssignedMade {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_ = std::unordered_map<std::string, int>();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AssignedMade::values_ convert map
// EXPECT: mutex AssignedMade::mutex_ remove
// EXPECT: operation AssignedMade::reset clear
// EXPECT: operation AssignedMade::put store

