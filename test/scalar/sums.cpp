// RUN: %check_rewrite %s -std=c++17 --tsan
// RUN: %unlatch diff %s --root %S --runtime-include %runtime -- -std=c++17 | FileCheck %s
// RUN: %unlatch diff %s --root %S --runtime-include %runtime -- -std=c++20 \
// RUN:   | FileCheck %s --check-prefix=CXX20
// RUN: %python %scripts/mutants.py --unlatch %unlatch --runtime %runtime --clangxx %clangxx \
// RUN:   --least 12 %s
// Sums of floating-point numbers, which std::atomic has only since C++20.
#include <cstdio>
#include <mutex>
#include <thread>

class Total {
public:
  void add(double amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    total_ += amount;
  }
  void take(int amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    total_ -= amount * 0.5;
  }
  double get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return total_;
  }

private:
  mutable std::mutex mutex_;
  // EXPECT: field Total::total_ convert atomic
  double total_ = 0;
};
// EXPECT: operation Total::add add
// EXPECT: operation Total::take add
// CHECK: {{^}}+    unlatch::fetch_add(total_, amount);
// CHECK: {{^}}+    unlatch::fetch_sub(total_, amount * 0.5);
// CXX20-NOT: unlatch::fetch

// The sign of a sum, and what is added.
class Steps {
public:
  int next(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int now = number_;
    number_ += by;
    return now;
  }
  void back(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    number_ = number_ - by;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Steps::number_ convert atomic
  int number_ = 0;
};

// What comes out of the sum is used, and would have to be computed again.
class Used {
public:
  double add(double amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Used::total_ keep unsupported-operation @+1
    return total_ += amount;
  }

private:
  std::mutex mutex_;
  double total_ = 0;
};

// The value after it as well.
class ThenRead {
public:
  double add(double amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field ThenRead::total_ keep unsupported-operation @+1
    total_ += amount;
    return total_;
  }

private:
  std::mutex mutex_;
  double total_ = 0;
};

// Computed with more digits than are kept.
class Narrow {
public:
  void add(double amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Narrow::total_ keep unsupported-operation @+1
    total_ += amount;
  }

private:
  std::mutex mutex_;
  float total_ = 0;
};

// A product is none.
class Product {
public:
  void times(double amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Product::total_ keep unsupported-operation @+1
    total_ *= amount;
  }

private:
  std::mutex mutex_;
  double total_ = 1;
};

int main() {
  Total total;
  Steps steps;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i)
      total.add(0.5);
  });
  for (int i = 0; i < 1000; ++i) {
    total.take(2);
    steps.next(3);
    steps.back(1);
  }
  other.join();
  std::printf("%g %d\n", total.get(), steps.next(0));
}
