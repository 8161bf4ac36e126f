// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// Constructors, assignments and allocation functions that run in a section without being named.
#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstdio>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <ranges>
#include <set>
#include <shared_mutex>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>
inline std::atomic<int> g{0};
inline void see() { // whoever sees this and takes the lock expects the section to be over
  if (g.exchange(1) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
}
namespace copied_member {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
struct W {
  V v;
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const W &w) {
    std::lock_guard<std::mutex> l(m);
    W mine = w;
    (void)mine;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace copied_member
namespace copied_base {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
struct W : V {};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const W &w) {
    std::lock_guard<std::mutex> l(m);
    W mine = w;
    (void)mine;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace copied_base
namespace assigned_member {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
struct W {
  V v;
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const W &w) {
    std::lock_guard<std::mutex> l(m);
    W mine;
    mine = w;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace assigned_member
namespace bound_copy {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
struct P {
  V a;
  int b;
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const P &w) {
    std::lock_guard<std::mutex> l(m);
    auto [a, b] = w;
    (void)b;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace bound_copy
namespace copied_vector {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const std::vector<V> &w) {
    std::lock_guard<std::mutex> l(m);
    std::vector<V> mine = w;
    (void)mine;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace copied_vector
namespace assigned_vector {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const std::vector<V> &w) {
    std::lock_guard<std::mutex> l(m);
    std::vector<V> mine;
    mine = w;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace assigned_vector
namespace copied_pair {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const std::pair<V, int> &w) {
    std::lock_guard<std::mutex> l(m);
    auto mine = w;
    (void)mine;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace copied_pair
namespace copied_into_optional {
struct V {
  int x = 0;
  V() = default;
  V(const V &o) : x(o.x) { see(); }
  V &operator=(const V &o) {
    x = o.x;
    see();
    return *this;
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(const V &w) {
    std::lock_guard<std::mutex> l(m);
    std::optional<V> mine = w;
    (void)mine;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace copied_into_optional
namespace default_resize {
struct V {
  int x = 0;
  V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    std::vector<V> v;
    v.resize(2);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace default_resize
namespace default_vector {
struct V {
  int x = 0;
  V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    std::vector<V> v(2);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace default_vector
namespace default_array {
struct V {
  int x = 0;
  V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    std::array<V, 2> v;
    (void)v;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace default_array
namespace default_pair {
struct V {
  int x = 0;
  V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    std::pair<V, int> v;
    (void)v;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace default_pair
namespace default_tuple {
struct V {
  int x = 0;
  V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    std::tuple<V, int> v;
    (void)v;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace default_tuple
namespace default_map_value {
struct V {
  int x = 0;
  V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    std::map<int, V> v;
    v[1];
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace default_map_value
namespace construct_at_ {
struct V {
  int x = 0;
  V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(V *p) {
    std::lock_guard<std::mutex> l(m);
    std::construct_at(p);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace construct_at_
namespace class_new {
struct V {
  int x;
  static void *operator new(std::size_t s) {
    see();
    return ::operator new(s);
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    delete new V;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace class_new
namespace class_delete {
struct V {
  int x;
  static void operator delete(void *p) {
    see();
    ::operator delete(p);
  }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    delete new V;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace class_delete
namespace tuple_like {
struct T {
  int a;
};
template <std::size_t I> int get(const T &t) {
  see();
  return t.a;
}
} // namespace tuple_like
template <> struct std::tuple_size<tuple_like::T> : std::integral_constant<std::size_t, 1> {};
template <> struct std::tuple_element<0, tuple_like::T> {
  using type = int;
};
namespace tuple_like {
class A {
  std::mutex m;
  int n = 0;

public:
  void f(T t) {
    std::lock_guard<std::mutex> l(m);
    auto [q] = t;
    (void)q;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace tuple_like

// EXPECT: field copied_member::A::n keep spans-fields 40
// EXPECT: field copied_base::A::n keep spans-fields 40
// EXPECT: field assigned_member::A::n keep spans-fields 40
// EXPECT: field bound_copy::A::n keep spans-fields 40
// EXPECT: field copied_vector::A::n keep spans-fields 40
// EXPECT: field assigned_vector::A::n keep spans-fields 40
// EXPECT: field copied_pair::A::n keep spans-fields 40
// EXPECT: field copied_into_optional::A::n keep spans-fields 40
// EXPECT: field default_resize::A::n keep spans-fields 40
// EXPECT: field default_vector::A::n keep spans-fields 40
// EXPECT: field default_array::A::n keep spans-fields 40
// EXPECT: field default_pair::A::n keep spans-fields 40
// EXPECT: field default_tuple::A::n keep spans-fields 40
// EXPECT: field default_map_value::A::n keep spans-fields 40
// EXPECT: field construct_at_::A::n keep spans-fields 40
// EXPECT: field class_new::A::n keep spans-fields 40
// EXPECT: field class_delete::A::n keep spans-fields 40
// EXPECT: field tuple_like::A::n keep spans-fields 40
