// RUN: %check_rewrite %s -std=c++17
// What a section reads is written under another name: it needs its lock.
#include <mutex>

class PointerToMember {
public:
  void f() {
    std::lock_guard<std::mutex> lock(mu_);
    if (limit_ > 1)
      ++n_;
  }
  void set(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    this->*which() = k;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  static constexpr int PointerToMember::*which() { return &PointerToMember::limit_; }
  std::mutex mu_;
  // EXPECT: field PointerToMember::n_ convert atomic
  // EXPECT: mutex PointerToMember::mu_ keep
  int n_ = 0;
  // EXPECT: field PointerToMember::limit_ keep address-taken
  int limit_ = 3;
};

class ReferenceMember {
public:
  void f() {
    std::lock_guard<std::mutex> lock(mu_);
    if (limit_ > 1)
      ++n_;
  }
  void set(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    alias_ = k;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field ReferenceMember::n_ convert atomic
  // EXPECT: mutex ReferenceMember::mu_ keep
  int n_ = 0;
  // EXPECT: field ReferenceMember::limit_ keep address-taken
  int limit_ = 3;
  // EXPECT: field ReferenceMember::alias_ keep unsupported-operation
  int &alias_ = limit_;
};

class KeptByConstructor {
public:
  KeptByConstructor() { where_ = &limit_; }
  void f() {
    std::lock_guard<std::mutex> lock(mu_);
    if (limit_ > 1)
      ++n_;
  }
  void set(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    *where_ = k;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field KeptByConstructor::n_ convert atomic
  // EXPECT: mutex KeptByConstructor::mu_ keep
  int n_ = 0;
  // EXPECT: field KeptByConstructor::limit_ keep address-taken
  int limit_ = 3;
  int *where_ = nullptr;
};

// Nobody else has a name for it.
class Alone {
public:
  explicit Alone(int limit) : limit_(limit) {}
  void f() {
    std::lock_guard<std::mutex> lock(mu_);
    if (limit_ > 1)
      ++n_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Alone::n_ convert atomic
  // EXPECT: mutex Alone::mu_ remove
  int n_ = 0;
  int limit_;
};
