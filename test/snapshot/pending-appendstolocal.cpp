// XFAIL: *
// RUN: %check_rewrite %s -std=c++20
// State that no snapshot can hold.

#include <mutex>
#include <vector>

// EXPECT: field AppendsToLocal::list_ keep
class AppendsToLocal {
public:
  std::vector<int> drain() {
    std::vector<int> out;
    std::lock_guard<std::mutex> lock(mu_);
    for (int v : list_)
      out.push_back(v);
    list_.clear();
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
