// RUN: %check_rewrite %s -std=c++20
// unsupported-operation: an empty critical section waits for whoever is inside.

#include <mutex>
#include <string>
#include <unordered_map>

using Names = std::unordered_map<int, std::string>;

// An empty section waits for whoever is inside.
class Barrier {
public:
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  // EXPECT: field Barrier::m_ keep unsupported-operation @+1
  void wait() { std::lock_guard<std::mutex> lock(mu_); }

private:
  std::mutex mu_;
  Names m_;
};

class BarrierUnnamed {
public:
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  // EXPECT: field BarrierUnnamed::m_ keep unsupported-operation @+1
  void wait() { std::lock_guard<std::mutex>{mu_}; }

private:
  std::mutex mu_;
  Names m_;
};

class BarrierByHand {
public:
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void wait() {
    // EXPECT: field BarrierByHand::m_ keep unsupported-operation @+1
    mu_.lock();
    mu_.unlock();
  }

private:
  std::mutex mu_;
  Names m_;
};
