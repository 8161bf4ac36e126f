// RUN: %check_rewrite %s -std=c++20
// waits: a condition variable on the mutex.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
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

// Readers wait as well.
class WaitsShared {
public:
  int get(int k) {
    std::shared_lock<std::shared_mutex> lock(mu_);
    // EXPECT: field WaitsShared::m_ keep waits @+1
    cv_.wait(lock, [&] { return m_.count(k) != 0; });
    return m_.find(k)->second;
  }
  void put(int k, int v) {
    {
      std::unique_lock<std::shared_mutex> lock(mu_);
      m_[k] = v;
    }
    cv_.notify_all();
  }

private:
  std::shared_mutex mu_;
  std::condition_variable_any cv_;
  Counts m_;
};

// What is waited for is another field.
class WaitsForOther {
public:
  void take(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    while (!ready_)
      // EXPECT: field WaitsForOther::m_ keep waits @+2
      // EXPECT: field WaitsForOther::ready_ keep waits @+1
      cv_.wait(lock);
    m_.erase(k);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    ready_ = true;
    cv_.notify_one();
  }

private:
  std::mutex mu_;
  std::condition_variable cv_;
  bool ready_ = false;
  Counts m_;
};

class WaitsUntil {
public:
  bool take(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    // EXPECT: field WaitsUntil::m_ keep waits @+1
    if (!cv_.wait_until(lock, end, [&] { return m_.count(k) != 0; }))
      return false;
    m_.erase(k);
    return true;
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

// A semaphore: the number alone could be an atomic, the sleep could not.
class WaitsForCount {
public:
  void acquire() {
    std::unique_lock<std::mutex> lock(mu_);
    // EXPECT: field WaitsForCount::free_ keep waits @+1
    cv_.wait(lock, [this] { return free_ > 0; });
    --free_;
  }
  void release() {
    std::lock_guard<std::mutex> lock(mu_);
    ++free_;
    cv_.notify_one();
  }

private:
  std::mutex mu_;
  std::condition_variable cv_;
  int free_ = 1;
};

// The wait is in a function that is handed the lock.
class WaitsElsewhere {
public:
  void take(int k) {
    std::unique_lock<std::mutex> lock(mu_);
    // EXPECT: field WaitsElsewhere::m_ keep lock-escapes @+1
    await(lock, k);
    m_.erase(k);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    cv_.notify_one();
  }

private:
  void await(std::unique_lock<std::mutex> &lock, int k) {
    while (m_.count(k) == 0)
      cv_.wait(lock);
  }

  std::mutex mu_;
  std::condition_variable cv_;
  Counts m_;
};
