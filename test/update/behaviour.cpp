// RUN: %check_alone %s -std=c++20 --unlatch-arg=--strategy=C5::a_=atomic,snapshot --unlatch-arg=--strategy=C5::b_=atomic,snapshot
// Small programs of every kind, whose answers stay the same.

#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>
using M = std::unordered_map<int, int>;
using V = std::unordered_map<int, std::vector<int>>;
// value read after erase of the same key, copied before
class A1 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return -1;
    int v = it->second;
    m_.erase(it);
    v += 1;
    return v;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// reference to slot, changed later
class A2 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    int &s = m_[k];
    int old = s;
    s = old + 1;
    return old;
  }

private:
  std::mutex mu_;
  M m_;
};
// const ref to value, returned copy
class A3 {
public:
  std::vector<int> f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return {};
    const auto &v = it->second;
    return v;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k].push_back(v);
  }

private:
  std::mutex mu_;
  V m_;
};
// structured binding
class A4 {
public:
  std::pair<int, bool> f(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    auto [it, fresh] = m_.try_emplace(k, v);
    return {it->second, fresh};
  }

private:
  std::mutex mu_;
  M m_;
};
// [k,v] = *it with key used
class A5 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    if (auto it = m_.find(k); it != m_.end()) {
      const auto &[key, value] = *it;
      return key * 100 + value;
    }
    return 0;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// ternary
