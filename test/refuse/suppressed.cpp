// RUN: %check_rewrite %s -std=c++20
// suppressed: somebody has said that it stays.

#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

class KeptField {
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
  std::mutex mu_;
  // EXPECT: field KeptField::m_ keep suppressed @+1
  Counts m_; // unlatch: keep(measured, no gain)
};

class KeptMutex {
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
  // EXPECT: field KeptMutex::m_ keep suppressed @+1
  std::mutex mu_; // unlatch: keep(the audit wants it)
  Counts m_;
};
