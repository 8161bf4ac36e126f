// RUN: %check_rewrite %s -std=c++20
// waits: a condition variable on the mutex.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

class Waits {
public:
  int take(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    // EXPECT: field Waits::m_ keep waits @+1
    cv_.wait(lock, [&] { return m_.count(k) != 0; });
    int v = m_[k];
    m_.erase(k);
    return v;
  }
  void put(int k, int v) {
    {
      std::lock_guard<std::mutex> lock(mu_);
      m_[k] = v;
    }
    cv_.notify_all();
  }

private:
  std::mutex mu_;
  std::condition_variable cv_;
  Counts m_;
};

class WaitsInLoop {
public:
  void take(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    while (m_.find(k) == m_.end())
      // EXPECT: field WaitsInLoop::m_ keep waits @+1
      cv_.wait_for(lock, std::chrono::milliseconds(1));
    m_.erase(k);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    cv_.notify_one();
  }

private:
  std::mutex mu_;
  std::condition_variable cv_;
  Counts m_;
};

// The mutex itself is what is waited on.
class WaitsOnMutex {
public:
  void take(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    while (m_.find(k) == m_.end())
      // EXPECT: field WaitsOnMutex::m_ keep lock-escapes @+1
      cv_.wait(mu_);
    m_.erase(k);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    cv_.notify_one();
  }

private:
  std::mutex mu_;
  std::condition_variable_any cv_;
  Counts m_;
};
