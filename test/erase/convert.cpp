// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Spellings of one thing: remove a key.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// By key, answer not used.
class Discarded {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Discarded::values_ convert map
// EXPECT: mutex Discarded::mutex_ remove
// EXPECT: operation Discarded::drop erase
// EXPECT: operation Discarded::put store

// Whether more than none went.
class More {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.erase(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field More::values_ convert map
// EXPECT: mutex More::mutex_ remove
// EXPECT: operation More::drop erase
// EXPECT: operation More::put store

// Whether one went.
class One {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.erase(key) == 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field One::values_ convert map
// EXPECT: mutex One::mutex_ remove
// EXPECT: operation One::drop erase
// EXPECT: operation One::put store

// The number as a truth value.
class AsBool {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.erase(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AsBool::values_ convert map
// EXPECT: mutex AsBool::mutex_ remove
// EXPECT: operation AsBool::drop erase
// EXPECT: operation AsBool::put store

// The number itself.
class Number {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::size_t drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.erase(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Number::values_ convert map
// EXPECT: mutex Number::mutex_ remove
// EXPECT: operation Number::drop erase
// EXPECT: operation Number::put store

// The answer decides.
class InCondition {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.erase(key) == 0)
      return false;
    return true;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field InCondition::values_ convert map
// EXPECT: mutex InCondition::mutex_ remove
// EXPECT: operation InCondition::drop erase
// EXPECT: operation InCondition::put store

// Found, then erased by the iterator.
class Found {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      values_.erase(it);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Found::values_ convert map
// EXPECT: mutex Found::mutex_ remove
// EXPECT: operation Found::drop erase
// EXPECT: operation Found::put store

// The same in one condition; whether it was there goes out.
class FoundInIf {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto it = values_.find(key); it != values_.end()) {
      values_.erase(it);
      return true;
    }
    return false;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FoundInIf::values_ convert map
// EXPECT: mutex FoundInIf::mutex_ remove
// EXPECT: operation FoundInIf::drop erase
// EXPECT: operation FoundInIf::put store

// A miss leaves.
class MissLeaves {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = values_.find(key);
    if (it == values_.end())
      return false;
    values_.erase(it);
    return true;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field MissLeaves::values_ convert map
// EXPECT: mutex MissLeaves::mutex_ remove
// EXPECT: operation MissLeaves::drop erase
// EXPECT: operation MissLeaves::put store

// Counted, then erased by key.
class Counted {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.count(key) != 0)
      values_.erase(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Counted::values_ convert map
// EXPECT: mutex Counted::mutex_ remove
// EXPECT: operation Counted::drop erase
// EXPECT: operation Counted::put store

// The number has a name.
class ByName {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto erased = values_.erase(key);
    return erased != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ByName::values_ convert map
// EXPECT: mutex ByName::mutex_ remove
// EXPECT: operation ByName::drop erase
// EXPECT: operation ByName::put store

// extract(), answer not used.
class Extracted {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void drop(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.extract(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Extracted::values_ convert map
// EXPECT: mutex Extracted::mutex_ remove
// EXPECT: operation Extracted::drop erase
// EXPECT: operation Extracted::put store

