// RUN: %check_alone %s -std=c++20
// RUN: %unlatch diff %s --strategy '*=map,atomic' --root %S --runtime-include %runtime -- -std=c++20 > %t.diff
// RUN: FileCheck %s --input-file %t.diff
// Loops over a std::map of which the order of the keys can be told, though that does not show at once.
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

// Steps of two kinds do not commute.
class L1 {
public:
  void put(int id, unsigned value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  unsigned f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0;
    for (const auto &[key, value] : values_) {
      sum += value;
      sum ^= 5;
    }
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L1::values_ convert map
  std::map<int, unsigned> values_;
};
// CHECK-LABEL: class L1 {
// CHECK: values_.sorted_items()

// Nor do these.
class L2 {
public:
  void put(int id, unsigned value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  unsigned f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned bits = 0;
    for (const auto &[key, value] : values_) {
      bits &= value;
      bits |= 1;
    }
    return bits;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L2::values_ convert map
  std::map<int, unsigned> values_;
};
// CHECK-LABEL: class L2 {
// CHECK: values_.sorted_items()

// What the sum has come to is used.
class L3 {
public:
  void put(int id, unsigned value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  unsigned f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0, all = 0;
    for (const auto &[key, value] : values_)
      all += sum += value;
    return all;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L3::values_ convert map
  std::map<int, unsigned> values_;
};
// CHECK-LABEL: class L3 {
// CHECK: values_.sorted_items()

// It is read by another name.
class L4 {
public:
  void put(int id, unsigned value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  unsigned f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0;
    const unsigned &so_far = sum;
    for (const auto &[key, value] : values_)
      if (so_far < 5)
        sum += value;
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L4::values_ convert map
  std::map<int, unsigned> values_;
};
// CHECK-LABEL: class L4 {
// CHECK: values_.sorted_items()

// Cut off at every step.
class L5 {
public:
  void put(int id, double value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  int f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (const auto &[key, value] : values_)
      sum += static_cast<int>(value), sum += static_cast<int>(0.5 * value);
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L5::values_ convert map
  std::map<int, double> values_;
};
// CHECK-LABEL: class L5 {
// CHECK: values_.sorted_items()

// The same without a word.
class L6 {
public:
  void put(int id, double value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  unsigned f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0;
    for (const auto &[key, value] : values_)
      sum = static_cast<unsigned>(sum + value);
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L6::values_ convert map
  std::map<int, double> values_;
};
// CHECK-LABEL: class L6 {
// CHECK: values_.sorted_items()

// Could overflow in another order.
class L7 {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  int f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (const auto &[key, value] : values_)
      sum += value;
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L7::values_ convert map
  std::map<int, int> values_;
};
// CHECK-LABEL: class L7 {
// CHECK: values_.sorted_items()

// Counting could not.
class L8 {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  int f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int number = 0;
    for (const auto &[key, value] : values_)
      if (value > 3)
        ++number;
    return number;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L8::values_ convert map
  std::map<int, int> values_;
};
// CHECK-LABEL: class L8 {
// CHECK: values_.items()

// Unsigned numbers wrap around.
class L9 {
public:
  void put(int id, unsigned value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  unsigned f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0;
    for (const auto &[key, value] : values_) {
      sum += value;
      --sum;
    }
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L9::values_ convert map
  std::map<int, unsigned> values_;
};
// CHECK-LABEL: class L9 {
// CHECK: values_.items()

// Up and down is a sum that could overflow.
class L10 {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  int f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int number = 0;
    for (const auto &[key, value] : values_) {
      if (value > 3)
        ++number;
      else
        --number;
    }
    return number;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L10::values_ convert map
  std::map<int, int> values_;
};
// CHECK-LABEL: class L10 {
// CHECK: values_.sorted_items()

// The way out comes before what would trap.
class L11 {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  bool f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[key, value] : values_)
      if (10 / value == 5)
        return true;
    return false;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L11::values_ convert map
  std::map<int, int> values_;
};
// CHECK-LABEL: class L11 {
// CHECK: values_.sorted_items()

// Or before what is not there.
class L12 {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  bool f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[key, value] : values_)
      if (value.front() == 'x')
        return true;
    return false;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L12::values_ convert map
  std::map<int, std::string> values_;
};
// CHECK-LABEL: class L12 {
// CHECK: values_.sorted_items()

// Or before what throws.
class L13 {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  bool f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[key, value] : values_)
      if (value.at(0) == 'x')
        return true;
    return false;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L13::values_ convert map
  std::map<int, std::string> values_;
};
// CHECK-LABEL: class L13 {
// CHECK: values_.sorted_items()

// A test that can be asked of all.
class L14 {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  bool f(const std::string &name) const {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto &[key, value] : values_)
      if (value == name && !value.empty() && key != 3)
        return true;
    return false;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L14::values_ convert map
  std::map<int, std::string> values_;
};
// CHECK-LABEL: class L14 {
// CHECK: values_.items()

// The first that throws.
class L15 {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  unsigned f() const {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned sum = 0;
    for (const auto &[key, value] : values_)
      sum += static_cast<unsigned>(value.at(2));
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L15::values_ convert map
  std::map<int, std::string> values_;
};
// CHECK-LABEL: class L15 {
// CHECK: values_.sorted_items()

// The test throws half-way, and what was erased before stays erased.
class L16 {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void f() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second.at(0) == 'x')
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L16::values_ keep unsupported-operation
  std::map<int, std::string> values_;
};

// So it does where nothing has an order.
class L17 {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void f() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second.at(0) == 'x')
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L17::values_ keep unsupported-operation
  std::unordered_map<int, std::string> values_;
};

// In a function given to erase_if as well.
class L18 {
public:
  void put(int id, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void f() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [](const std::pair<const int, std::string> &entry) {
      return entry.second.at(0) == 'x';
    });
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L18::values_ keep unsupported-operation
  std::unordered_map<int, std::string> values_;
};

// What has been erased so far, in the function itself.
class L19 {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void f() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [sum = 0](const std::pair<const int, int> &entry) mutable {
      sum += entry.second;
      return sum > 3;
    });
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L19::values_ keep ordered
  std::map<int, int> values_;
};

// The sum is the test.
class L20 {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void f(int limit) {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (auto it = values_.begin(); it != values_.end();) {
      if ((sum += it->second) > limit)
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L20::values_ keep ordered
  std::map<int, int> values_;
};

// The number by another name.
class L21 {
public:
  void put(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void f() {
    std::lock_guard<std::mutex> lock(mutex_);
    unsigned gone = 0;
    const unsigned &number = gone;
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second > 0 && number < 2) {
        ++gone;
        it = values_.erase(it);
      } else {
        ++it;
      }
    }
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field L21::values_ keep ordered
  std::map<int, int> values_;
};

// Of two methods of one name, the one of a constant element.
struct Twice {
  int get() { return 1; }
  int get() const { return 2; }
};

class Constant {
public:
  void put(int id, Twice value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int sum = 0;
    for (auto &entry : values_)
      sum += entry.second.get();
    return sum;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Constant::values_ convert map
  std::unordered_map<int, Twice> values_;
};
// CHECK-LABEL: class Constant {
// CHECK: for (const auto &entry : values_.items())

int main() {
  Constant constant;
  constant.put(1, {});
  constant.put(2, {});
  std::printf("%d\n", constant.sum());
}
