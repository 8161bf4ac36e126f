// RUN: %check_rewrite %s -std=c++20
// A variable is an lvalue, which can be referred to; what an atomic gives is a value. And what an
// atomic operation is given is computed in any case.
#include <algorithm>
#include <memory>
#include <mutex>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

int bump(int &n);
void over(int &n);
void over(int &&n);
template <class T> int kind(T &&value) { return std::is_lvalue_reference_v<T> ? 1 : value; }
void step();

namespace computed_where_not_needed {

// Behind a pointer that may be null.
class Pointer {
public:
  void claim(const int *owner) {
    std::lock_guard<std::mutex> lock(mu_);
    if (owner_ == 0)
      owner_ = *owner;
  }

private:
  std::mutex mu_;
  // EXPECT: field Pointer::owner_ keep unsupported-operation
  int owner_ = 7;
};

// Behind a reference, where another thread may write.
class Reference {
public:
  void claim(const int &owner) {
    std::lock_guard<std::mutex> lock(mu_);
    if (owner_ == 0)
      owner_ = owner;
  }

private:
  std::mutex mu_;
  // EXPECT: field Reference::owner_ keep unsupported-operation
  int owner_ = 7;
};

class Divides {
public:
  bool share(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    if (share_ != 0)
      return false;
    share_ = 100 % n;
    return true;
  }

private:
  std::mutex mu_;
  // EXPECT: field Divides::share_ keep unsupported-operation
  int share_ = 0;
};

class Throws {
public:
  void third(const std::vector<int> &all) {
    std::lock_guard<std::mutex> lock(mu_);
    if (third_ == 0)
      third_ = all.at(3);
  }

private:
  std::mutex mu_;
  // EXPECT: field Throws::third_ keep unsupported-operation
  int third_ = 0;
};

class Element {
public:
  void first(const int *all, unsigned i) {
    std::lock_guard<std::mutex> lock(mu_);
    if (first_ == 0)
      first_ = all[i];
  }

private:
  std::mutex mu_;
  // EXPECT: field Element::first_ keep unsupported-operation
  int first_ = 0;
};

class Owned {
public:
  void first(const std::unique_ptr<int> &value) {
    std::lock_guard<std::mutex> lock(mu_);
    if (first_ == 0)
      first_ = *value;
  }

private:
  std::mutex mu_;
  // EXPECT: field Owned::first_ keep unsupported-operation
  int first_ = 0;
};

class Overflows {
public:
  void square(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    if (square_ == 0)
      square_ = n * n;
  }

private:
  std::mutex mu_;
  // EXPECT: field Overflows::square_ keep unsupported-operation
  int square_ = 0;
};

class Unset {
public:
  void set(int n) {
    int value;
    if (n > 0)
      value = n;
    else
      return;
    std::lock_guard<std::mutex> lock(mu_);
    if (set_ == 0)
      set_ = value;
  }

private:
  std::mutex mu_;
  // EXPECT: field Unset::set_ keep unsupported-operation
  int set_ = 0;
};

// The comparison changes what the new value is.
class Steps {
public:
  void follow(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    if (n++ == at_)
      at_ = n;
  }

private:
  std::mutex mu_;
  // EXPECT: field Steps::at_ keep unsupported-operation
  int at_ = 0;
};

class Bumps {
public:
  void follow(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    if (bump(n) == at_)
      at_ = n;
  }

private:
  std::mutex mu_;
  // EXPECT: field Bumps::at_ keep unsupported-operation
  int at_ = 0;
};

// An `else` that would be the inner one's.
class Dangling {
public:
  int go(bool may, int to) {
    int result = 0;
    std::lock_guard<std::mutex> lock(mu_);
    if (may)
      if (at_ == 0)
        at_ = to;
      else
        result = 1;
    else
      result = 2;
    return result;
  }

private:
  std::mutex mu_;
  // EXPECT: field Dangling::at_ keep unsupported-operation
  int at_ = 0;
};

// The old value goes where the new one comes from.
class Overwrites {
public:
  void turn(int &out, const int &in) {
    std::lock_guard<std::mutex> lock(mu_);
    out = at_;
    at_ = in;
  }

private:
  std::mutex mu_;
  // EXPECT: field Overwrites::at_ keep unsupported-operation
  int at_ = 0;
};

// What another configuration says would be lost.
class Configured {
public:
  void see(int value) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Configured::peak_ keep macro @+1
    if (peak_ < value) {
#ifdef TRACE
      step();
#endif
      peak_ = value;
    }
  }

private:
  std::mutex mu_;
  int peak_ = 0;
};

} // namespace computed_where_not_needed

