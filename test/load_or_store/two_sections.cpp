// RUN: %check_rewrite %s -std=c++20
// Two sections of one function stay two operations.

#include <mutex>
#include <string>
#include <unordered_map>

using Tally = std::unordered_map<std::string, int>;

// Between the two anybody may have put another; the second takes no notice of it, as before.
// EXPECT: field CheckThenActTwoGuards::m_ convert map
// EXPECT: operation CheckThenActTwoGuards::get load
// EXPECT: operation CheckThenActTwoGuards::get store
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
