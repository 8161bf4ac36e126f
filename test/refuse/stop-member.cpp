// RUN: %check_rewrite %s -std=c++20
// spans-fields: one section acts on more than the field.

#include <atomic>
#include <mutex>
#include <string>
#include <unordered_map>

using Names = std::unordered_map<int, std::string>;

// EXPECT: field StopMember::m_ keep
class StopMember {
public:
  explicit StopMember(std::atomic<bool> &s) : stopped_(s) {}
  bool put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (stopped_)
      return false;
    m_[k] = v;
    return true;
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  std::atomic<bool> &stopped_;
  Names m_;
};
