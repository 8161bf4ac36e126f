// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stops a thread inside an operation of the library, at its n-th access to what threads share,
// until it is told to go on. Nothing of the allocator is held there. Include it first.

#ifndef UNLATCH_RUNTIME_TEST_STOPPING_PLACE_H
#define UNLATCH_RUNTIME_TEST_STOPPING_PLACE_H

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <utility>

namespace unlatch_test {

class stopping_place {
public:
  explicit stopping_place(long nth) : until_stop_(nth) {}
  stopping_place() = default; // only by `stop`
  stopping_place(const stopping_place &) = delete;
  stopping_place &operator=(const stopping_place &) = delete;

  /// Runs something in the calling thread, which is to stop here.
  template <class Body> void run(Body body) {
    of_this_thread() = this;
    body();
    of_this_thread() = nullptr;
    change_to(ended);
  }
  void pass() {
    if (--until_stop_ == 0)
      stop();
  }
  void stop() {
    change_to(stopped);
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return now_ == released; });
  }

  /// Until the thread has stopped, or ended without that. True if it has stopped.
  bool wait_for_stop() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return now_ != running; });
    return now_ == stopped;
  }
  void release() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (now_ != ended)
      now_ = released;
    changed_.notify_all();
  }

  static stopping_place *&of_this_thread() noexcept {
    static thread_local stopping_place *place = nullptr;
    return place;
  }

private:
  enum progress { running, stopped, released, ended };

  void change_to(progress next) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ = next;
    changed_.notify_all();
  }

  long until_stop_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  progress now_ = running;
};

/// The calling thread may need that many accesses for what it does next, whatever the others do.
/// One that waits for another would look again and again, and use them up.
inline long &accesses_left() noexcept {
  static thread_local long left = -1; // without limit
  return left;
}

inline void before_access() noexcept {
  if (stopping_place *const place = stopping_place::of_this_thread())
    place->pass();
  if (long &left = accesses_left(); left > 0 && --left == 0) {
    std::fputs("an operation does not get on while another thread stands still\n", stderr);
    std::abort();
  }
}

} // namespace unlatch_test

#define UNLATCH_INTERLEAVE() unlatch_test::before_access()
#define UNLATCH_MODEL_HEADER "hooked_atomic.h"
#include <unlatch/detail/atomic.h>
#undef UNLATCH_MODEL_HEADER // the rest is as it is

#endif // UNLATCH_RUNTIME_TEST_STOPPING_PLACE_H
