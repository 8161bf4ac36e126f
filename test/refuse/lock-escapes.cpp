// RUN: %check_rewrite %s -std=c++20
// lock-escapes: the lock goes where it is not followed.

#include <mutex>
#include <unordered_map>
#include <utility>

using Counts = std::unordered_map<int, int>;

class ReturnsLock {
public:
  // EXPECT: field ReturnsLock::m_ keep lock-escapes @+1
  std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(mu_); }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class ReturnsMutex {
public:
  // EXPECT: field ReturnsMutex::m_ keep lock-escapes @+1
  std::mutex &mutex() { return mu_; }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class MovedLock {
public:
  void put(int k, int v) {
    std::unique_lock<std::mutex> lock(mu_);
    // EXPECT: field MovedLock::m_ keep lock-escapes @+1
    std::unique_lock<std::mutex> mine(std::move(lock));
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class PassedLock {
public:
  void put(int k, int v) {
    std::unique_lock<std::mutex> lock(mu_);
    // EXPECT: field PassedLock::m_ keep lock-escapes @+1
    putLocked(k, v, lock);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  void putLocked(int k, int v, std::unique_lock<std::mutex> &lock) {
    m_[k] = v;
    lock.unlock();
  }
  std::mutex mu_;
  Counts m_;
};

// Unlocked by somebody else.
class HandOver {
public:
  // EXPECT: field HandOver::m_ keep lock-escapes @+1
  void begin() { mu_.lock(); }
  // EXPECT: finding unlocked-access @+1
  void put(int k, int v) { m_[k] = v; }
  void end() { mu_.unlock(); }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  Counts m_;
};
