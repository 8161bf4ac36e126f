// RUN: %check_rewrite %s -std=c++20
// macro: the text to change comes from a macro.

#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

#define HOLD() std::lock_guard<std::mutex> lock(mu_)
#define PUT(k, v) m_[k] = (v)
#define MEMBERS                                                                                    \
  std::mutex mu_;                                                                                  \
  Counts m_

class MacroLock {
public:
  void put(int k, int v) {
    // EXPECT: field MacroLock::m_ keep macro @+1
    HOLD();
    m_[k] = v;
  }
  void drop(int k) {
    HOLD();
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class MacroAccess {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field MacroAccess::m_ keep macro @+1
    PUT(k, v);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class MacroMembers {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  // EXPECT: field MacroMembers::m_ keep macro @+1
  MEMBERS;
};

#define LOCK(mutex) mutex.lock()
#define UNLOCK(mutex) mutex.unlock()
class MacroLockCall {
public:
  void put(int k, int v) {
    // EXPECT: field MacroLockCall::m_ keep macro @+1
    LOCK(mu_);
    m_[k] = v;
    UNLOCK(mu_);
  }
  void drop(int k) {
    LOCK(mu_);
    m_.erase(k);
    UNLOCK(mu_);
  }

private:
  std::mutex mu_;
  Counts m_;
};

#define FOR_EACH(each, container) for (auto &each : container)
class MacroLoop {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int sum() {
    std::lock_guard<std::mutex> lock(mu_);
    int sum = 0;
    // EXPECT: field MacroLoop::m_ keep macro @+1
    FOR_EACH(each, m_) sum += each.second;
    return sum;
  }

private:
  std::mutex mu_;
  Counts m_;
};

// What a macro says and needs no change may stay: here a name, and a lock that does no harm.
#define ERASE_FROM(container) container.erase
#define WITH_LOCK(which) if (std::lock_guard<std::mutex> held_(which); true)
class MacroMethod {
public:
  void put(int k, int v) {
    WITH_LOCK(mu_) {
      m_[k] = v;
    }
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    ERASE_FROM(m_)(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field MacroMethod::m_ convert map
  Counts m_;
};
