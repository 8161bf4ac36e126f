// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// Destructors that run in a section.
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
namespace delete_ {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(V *p) {
    std::lock_guard<std::mutex> l(m);
    delete p;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace delete_
namespace delete_of_owner {
struct V {
  int x = 0;
  ~V() { see(); }
};
struct W {
  V v;
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(W *p) {
    std::lock_guard<std::mutex> l(m);
    delete p;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace delete_of_owner
namespace destroy_at_ {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(V *p) {
    std::lock_guard<std::mutex> l(m);
    std::destroy_at(p);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace destroy_at_
namespace pop_front_ {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::deque<V> v) {
    std::lock_guard<std::mutex> l(m);
    v.pop_front();
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace pop_front_
namespace queue_pop {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::queue<V> v) {
    std::lock_guard<std::mutex> l(m);
    v.pop();
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace queue_pop
namespace resize_ {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<V> v) {
    std::lock_guard<std::mutex> l(m);
    v.resize(0);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace resize_
namespace assign_empty {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<V> v) {
    std::lock_guard<std::mutex> l(m);
    v = {};
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace assign_empty
namespace nullopt_ {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::optional<V> v) {
    std::lock_guard<std::mutex> l(m);
    v = std::nullopt;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace nullopt_
namespace unique_null {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::unique_ptr<V> v) {
    std::lock_guard<std::mutex> l(m);
    v = nullptr;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace unique_null
namespace shared_scope {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::shared_ptr<V> p) {
    std::lock_guard<std::mutex> l(m);
    {
      auto q = std::move(p);
    }
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace shared_scope
namespace shared_made {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    {
      auto q = std::make_shared<V>();
    }
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace shared_made
namespace shared_temporary {
struct V {
  int x = 0;
  ~V() { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    int k = std::make_shared<V>()->x;
    (void)k;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace shared_temporary
namespace virtual_reset {
struct B {
  virtual ~B() = default;
};
struct V : B {
  ~V() override { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::unique_ptr<B> p) {
    std::lock_guard<std::mutex> l(m);
    p.reset();
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace virtual_reset
namespace virtual_delete {
struct B {
  virtual ~B() = default;
};
struct V : B {
  ~V() override { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(B *p) {
    std::lock_guard<std::mutex> l(m);
    delete p;
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace virtual_delete
namespace virtual_user {
struct B {
  virtual ~B() {}
};
struct V : B {
  ~V() override { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::unique_ptr<B> p) {
    std::lock_guard<std::mutex> l(m);
    p.reset();
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace virtual_user

// EXPECT: field delete_::A::n keep spans-fields 40
// EXPECT: field delete_of_owner::A::n keep spans-fields 40
// EXPECT: field destroy_at_::A::n keep spans-fields 40
// EXPECT: field pop_front_::A::n keep spans-fields 40
// EXPECT: field queue_pop::A::n keep spans-fields 40
// EXPECT: field resize_::A::n keep spans-fields 40
// EXPECT: field assign_empty::A::n keep spans-fields 40
// EXPECT: field nullopt_::A::n keep spans-fields 40
// EXPECT: field unique_null::A::n keep spans-fields 40
// EXPECT: field shared_scope::A::n keep spans-fields 40
// EXPECT: field shared_made::A::n keep spans-fields 40
// EXPECT: field shared_temporary::A::n keep spans-fields 40
// EXPECT: field virtual_reset::A::n keep spans-fields 40
// EXPECT: field virtual_delete::A::n keep spans-fields 40
// EXPECT: field virtual_user::A::n keep spans-fields 40
