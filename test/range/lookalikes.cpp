// RUN: %check_alone %s -std=c++20
// Loops that are more, or less, than a loop over all elements.

#include <iterator>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>
using M = std::unordered_map<int, int>;
class Comma {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    for (auto it = m_.begin(); it != m_.end(); ++it, ++n)
      if (it->second == 3)
        return n;
    return -1;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class Twice {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    for (auto it = m_.begin(); it != m_.end(); std::advance(it, 2))
      n += it->second;
    return n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class Starts {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    for (auto it = std::next(m_.begin()); it != m_.end(); ++it)
      n += it->second;
    return n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class InitStmt {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    for (int k = 0; auto &[a, b] : m_)
      n += (k++) * b;
    return n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class Steps {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    for (auto it = m_.begin(); it != m_.end(); ++it) {
      n += it->second;
      if (n > 4)
        ++it;
      if (it == m_.end())
        break;
    }
    return n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class Distance {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    for (auto it = m_.begin(); it != m_.end(); ++it) {
      n += std::distance(m_.begin(), it);
    }
    return n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class EraseReset {
public:
  void n() {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto it = m_.begin(); it != m_.end();) {
      if (it->second == 1) {
        m_.erase(it);
        it = m_.begin();
      } else
        ++it;
    }
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class ErasePutWithin {
public:
  void n() {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto it = m_.begin(); it != m_.end();) {
      if (it->second == 1) {
        it = m_.erase(it);
      } else {
        it->second--;
        ++it;
      }
    }
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class EraseCount {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int c = 0;
    for (auto it = m_.begin(); it != m_.end();) {
      if (it->second == 1) {
        it = m_.erase(it);
        ++c;
      } else {
        ++it;
      }
    }
    return c;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class EraseBoth {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int c = 0;
    for (auto it = m_.begin(); it != m_.end();) {
      if (it->second == 1) {
        it = m_.erase(it);
        c += it == m_.end();
      } else {
        ++it;
      }
    }
    return c;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class EraseUse {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int c = 0;
    for (auto it = m_.begin(); it != m_.end();) {
      ++it;
      if (it != m_.end())
        c += it->second;
    }
    return c;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
class EraseThenUse {
public:
  int n() {
    std::lock_guard<std::mutex> lock(mu_);
    int c = 0;
    for (auto it = m_.begin(); it != m_.end();) {
      if (it->first == 1)
        it = m_.erase(it);
      else
        ++it;
      c++;
    }
    return c;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};

// The loop stops before the end.
class Stops {
public:
  void sweep(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto it = m_.begin(); it != m_.end() && n > 0;) {
      if (it->second < 3) {
        it = m_.erase(it);
        --n;
      } else
        ++it;
    }
  }
  void sweep2(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto it = m_.begin(); it != m_.end() && n > 0;) {
      if (it->second < n) {
        it = m_.erase(it);
      } else
        ++it;
    }
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
class StopsRead {
public:
  std::vector<int> some(std::size_t n) {
    std::lock_guard<std::mutex> lock(mu_);
    std::vector<int> out;
    for (auto it = m_.begin(); it != m_.end() && out.size() < n; ++it)
      out.push_back(it->second);
    return out;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
class WhileRead {
public:
  int sum() {
    std::lock_guard<std::mutex> lock(mu_);
    int s = 0;
    auto it = m_.begin();
    while (it != m_.end()) {
      s += it->second;
      ++it;
    }
    return s;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// EXPECT: field Comma::m_ keep unsupported-operation
// EXPECT: field Distance::m_ keep escapes-reference
// EXPECT: field EraseBoth::m_ keep unsupported-operation
// EXPECT: field EraseCount::m_ convert map
// EXPECT: field ErasePutWithin::m_ keep unsupported-operation
// EXPECT: field EraseReset::m_ keep unsupported-operation
// EXPECT: field EraseThenUse::m_ keep unsupported-operation
// EXPECT: field EraseUse::m_ keep unsupported-operation
// EXPECT: field InitStmt::m_ convert map
// EXPECT: field Starts::m_ keep unsupported-operation
// EXPECT: field Steps::m_ keep unsupported-operation
// EXPECT: field Twice::m_ keep escapes-reference
// EXPECT: field Stops::m_ keep unsupported-operation
// EXPECT: field StopsRead::m_ keep unsupported-operation
// EXPECT: field WhileRead::m_ keep unsupported-operation
