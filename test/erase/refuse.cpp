// RUN: %check_alone %s -std=c++20
// Look-alikes of `load_and_delete` and `erase`.

#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

class EraseReturns {
public:
  int after(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return 0;
    // EXPECT: field EraseReturns::m_ keep unsupported-operation @+1
    it = m_.erase(it);
    return it == m_.end() ? 0 : it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

// Found under one key, erased under another.
class EraseOther {
public:
  int take(int a, int b) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(a);
    int v = it == m_.end() ? 0 : it->second;
    // EXPECT: field EraseOther::m_ keep multi-key @+1
    m_.erase(b);
    return v;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
