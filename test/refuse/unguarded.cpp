// RUN: %check_rewrite %s -std=c++20
// unguarded: most accesses hold no common mutex.

#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

class MostlyUnlocked {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) { return m_.count(k) != 0; }
  void drop(int k) { m_.erase(k); }

private:
  std::mutex mu_;
  // EXPECT: field MostlyUnlocked::m_ keep unguarded @+1
  Counts m_;
};

class TwoMutexes {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(a_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(b_);
    return m_.count(k) != 0;
  }

private:
  std::mutex a_;
  std::mutex b_;
  // EXPECT: field TwoMutexes::m_ keep unguarded @+1
  Counts m_;
};

// Locked, and let go of before the access.
class LetGo {
public:
  void put(int k, int v) {
    { std::lock_guard<std::mutex> lock(mu_); }
    m_[k] = v;
  }
  bool has(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    lock.unlock();
    return m_.count(k) != 0;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field LetGo::m_ keep unguarded @+1
  Counts m_;
};

class NumberMostlyUnlocked {
public:
  void add(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ += n;
  }
  int get() { return n_; }
  void reset() { n_ = 0; }

private:
  std::mutex mu_;
  // EXPECT: field NumberMostlyUnlocked::n_ keep unguarded @+1
  int n_ = 0;
};

// The mutex of another table, by mistake.
class WrongMutex {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(first_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(second_);
    return m_.count(k) != 0;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(third_);
    m_.erase(k);
  }

private:
  std::mutex first_;
  std::mutex second_;
  std::mutex third_;
  // EXPECT: field WrongMutex::m_ keep unguarded @+1
  Counts m_;
};
