// RUN: %check_rewrite %s -std=c++20
// macro: the text to change comes from a macro, wholly or in part.

#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

#define HOLD() std::lock_guard<std::mutex> lock(mu_)
#define PUT(k, v) m_[k] = (v)
#define MEMBERS                                                                                    \
  std::mutex mu_;                                                                                  \
  Counts m_

// A lock that is all of a macro goes with it.
class MacroLock {
public:
  void put(int k, int v) {
    HOLD();
    m_[k] = v;
  }
  void drop(int k) {
    HOLD();
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field MacroLock::m_ convert map
  Counts m_;
};
// EXPECT: mutex MacroLock::mu_ remove

// One that says more does not.
#define HOLD_AND_MORE()                                                                            \
  std::lock_guard<std::mutex> lock(mu_);                                                           \
  static_cast<void>(0)
class MacroMore {
public:
  void put(int k, int v) {
    // EXPECT: field MacroMore::m_ keep macro @+1
    HOLD_AND_MORE();
    m_[k] = v;
  }
  void drop(int k) {
    HOLD_AND_MORE();
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

// It may be what the macro is given, if that is all there is.
#define WITH(statement) statement
class MacroArgument {
public:
  void put(int k, int v) {
    WITH(std::lock_guard<std::mutex> lock(mu_));
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field MacroArgument::m_ convert map
  Counts m_;
};

// Its macro's name is only the type.
#define SCOPED std::lock_guard<std::mutex>
class MacroType {
public:
  void put(int k, int v) {
    SCOPED lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    SCOPED lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field MacroType::m_ convert map
  Counts m_;
};
// EXPECT: mutex MacroType::mu_ remove

class MacroAccess {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field MacroAccess::m_ keep macro @+1
    PUT(k, v);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

class MacroMembers {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  // EXPECT: field MacroMembers::m_ keep macro @+1
  MEMBERS;
};

#define LOCK(mutex) mutex.lock()
#define UNLOCK(mutex) mutex.unlock()
class MacroLockCall {
public:
  void put(int k, int v) {
    LOCK(mu_);
    m_[k] = v;
    UNLOCK(mu_);
  }
  void drop(int k) {
    LOCK(mu_);
    m_.erase(k);
    UNLOCK(mu_);
  }

private:
  std::mutex mu_;
  // EXPECT: field MacroLockCall::m_ convert map
  Counts m_;
};
// EXPECT: mutex MacroLockCall::mu_ remove

#define FOR_EACH(each, container) for (auto &each : container)
class MacroLoop {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int sum() {
    std::lock_guard<std::mutex> lock(mu_);
    int sum = 0;
    // EXPECT: field MacroLoop::m_ keep macro @+1
    FOR_EACH(each, m_) sum += each.second;
    return sum;
  }

private:
  std::mutex mu_;
  Counts m_;
};

// What a macro says and needs no change may stay: here a name, and a lock that does no harm.
#define ERASE_FROM(container) container.erase
#define WITH_LOCK(which) if (std::lock_guard<std::mutex> held_(which); true)
class MacroMethod {
public:
  void put(int k, int v) {
    WITH_LOCK(mu_) { m_[k] = v; }
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    ERASE_FROM(m_)(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field MacroMethod::m_ convert map
  Counts m_;
};

// Of a section that ends in a macro the rest can be read, but not changed.
#define RETURN_IF_PRESENT(container, key)                                                          \
  if (auto it = container.find(key); it != container.end())                                        \
  return it->second
class MacroReturn {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field MacroReturn::m_ keep macro @+1
    RETURN_IF_PRESENT(m_, k);
    return 0;
  }

private:
  std::mutex mu_;
  Counts m_;
};
