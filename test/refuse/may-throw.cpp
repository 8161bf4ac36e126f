// RUN: %check_alone %s -std=c++20
// may-throw: the operation can throw where an exception ends the program, and the section could
// not.

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

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

// So does one of a number, if the map has to keep the key as it was, or if the number is large.
struct SameParity {
  bool operator()(int a, int b) const { return a % 2 == b % 2; }
};
struct ParityHash {
  std::size_t operator()(int a) const { return static_cast<std::size_t>(a % 2); }
};
class OwnEquality {
public:
  void hit(int k) noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field OwnEquality::m_ keep may-throw @+1
    auto it = m_.find(k);
    if (it != m_.end())
      ++it->second;
  }
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int, ParityHash, SameParity> m_;
};
struct LargeHash {
  std::size_t operator()(__int128 a) const { return static_cast<std::size_t>(a); }
};
class LargeKeys {
public:
  void hit(__int128 k) noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field LargeKeys::m_ keep may-throw @+1
    auto it = m_.find(k);
    if (it != m_.end())
      ++it->second;
  }
  void put(__int128 k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<__int128, int, LargeHash> m_;
};

// What a noexcept function calls is not always a function with a name.
class CallsLambda {
public:
  bool isLong(int k) const noexcept {
    auto look = [&] {
      std::lock_guard<std::mutex> lock(mu_);
      // EXPECT: field CallsLambda::m_ keep may-throw @+1
      auto it = m_.find(k);
      return it != m_.end() && it->second.size() > 20;
    };
    return look();
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  mutable std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};
class PassesLambda {
public:
  int countLong(const std::vector<int> &keys) const noexcept {
    int found = 0;
    std::for_each(keys.begin(), keys.end(), [&](int k) {
      std::lock_guard<std::mutex> lock(mu_);
      // EXPECT: field PassesLambda::m_ keep may-throw @+1
      auto it = m_.find(k);
      if (it != m_.end() && it->second.size() > 20)
        ++found;
    });
    return found;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  mutable std::mutex mu_;
  std::unordered_map<int, std::string> m_;
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
class OwnHash {
public:
  void hit(int k) noexcept {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      ++it->second;
  }
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field OwnHash::m_ convert map
  std::unordered_map<int, int, ParityHash> m_;
};
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
