// XFAIL: *
// RUN: %check_rewrite %s -std=c++20
// State that no snapshot can hold.

#include <mutex>
#include <utility>
#include <vector>

// EXPECT: field SwapsListStd::list_ keep
class SwapsListStd {
public:
  std::vector<int> take(std::vector<int> fresh) {
    std::lock_guard<std::mutex> lock(mu_);
    std::swap(fresh, list_);
    return fresh;
  }
  void add(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(v);
  }

private:
  std::mutex mu_;
  std::vector<int> list_;
};
