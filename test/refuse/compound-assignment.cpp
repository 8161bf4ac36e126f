// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// An atomic converts the operand before it computes, a plain variable after.
#include <cstdint>
#include <cstdio>
#include <mutex>

class Add {
  std::mutex m;
  int n = -1;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    n += 0.7;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
class AddParameter {
  std::mutex m;
  int n = -1;

public:
  void f(double d) {
    std::lock_guard<std::mutex> l(m);
    n += d;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
class Subtract {
  std::mutex m;
  int n = 5;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    n -= 0.5;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
class Unsigned {
  std::mutex m;
  unsigned n = 5;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    n += -2.5;
  }
  unsigned get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
class Wide {
  std::mutex m;
  std::uint64_t n = 10;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    n -= 0.5;
  }
  std::uint64_t get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
class Exact {
  std::mutex m;
  long long n = 9007199254740993LL;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    n += 1.0;
  }
  long long get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
class IntFloat {
  std::mutex m;
  int n = 16777217;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    n += 1.0f;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
class Float {
  std::mutex m;
  float n = 1;

public:
  void f(double d) {
    std::lock_guard<std::mutex> l(m);
    n += d;
  }
  float get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};

// EXPECT: field Add::n keep unsupported-operation 14
// EXPECT: field AddParameter::n keep unsupported-operation 28
// EXPECT: field Subtract::n keep unsupported-operation 42
// EXPECT: field Unsigned::n keep unsupported-operation 56
// EXPECT: field Wide::n keep unsupported-operation 70
// EXPECT: field Exact::n keep unsupported-operation 84
// EXPECT: field IntFloat::n keep unsupported-operation 98
// EXPECT: field Float::n keep unsupported-operation 112