namespace referred_to {

class ThenStepped {
public:
  int take() {
    std::lock_guard<std::mutex> lock(mu_);
    const int &id = next_;
    ++next_;
    return id;
  }

private:
  std::mutex mu_;
  // EXPECT: field ThenStepped::next_ keep unsupported-operation
  int next_ = 0;
};

class ThenSet {
public:
  int take() {
    std::lock_guard<std::mutex> lock(mu_);
    const int &id = next_;
    next_ = 5;
    return id;
  }

private:
  std::mutex mu_;
  // EXPECT: field ThenSet::next_ keep unsupported-operation
  int next_ = 0;
};

class Larger {
public:
  int larger(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    const int &larger = std::max(at_, n);
    at_ = 5;
    return larger;
  }

private:
  std::mutex mu_;
  // EXPECT: field Larger::at_ keep unsupported-operation
  int at_ = 0;
};

class Clamped {
public:
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    at_ = n;
  }
  int clamped() {
    std::lock_guard<std::mutex> lock(mu_);
    const int &clamped = std::clamp(at_, 0, 9);
    return clamped;
  }

private:
  std::mutex mu_;
  // EXPECT: field Clamped::at_ keep unsupported-operation
  int at_ = 0;
};

class Smaller {
public:
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    at_ = n;
  }
  int smaller(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &&smaller = std::min(n, at_);
    return smaller;
  }

private:
  std::mutex mu_;
  // EXPECT: field Smaller::at_ keep unsupported-operation
  int at_ = 0;
};

class Returned {
public:
  const int &next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++at_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Returned::at_ keep unsupported-operation
  int at_ = 0;
};

struct Box {
  const int &value;
};
class Boxed {
public:
  Box next() {
    std::lock_guard<std::mutex> lock(mu_);
    return Box{++at_};
  }

private:
  std::mutex mu_;
  // EXPECT: field Boxed::at_ keep unsupported-operation
  int at_ = 0;
};

class Tied {
public:
  std::tuple<const int &> next(int by) {
    std::lock_guard<std::mutex> lock(mu_);
    return std::tuple<const int &>(at_ += by);
  }

private:
  std::mutex mu_;
  // EXPECT: field Tied::at_ keep unsupported-operation
  int at_ = 0;
};

class Paired {
public:
  std::pair<const int &, int> now() {
    std::lock_guard<std::mutex> lock(mu_);
    return std::pair<const int &, int>(at_, 3);
  }

private:
  std::mutex mu_;
  // EXPECT: field Paired::at_ keep
  int at_ = 0;
};

class Unlocked {
public:
  int next() {
    std::unique_lock<std::mutex> lock(mu_);
    const int &now = ++at_;
    lock.unlock();
    step();
    return now;
  }

private:
  std::mutex mu_;
  // EXPECT: field Unlocked::at_ keep unsupported-operation
  int at_ = 0;
};

class Overloads {
public:
  void next() {
    std::lock_guard<std::mutex> lock(mu_);
    over(at_ += 1);
  }

private:
  std::mutex mu_;
  // EXPECT: field Overloads::at_ keep unsupported-operation
  int at_ = 0;
};

class Kinds {
public:
  int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return kind(++at_);
  }

private:
  std::mutex mu_;
  // EXPECT: field Kinds::at_ keep unsupported-operation
  int at_ = 0;
};

class Deduced {
public:
  decltype(auto) next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++at_;
  }
  decltype(auto) set(int to) {
    std::lock_guard<std::mutex> lock(mu_);
    return (at_ = to);
  }

private:
  std::mutex mu_;
  // EXPECT: field Deduced::at_ keep unsupported-operation
  int at_ = 0;
};

} // namespace referred_to
