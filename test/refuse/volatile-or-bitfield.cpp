// RUN: %check_rewrite %s -std=c++20
// volatile-or-bitfield: what can be no atomic.

#include <mutex>

class BitField {
public:
  void set() {
    std::lock_guard<std::mutex> lock(mu_);
    on_ = 1;
  }
  unsigned get() {
    std::lock_guard<std::mutex> lock(mu_);
    return on_;
  }

private:
  std::mutex mu_;
  // EXPECT: field BitField::on_ keep volatile-or-bitfield @+1
  unsigned on_ : 1 = 0;
};

class Volatile {
public:
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Volatile::n_ keep unsupported-operation @+1
  volatile int n_ = 0;
};
