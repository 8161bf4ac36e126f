// RUN: %check_rewrite %s -std=c++20
// unlocked-access: used without the lock in a way that no operation expresses.

#include <mutex>
#include <shared_mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

// The loop without the lock cannot become one operation.
class UnlockedLoop {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  // EXPECT: field UnlockedLoop::m_ keep unlocked-access @+2
  // EXPECT: finding unlocked-access @+1
  Counts::iterator begin() { return m_.begin(); }

private:
  std::mutex mu_;
  Counts m_;
};

// A friend looks in without the lock, and keeps what it finds.
class Friend;
class Befriended {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  friend class Friend;
  std::mutex mu_;
  Counts m_;
};
class Friend {
public:
  // EXPECT: field Befriended::m_ keep unlocked-access @+2
  // EXPECT: finding unlocked-access @+1
  int &peek(Befriended &b, int k) { return b.m_[k]; }
};

// Written under a shared lock: two writers at once.
class SharedWrite {
public:
  int &get(int k) {
    std::shared_lock<std::shared_mutex> lock(mu_);
    // EXPECT: field SharedWrite::m_ keep unlocked-access @+2
    // EXPECT: finding unlocked-access @+1
    return m_[k];
  }
  void drop(int k) {
    std::unique_lock<std::shared_mutex> lock(mu_);
    m_.erase(k);
  }
  bool has(int k) {
    std::shared_lock<std::shared_mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::shared_mutex mu_;
  Counts m_;
};

class UnlockedWalk {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  void scale(int by) {
    // EXPECT: field UnlockedWalk::m_ keep unlocked-access @+2
    // EXPECT: finding unlocked-access @+1
    for (auto &each : m_)
      each.second *= by;
  }

private:
  std::mutex mu_;
  Counts m_;
};

// Looked up without the lock, and kept for longer.
class UnlockedPointer {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  const int *peek(int k) const {
    // EXPECT: field UnlockedPointer::m_ keep unlocked-access @+2
    // EXPECT: finding unlocked-access @+1
    auto it = m_.find(k);
    // EXPECT: finding unlocked-access @+1
    return it == m_.end() ? nullptr : &it->second;
  }

private:
  std::mutex mu_;
  Counts m_;
};
