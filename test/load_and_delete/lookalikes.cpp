// RUN: %check_alone %s -std=c++20
// The erasure joins the look-up before it. Look-alikes where an exception comes in between, and the
// element would be gone though it was to stay.

#include <cstdio>
#include <mutex>
#include <stdexcept>
#include <unordered_map>
#include <vector>

inline void validate(int k) {
  if (k > 9)
    throw std::invalid_argument("too large");
}

inline void note() noexcept {}

class TakenAfterCheck {
public:
  int take(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return 0;
    // EXPECT: field TakenAfterCheck::m_ keep side-effect-in-update @+1
    validate(it->second);
    const int taken = it->second;
    m_.erase(it);
    return taken;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ErasedAfterCheck {
public:
  bool erase(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) != 0) {
      // EXPECT: field ErasedAfterCheck::m_ keep side-effect-in-update @+1
      validate(k);
      m_.erase(k);
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
  std::unordered_map<int, int> m_;
};

class ReplacedAfterCheck {
public:
  int replace(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, v);
      return 0;
    }
    const int before = it->second;
    // EXPECT: field ReplacedAfterCheck::m_ keep side-effect-in-update @+1
    validate(v);
    it->second = v;
    return before;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The library throws here, before anything is changed: with update(), too.
class TakenAfterLookUp {
public:
  int take(int k, const std::vector<int> &more) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return 0;
    const int taken = it->second + more.at(0);
    m_.erase(it);
    return taken;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field TakenAfterLookUp::m_ convert map
  std::unordered_map<int, int> m_;
};

// This one can't throw.
class ErasedAfterNote {
public:
  bool erase(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end()) {
      note();
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
  // EXPECT: field ErasedAfterNote::m_ convert map
  // EXPECT: operation ErasedAfterNote::erase erase
  std::unordered_map<int, int> m_;
};

int main() {
  TakenAfterLookUp looked;
  looked.put(1, 2);
  try {
    looked.take(1, {});
  } catch (const std::out_of_range &) {
    std::puts("thrown");
  }
  std::printf("%d\n", looked.has(1));
  const int taken = looked.take(1, {3});
  std::printf("%d %d\n", taken, looked.has(1));
  ErasedAfterNote noted;
  noted.put(1, 2);
  const bool first = noted.erase(1), again = noted.erase(1);
  std::printf("%d %d\n", first, again);
}
