// RUN: %check_alone %s -std=c++20
// Look-alikes of `load_or_store`.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

using Tally = std::unordered_map<std::string, int>;

inline void mark(std::string &s) { s += "'"; }

inline int serial() {
  static std::atomic<int> last{0};
  return ++last;
}

inline int opened = 0;
// EXPECT: field CountingFactory::m_ keep spans-fields @+1
inline int open() { return ++opened; }

struct Connection {
  explicit Connection(int n) : number(n) { ++alive(); }
  ~Connection() { --alive(); }
  static std::atomic<int> &alive() {
    static std::atomic<int> count{0};
    return count;
  }
  const int number;
};

struct Ticket {
  Ticket() : number(serial()) {}
  int number;
};

class FindThenOtherKey {
public:
  void put(const std::string &a, const std::string &b, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.find(a) == m_.end())
      // EXPECT: field FindThenOtherKey::m_ keep multi-key @+1
      m_.emplace(b, v);
  }

private:
  std::mutex mu_;
  Tally m_;
};

class KeyChanges {
public:
  void put(std::string k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.find(k) == m_.end()) {
      k += "'";
      // EXPECT: field KeyChanges::m_ keep unsupported-operation @+1
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  Tally m_;
};

class KeyChangedByCall {
public:
  void put(std::string k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0) {
      mark(k);
      // EXPECT: field KeyChangedByCall::m_ keep unsupported-operation @+1
      m_[k] = v;
    }
  }

private:
  std::mutex mu_;
  Tally m_;
};

// The key is changed through another name.
class KeyChangedByAlias {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    int &same = k;
    if (m_.count(k) == 0) {
      ++same;
      // EXPECT: field KeyChangedByAlias::m_ keep unsupported-operation @+1
      m_[k] = v;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class KeyChangedByPointer {
public:
  void put(int *k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    int *p = k;
    if (m_.count(*k) == 0) {
      ++*p;
      // EXPECT: field KeyChangedByPointer::m_ keep unsupported-operation @+1
      m_[*k] = v;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class KeyChangedByLambda {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto next = [&k] { ++k; };
    if (m_.count(k) == 0) {
      next();
      // EXPECT: field KeyChangedByLambda::m_ keep unsupported-operation @+1
      m_[k] = v;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class KeyWithStep {
public:
  int put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (!m_.count(k++))
      // EXPECT: field KeyWithStep::m_ keep multi-key @+1
      m_.emplace(k, v);
    return k;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class KeyFromCall {
public:
  void put(int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (!m_.count(serial()))
      // EXPECT: field KeyFromCall::m_ keep unsupported-operation @+1
      m_.emplace(serial(), v);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// Between the two sections anybody may have put another.
class CheckThenActSplit {
public:
  int get(const std::string &k, const std::function<int()> &make) {
    std::unique_lock<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      return it->second;
    // EXPECT: field CheckThenActSplit::m_ keep unsupported-operation @+1
    lock.unlock();
    int v = make();
    lock.lock();
    m_.emplace(k, v);
    return v;
  }

private:
  std::mutex mu_;
  Tally m_;
};

class CapacityThenPut {
public:
  bool put(const std::string &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.size() >= 16)
      return false;
    // EXPECT: field CapacityThenPut::m_ keep multi-key @+1
    m_.emplace(k, v);
    return true;
  }

private:
  std::mutex mu_;
  Tally m_;
};

class EvictThenPut {
public:
  void put(const std::string &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.size() >= 16)
      // EXPECT: field EvictThenPut::m_ keep unsupported-operation @+1
      m_.clear();
    m_.emplace(k, v);
  }

private:
  std::mutex mu_;
  Tally m_;
};

// The size afterwards names the item.
class IndexBySize {
public:
  int put(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field IndexBySize::m_ keep multi-key @+1
    return m_.emplace(k, static_cast<int>(m_.size())).first->second;
  }

private:
  std::mutex mu_;
  Tally m_;
};

// A factory that counts; it would run again, or for nothing.
class CountingFactory {
public:
  int get(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      it = m_.emplace(k, open()).first;
    return it->second;
  }

private:
  std::mutex mu_;
  Tally m_;
};

// Building a connection is seen by others.
class CountingConstructor {
public:
  std::shared_ptr<Connection> get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &slot = m_[k];
    if (!slot)
      // EXPECT: field CountingConstructor::m_ keep side-effect-in-update @+1
      slot = std::make_shared<Connection>(k);
    return slot;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Connection>> m_;
};

class CountingEmplace {
public:
  void get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field CountingEmplace::m_ keep side-effect-in-update @+1
    m_.try_emplace(k, std::make_shared<Connection>(k));
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Connection>> m_;
};

// operator[] builds a value, and its constructor takes a number.
class CountingDefault {
public:
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_[k].number;
  }

private:
  std::mutex mu_;
  // EXPECT: field CountingDefault::m_ review map
  std::unordered_map<int, Ticket> m_;
};

class CountingTry {
public:
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field CountingTry::m_ keep side-effect-in-update @+1
    return m_.try_emplace(k).first->second.number;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Ticket> m_;
};
