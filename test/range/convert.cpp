// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Loops over the whole map that only read.
#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// A loop over references.
class Sum {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    for (const auto &entry : values_)
      result += entry.second;
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Sum::values_ convert map
// EXPECT: mutex Sum::mutex_ remove
// EXPECT: operation Sum::all range
// EXPECT: operation Sum::put store

// A loop over structured bindings.
class SumOfBindings {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    for (const auto &[key, value] : values_)
      result += static_cast<int>(key.size()) * value;
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field SumOfBindings::values_ convert map
// EXPECT: mutex SumOfBindings::mutex_ remove
// EXPECT: operation SumOfBindings::all range
// EXPECT: operation SumOfBindings::put store

// A loop over copies.
class SumOfCopies {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    for (auto [key, value] : values_)
      result += static_cast<int>(key.size()) + value;
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field SumOfCopies::values_ convert map
// EXPECT: mutex SumOfCopies::mutex_ remove
// EXPECT: operation SumOfCopies::all range
// EXPECT: operation SumOfCopies::put store

// The same, room made before.
class NamesReserved {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::vector<std::string> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> names;
    names.reserve(values_.size());
    for (const auto &entry : values_)
      names.push_back(entry.first);
    return names;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field NamesReserved::values_ convert map
// EXPECT: mutex NamesReserved::mutex_ remove
// EXPECT: operation NamesReserved::all range
// EXPECT: operation NamesReserved::put store

// A loop over iterators.
class Iterators {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    for (auto it = values_.begin(); it != values_.end(); ++it)
      result += it->second;
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Iterators::values_ convert map
// EXPECT: mutex Iterators::mutex_ remove
// EXPECT: operation Iterators::all range
// EXPECT: operation Iterators::put store

// A search; the first hit leaves.
class FirstHit {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<std::string> all(int wanted) const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[key, value] : values_)
      if (value == wanted)
        return key;
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FirstHit::values_ convert map
// EXPECT: mutex FirstHit::mutex_ remove
// EXPECT: operation FirstHit::all range
// EXPECT: operation FirstHit::put store

// A search that breaks.
class BreakAtHit {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool all(int wanted) const {
    std::lock_guard<std::mutex> lock(mutex_);
    bool found = false;
    for (const auto &entry : values_) {
      if (entry.second == wanted) {
        found = true;
        break;
      }
    }
    return found;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field BreakAtHit::values_ convert map
// EXPECT: mutex BreakAtHit::mutex_ remove
// EXPECT: operation BreakAtHit::all range
// EXPECT: operation BreakAtHit::put store

// Some are left out.
class Continue {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all(int least) const {
    std::lock_guard<std::mutex> lock(mutex_);
    int count = 0;
    for (const auto &[key, value] : values_) {
      if (value < least)
        continue;
      count += !key.empty();
    }
    return count;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Continue::values_ convert map
// EXPECT: mutex Continue::mutex_ remove
// EXPECT: operation Continue::all range
// EXPECT: operation Continue::put store

// A fold with a test.
class Largest {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int largest = 0;
    for (const auto &each : values_)
      largest = std::max(largest, each.second);
    return largest;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Largest::values_ convert map
// EXPECT: mutex Largest::mutex_ remove
// EXPECT: operation Largest::all range
// EXPECT: operation Largest::put store

// A copy of the whole map.
class WholeCopy {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::unordered_map<std::string, int> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field WholeCopy::values_ convert map
// EXPECT: mutex WholeCopy::mutex_ remove
// EXPECT: operation WholeCopy::all range
// EXPECT: operation WholeCopy::put store

// A copy that has a name.
class WholeCopyByName {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::unordered_map<std::string, int> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto copy = values_;
    copy.erase("");
    return copy;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field WholeCopyByName::values_ convert map
// EXPECT: mutex WholeCopyByName::mutex_ remove
// EXPECT: operation WholeCopyByName::all range
// EXPECT: operation WholeCopyByName::put store

// The keys, in a vector.
class Names {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::vector<std::string> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> names;
    for (const auto &[key, value] : values_) {
      (void)value;
      names.push_back(key);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Names::values_ convert map
// EXPECT: mutex Names::mutex_ remove
// EXPECT: operation Names::all range
// EXPECT: operation Names::put store

// Members of values, by themselves and behind pointers.
struct Point {
  int x = 0;
  int y = 0;
};
class Points {
public:
  void put(int key, int x) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = Point{x, 1};
  }

  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (const auto &[key, value] : values_)
      sum += value.x * value.y;
    return sum;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, Point> values_;
};
// EXPECT: field Points::values_ convert map
// EXPECT: mutex Points::mutex_ remove
// EXPECT: operation Points::sum range

class SharedPoints {
public:
  void put(int key, std::shared_ptr<const Point> point) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(point);
  }

  bool has(int x) const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[key, value] : values_)
      if (value->x == x)
        return true;
    return false;
  }

  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (const auto &entry : values_)
      sum += entry.first * entry.second->y;
    return sum;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<const Point>> values_;
};
// EXPECT: field SharedPoints::values_ convert map
// EXPECT: mutex SharedPoints::mutex_ remove
// EXPECT: operation SharedPoints::has range
// EXPECT: operation SharedPoints::sum range
