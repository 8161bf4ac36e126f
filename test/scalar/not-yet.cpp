// RUN: %check_rewrite %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <cstdio>

// std::swap with a parameter.
class Swapped {
public:
  int step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::swap(value_, by);
    return by;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
  // EXPECT: field Swapped::value_ keep unsupported-operation
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};

// A pointer to what never changes.
class Pointer {
public:
  void set(const char *value) {
    std::lock_guard<std::mutex> lock(mutex_);
  // EXPECT: field Pointer::value_ keep unsupported-operation
    value_ = value;
  }

  const char *get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  const char *value_ = nullptr;
};
