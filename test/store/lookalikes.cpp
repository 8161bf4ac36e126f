// RUN: %check_alone %s -std=c++20
// Key and value whose computations see each other: `m[k] = v` computes the value first.

#include <mutex>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>
using M = std::unordered_map<int, int>;
struct Reader {
  std::vector<int> v;
  std::size_t i = 0;
  int next() { return v[i++]; }
  int peek() const { return v[i]; }
};
class Steps1 {
public:
  void put(int i) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[i++] = i;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  M m_;
};
class Parse {
public:
  void put(Reader r) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[r.next()] = r.next();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  M m_;
};
class Peek {
public:
  void put(Reader r) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[r.peek()] = r.peek() + 1;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  M m_;
};
// What a function does with its own variables shows nowhere else.
struct Hashed {
  int first = 0, second = 0;
  int hash() const {
    int sum = 7;
    for (int i = 0; i < second; ++i)
      sum = 31 * sum + first;
    return sum;
  }
};
class HashedOnes {
public:
  void put(const Hashed &key, const Hashed &value) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[key.hash()] = value.hash();
  }

private:
  std::mutex mu_;
  // EXPECT: field HashedOnes::m_ convert map
  // EXPECT: operation HashedOnes::put store
  M m_;
};
class Moves {
public:
  void put(std::string k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[std::move(k)] = k.size();
  }
  bool has(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<std::string, std::size_t> m_;
};
class MovesBoth {
public:
  void put(std::string k, std::string v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[std::move(k)] = std::move(v);
  }
  bool has(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<std::string, std::string> m_;
};
class Makes {
public:
  void put(int k, int n) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::string(std::size_t(n), 'x') + std::to_string(k);
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};
class KeyCall {
public:
  void put(Reader r, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[r.next()] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  M m_;
};
class ValueChangesKey {
public:
  static int grow(int &k) { return ++k; }
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = grow(k);
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  M m_;
};
class KeyInUpdate {
public:
  void put(Reader r) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[r.next()] += r.next();
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  M m_;
};
class ListOf {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::vector<int>{v, v + 1};
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::vector<int>> m_;
};

// EXPECT: field KeyCall::m_ convert map
// EXPECT: field KeyInUpdate::m_ keep unsupported-operation
// EXPECT: field ListOf::m_ convert map
// EXPECT: field Makes::m_ convert map
// EXPECT: field Moves::m_ keep unsupported-operation
// EXPECT: field MovesBoth::m_ convert map
// EXPECT: field Parse::m_ keep unsupported-operation
// EXPECT: field Peek::m_ convert map
// EXPECT: field Steps1::m_ keep unsupported-operation
// EXPECT: field ValueChangesKey::m_ keep unsupported-operation
