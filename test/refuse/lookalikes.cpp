// RUN: %check_alone %s -std=c++20 --unlatch-arg=--strategy=Three::list_=atomic,snapshot
// What looks like an operation and is another, or none: what converts here does the same as before.
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>
using Counts = std::unordered_map<int, int>;
// The test stands in a loop, the look-up before it.
class LoopTest {
public:
  int drop(int k, int n) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    int done = 0;
    for (int i = 0; i < n; ++i)
      if (it != m_.end()) {
        m_.erase(it);
        ++done;
        break;
      }
    return done;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// The key changes after the look-up.
class KeyMoves {
public:
  bool drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    k = 7;
    if (it != m_.end()) {
      m_.erase(it);
      return true;
    }
    return k == 8;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// What is found is erased only sometimes.
class Sometimes {
public:
  bool drop(int k, bool really) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end() && really) {
      m_.erase(it);
      return true;
    }
    return false;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// The other condition is asked first.
class ReallyFirst {
public:
  bool drop(int k, bool really) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (really && it != m_.end()) {
      m_.erase(it);
      return true;
    }
    return false;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// Inserted under another key.
class LateOther {
public:
  int add(int k, int o, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      it = m_.emplace(o, v).first;
    return it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// The value changes after the look-up.
class LateValue {
public:
  int add(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    ++v;
    if (it == m_.end())
      it = m_.emplace(k, v).first;
    return it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// What was inserted is changed.
class LateChanged {
public:
  int add(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      it = m_.emplace(k, v).first;
    it->second += v;
    return it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// More is done where it was absent.
class LateMore {
public:
  std::pair<int, bool> add(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    bool fresh = false;
    auto it = m_.find(k);
    if (it == m_.end()) {
      it = m_.emplace(k, v).first;
      fresh = true;
    }
    return {it->second, fresh};
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// The new value has an effect of its own.
class SwapSteps {
public:
  int swap(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, v);
      return 0;
    }
    int before = it->second;
    it->second = v++;
    return before + v;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// The new value comes from the old one.
class SwapFromOld {
public:
  int swap(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, v);
      return 0;
    }
    int before = it->second;
    it->second = before;
    return before;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
// Differences from itself, twice itself, another type in between.
class FromOther {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = by - n_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};
class Doubled {
public:
  void step() {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n_ + n_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 1;
};
class Mixed {
public:
  void step(double by) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n_ + by;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 1;
};
class Parens {
public:
  void step(int a, int b) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n_ - (a - b);
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 1;
};
class Tern {
public:
  void step(int a, int b) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = (a ? a : b) + n_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 1;
};
// One lock of several, with its type spelled out.
class Explicit {
public:
  void put(int k, int v) {
    std::scoped_lock<std::mutex, std::mutex> lock(a_, b_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(a_);
    return m_.count(k) != 0;
  }
  int next() {
    std::lock_guard<std::mutex> lock(b_);
    return ++n_;
  }

private:
  std::mutex a_, b_;
  Counts m_;
  int n_ = 0;
};
class Three {
public:
  void put(int k, int v) {
    std::scoped_lock lock(a_, b_, c_);
    m_[k] = v;
    list_.push_back(v);
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(a_);
    return m_.count(k) != 0;
  }
  int next() {
    std::lock_guard<std::mutex> lock(b_);
    return ++n_;
  }
  std::size_t size() {
    std::lock_guard<std::mutex> lock(c_);
    return list_.size();
  }

private:
  std::mutex a_;
  std::mutex b_;
  std::mutex c_;
  Counts m_;
  int n_ = 0;
  std::vector<int> list_;
};
// Defined with elements.
class Elements {
public:
  static bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  static void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
  }

private:
  static std::mutex mu_;
  static Counts m_;
};
std::mutex Elements::mu_;
Counts Elements::m_ = {{1, 2}};
// Conditions around a look-up that builds its key.
class OrTemp {
public:
  bool add(const char *k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (v < 0 || m_.count(k) > 0 || v > 100)
      return false;
    m_[k] = v;
    return true;
  }
  bool has(const char *k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::map<std::string, int> m_;
};
class AndTemp {
public:
  int look(const char *k, bool deep) {
    std::lock_guard<std::mutex> lock(mu_);
    if (deep && m_.find(k) != m_.end())
      return 1;
    return 0;
  }
  void put(const char *k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = 1;
  }

private:
  std::mutex mu_;
  std::map<std::string, int> m_;
};

int main() {
  {
    LoopTest t;
    t.put(1, 1);
    int a = t.drop(1, 3);
    int b = t.drop(1, 3);
    std::printf("loop %d %d %d\n", a, b, t.get(1));
  }
  {
    KeyMoves t;
    t.put(1, 1);
    t.put(7, 7);
    int a = t.drop(1);
    std::printf("key %d %d %d\n", a, t.get(1), t.get(7));
  }
  {
    Sometimes t;
    t.put(1, 1);
    int a = t.drop(1, false);
    int g = t.get(1);
    int b = t.drop(1, true);
    std::printf("some %d %d %d %d\n", a, g, b, t.get(1));
  }
  {
    ReallyFirst t;
    t.put(1, 1);
    int a = t.drop(1, false);
    int g = t.get(1);
    int b = t.drop(1, true);
    std::printf("really %d %d %d %d\n", a, g, b, t.get(1));
  }
  {
    LateOther t;
    int a = t.add(1, 2, 5), b = t.add(2, 1, 6);
    std::printf("other %d %d\n", a, b);
  }
  {
    LateValue t;
    int a = t.add(1, 5), b = t.add(1, 9);
    std::printf("value %d %d\n", a, b);
  }
  {
    LateChanged t;
    int a = t.add(1, 5), b = t.add(1, 9);
    std::printf("changed %d %d\n", a, b);
  }
  {
    LateMore t;
    auto a = t.add(1, 5), b = t.add(1, 9);
    std::printf("more %d %d %d %d\n", a.first, a.second, b.first, b.second);
  }
  {
    SwapSteps t;
    int a = t.swap(1, 5), b = t.swap(1, 9), c = t.swap(1, 2);
    std::printf("steps %d %d %d\n", a, b, c);
  }
  {
    SwapFromOld t;
    int a = t.swap(1, 5), b = t.swap(1, 9), c = t.swap(1, 2);
    std::printf("old %d %d %d\n", a, b, c);
  }
  {
    FromOther t;
    t.step(5);
    t.step(3);
    std::printf("from %d\n", t.get());
  }
  {
    Doubled t;
    t.step();
    t.step();
    std::printf("dbl %d\n", t.get());
  }
  {
    Mixed t;
    t.step(1.6);
    t.step(1.6);
    std::printf("mixed %d\n", t.get());
  }
  {
    Parens t;
    t.step(1, 6);
    std::printf("par %d\n", t.get());
  }
  {
    Tern t;
    t.step(0, 6);
    std::printf("tern %d\n", t.get());
  }
  {
    Explicit t;
    t.put(1, 1);
    std::printf("exp %d %d\n", t.has(1), t.next());
  }
  {
    Three t;
    t.put(1, 1);
    std::printf("three %d %d %zu\n", t.has(1), t.next(), t.size());
  }
  {
    Elements::put(3);
    std::printf("el %d %d %d\n", Elements::has(1), Elements::has(2), Elements::has(3));
  }
  {
    OrTemp t;
    int a = t.add("a", 1), b = t.add("a", 2), c = t.add("b", -1), d = t.add("c", 200);
    std::printf("or %d %d %d %d %d %d\n", a, b, c, d, t.has("a"), t.has("c"));
  }
  {
    AndTemp t;
    t.put("a");
    int a = t.look("a", true), b = t.look("a", false);
    std::printf("and %d %d\n", a, b);
  }
}

// EXPECT: field AndTemp::m_ convert map
// EXPECT: field Doubled::n_ keep unsupported-operation
// EXPECT: field Elements::m_ convert map
// EXPECT: field Explicit::m_ convert map
// EXPECT: field Explicit::n_ convert atomic
// EXPECT: field FromOther::n_ keep unsupported-operation
// EXPECT: field KeyMoves::m_ convert map
// EXPECT: field LateChanged::m_ keep unsupported-operation
// EXPECT: field LateMore::m_ convert map
// EXPECT: field LateOther::m_ keep multi-key
// EXPECT: field LateValue::m_ keep side-effect-in-update
// EXPECT: field LoopTest::m_ keep does-not-compile
// EXPECT: field Mixed::n_ keep unsupported-operation
// EXPECT: field OrTemp::m_ convert map
// EXPECT: field Parens::n_ convert atomic
// EXPECT: field ReallyFirst::m_ convert map
// EXPECT: field Sometimes::m_ convert map
// EXPECT: field SwapFromOld::m_ convert map
// EXPECT: field SwapSteps::m_ keep side-effect-in-update
// EXPECT: field Tern::n_ convert atomic
// EXPECT: field Three::list_ keep unsupported-operation
// EXPECT: field Three::m_ convert map
// EXPECT: field Three::n_ convert atomic
