// RUN: %check_rewrite %s -std=c++20
// Keys with a hash and an equality of their own, values that can be called.

#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

struct Member {
  int a;
  bool operator==(const Member &other) const { return a == other.a; }
};
struct MemberHash {
  std::size_t operator()(const Member &k) const { return std::size_t(k.a); }
};
class ByMember {
public:
  void put(const Member &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const Member &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<Member, int, MemberHash> m_;
};

struct Friend {
  std::string a;
  friend bool operator==(const Friend &l, const Friend &r) { return l.a == r.a; }
};
template <> struct std::hash<Friend> {
  std::size_t operator()(const Friend &k) const noexcept { return std::hash<std::string>()(k.a); }
};
class ByFriend {
public:
  void put(const Friend &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const Friend &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<Friend, int> m_;
};

namespace keys {
struct Free {
  int a, b;
};
inline bool operator==(const Free &l, const Free &r) { return l.a == r.a && l.b == r.b; }
struct FreeHash {
  std::size_t operator()(const Free &k) const { return std::size_t(k.a * 31 + k.b); }
};
} // namespace keys
class ByFree {
public:
  void put(const keys::Free &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const keys::Free &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<keys::Free, int, keys::FreeHash> m_;
};

struct Defaulted {
  int a;
  bool operator==(const Defaulted &) const = default;
};
struct DefaultedHash {
  std::size_t operator()(const Defaulted &k) const { return std::size_t(k.a); }
};
class ByDefault {
public:
  void put(const Defaulted &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const Defaulted &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<Defaulted, int, DefaultedHash> m_;
};

// Copied out under the lock, called after it.
class Callbacks {
public:
  void put(int k, std::function<int(int)> f) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(f);
  }
  int call(int k, int x) {
    std::function<int(int)> f;
    {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(k);
      if (it == m_.end())
        return -1;
      f = it->second;
    }
    return f ? f(x) : -2;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::function<int(int)>> m_;
};

// An include below what needs another.
#include <vector>

int main() {
  ByMember a;
  a.put({1}, 5);
  ByFriend b;
  b.put({"x"}, 6);
  ByFree c;
  c.put({1, 2}, 7);
  ByDefault d;
  d.put({4}, 8);
  Callbacks e;
  e.put(1, [](int x) { return x * 2; });
  e.put(2, nullptr);
  std::printf("%d %d %d %d %d %d %d\n", a.get({1}), a.get({2}), b.get({"x"}), b.get({"y"}), c.get({1, 2}),
              c.get({2, 1}), d.get({4}));
  std::printf("%d %d %d\n", e.call(1, 4), e.call(2, 4), e.call(3, 4));
}

// EXPECT: field ByMember::m_ convert map
// EXPECT: field ByFriend::m_ convert map
// EXPECT: field ByFree::m_ convert map
// EXPECT: field ByDefault::m_ convert map
// EXPECT: field Callbacks::m_ convert map
