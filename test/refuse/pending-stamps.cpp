// XFAIL: *
// RUN: %check_rewrite %s -std=c++20
// spans-fields: one section acts on more than the field.

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>

struct Peer {
  void touch() { ++hits; }
  int peek() const { return hits; }
  int hits = 0;
};

inline void touch(Peer *p) { ++p->hits; }
inline void touchShared(const std::shared_ptr<Peer> &p) { ++p->hits; }

// The time of the last change never goes back, as long as it is read under the lock.
// EXPECT: field Stamps::m_ keep
class Stamps {
public:
  void touch(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::chrono::steady_clock::now();
  }
  std::chrono::steady_clock::time_point get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? std::chrono::steady_clock::time_point{} : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::chrono::steady_clock::time_point> m_;
};
