// RUN: %check_alone %s -std=c++20
// count() is a number: what is done with it may not be what is done with a truth value.
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <unordered_map>
#include <utility>

inline const char *kind(bool) { return "bool"; }
inline const char *kind(std::size_t) { return "number"; }

class Deduced {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  std::size_t more(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto count = values_.count(key);
    count += 5;
    return count;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Deduced::values_ keep unsupported-operation

class Wraps {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool less(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) - 2 > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Wraps::values_ keep unsupported-operation

class Shifts {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  unsigned long high(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) << 40;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Shifts::values_ keep unsupported-operation

class DeducedResult {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  auto count(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field DeducedResult::values_ keep unsupported-operation

class Overloaded {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  const char *kindOf(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return kind(values_.count(key));
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Overloaded::values_ keep unsupported-operation

class AfterChange {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool less(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++values_[key];
    auto count = values_.count(key);
    return count - 2 > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field AfterChange::values_ keep unsupported-operation

// These ask whether it is there.
class Truth {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  std::size_t count(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key);
  }
  int number(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int count = static_cast<int>(values_.count(key)) * 3;
    return count;
  }
  int sum(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 2;
    sum += values_.count(key);
    return sum;
  }
  const char *text(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) ? "yes" : "no";
  }
  bool named(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    const bool is = values_.count(key);
    return is;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Truth::values_ convert map

int main() {
  Deduced deduced;
  deduced.put(1, 1);
  Wraps wraps;
  wraps.put(1, 1);
  Shifts shifts;
  shifts.put(1, 1);
  DeducedResult result;
  result.put(1, 1);
  Overloaded overloaded;
  overloaded.put(1, 1);
  AfterChange changed;
  changed.put(1, 1);
  std::printf("%zu %d %lu %d %s %d\n", deduced.more(1), wraps.less(1), shifts.high(1),
              result.count(1) - 2 > 0, overloaded.kindOf(1), changed.less(1));
  Truth truth;
  truth.put(1, 1);
  for (int key = 0; key < 2; ++key)
    std::printf("%zu %d %d %d %s %d\n", truth.count(key), truth.has(key), truth.number(key),
                truth.sum(key), truth.text(key), truth.named(key));
}
