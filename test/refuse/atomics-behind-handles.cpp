// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// Atomics that are reached through pointers and wrappers of the library: two of them are two
// actions.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
class Unique {
public:
  void f() {
    std::lock_guard<std::mutex> lock(m_);
    ++a_;
  }
  void next() {
    std::lock_guard<std::mutex> lock(m_);
    *q_ = *q_ + 1;
  }
  int seen() const { return *q_; }
  int a() {
    std::lock_guard<std::mutex> lock(m_);
    return a_;
  }

private:
  std::mutex m_;
  int a_ = 0;
  std::unique_ptr<std::atomic<int>> q_ = std::make_unique<std::atomic<int>>(0);
};
class Shared {
public:
  void f() {
    std::lock_guard<std::mutex> lock(m_);
    ++a_;
  }
  void next() {
    std::lock_guard<std::mutex> lock(m_);
    q_->store(q_->load() + 1);
  }
  int seen() const { return q_->load(); }
  int a() {
    std::lock_guard<std::mutex> lock(m_);
    return a_;
  }

private:
  std::mutex m_;
  int a_ = 0;
  std::shared_ptr<std::atomic<int>> q_ = std::make_shared<std::atomic<int>>(0);
};
class Wrapped {
public:
  Wrapped(std::atomic<int> &x, std::atomic<int> &y) : x_(x), y_(y) {}
  void f() {
    std::lock_guard<std::mutex> lock(m_);
    ++a_;
  }
  void both() {
    std::lock_guard<std::mutex> lock(m_);
    x_.get() = 1;
    y_.get() = 1;
  }
  int a() {
    std::lock_guard<std::mutex> lock(m_);
    return a_;
  }

private:
  std::mutex m_;
  int a_ = 0;
  std::reference_wrapper<std::atomic<int>> x_, y_;
};

// EXPECT: field Unique::a_ keep spans-fields 16
// EXPECT: field Shared::a_ keep spans-fields 37
// EXPECT: field Wrapped::a_ keep spans-fields 60
