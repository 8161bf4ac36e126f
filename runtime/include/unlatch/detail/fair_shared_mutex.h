// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: a std::shared_mutex in which readers cannot keep a writer out for ever.
//
// std::shared_mutex leaves open who goes first. Where readers do, as with glibc, a few threads that
// read in a loop overlap all the time, and a writer may wait for seconds, or without end. Here a
// reader that finds a writer waiting stands in line behind it. Nobody else pays for that more than
// one load.

#ifndef UNLATCH_DETAIL_FAIR_SHARED_MUTEX_H
#define UNLATCH_DETAIL_FAIR_SHARED_MUTEX_H

#include <atomic>
#include <mutex>
#include <shared_mutex>

namespace unlatch {
namespace detail {

/// For std::unique_lock and std::shared_lock. A thread must not lock it twice, not even shared.
class fair_shared_mutex {
public:
  fair_shared_mutex() = default;
  fair_shared_mutex(const fair_shared_mutex &) = delete;
  fair_shared_mutex &operator=(const fair_shared_mutex &) = delete;

  void lock() {
    const std::lock_guard<std::mutex> first_in_line(line_);
    writer_waits_.store(true);
    mutex_.lock();
    writer_waits_.store(false);
  }
  void unlock() { mutex_.unlock(); }

  void lock_shared() {
    if (writer_waits_.load()) {
      const std::lock_guard<std::mutex> stood_in_line(line_);
    }
    mutex_.lock_shared();
  }
  void unlock_shared() { mutex_.unlock_shared(); }

private:
  std::shared_mutex mutex_;
  std::mutex line_;
  std::atomic<bool> writer_waits_{false};
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_FAIR_SHARED_MUTEX_H
