// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Message passing in place of a lock: the state belongs to one thread, and the others send it
// requests through a queue and wait for the reply.

#ifndef UNLATCH_BENCH_VALUES_CHANNEL_H
#define UNLATCH_BENCH_VALUES_CHANNEL_H

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "any_value.h"

namespace bench {

class channel_value {
  struct request {
    std::optional<state> next; // a write, or else a read
    std::promise<state> reply;
  };

public:
  channel_value() : owner_([this] { serve(); }) {}
  channel_value(const channel_value &) = delete;
  channel_value &operator=(const channel_value &) = delete;
  ~channel_value() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      closed_ = true;
    }
    filled_.notify_one();
    owner_.join();
  }

  BENCH_ADAPTER std::uint64_t read() { return send(std::nullopt).weight(); }
  void write(const state &next) { send(next); }

private:
  state send(const std::optional<state> &next) {
    request sent{next, {}};
    std::future<state> reply = sent.reply.get_future();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      queue_.push_back(std::move(sent));
    }
    filled_.notify_one();
    return reply.get();
  }

  void serve() {
    state owned{};
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      filled_.wait(lock, [this] { return closed_ || !queue_.empty(); });
      if (queue_.empty())
        return;
      request received = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      if (received.next)
        owned = *received.next;
      received.reply.set_value(owned);
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<request> queue_;
  bool closed_ = false;
  std::thread owner_; // last: it uses all the others
};

} // namespace bench

#endif // UNLATCH_BENCH_VALUES_CHANNEL_H