class A6 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it != m_.end() ? it->second + it->first : k;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// insert or add
class A7 {
public:
  int f(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    auto [it, fresh] = m_.emplace(k, v);
    if (!fresh)
      it->second += v;
    return it->second;
  }

private:
  std::mutex mu_;
  M m_;
};
// erase when zero
class A8 {
public:
  bool f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return false;
    if (--it->second == 0)
      m_.erase(it);
    return true;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }
  int get(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  M m_;
};
// while over local inside, lookups each round
class A9 {
public:
  int f(const std::vector<int> &ks) {
    int s = 0;
    for (int k : ks) {
      std::lock_guard<std::mutex> l(mu_);
      auto it = m_.find(k);
      if (it == m_.end())
        continue;
      s += it->second;
    }
    return s;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// break out of the section in a loop
class B1 {
public:
  int f(const std::vector<int> &ks) {
    for (int k : ks) {
      std::lock_guard<std::mutex> l(mu_);
      if (m_.count(k))
        return k;
    }
    return -1;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// nested scopes, early unlock
class B2 {
public:
  int f(int k) {
    std::unique_lock<std::mutex> l(mu_);
    auto it = m_.find(k);
    bool there = it != m_.end();
    int v = there ? it->second : 0;
    l.unlock();
    return there ? v : -1;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// append returning whether it was new
class B3 {
public:
  bool f(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    auto &list = m_[k];
    for (int e : list)
      if (e == v)
        return false;
    list.push_back(v);
    return true;
  }
  std::size_t n(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second.size();
  }

private:
  std::mutex mu_;
  V m_;
};
// size limit in value
class B4 {
public:
  bool f(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_[k] = {v};
      return true;
    }
    if (it->second.size() >= 2)
      return false;
    it->second.push_back(v);
    return true;
  }
  std::size_t n(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second.size();
  }

private:
  std::mutex mu_;
  V m_;
};
// post and pre on values
class B5 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    return m_[k]++;
  }
  int g(int k) {
    std::lock_guard<std::mutex> l(mu_);
    return ++m_[k];
  }

private:
  std::mutex mu_;
  M m_;
};
// default read
class B6 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    return m_[k];
  }
  bool has(int k) {
    std::lock_guard<std::mutex> l(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  M m_;
};
// set only if larger, string keys from temporaries
class B7 {
public:
  void f(const char *k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end() || it->second < v)
      m_[k] = v;
  }
  int g(const std::string &k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::map<std::string, int> m_;
};
// at with catch
class B8 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    try {
      return m_.at(k);
    } catch (const std::out_of_range &) {
      return -7;
    }
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// count of erased used in arithmetic
class B9 {
public:
  std::size_t f(int a) {
    std::lock_guard<std::mutex> l(mu_);
    return 10 + m_.erase(a);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// sum and size in one picture
class C1 {
public:
  double f() {
    std::lock_guard<std::mutex> l(mu_);
    double s = 0;
    for (const auto &e : m_)
      s += e.second;
    return m_.empty() ? 0 : s / double(m_.size());
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// scalar: post/pre/compound/compare
class C2 {
public:
  int a() {
    std::lock_guard<std::mutex> l(mu_);
    return n_++;
  }
  int b() {
    std::lock_guard<std::mutex> l(mu_);
    return n_ -= 3;
  }
  bool c(int x) {
    std::lock_guard<std::mutex> l(mu_);
    return n_ == x;
  }
  void d(int x) {
    std::lock_guard<std::mutex> l(mu_);
    n_ = n_ - x;
  }

private:
  std::mutex mu_;
  int n_ = 5;
};
class C3 {
public:
  bool once() {
    std::lock_guard<std::mutex> l(mu_);
    if (done_)
      return false;
    done_ = true;
    return true;
  }
  bool is() {
    std::lock_guard<std::mutex> l(mu_);
    return done_;
  }

private:
  std::mutex mu_;
  bool done_ = false;
};
class C4 {
public:
  int take() {
    std::lock_guard<std::mutex> l(mu_);
    int v = n_;
    n_ = 0;
    return v;
  }
  void add(int x) {
    std::lock_guard<std::mutex> l(mu_);
    n_ += x;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};
// snapshot of two
class C5 {
public:
  void set(int a, int b) {
    std::lock_guard<std::mutex> l(mu_);
    a_ = a;
    b_ = b;
  }
  int sum() const {
    std::lock_guard<std::mutex> l(mu_);
    return a_ * 10 + b_;
  }
  bool inc() {
    std::lock_guard<std::mutex> l(mu_);
    if (a_ > 3)
      return false;
    ++a_;
    b_ = a_ * 2;
    return true;
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  int b_ = 0;
};
// nested condition with else-if chain
class C6 {
public:
  const char *f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    if (k < 0)
      return "neg";
    else if (m_.find(k) == m_.end())
      return "none";
    else
      return "some";
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// do while style retry
class C7 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    while (m_.count(k))
      ++k;
    m_[k] = 1;
    return k;
  }

private:
  std::mutex mu_;
  M m_;
};
// goto / switch
class C8 {
public:
  int f(int k, int mode) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    switch (mode) {
    case 0:
      return it != m_.end();
    case 1:
      if (it == m_.end())
        break;
      return it->second;
    default:
      m_.erase(k);
    }
    return -5;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// shadowing
class C9 {
public:
  int f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      int it = 3;
      return it;
    }
    return it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};
// optional values
class D1 {
public:
  std::optional<int> f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return 0;
    return it->second;
  }
  void put(int k, std::optional<int> v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::optional<int>> m_;
};
// bool values
class D2 {
public:
  bool f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it != m_.end() && it->second;
  }
  bool g(int k) {
    std::lock_guard<std::mutex> l(mu_);
    return m_.count(k) && m_.at(k);
  }
  void put(int k, bool v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, bool> m_;
};
// pointers as values, null
class D3 {
public:
  int *f(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? nullptr : it->second;
  }
  void put(int k, int *v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int *> m_;
};
// what has been done is told by a local variable
class D4 {
public:
  bool f(int k, int v) {
    bool done = false;
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it != m_.end()) {
      it->second += v;
      done = true;
    }
    return done;
  }
  int g(int k) {
    std::lock_guard<std::mutex> l(mu_);
    int seen = -1, times{};
    auto it = m_.find(k);
    if (it != m_.end()) {
      ++times;
      seen += it->second + times;
      it->second = 0;
    }
    return seen * 10 + times;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  M m_;
};

// an entry that is replaced after a look through the pointer in it
class D5 {
public:
  struct Item {
    int size = 0;
  };
  int f(int k, int least) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return 0;
    if (it->second->size < least)
      it->second = std::make_shared<const Item>(Item{least});
    return 1;
  }
  int g(int k) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second->size;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> l(mu_);
    m_[k] = std::make_shared<const Item>(Item{v});
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<const Item>> m_;
};
int main() {
  {
    A1 t;
    t.put(1, 5);
    int a = t.f(1), b = t.f(1);
    std::printf("A1 %d %d\n", a, b);
  }
  {
    A2 t;
    int a = t.f(1), b = t.f(1);
    std::printf("A2 %d %d\n", a, b);
  }
  {
    A3 t;
    t.put(1, 5);
    t.put(1, 6);
    std::printf("A3 %zu %zu\n", t.f(1).size(), t.f(2).size());
  }
  {
    A4 t;
    auto a = t.f(1, 5), b = t.f(1, 6);
    std::printf("A4 %d %d %d %d\n", a.first, a.second, b.first, b.second);
  }
  {
    A5 t;
    t.put(3, 5);
    int a = t.f(3), b = t.f(4);
    std::printf("A5 %d %d\n", a, b);
  }
  {
    A6 t;
    t.put(3, 5);
    int a = t.f(3), b = t.f(4);
    std::printf("A6 %d %d\n", a, b);
  }
  {
    A7 t;
    int a = t.f(1, 5), b = t.f(1, 6);
    std::printf("A7 %d %d\n", a, b);
  }
  {
    A8 t;
    t.put(1, 2);
    int a = t.f(1), g = t.get(1), b = t.f(1), h = t.get(1), c = t.f(1);
    std::printf("A8 %d %d %d %d %d\n", a, g, b, h, c);
  }
  {
    A9 t;
    t.put(1, 2);
    t.put(2, 3);
    std::printf("A9 %d\n", t.f({1, 5, 2}));
  }
  {
    B1 t;
    t.put(7, 2);
    int a = t.f({1, 7, 2}), b = t.f({1});
    std::printf("B1 %d %d\n", a, b);
  }
  {
    B2 t;
    t.put(1, 2);
    int a = t.f(1), b = t.f(2);
    std::printf("B2 %d %d\n", a, b);
  }
  {
    B3 t;
    int a = t.f(1, 2), b = t.f(1, 2), c = t.f(1, 3);
    std::printf("B3 %d %d %d %zu\n", a, b, c, t.n(1));
  }
  {
    B4 t;
    int a = t.f(1, 2), b = t.f(1, 2), c = t.f(1, 3);
    std::printf("B4 %d %d %d %zu\n", a, b, c, t.n(1));
  }
  {
    B5 t;
    int a = t.f(1), b = t.g(1), c = t.f(1);
    std::printf("B5 %d %d %d\n", a, b, c);
  }
  {
    B6 t;
    int h = t.has(1), a = t.f(1), i = t.has(1);
    std::printf("B6 %d %d %d\n", h, a, i);
  }
  {
    B7 t;
    t.f("a", 3);
    t.f("a", 2);
    int a = t.g("a");
    t.f("a", 9);
    int b = t.g("a"), c = t.g("b");
    std::printf("B7 %d %d %d\n", a, b, c);
  }
  {
    B8 t;
    t.put(1, 2);
    int a = t.f(1), b = t.f(2);
    std::printf("B8 %d %d\n", a, b);
  }
  {
    B9 t;
    t.put(1, 2);
    auto a = t.f(1), b = t.f(1);
    std::printf("B9 %zu %zu\n", a, b);
  }
  {
    C1 t;
    double z = t.f();
    t.put(1, 2);
    t.put(2, 3);
    std::printf("C1 %f %f\n", z, t.f());
  }
  {
    C2 t;
    int a = t.a(), b = t.b(), c = t.c(3), d = t.c(4);
    t.d(2);
    int e = t.c(1);
    std::printf("C2 %d %d %d %d %d\n", a, b, c, d, e);
  }
  {
    C3 t;
    int z = t.is(), a = t.once(), b = t.once(), c = t.is();
    std::printf("C3 %d %d %d %d\n", z, a, b, c);
  }
  {
    C4 t;
    t.add(4);
    int a = t.take(), b = t.take();
    std::printf("C4 %d %d\n", a, b);
  }
  {
    C5 t;
    t.set(2, 3);
    int a = t.sum(), i = t.inc(), b = t.sum(), j = t.inc(), k = t.inc(), c = t.sum();
    std::printf("C5 %d %d %d %d %d %d\n", a, i, b, j, k, c);
  }
  {
    C6 t;
    t.put(1, 1);
    std::printf("C6 %s %s %s\n", t.f(-1), t.f(0), t.f(1));
  }
  {
    C7 t;
    int a = t.f(1), b = t.f(1), c = t.f(0);
    std::printf("C7 %d %d %d\n", a, b, c);
  }
  {
    C8 t;
    t.put(1, 4);
    int a = t.f(1, 0), b = t.f(1, 1), c = t.f(2, 1), d = t.f(1, 2), e = t.f(1, 0);
    std::printf("C8 %d %d %d %d %d\n", a, b, c, d, e);
  }
  {
    C9 t;
    t.put(1, 4);
    int a = t.f(1), b = t.f(2);
    std::printf("C9 %d %d\n", a, b);
  }
  {
    D1 t;
    t.put(1, 4);
    t.put(2, std::nullopt);
    std::printf("D1 %d %d %d\n", t.f(1).value_or(-1), t.f(2).value_or(-1), t.f(3).value_or(-1));
  }
  {
    D2 t;
    t.put(1, true);
    t.put(2, false);
    int a = t.f(1), b = t.f(2), c = t.f(3), d = t.g(1), e = t.g(2), f = t.g(3);
    std::printf("D2 %d %d %d %d %d %d\n", a, b, c, d, e, f);
  }
  {
    D3 t;
    int x = 5;
    t.put(1, &x);
    t.put(2, nullptr);
    auto *a = t.f(1), *b = t.f(2), *c = t.f(3);
    std::printf("D3 %d %d %d\n", *a, b == nullptr, c == nullptr);
  }
  {
    D4 t;
    t.put(1, 4);
    const bool a = t.f(1, 3), b = t.f(2, 3);
    const int c = t.g(1), d = t.g(2), e = t.g(1);
    std::printf("D4 %d %d %d %d %d\n", a, b, c, d, e);
  }
  {
    D5 t;
    t.put(1, 4);
    const int a = t.f(1, 3), b = t.g(1), c = t.f(1, 5), d = t.g(1), e = t.f(2, 3), f = t.g(2);
    std::printf("D5 %d %d %d %d %d %d\n", a, b, c, d, e, f);
  }
}

// EXPECT: field A1::m_ convert map
// EXPECT: field A2::m_ convert map
// EXPECT: field A3::m_ convert map
// EXPECT: field A4::m_ convert map
// EXPECT: field A5::m_ convert map
// EXPECT: field A6::m_ convert map
// EXPECT: field A7::m_ convert map
// EXPECT: field A8::m_ convert map
// EXPECT: field A9::m_ convert map
// EXPECT: field B1::m_ convert map
// EXPECT: field B2::m_ convert map
// EXPECT: field B3::m_ convert map
// EXPECT: field B4::m_ convert map
// EXPECT: field B5::m_ convert map
// EXPECT: field B6::m_ convert map
// EXPECT: field B7::m_ convert map
// EXPECT: field B8::m_ convert map
// EXPECT: field B9::m_ convert map
// EXPECT: field C1::m_ convert map
// EXPECT: field C2::n_ convert atomic
// EXPECT: field C3::done_ convert atomic
// EXPECT: field C4::n_ convert atomic
// EXPECT: field C5::a_ convert snapshot
// EXPECT: field C5::b_ convert snapshot
// EXPECT: field C6::m_ convert map
// EXPECT: field C7::m_ keep unsupported-operation
// EXPECT: field C8::m_ convert map
// EXPECT: field C9::m_ convert map
// EXPECT: field D1::m_ convert map
// EXPECT: field D2::m_ convert map
// EXPECT: field D3::m_ convert map
// EXPECT: field D4::m_ convert map
// EXPECT: field D5::m_ convert map
