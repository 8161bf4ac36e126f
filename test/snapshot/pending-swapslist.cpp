// XFAIL: *
// RUN: %check_rewrite %s -std=c++20
// State that no snapshot can hold.

#include <mutex>
#include <vector>

// A second try would swap back what the first took out.
// EXPECT: field SwapsList::list_ keep
class SwapsList {
public:
  std::vector<int> take() {
    std::vector<int> out;
    std::lock_guard<std::mutex> lock(mu_);
    out.swap(list_);
    return out;
  }
  void add(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(v);
  }

private:
  std::mutex mu_;
  std::vector<int> list_;
};
