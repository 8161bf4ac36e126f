// XFAIL: *
// RUN: %check_rewrite %s -std=c++20
// Look-alikes of `load_or_store`.

#include <mutex>
#include <string>
#include <unordered_map>

using Tally = std::unordered_map<std::string, int>;

// The same with two guards.
class CheckThenActTwoGuards {
public:
  int get(const std::string &k, int v) {
    {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(k);
      if (it != m_.end())
        return it->second;
    }
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    return v;
  }

private:
  std::mutex mu_;
  Tally m_;
};
