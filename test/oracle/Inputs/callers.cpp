// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks that callers hold, for functions and for lambdas.

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

class Helpers {
public:
  void one(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    put(k);
    twice(k);
    later(k);
  }
  void two(Helpers &other, int k) {
    std::lock_guard<std::mutex> lock(mu_);
    ofAnother(k);
    other.ofAnother(k);
  }
  void three(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    afterUnlocking(k);
    lock.unlock();
    afterUnlocking(k + 1);
  }
  void four(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  int five(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.at(k);
  }
  bool seven(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  std::function<void()> six(int k) {
    return [this, k] { later(k); };
  }

private:
  void put(int k) { m_[k] = 1; }
  void twice(int k) {
    put(k);
    put(k + 1);
  }
  void ofAnother(int k) { m_[k] = 1; }
  void afterUnlocking(int k) { m_[k] = 1; }
  void later(int k) { m_[k] = 1; }
  std::mutex mu_;
  std::map<int, int> m_;
};

class Declared {
public:
  void one(int k);
  int two();

private:
  void put(int k);
  static void putInto(Declared &declared, int k);
  std::mutex mu_;
  std::map<int, int> m_;
};
void Declared::one(int k) {
  std::lock_guard<std::mutex> lock(mu_);
  put(k);
  putInto(*this, k);
}
int Declared::two() {
  std::lock_guard<std::mutex> lock(mu_);
  return m_[0];
}
void Declared::put(int k) { m_[k] = 1; }
void Declared::putInto(Declared &declared, int k) { declared.m_[k] = 2; }

class ForReading {
public:
  bool has(int k) const {
    std::shared_lock<std::shared_mutex> lock(mu_);
    return find(k);
  }
  void wrong() const {
    std::shared_lock<std::shared_mutex> lock(mu_);
    bump();
  }
  void drop(int k) {
    std::unique_lock<std::shared_mutex> lock(mu_);
    m_.erase(k);
    n_ = 1;
  }
  int get() const {
    std::shared_lock<std::shared_mutex> lock(mu_);
    return n_;
  }

private:
  bool find(int k) const { return m_.count(k) != 0; }
  void bump() const { ++n_; }
  mutable std::shared_mutex mu_;
  mutable int n_ = 0;
  std::map<int, int> m_;
};

class Overridden {
public:
  virtual ~Overridden() = default;
  void one(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    put(k);
  }
  void two(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  int three(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.at(k);
  }
  bool four(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

protected:
  virtual void put(int k) { m_[k] = 1; }
  std::mutex mu_;
  std::map<int, int> m_;
};
class Overrides : public Overridden {
public:
  void five(int k) { put(k); }

protected:
  void put(int k) override { m_[k + 1] = 1; }
};

class Lambdas {
public:
  void atOnce(std::vector<int> &v) {
    std::lock_guard<std::mutex> lock(mu_);
    std::for_each(v.begin(), v.end(), [this](int k) { m_[k] = 1; });
  }
  void atOnceUnlocked(std::vector<int> &v) {
    std::for_each(v.begin(), v.end(), [this](int k) { m_[k] = 1; });
  }
  void named(std::vector<int> &v) {
    auto put = [this](int k) { m_[k] = 1; };
    std::lock_guard<std::mutex> lock(mu_);
    std::for_each(v.begin(), v.end(), put);
    put(7);
  }
  void locksItself(int k) {
    auto put = [this](int k) {
      std::lock_guard<std::mutex> lock(mu_);
      m_[k] = 1;
    };
    put(k);
  }
  void onceWithout(int k) {
    auto put = [this, k] { m_[k] = 1; };
    {
      std::lock_guard<std::mutex> lock(mu_);
      put();
    }
    put();
  }
  void stored(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    later_ = [this, k] { m_[k] = 1; };
  }
  void onThread(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    std::thread([this, k] { m_[k] = 1; }).detach();
  }
  int one(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.at(k);
  }
  void two(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  bool three(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void four() {
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
  std::function<void()> later_;
};
