// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef BROKER_THREAD_GROUP_H
#define BROKER_THREAD_GROUP_H

#include <algorithm>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace broker {

/// Owns threads that come and go. Those that have ended are joined when the next one starts, the
/// others by joinAll(), after which no more are started.
class ThreadGroup {
public:
  ThreadGroup() = default;
  ~ThreadGroup() { joinAll(); }
  ThreadGroup(const ThreadGroup &) = delete;
  ThreadGroup &operator=(const ThreadGroup &) = delete;

  /// Runs `body` in a new thread. False, and nothing is run, once the group is closed.
  bool start(std::function<void()> body) {
    std::lock_guard<std::mutex> lock(mu_);
    joinFinished();
    if (closed_)
      return false;
    threads_.emplace_back([this, body = std::move(body)] {
      body();
      std::lock_guard<std::mutex> guard(mu_);
      finished_.push_back(std::this_thread::get_id());
    });
    return true;
  }

  /// Waits for all threads. Not to be called from one of them.
  void joinAll() {
    std::vector<std::thread> threads;
    {
      std::lock_guard<std::mutex> lock(mu_);
      closed_ = true;
      threads.swap(threads_);
    }
    for (auto &thread : threads)
      thread.join();
  }

private:
  void joinFinished() {
    for (const auto id : finished_) {
      const auto it =
          std::find_if(threads_.begin(), threads_.end(),
                       [id](const std::thread &thread) { return thread.get_id() == id; });
      if (it == threads_.end())
        continue;
      it->join();
      threads_.erase(it);
    }
    finished_.clear();
  }

  std::mutex mu_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
  std::vector<std::thread::id> finished_;
};

} // namespace broker

#endif // BROKER_THREAD_GROUP_H
