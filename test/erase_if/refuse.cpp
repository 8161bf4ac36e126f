// RUN: %check_alone %s -std=c++20
// Loops that erase and are no `erase_if`.

#include <mutex>
#include <unordered_map>
#include <vector>

using Counts = std::unordered_map<int, int>;

class EraseStep {
public:
  void eraseOdd() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field EraseStep::m_ keep unsupported-operation @+1
    for (auto it = m_.begin(); it != m_.end();)
      if (it->second % 2)
        m_.erase(it++);
      else
        ++it;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

// Only the first of them.
class EraseOne {
public:
  bool eraseOne(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field EraseOne::m_ keep unsupported-operation @+1
    for (auto it = m_.begin(); it != m_.end(); ++it)
      if (it->second == v) {
        m_.erase(it);
        return true;
      }
    return false;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class LoopErasesByKey {
public:
  void sweep() {
    std::lock_guard<std::mutex> lock(mu_);
    std::vector<int> dead;
    for (auto &[k, v] : m_)
      if (v == 0)
        dead.push_back(k);
    for (int k : dead)
      // EXPECT: field LoopErasesByKey::m_ keep multi-key @+1
      m_.erase(k);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
