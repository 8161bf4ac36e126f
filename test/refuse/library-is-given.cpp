// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// What the library is given to call, however it is spelled.
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
namespace minmax_element_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::minmax_element(v.begin(), v.end(), [](int a, int b) {
      see();
      return a < b;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace minmax_element_
namespace clamp_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    std::clamp(2, 1, 3, [](int a, int b) {
      see();
      return a < b;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace clamp_
namespace equal_range_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::equal_range(v.begin(), v.end(), 1, [](int a, int b) {
      see();
      return a < b;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace equal_range_
namespace push_heap_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::push_heap(v.begin(), v.end(), [](int a, int b) {
      see();
      return a < b;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace push_heap_
namespace lexicographical_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::lexicographical_compare(v.begin(), v.end(), v.begin(), v.end(), [](int a, int b) {
      see();
      return a < b;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace lexicographical_
namespace remove_copy_if_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::remove_copy_if(v.begin(), v.end(), v.begin(), [](int a) {
      see();
      return a > 1;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace remove_copy_if_
namespace partition_point_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::partition_point(v.begin(), v.end(), [](int a) {
      see();
      return a > 1;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace partition_point_
namespace list_unique_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::list<int> v) {
    std::lock_guard<std::mutex> l(m);
    v.unique([](int a, int b) {
      see();
      return a < b;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace list_unique_
namespace list_merge_ {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::list<int> v, std::list<int> w) {
    std::lock_guard<std::mutex> l(m);
    v.merge(w, [](int a, int b) {
      see();
      return a < b;
    });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace list_merge_
namespace named_functor {
struct F {
  void operator()(int) const { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    F each;
    std::for_each(v.begin(), v.end(), each);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace named_functor
namespace functor_template {
struct F {
  template <class T> void operator()(T) const { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::for_each(v.begin(), v.end(), F{});
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace functor_template
namespace functor_inherited {
struct F {
  void operator()(int) const { see(); }
};
struct G : F {};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::for_each(v.begin(), v.end(), G{});
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace functor_inherited
namespace std_ref {
struct F {
  void operator()(int) const { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    F each;
    std::for_each(v.begin(), v.end(), std::ref(each));
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace std_ref
namespace ref_called {
struct F {
  void operator()(int) const { see(); }
};
class A {
  std::mutex m;
  int n = 0;

public:
  void f() {
    std::lock_guard<std::mutex> l(m);
    F each;
    std::ref(each)(1);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace ref_called
namespace address_of_function {
inline void fn(int) { see(); }
class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::for_each(v.begin(), v.end(), &fn);
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace address_of_function
namespace plus_lambda {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    std::for_each(v.begin(), v.end(), +[](int) { see(); });
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace plus_lambda
namespace cref_lambda {

class A {
  std::mutex m;
  int n = 0;

public:
  void f(std::vector<int> v) {
    std::lock_guard<std::mutex> l(m);
    auto h = [](int) { see(); };
    std::for_each(v.begin(), v.end(), std::cref(h));
    ++n;
  }
  int get() {
    std::lock_guard<std::mutex> l(m);
    return n;
  }
};
} // namespace cref_lambda

// EXPECT: field minmax_element_::A::n keep spans-fields 40
// EXPECT: field clamp_::A::n keep spans-fields 40
// EXPECT: field equal_range_::A::n keep spans-fields 40
// EXPECT: field push_heap_::A::n keep spans-fields 40
// EXPECT: field lexicographical_::A::n keep spans-fields 40
// EXPECT: field remove_copy_if_::A::n keep spans-fields 40
// EXPECT: field partition_point_::A::n keep spans-fields 40
// EXPECT: field list_unique_::A::n keep spans-fields 40
// EXPECT: field list_merge_::A::n keep spans-fields 40
// EXPECT: field named_functor::A::n keep spans-fields 40
// EXPECT: field functor_template::A::n keep spans-fields 40
// EXPECT: field functor_inherited::A::n keep spans-fields 40
// EXPECT: field std_ref::A::n keep spans-fields 40
// EXPECT: field ref_called::A::n keep spans-fields 40
// EXPECT: field address_of_function::A::n keep spans-fields 40
// EXPECT: field plus_lambda::A::n keep spans-fields 40
// EXPECT: field cref_lambda::A::n keep spans-fields 40
