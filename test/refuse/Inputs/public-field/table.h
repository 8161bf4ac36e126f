#pragma once

#include <mutex>
#include <unordered_map>

struct Table {
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu);
    m[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu);
    return m.count(k) != 0;
  }
  std::mutex mu;
  // EXPECT: field Table::m keep public-field @+1
  std::unordered_map<int, int> m;
};

class OnlyTheMap {
public:
  int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++made;
  }
  // EXPECT: field OnlyTheMap::made keep public-field @+1
  int made = 0;

private:
  std::mutex mu_;
};

// Whoever derives from it can use it.
class Base {
public:
  virtual ~Base() = default;
  int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++made_;
  }

protected:
  std::mutex mu_;
  // EXPECT: field Base::made_ keep public-field @+1
  int made_ = 0;
};

class Statics {
public:
  static int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++made;
  }
  // EXPECT: field Statics::made keep public-field @+1
  static inline int made = 0;

private:
  static inline std::mutex mu_;
};

class Outer {
public:
  struct State {
    std::mutex mu;
    // EXPECT: field Outer::State::m keep public-field @+1
    std::unordered_map<int, int> m;
  };
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(state_.mu);
    state_.m[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(state_.mu);
    return state_.m.count(k) != 0;
  }

private:
  State state_;
};

// The same, but nobody else can name the state.
class Hidden {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(state_.mu);
    state_.m[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(state_.mu);
    return state_.m.count(k) != 0;
  }

private:
  struct State {
    std::mutex mu;
    // EXPECT: field Hidden::State::m convert map
    std::unordered_map<int, int> m;
  };
  State state_;
};

extern std::mutex mu;
// EXPECT: field total keep public-field @+1
extern int total;
