// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// How many entries are there?
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// The number of entries.
class Size {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::size_t count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Size::values_ convert map
// EXPECT: mutex Size::mutex_ remove
// EXPECT: operation Size::count size
// EXPECT: operation Size::put store

// Cast to another type.
class SizeCast {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int>(values_.size());
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field SizeCast::values_ convert map
// EXPECT: mutex SizeCast::mutex_ remove
// EXPECT: operation SizeCast::count size
// EXPECT: operation SizeCast::put store

// Whether there is none.
class Empty {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.empty();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Empty::values_ convert map
// EXPECT: mutex Empty::mutex_ remove
// EXPECT: operation Empty::count size
// EXPECT: operation Empty::put store

// Whether there is any.
class NotEmpty {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.empty())
      return true;
    return false;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field NotEmpty::values_ convert map
// EXPECT: mutex NotEmpty::mutex_ remove
// EXPECT: operation NotEmpty::count size
// EXPECT: operation NotEmpty::put store

// Compared with a limit.
class Compared {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool count(std::size_t limit) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size() >= limit;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Compared::values_ convert map
// EXPECT: mutex Compared::mutex_ remove
// EXPECT: operation Compared::count size
// EXPECT: operation Compared::put store

// The number has a name.
class ByName {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  double count() const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto size = values_.size();
    return size == 0 ? 0.0 : 1.0 / static_cast<double>(size);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ByName::values_ convert map
// EXPECT: mutex ByName::mutex_ remove
// EXPECT: operation ByName::count size
// EXPECT: operation ByName::put store

