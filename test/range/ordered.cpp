// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch diff %s --root %S --runtime-include %runtime -- -std=c++17 > %t.diff
// RUN: FileCheck %s --input-file %t.diff
//
// Loops over a std::map: where the order of the keys can be told, they go through sorted copies.
#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

// The result has the order.
class Keys {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  std::vector<int> keys() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<int> keys;
    for (const auto &entry : values_)
      keys.push_back(entry.first);
    return keys;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field Keys::values_ convert map
// EXPECT: operation Keys::keys range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()){{$}}

// The first that fits is another one in another order.
class FirstOf {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  int find(const std::string &name) const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[id, value] : values_)
      if (value == name)
        return id;
    return -1;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, std::string> values_;
};
// EXPECT: field FirstOf::values_ convert map
// EXPECT: operation FirstOf::find range
// CHECK: {{^}}+    for (const auto &[id, value] : values_.sorted_items()){{$}}

// An iterator.
class Joined {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  std::string joined() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    for (auto it = values_.begin(); it != values_.end(); ++it) {
      all += it->second;
      all += ',';
    }
    return all;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, std::string> values_;
};
// EXPECT: field Joined::values_ convert map
// EXPECT: operation Joined::joined range
// CHECK: {{^}}+    for (const auto &it : values_.sorted_items()) {{[{]}}

// Whether there is one has no order.
class AnyOf {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  bool has(const std::string &name) const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[id, value] : values_)
      if (value == name)
        return true;
    return false;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, std::string> values_;
};
// EXPECT: field AnyOf::values_ convert map
// EXPECT: operation AnyOf::has range
// CHECK: {{^}}+    for (const auto &[id, value] : values_.items()){{$}}

// A flag, and out.
class Flagged {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  bool has(const std::string &name) const {
    std::lock_guard<std::mutex> lock(mutex_);
    bool found = false;
    for (const auto &entry : values_)
      if (entry.second == name) {
        found = true;
        break;
      }
    return found;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, std::string> values_;
};
// EXPECT: field Flagged::values_ convert map
// EXPECT: operation Flagged::has range
// CHECK: {{^}}+    for (const auto &entry : values_.items()){{$}}

// A flag is set before the loop is left somewhere else: what came first decides.
class FlaggedBefore {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  bool has(int number) const {
    std::lock_guard<std::mutex> lock(mutex_);
    bool found = false;
    for (const auto &entry : values_) {
      if (entry.second == number)
        found = true;
      if (entry.second == 0)
        break;
    }
    return found;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field FlaggedBefore::values_ convert map
// EXPECT: operation FlaggedBefore::has range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()) {{[{]}}

// Two ways out.
class TwoWays {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  bool has(int number) const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &entry : values_) {
      if (entry.second == number)
        return true;
      if (entry.second == 0)
        return false;
    }
    return false;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field TwoWays::values_ convert map
// EXPECT: operation TwoWays::has range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()) {{[{]}}

// Integers that wrap around add up in any order.
class Sum {
public:
  void put(int id, unsigned value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  unsigned sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0;
    int all = 0;
    for (const auto &entry : values_) {
      if (entry.second > 100)
        continue;
      sum += entry.second;
      ++all;
    }
    return sum * static_cast<unsigned>(all);
  }

private:
  mutable std::mutex mutex_;
  std::map<int, unsigned> values_;
};
// EXPECT: field Sum::values_ convert map
// EXPECT: operation Sum::sum range
// CHECK: {{^}}+    for (const auto &entry : values_.items()) {{[{]}}

// Floating-point numbers do not.
class FloatSum {
public:
  void put(int id, double value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  double sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    double sum = 0;
    for (const auto &entry : values_)
      sum += entry.second;
    return sum;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, double> values_;
};
// EXPECT: field FloatSum::values_ convert map
// EXPECT: operation FloatSum::sum range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()){{$}}

// What has been added so far decides.
class Limited {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (const auto &entry : values_)
      if (sum < 100)
        sum += entry.second;
    return sum;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field Limited::values_ convert map
// EXPECT: operation Limited::sum range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()){{$}}

// The sum ends in the middle.
class UntilZero {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (const auto &entry : values_) {
      if (entry.second == 0)
        break;
      sum += entry.second;
    }
    return sum;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field UntilZero::values_ convert map
// EXPECT: operation UntilZero::sum range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()) {{[{]}}

// The last one that fits.
class LastOf {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  int last() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int last = -1;
    for (const auto &entry : values_)
      if (entry.second == 0)
        last = entry.first;
    return last;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field LastOf::values_ convert map
// EXPECT: operation LastOf::last range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()){{$}}

// A variable of the loop may change.
class Squares {
public:
  void put(int id, unsigned value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  unsigned sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0;
    for (const auto &entry : values_) {
      unsigned square = entry.second;
      square *= square;
      sum += square;
    }
    return sum;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, unsigned> values_;
};
// EXPECT: field Squares::values_ convert map
// EXPECT: operation Squares::sum range
// CHECK: {{^}}+    for (const auto &entry : values_.items()) {{[{]}}

// Size and elements of one picture.
class Reserved {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  std::vector<int> all() const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<int> all;
    all.reserve(values_.size());
    for (const auto &entry : values_)
      all.push_back(entry.second);
    return all;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field Reserved::values_ convert map
// EXPECT: operation Reserved::all range
// CHECK: {{^}}+    const auto items = values_.sorted_items();{{$}}
// CHECK: {{^}}+    all.reserve(items.size());{{$}}
// CHECK: {{^}}+    for (const auto &entry : items){{$}}

// What a function of the program makes of an element may depend on those before.
class Written {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  int longest() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int longest = 0;
    for (const auto &entry : values_)
      longest = std::max(longest, static_cast<int>(entry.second.size()));
    return longest;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, std::string> values_;
};
// EXPECT: field Written::values_ convert map
// EXPECT: operation Written::longest range
// CHECK: {{^}}+    for (const auto &entry : values_.sorted_items()){{$}}

// A sum through a reference may be anything else as well.
class ByReference {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }

  void addTo(int &sum) const {
    int mine = 0;
    int &total = mine;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (const auto &entry : values_) {
        total += entry.second;
        if (mine > 100)
          total = 0;
      }
    }
    sum = mine;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field ByReference::values_ convert map
// EXPECT: operation ByReference::addTo range
// CHECK: {{^}}+      for (const auto &entry : values_.sorted_items()) {{[{]}}
