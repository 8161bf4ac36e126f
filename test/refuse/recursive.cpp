// RUN: %check_rewrite %s -std=c++20
// recursive: the section is entered again by its own thread.

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

using Counts = std::unordered_map<int, int>;

class Reentrant;
struct Member {
  ~Member();
  Reentrant *home = nullptr;
  int id = 0;
};
// The destructor of a value comes back to the map.
class Reentrant {
public:
  void drop(int k) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_.erase(k);
  }
  void put(int k, std::shared_ptr<Member> v) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_[k] = std::move(v);
  }

private:
  std::recursive_mutex mu_;
  std::unordered_map<int, std::shared_ptr<Member>> m_;
};
inline Member::~Member() {
  if (home)
    // EXPECT: field Reentrant::m_ keep calls-out @+1
    home->drop(id + 1);
}

class Reenters {
public:
  void put(int k, int v) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    if (!has(k))
      m_[k] = v;
  }
  bool has(int k) {
    // EXPECT: field Reenters::m_ keep recursive @+1
    std::lock_guard<std::recursive_mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::recursive_mutex mu_;
  Counts m_;
};

class ReentersByCallback {
public:
  void put(int k, int v) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_[k] = v;
    if (changed_)
      // EXPECT: field ReentersByCallback::changed_ keep calls-out @+2
      // EXPECT: field ReentersByCallback::m_ keep calls-out @+1
      changed_();
  }
  // EXPECT: finding unlocked-access @+1
  void onChange(std::function<void()> f) { changed_ = std::move(f); }
  bool has(int k) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::recursive_mutex mu_;
  std::function<void()> changed_;
  Counts m_;
};

class ReentersTwoDeep {
public:
  void put(int k, int v) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    prepare(k);
    m_[k] = v;
  }
  void drop(int k) {
    // EXPECT: field ReentersTwoDeep::m_ keep recursive @+1
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_.erase(k);
  }

private:
  void prepare(int k) { forget(k + 1); }
  void forget(int k) { drop(k); }
  std::recursive_mutex mu_;
  Counts m_;
};

// One public function calls another.
class CallsAnother {
public:
  bool has(int k) {
    // EXPECT: field CallsAnother::m_ keep recursive @+1
    std::lock_guard<std::recursive_mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void put(int k, int v) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    if (!has(k))
      m_[k] = v;
  }

private:
  std::recursive_mutex mu_;
  Counts m_;
};

// Two guards in one function. The inner one ends, the lock does not.
class GuardInGuard {
public:
  void put(int k, int v) {
    std::lock_guard<std::recursive_mutex> outer(mu_);
    {
      // EXPECT: field GuardInGuard::m_ keep recursive @+2
      // EXPECT: field GuardInGuard::last_ keep recursive @+1
      std::lock_guard<std::recursive_mutex> inner(mu_);
      m_[k] = v;
    }
    last_ = k;
  }
  int last() {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    return last_;
  }

private:
  std::recursive_mutex mu_;
  Counts m_;
  int last_ = 0;
};

// A function that calls itself, directly or by way of another.
class CallsItself {
public:
  void drop(int k) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_.erase(k);
    if (k > 0)
      // EXPECT: field CallsItself::m_ keep calls-out @+1
      drop(k - 1);
  }
  void put(int k, int v) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::recursive_mutex mu_;
  Counts m_;
};
class CallInTurns {
public:
  void even(int k) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_[k] = 0;
    if (k != 0)
      // EXPECT: field CallInTurns::m_ keep calls-out @+1
      odd(k - 1);
  }
  void odd(int k) {
    std::lock_guard<std::recursive_mutex> lock(mu_);
    m_[k] = 1;
    if (k != 0)
      even(k - 1);
  }

private:
  std::recursive_mutex mu_;
  Counts m_;
};
