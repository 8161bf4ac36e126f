// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20
// Initialisers of members run in the order of declaration, and the state would be initialised at once.
#include <cstdio>
#include <mutex>
#include <string>
inline int nextId() { static int id = 0; return ++id; }
class Ids {
public:
  std::string text() {
    std::lock_guard<std::mutex> lock(m_);
    return std::to_string(first_) + "," + std::to_string(middle_) + "," + std::to_string(last_);
  }
  void set(int k) {
    std::lock_guard<std::mutex> lock(m_);
    first_ = k;
    last_ = k;
  }

private:
  std::mutex m_;
  int first_ = nextId();
  const int middle_ = nextId();
  int last_ = nextId();
};

class Uses {
public:
  int sum() {
    std::lock_guard<std::mutex> lock(m_);
    return first_ + last_;
  }
  void set(int k) {
    std::lock_guard<std::mutex> lock(m_);
    first_ = k;
    last_ = k;
  }

private:
  std::mutex m_;
  int base_ = 3;
  int first_ = base_;
  int last_ = 2;
};

class Plain {
public:
  int sum() {
    std::lock_guard<std::mutex> lock(m_);
    return first_ + last_ + static_cast<int>(name_.size());
  }
  void set(int k) {
    std::lock_guard<std::mutex> lock(m_);
    first_ = k;
    last_ = k;
    name_ = "again";
  }

private:
  std::mutex m_;
  int first_ = 1 + 2;
  const int middle_ = nextId();
  int last_{4};
  std::string name_ = "plain";
};

// EXPECT: field Ids::first_ keep unsupported-operation
// EXPECT: field Ids::last_ keep unsupported-operation
// EXPECT: field Uses::first_ keep unsupported-operation
// EXPECT: field Uses::last_ keep unsupported-operation
// EXPECT: field Plain::first_ convert snapshot
// EXPECT: field Plain::last_ convert snapshot
// EXPECT: field Plain::name_ convert snapshot
