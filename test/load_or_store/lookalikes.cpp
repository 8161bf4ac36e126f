// RUN: %check_alone %s -std=c++20
// Names that a new variable would hide, and what is moved from only if the key is absent.

#include <mutex>
#include <unordered_map>
#include <vector>
class Hides {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return;
    it->second.push_back(v + entry);
    it->second.push_back(entry);
  }
  void add(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.emplace(k, std::vector<int>());
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
  const int entry = 7;
};
class TryMove {
public:
  bool put(int k, std::vector<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.try_emplace(k, std::move(v)).second)
      return true;
    last = v.size();
    return false;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  static thread_local std::size_t last;

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
};
class InsertMove {
public:
  std::size_t put(int k, std::vector<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto r = m_.insert({k, std::move(v)});
    return r.second ? 0 : v.size();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
};
class LateMove {
public:
  std::size_t put(int k, std::vector<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, std::move(v));
      return 0;
    }
    return v.size();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
};
class LateMoveFine {
public:
  bool put(int k, std::vector<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, std::move(v));
      return true;
    }
    return false;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
};
class CountMove {
public:
  bool put(int k, std::vector<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      m_[k] = std::move(v);
    return v.empty();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
};

// EXPECT: field CountMove::m_ keep unsupported-operation
// EXPECT: field Hides::m_ convert map
// EXPECT: field InsertMove::m_ keep unsupported-operation
// EXPECT: field LateMove::m_ keep unsupported-operation
// EXPECT: field LateMoveFine::m_ convert map
// EXPECT: field TryMove::m_ keep unsupported-operation
