// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Set a value, and know the one before. Where no operation of its own fits, it is an update.
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// std::exchange on what operator[] gives.
class Exchanged {
public:
  int swap(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(values_[key], value);
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
// EXPECT: field Exchanged::values_ convert map
// EXPECT: mutex Exchanged::mutex_ remove
// EXPECT: operation Exchanged::swap swap
// EXPECT: operation Exchanged::get load

// A copy of the old, then the new.
class CopyThenAssign {
public:
  int swap(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int &slot = values_[key];
    const int before = slot;
    slot = value;
    return before;
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
// EXPECT: field CopyThenAssign::values_ convert map
// EXPECT: mutex CopyThenAssign::mutex_ remove
// EXPECT: operation CopyThenAssign::swap update
// EXPECT: operation CopyThenAssign::get load

// Only where there is one.
class FoundThenAssigned {
public:
  std::optional<int> swap(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    std::optional<int> before = it->second;
    it->second = value;
    return before;
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
// EXPECT: field FoundThenAssigned::values_ convert map
// EXPECT: mutex FoundThenAssigned::mutex_ remove
// EXPECT: operation FoundThenAssigned::swap update
// EXPECT: operation FoundThenAssigned::get load

// Assigned or inserted; the old one goes out.
class EitherWay {
public:
  std::optional<int> swap(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::optional<int> before;
    auto it = values_.find(key);
    if (it != values_.end()) {
      before = it->second;
      it->second = value;
    } else {
      values_.emplace(key, value);
    }
    return before;
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
// EXPECT: field EitherWay::values_ convert map
// EXPECT: mutex EitherWay::mutex_ remove
// EXPECT: operation EitherWay::swap swap
// EXPECT: operation EitherWay::get load

// Only where the old one is the expected one.
class CompareAndSet {
public:
  bool swap(const std::string &key, int expected, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end() || it->second != expected)
      return false;
    it->second = value;
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
// EXPECT: field CompareAndSet::values_ convert map
// EXPECT: mutex CompareAndSet::mutex_ remove
// EXPECT: operation CompareAndSet::swap update
// EXPECT: operation CompareAndSet::get load

// Erased only where it is the expected one.
class CompareAndErase {
public:
  bool swap(const std::string &key, int expected) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end() && it->second == expected) {
      values_.erase(it);
      return true;
    }
    return false;
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
// EXPECT: field CompareAndErase::values_ convert map
// EXPECT: mutex CompareAndErase::mutex_ remove
// EXPECT: operation CompareAndErase::swap update
// EXPECT: operation CompareAndErase::get load

// The new one on every path; the old one goes out.
class InsertedOrAssigned {
public:
  std::optional<int> swap(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end()) {
      values_.emplace(key, value);
      return std::nullopt;
    }
    const int before = it->second;
    it->second = value;
    return before;
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
// EXPECT: field InsertedOrAssigned::values_ convert map
// EXPECT: mutex InsertedOrAssigned::mutex_ remove
// EXPECT: operation InsertedOrAssigned::swap swap
// EXPECT: operation InsertedOrAssigned::get load

// What is read after the assignment is the new one.
class ReadAfter {
public:
  int swap(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end()) {
      values_.emplace(key, value);
      return 0;
    }
    it->second = value;
    return it->second;
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
// EXPECT: field ReadAfter::values_ convert map
// EXPECT: mutex ReadAfter::mutex_ remove
// EXPECT: operation ReadAfter::swap swap
// EXPECT: operation ReadAfter::get load

// Two values: which one it becomes depends on what is there.
class TwoValues {
public:
  int swap(const std::string &key, int first, int next) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end()) {
      values_.emplace(key, first);
      return 0;
    }
    const int before = it->second;
    it->second = next;
    return before;
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
// EXPECT: field TwoValues::values_ convert map
// EXPECT: mutex TwoValues::mutex_ remove
// EXPECT: operation TwoValues::swap swap
// EXPECT: operation TwoValues::get load

int main() {
  Exchanged exchanged;
  const int none = exchanged.swap("one", 1), one = exchanged.swap("one", 2);
  std::printf("%d %d %d\n", none, one, exchanged.get("one").value_or(-1));
  EitherWay either;
  const auto nothing = either.swap("one", 1), first = either.swap("one", 2);
  std::printf("%d %d %d\n", nothing.has_value(), first.value_or(-1), either.get("one").value_or(-1));
  InsertedOrAssigned inserted;
  const auto empty = inserted.swap("one", 1), again = inserted.swap("one", 2);
  std::printf("%d %d %d\n", empty.has_value(), again.value_or(-1), inserted.get("one").value_or(-1));
  ReadAfter after;
  const int zero = after.swap("one", 1), two = after.swap("one", 2);
  std::printf("%d %d %d\n", zero, two, after.get("one").value_or(-1));
  TwoValues values;
  const int before = values.swap("one", 1, 5), then = values.swap("one", 1, 5);
  std::printf("%d %d %d\n", before, then, values.get("one").value_or(-1));
}
