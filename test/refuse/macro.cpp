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
