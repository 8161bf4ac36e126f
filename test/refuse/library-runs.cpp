// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// The library runs code of the program's types that nobody names: comparisons, hashes, copies,
// deleters.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <unordered_set>
#include <vector>
inline std::atomic<int> g_seen{0};
inline void visible() {
  g_seen = 1;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

namespace less_of_max {
struct V {
  int x;
  bool operator<(const V &o) const {
    visible();
    return x < o.x;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  int f(V a, V b) {
    std::lock_guard<std::mutex> l(m);
    int r = std::max(a, b).x;
    ++n;
    return r;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace less_of_max
namespace equality_of_find {
struct V {
  int x;
  bool operator==(const V &o) const {
    visible();
    return x == o.x;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  bool f(std::vector<V> v, V b) {
    std::lock_guard<std::mutex> l(m);
    bool r = std::find(v.begin(), v.end(), b) != v.end();
    ++n;
    return r;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace equality_of_find
namespace less_of_sort {
struct V {
  int x;
  bool operator<(const V &o) const {
    visible();
    return x < o.x;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  int f(std::vector<V> v) {
    std::lock_guard<std::mutex> l(m);
    std::sort(v.begin(), v.end());
    ++n;
    return v[0].x;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace less_of_sort
namespace comparator_of_local_set {
struct Cmp {
  bool operator()(int a, int b) const {
    visible();
    return a < b;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  int f(int k) {
    std::lock_guard<std::mutex> l(m);
    std::set<int, Cmp> s;
    s.insert(k);
    s.insert(3);
    ++n;
    return *s.begin();
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace comparator_of_local_set
namespace hash_of_local_set {
struct H {
  std::size_t operator()(int k) const {
    visible();
    return k;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  int f(int k) {
    std::lock_guard<std::mutex> l(m);
    std::unordered_set<int, H> s;
    s.insert(k);
    ++n;
    return (int)s.size();
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace hash_of_local_set
namespace less_of_local_map {
struct V {
  int x;
  bool operator<(const V &o) const {
    visible();
    return x < o.x;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  bool f(V a, V b) {
    std::lock_guard<std::mutex> l(m);
    std::map<V, int> q;
    q[a] = 1;
    q[b] = 2;
    ++n;
    return q.size() == 2;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace less_of_local_map
namespace copy_in_push_back {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { visible(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  int f(const V &a) {
    std::lock_guard<std::mutex> l(m);
    std::vector<V> v;
    v.push_back(a);
    ++n;
    return v[0].x;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace copy_in_push_back
namespace equality_of_vectors {
struct V {
  int x;
  bool operator==(const V &o) const {
    visible();
    return x == o.x;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  bool f(const std::vector<V> &v, const std::vector<V> &w) {
    std::lock_guard<std::mutex> l(m);
    bool r = v == w;
    ++n;
    return r;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace equality_of_vectors
namespace move_in_swap {
struct V {
  int x;
  V(int i) : x(i) {}
  V(V &&o) : x(o.x) { visible(); }
  V &operator=(V &&o) {
    x = o.x;
    return *this;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  int f() {
    std::lock_guard<std::mutex> l(m);
    V a{1}, b{2};
    std::swap(a, b);
    ++n;
    return a.x;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace move_in_swap
namespace destructor_by_null_assignment {
struct V {
  int x = 0;
  ~V() { visible(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::shared_ptr<V> p) {
    std::lock_guard<std::mutex> l(m);
    p = nullptr;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace destructor_by_null_assignment
namespace deleter_of_shared_ptr {
struct V {
  int x = 0;
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    {
      std::shared_ptr<V> p(new V, [](V *v) {
        visible();
        delete v;
      });
    }
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace deleter_of_shared_ptr
namespace deleter_of_unique_ptr {
struct V {
  int x = 0;
};
struct D {
  void operator()(V *v) const {
    visible();
    delete v;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    {
      std::unique_ptr<V, D> p(new V);
    }
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace deleter_of_unique_ptr

// EXPECT: field less_of_max::A::n keep calls-out 19
// EXPECT: field equality_of_find::A::n keep calls-out 19
// EXPECT: field less_of_sort::A::n keep calls-out 19
// EXPECT: field comparator_of_local_set::A::n keep calls-out 19
// EXPECT: field hash_of_local_set::A::n keep calls-out 19
// EXPECT: field less_of_local_map::A::n keep calls-out 19
// EXPECT: field copy_in_push_back::A::n keep calls-out 19
// EXPECT: field equality_of_vectors::A::n keep calls-out 19
// EXPECT: field move_in_swap::A::n keep spans-fields 18
// EXPECT: field destructor_by_null_assignment::A::n keep calls-out 19
// EXPECT: field deleter_of_shared_ptr::A::n keep calls-out 19
// EXPECT: field deleter_of_unique_ptr::A::n keep calls-out 19
