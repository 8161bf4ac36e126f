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
