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
  // EXPECT: field Volatile::n_ keep volatile-or-bitfield @+1
  volatile int n_ = 0;
};

// A step of a counter would be one of its neighbours' too.
class BitCounter {
public:
  void hit() {
    std::lock_guard<std::mutex> lock(mu_);
    ++hits_;
  }
  unsigned hits() {
    std::lock_guard<std::mutex> lock(mu_);
    return hits_;
  }

private:
  std::mutex mu_;
  // EXPECT: field BitCounter::hits_ keep volatile-or-bitfield @+1
  unsigned hits_ : 16;
};

enum class Mode { off, on };
class BitEnum {
public:
  void set(Mode mode) {
    std::lock_guard<std::mutex> lock(mu_);
    mode_ = mode;
  }
  Mode get() {
    std::lock_guard<std::mutex> lock(mu_);
    return mode_;
  }

private:
  std::mutex mu_;
  // EXPECT: field BitEnum::mode_ keep volatile-or-bitfield @+1
  Mode mode_ : 2;
};

class VolatileFlag {
public:
  void stop() {
    std::lock_guard<std::mutex> lock(mu_);
    stop_ = true;
  }
  bool stopped() {
    std::lock_guard<std::mutex> lock(mu_);
    return stop_;
  }

private:
  std::mutex mu_;
  // EXPECT: field VolatileFlag::stop_ keep volatile-or-bitfield @+1
  volatile bool stop_ = false;
};

class InUnion {
public:
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    value_.number = n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return value_.number;
  }

private:
  std::mutex mu_;
  union {
    int number;
    float real;
    // EXPECT: field InUnion::value_ keep volatile-or-bitfield @+1
  } value_;
};
