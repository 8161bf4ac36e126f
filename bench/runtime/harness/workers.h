// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that run a workload together for one window of time, again and again.
//
// Plain wall time says little on a machine that others use too: one preemption costs as much as a
// hundred thousand look-ups. So a window is short, about a millisecond, far less than a time slice;
// and whoever asked for it learns whether a worker was preempted meanwhile, and can throw the
// window away.

#ifndef UNLATCH_BENCH_WORKERS_H
#define UNLATCH_BENCH_WORKERS_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include <sched.h>

namespace bench {

/// Nanoseconds of a clock that only goes forwards.
std::int64_t now();

/// The number of processors that this process may use.
int processors();

/// Keeps the calling thread on one of the processors that the process may use, while it lives.
/// Threads that are started meanwhile inherit that.
class pinned {
public:
  explicit pinned(int processor);
  pinned(const pinned &) = delete;
  pinned &operator=(const pinned &) = delete;
  ~pinned();

private:
  cpu_set_t before_;
};

/// How often the calling thread has been preempted so far.
long preemptions();

/// What the workers do. Every worker calls `run` again and again.
class task {
public:
  virtual ~task() = default;
  /// Does about `count` operations as that worker, and returns how many of them count.
  virtual std::uint64_t run(int worker, std::uint64_t count) = 0;
  /// Called after a few windows, by one thread: may finish what was put off.
  virtual void settle() {}
};

struct window {
  double ns_per_operation; // of all workers together: wall time by operations
  bool preempted;          // whether any worker was
};

/// As many threads as asked for, of which the caller is one. Each has a processor of its own if
/// there are enough.
class workers {
public:
  explicit workers(int count);
  workers(const workers &) = delete;
  workers &operator=(const workers &) = delete;
  ~workers();

  int count() const { return count_; }
  /// More threads than processors: they preempt each other, and windows have to be longer than
  /// many time slices.
  bool oversubscribed() const { return count_ > processors(); }

  /// All workers run the task; operations count after the first `warm_up` nanoseconds, for
  /// `length` nanoseconds.
  window run(task &what, std::int64_t warm_up, std::int64_t length);

private:
  struct alignas(128) result {
    std::int64_t began, ended;
    std::uint64_t operations;
    bool preempted;
  };

  void serve(int index);
  void take_part(int index);
  template <class Value, class Ready> void wait(std::atomic<Value> &changing, Ready ready) const;

  const int count_;
  task *task_ = nullptr; // null: the end
  std::int64_t from_ = 0, until_ = 0;
  alignas(128) std::atomic<unsigned> window_number_{0};
  alignas(128) std::atomic<int> finished_{0};
  std::vector<result> results_;
  std::vector<std::thread> threads_;
  std::unique_ptr<pinned> place_; // the caller's
};

} // namespace bench

#endif // UNLATCH_BENCH_WORKERS_H
