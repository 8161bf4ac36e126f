// RUN: %check_rewrite %s -std=c++17
// Right to convert, and not yet understood: refused by name all the same.

#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <cstdio>

// Two numbers whose sum stays; the lock is given up before the answer is used.
class Pair {
public:
  void move(int amount) {
    std::lock_guard lock(mutex_);
    left_ -= amount;
    right_ += amount;
  }

  int sum() const {
    std::unique_lock lock(mutex_);
    const int left = left_;
    const int right = right_;
    lock.unlock();
    return left + right;
  }

  void reset() {
    std::lock_guard lock(mutex_);
  // EXPECT: field Pair::left_ keep unsupported-operation
    left_ = 100;
  // EXPECT: field Pair::right_ keep unsupported-operation
    right_ = 0;
  }

private:
  mutable std::mutex mutex_;
  int left_ = 100;
  int right_ = 0;
};
