// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// Memory that two threads share, reached by something that is no plain pointer.
#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
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
#include <utility>
#include <variant>
#include <vector>

namespace shared_ptr_ {
inline std::shared_ptr<int> G = std::make_shared<int>();
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::shared_ptr<int> p) {
    std::lock_guard<std::mutex> l(m);
    *p += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G); }
inline long value() { return *G; }
} // namespace shared_ptr_
namespace unique_ptr_ref {
inline std::unique_ptr<int> G = std::make_unique<int>();
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::unique_ptr<int> &p) {
    std::lock_guard<std::mutex> l(m);
    *p += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G); }
inline long value() { return *G; }
} // namespace unique_ptr_ref
namespace iterator_ {
inline std::vector<int> G(3);
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int>::iterator p) {
    std::lock_guard<std::mutex> l(m);
    *p += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G.begin()); }
inline long value() { return G[0]; }
} // namespace iterator_
namespace span_ {
inline int G[4];
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::span<int> p) {
    std::lock_guard<std::mutex> l(m);
    p[0] += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(std::span<int>(G)); }
inline long value() { return G[0]; }
} // namespace span_
namespace reference_wrapper_ {
inline int G;
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::reference_wrapper<int> p) {
    std::lock_guard<std::mutex> l(m);
    p.get() += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G); }
inline long value() { return G; }
} // namespace reference_wrapper_
namespace pair_of_ref {
inline int G;
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::pair<int &, int> p) {
    std::lock_guard<std::mutex> l(m);
    p.first += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f({G, 1}); }
inline long value() { return G; }
} // namespace pair_of_ref
namespace tuple_of_ref {
inline int G;
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::tuple<int &> p) {
    std::lock_guard<std::mutex> l(m);
    std::get<0>(p) += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(std::tie(G)); }
inline long value() { return G; }
} // namespace tuple_of_ref
namespace bound_tuple {
inline int G;
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::tuple<int &> p) {
    std::lock_guard<std::mutex> l(m);
    auto &[q] = p;
    q += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(std::tie(G)); }
inline long value() { return G; }
} // namespace bound_tuple
namespace struct_with_ref {
struct H {
  int &q;
};
inline int G;
class A {
  std::mutex m;
  int n = 0;

public:
  void f(H h) {
    std::lock_guard<std::mutex> l(m);
    h.q += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f({G}); }
inline long value() { return G; }
} // namespace struct_with_ref
namespace optional_ref {
inline int G;
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::optional<std::reference_wrapper<int>> s) {
    std::lock_guard<std::mutex> l(m);
    s->get() += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(std::ref(G)); }
inline long value() { return G; }
} // namespace optional_ref
namespace vector_of_shared {
inline std::vector<std::shared_ptr<int>> G{std::make_shared<int>()};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<std::shared_ptr<int>> p) {
    std::lock_guard<std::mutex> l(m);
    *p[0] += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G); }
inline long value() { return *G[0]; }
} // namespace vector_of_shared
namespace variant_of_shared {
inline std::variant<std::shared_ptr<int>> G = std::make_shared<int>();
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::variant<std::shared_ptr<int>> p) {
    std::lock_guard<std::mutex> l(m);
    *std::get<0>(p) += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G); }
inline long value() { return *std::get<0>(G); }
} // namespace variant_of_shared
namespace fill_pointer {
inline int G[4];
class A {
  std::mutex m;
  int n = 0;

public:
  void f(int *p) {
    std::lock_guard<std::mutex> l(m);
    std::fill(p, p + 1, p[0] + 1);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G); }
inline long value() { return G[0]; }
} // namespace fill_pointer
namespace generate_span {
inline int G[4];
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::span<int> p) {
    std::lock_guard<std::mutex> l(m);
    std::fill(p.begin(), p.begin() + 1, p[0] + 1);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(std::span<int>(G)); }
inline long value() { return G[0]; }
} // namespace generate_span
namespace struct_of_pointer {
struct H {
  std::vector<int> *q;
};
inline std::vector<int> G(1);
class A {
  std::mutex m;
  int n = 0;

public:
  void f(H h) {
    std::lock_guard<std::mutex> l(m);
    h.q->at(0) += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f({&G}); }
inline long value() { return G[0]; }
} // namespace struct_of_pointer
namespace shared_vector {
inline std::shared_ptr<std::vector<int>> G = std::make_shared<std::vector<int>>(1);
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::shared_ptr<std::vector<int>> p) {
    std::lock_guard<std::mutex> l(m);
    p->at(0) += 1;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
inline A a;
inline void go() { a.f(G); }
inline long value() { return (*G)[0]; }
} // namespace shared_vector

// EXPECT: field shared_ptr_::A::n keep spans-fields 49
// EXPECT: field unique_ptr_ref::A::n keep spans-fields 70
// EXPECT: field iterator_::A::n keep spans-fields 91
// EXPECT: field span_::A::n keep spans-fields 112
// EXPECT: field reference_wrapper_::A::n keep spans-fields 133
// EXPECT: field pair_of_ref::A::n keep spans-fields 155
// EXPECT: field tuple_of_ref::A::n keep spans-fields 176
// EXPECT: field bound_tuple::A::n keep spans-fields 198
// EXPECT: field struct_with_ref::A::n keep spans-fields 222
// EXPECT: field optional_ref::A::n keep spans-fields
// EXPECT: field vector_of_shared::A::n keep spans-fields 264
// EXPECT: field variant_of_shared::A::n keep spans-fields 285
// EXPECT: field fill_pointer::A::n keep spans-fields 305
// EXPECT: field generate_span::A::n keep spans-fields 326
// EXPECT: field struct_of_pointer::A::n keep spans-fields 351
// EXPECT: field shared_vector::A::n keep spans-fields 371
