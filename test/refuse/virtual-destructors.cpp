// RUN: %check_rewrite %s -std=c++17
// The object that ends is of another class than the pointer says, and nobody wrote its destructor.
#include <atomic>
#include <memory>
#include <mutex>

std::atomic<int> seen{0};
struct Noisy {
  ~Noisy() { seen = 1; }
};

struct B1 {
  virtual ~B1() {}
};
struct V1 : B1 {
  Noisy noisy;
};
class PlainBase {
public:
  void take(std::unique_ptr<B1> p) {
    std::lock_guard<std::mutex> lock(mu_);
    p.reset();
    ++n_;
  }
  int taken() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field PlainBase::n_ keep spans-fields
  int n_ = 0;
};

struct B2 {
  virtual ~B2() {}
};
struct V2 : B2 {
  ~V2() override {}
  Noisy noisy;
};
class Written {
public:
  void take(B2 *p) {
    std::lock_guard<std::mutex> lock(mu_);
    delete p;
    ++n_;
  }
  int taken() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Written::n_ keep spans-fields
  int n_ = 0;
};

struct B3 {
  virtual ~B3() = default;
};
struct V3 : B3 {
  Noisy noisy;
};
class Defaulted {
public:
  void take(std::unique_ptr<B3> p) {
    std::lock_guard<std::mutex> lock(mu_);
    p = nullptr;
    ++n_;
  }
  int taken() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Defaulted::n_ keep spans-fields
  int n_ = 0;
};

struct B4 {
  virtual ~B4() = default;
};
struct M4 : B4 {};
struct V4 : M4 {
  Noisy noisy;
};
class Shared {
public:
  void take(std::shared_ptr<B4> p) {
    std::lock_guard<std::mutex> lock(mu_);
    p.reset();
    ++n_;
  }
  int taken() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Shared::n_ keep spans-fields
  int n_ = 0;
};

struct B5 {
  virtual ~B5() = default;
};
struct V5 : B5 {
  int x = 0;
};
class Quiet {
public:
  void take(std::unique_ptr<B5> p) {
    std::lock_guard<std::mutex> lock(mu_);
    p.reset();
    ++n_;
  }
  int taken() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Quiet::n_ convert atomic
  int n_ = 0;
};
