// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers that several threads add to.

#ifndef UNLATCH_BENCH_COUNTERS_H
#define UNLATCH_BENCH_COUNTERS_H

#include <atomic>
#include <cstdint>
#include <mutex>

#include <unlatch/counter.h>

namespace bench {

class mutex_counter {
public:
  void add() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++number_;
  }

private:
  std::mutex mutex_;
  std::uint64_t number_ = 0;
};

class atomic_counter {
public:
  void add() { number_.fetch_add(1); }

private:
  std::atomic<std::uint64_t> number_{0};
};

class unlatch_counter {
public:
  void add() { number_.add(1); }

private:
  unlatch::counter<> number_;
};

} // namespace bench

#endif // UNLATCH_BENCH_COUNTERS_H
