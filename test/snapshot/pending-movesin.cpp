// XFAIL: *
// RUN: %check_rewrite %s -std=c++20
// State that no snapshot can hold.

#include <mutex>
#include <string>
#include <utility>
#include <vector>

// The argument is moved from by the first try.
// EXPECT: field MovesIn::list_ keep
class MovesIn {
public:
  void add(std::string s) {
    std::lock_guard<std::mutex> lock(mu_);
    list_.push_back(std::move(s));
  }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(mu_);
    return list_.size();
  }

private:
  std::mutex mu_;
  std::vector<std::string> list_;
};
