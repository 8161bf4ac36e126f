// RUN: %check_alone %s -std=c++20 --unlatch-arg=--strategy=StateThrows::a_=atomic,snapshot --unlatch-arg=--strategy=StateThrows::b_=atomic,snapshot
// A throw under the lock releases it on the way out; what was changed before stays changed.

#include <mutex>
#include <stdexcept>
#include <unordered_map>
class Get {
public:
  int get(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      throw std::out_of_range("no such key");
    return it->second;
  }
  void add(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    if (m_.count(k))
      throw std::invalid_argument("there already");
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
class ThrowsLate {
public:
  void change(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return;
    it->second += v;
    if (it->second < 0)
      throw std::invalid_argument("negative");
  }
  void add(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
class StateThrows {
public:
  void put(int v) {
    std::lock_guard<std::mutex> l(mu_);
    a_ = v;
    if (v < 0)
      throw std::runtime_error("neg");
    b_ = v;
  }
  int sum() const {
    std::lock_guard<std::mutex> l(mu_);
    if (a_ < 0)
      throw std::runtime_error("negative");
    return a_ * 10 + b_;
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  int b_ = 0;
};
class ByHandThrows {
public:
  int get(int k) {
    mu_.lock();
    auto it = m_.find(k);
    if (it == m_.end())
      throw std::out_of_range("no such key");
    int v = it->second;
    mu_.unlock();
    return v;
  }
  void add(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// EXPECT: field Get::m_ convert map
// EXPECT: field ByHandThrows::m_ keep lock-escapes
// EXPECT: field ThrowsLate::m_ keep unsupported-operation 36
// EXPECT: field StateThrows::a_ keep unsupported-operation
// EXPECT: field StateThrows::b_ keep unsupported-operation

// Behind the operation, as it was behind the last change.
class EndThrows {
public:
  void change(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    const Check check{v};
    auto it = m_.find(k);
    if (it == m_.end())
      m_.emplace(k, v);
    else
      it->second += v;
  }
  void add(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  struct Check {
    int value;
    ~Check() noexcept(false) {
      if (value < 0)
        throw std::invalid_argument("negative");
    }
  };
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
// EXPECT: field EndThrows::m_ convert map
