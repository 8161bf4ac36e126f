// RUN: %check_rewrite %s -std=c++20
// may-throw: the operation can throw where an exception ends the program, and the section could
// not.

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

// A look becomes a copy.
class LooksInside {
public:
  bool isLong(int k) const noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field LooksInside::m_ keep may-throw @+1
    auto it = m_.find(k);
    return it != m_.end() && it->second.size() > 20;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  mutable std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

// By way of another function.
class CalledFromNoexcept {
public:
  bool isEmpty(int k) const noexcept { return length(k) == 0; }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::size_t length(int k) const {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field CalledFromNoexcept::m_ keep may-throw @+1
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second.size();
  }

  mutable std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

// A loop copies everything.
class Loops {
public:
  int sum() const noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    int sum = 0;
    // EXPECT: field Loops::m_ keep may-throw @+1
    for (const auto &[k, v] : m_)
      sum += v;
    return sum;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  mutable std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// A change of an entry makes another.
struct Four {
  int n[4] = {};
};
class Changes {
public:
  void hit(int k) noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Changes::m_ keep may-throw @+1
    auto it = m_.find(k);
    if (it != m_.end())
      ++it->second.n[0];
  }
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = Four();
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Four> m_;
};

// A destructor is noexcept without saying so.
inline void finish(int) {}
class Destroys {
public:
  ~Destroys() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Destroys::m_ keep may-throw @+1
    for (const auto &[k, v] : m_)
      finish(v);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// Lookalikes, in which nothing new is thrown.
class CopiesNumbers {
public:
  int get(int k) const noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }
  void hit(int k) noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      ++it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  mutable std::mutex mu_;
  // EXPECT: field CopiesNumbers::m_ convert map
  std::unordered_map<int, int> m_;
};
class CopiesPointers {
public:
  std::shared_ptr<const std::string> get(int k) const noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? nullptr : it->second;
  }
  bool has(int k) const noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void drop(int k) noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  void put(int k, std::shared_ptr<const std::string> v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(v);
  }

private:
  mutable std::mutex mu_;
  // EXPECT: field CopiesPointers::m_ convert map
  std::unordered_map<int, std::shared_ptr<const std::string>> m_;
};
class MayThrowAnyway {
public:
  bool isLong(int k) const {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it != m_.end() && it->second.size() > 20;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  mutable std::mutex mu_;
  // EXPECT: field MayThrowAnyway::m_ convert map
  std::unordered_map<int, std::string> m_;
};
