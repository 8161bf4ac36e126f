// RUN: %check_rewrite %s -std=c++20
// The clock: who reads it under the lock reads it in turn.

#include <chrono>
#include <ctime>
#include <mutex>
#include <unordered_map>

// The time of the last change never goes back, as long as it is read under the lock.
// EXPECT: field Stamps::m_ review map
class Stamps {
public:
  void touch(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::chrono::steady_clock::now();
  }
  std::chrono::steady_clock::time_point get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? std::chrono::steady_clock::time_point{} : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::chrono::steady_clock::time_point> m_;
};

// C's clock, in a helper, and the age of an entry that is put in meanwhile: it would be negative.
class Ages {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = seconds();
  }
  bool isYoung(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    const long now = seconds();
    auto it = m_.find(k);
    return it != m_.end() && now - it->second < 60;
  }

private:
  static long seconds() { return std::time(nullptr); }
  std::mutex mu_;
  // EXPECT: field Ages::m_ review map
  std::unordered_map<int, long> m_;
};

// The time is read before the lock is taken, or by a section that has no part in the map.
class Before {
public:
  void put(int k) {
    const long now = std::time(nullptr);
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = now;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void touch() {
    std::lock_guard<std::mutex> lock(mu_);
    touched_ = std::time(nullptr);
  }
  long touched() {
    std::lock_guard<std::mutex> lock(mu_);
    return touched_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Before::m_ convert map
  std::unordered_map<int, long> m_;
  // EXPECT: field Before::touched_ review atomic
  long touched_ = 0;
};
