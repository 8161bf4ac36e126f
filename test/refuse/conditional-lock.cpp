// RUN: %check_rewrite %s -std=c++20
// conditional-lock: tried, deferred, adopted, or held on some paths only.

#include <chrono>
#include <mutex>
#include <optional>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

class TryLock {
public:
  bool put(int k, int v) {
    // EXPECT: field TryLock::m_ keep conditional-lock @+1
    if (!mu_.try_lock())
      return false;
    m_[k] = v;
    mu_.unlock();
    return true;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class TryToLock {
public:
  bool put(int k, int v) {
    // EXPECT: field TryToLock::m_ keep conditional-lock @+1
    std::unique_lock<std::mutex> lock(mu_, std::try_to_lock);
    if (!lock.owns_lock())
      return false;
    m_[k] = v;
    return true;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class Adopted {
public:
  void put(int k, int v) {
    mu_.lock();
    // EXPECT: field Adopted::m_ keep conditional-lock @+1
    std::lock_guard<std::mutex> lock(mu_, std::adopt_lock);
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

class Deferred {
public:
  void put(int k, int v, bool threads) {
    // EXPECT: field Deferred::m_ keep conditional-lock @+1
    std::unique_lock<std::mutex> lock(mu_, std::defer_lock);
    if (threads)
      lock.lock();
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

class Timed {
public:
  bool put(int k, int v) {
    // EXPECT: field Timed::m_ keep conditional-lock @+1
    if (!mu_.try_lock_for(std::chrono::milliseconds(1)))
      return false;
    m_[k] = v;
    mu_.unlock();
    return true;
  }
  void drop(int k) {
    std::lock_guard<std::timed_mutex> lock(mu_);
    m_.erase(k);
  }
  void clear() {
    std::lock_guard<std::timed_mutex> lock(mu_);
    m_.clear();
  }

private:
  std::timed_mutex mu_;
  Counts m_;
};

class MaybeLocked {
public:
  void put(int k, int v, bool threads) {
    if (threads)
      // EXPECT: field MaybeLocked::m_ keep conditional-lock @+1
      mu_.lock();
    m_[k] = v;
    if (threads)
      mu_.unlock();
  }
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

class OptionalGuard {
public:
  void put(int k, int v, bool threads) {
    std::optional<std::lock_guard<std::mutex>> lock;
    if (threads)
      // EXPECT: field OptionalGuard::m_ keep lock-escapes @+1
      lock.emplace(mu_);
    m_[k] = v;
  }
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

class ChosenGuard {
public:
  void put(int k, int v, bool threads) {
    // EXPECT: field ChosenGuard::m_ keep lock-escapes @+1
    auto lock = threads ? std::unique_lock<std::mutex>(mu_) : std::unique_lock<std::mutex>();
    m_[k] = v;
  }
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

class StdLock {
public:
  void take(StdLock &other, int k) {
    std::lock(mu_, other.mu_);
    // EXPECT: field StdLock::m_ keep conditional-lock @+1
    std::lock_guard<std::mutex> mine(mu_, std::adopt_lock);
    std::lock_guard<std::mutex> theirs(other.mu_, std::adopt_lock);
    m_[k] = 1;
    other.m_.erase(k);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class JumpsOut {
public:
  void put(int k, int v) {
    int tries = 0;
  again:
    mu_.lock();
    if (m_.count(k) && tries++ < 3) {
      // EXPECT: field JumpsOut::m_ keep unsupported-operation @+1
      mu_.unlock();
      goto again;
    }
    m_[k] = v;
    mu_.unlock();
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class FallsThrough {
public:
  void put(int k, int v, int mode) {
    switch (mode) {
    case 0:
      // EXPECT: field FallsThrough::m_ keep conditional-lock @+1
      mu_.lock();
      [[fallthrough]];
    case 1:
      m_[k] = v;
      if (mode == 0)
        mu_.unlock();
      break;
    default:
      break;
    }
  }
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

class UnlockedEarly {
public:
  int swap(int a, int b) {
    std::unique_lock<std::mutex> lock(mu_);
    int v = m_[a];
    lock.unlock();
    // EXPECT: finding unlocked-access @+1
    m_[b] = v;
    // EXPECT: field UnlockedEarly::m_ keep unsupported-operation @+2
    // EXPECT: finding unlocked-access @+1
    for (auto &[k, x] : m_)
      x += k;
    return v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};
