// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "workers.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <sys/resource.h>

namespace bench {

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

namespace {

cpu_set_t allowed_processors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    std::perror("sched_getaffinity");
    std::exit(1);
  }
  return allowed;
}

// Of the process as it was started: threads that are pinned are allowed one only.
const cpu_set_t allowed_at_start = allowed_processors();

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

} // namespace

int processors() { return CPU_COUNT(&allowed_at_start); }

pinned::pinned(int processor) {
  sched_getaffinity(0, sizeof before_, &before_);
  for (int each = 0; each < CPU_SETSIZE; ++each) {
    if (!CPU_ISSET(each, &allowed_at_start) || processor-- != 0)
      continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(each, &one);
    sched_setaffinity(0, sizeof one, &one);
  }
}

pinned::~pinned() { sched_setaffinity(0, sizeof before_, &before_); }

long preemptions() {
  rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

workers::workers(int count) : count_(count), results_(static_cast<std::size_t>(count)) {
  for (int index = 1; index < count; ++index)
    threads_.emplace_back([this, index] { serve(index); });
  if (!oversubscribed())
    place_ = std::make_unique<pinned>(0);
}

workers::~workers() {
  task_ = nullptr;
  window_number_.fetch_add(1);
  window_number_.notify_all();
  for (std::thread &each : threads_)
    each.join();
}

// Workers that have a processor each wait without leaving it: waking up would take longer than the
// shortest windows. If there are more of them, those that wait must not keep the others from
// running.
template <class Value, class Ready>
void workers::wait(std::atomic<Value> &changing, Ready ready) const {
  for (Value seen = changing.load(); !ready(seen); seen = changing.load()) {
    if (oversubscribed())
      changing.wait(seen);
    else
      pause();
  }
}

void workers::serve(int index) {
  std::unique_ptr<pinned> place;
  if (!oversubscribed())
    place = std::make_unique<pinned>(index);
  for (unsigned number = 1;; ++number) {
    wait(window_number_, [&](unsigned seen) { return seen == number; });
    if (task_ == nullptr)
      return;
    take_part(index);
    finished_.fetch_add(1);
    finished_.notify_one();
  }
}

namespace {

/// Operations between two looks at the clock. A look costs as much as a few look-ups in a map, so
/// batches grow until it does not matter, and shrink where operations are slow.
class batches {
public:
  std::uint64_t run(task &what, int worker) {
    const std::uint64_t counted = what.run(worker, size_);
    const std::int64_t before = std::exchange(time_, now());
    if (time_ - before < 2'000)
      size_ *= 2;
    else if (time_ - before > 8'000 && size_ > 1)
      size_ /= 2;
    return counted;
  }
  /// When the last batch ended.
  std::int64_t time() const { return time_; }

private:
  std::uint64_t size_ = 16;
  std::int64_t time_ = now();
};

} // namespace

void workers::take_part(int index) {
  const long preempted_before = preemptions();
  batches batch;
  while (batch.time() < from_)
    batch.run(*task_, index);
  result mine{batch.time(), 0, 0, false};
  while (batch.time() < until_)
    mine.operations += batch.run(*task_, index);
  mine.ended = batch.time();
  // Whoever comes late was without a processor before it could notice.
  const bool late = mine.began - from_ > (until_ - from_) / 8;
  mine.preempted = late || preemptions() != preempted_before;
  results_[static_cast<std::size_t>(index)] = mine;
}

window workers::run(task &what, std::int64_t warm_up, std::int64_t length) {
  task_ = &what;
  from_ = now() + warm_up;
  until_ = from_ + length;
  finished_.store(0);
  window_number_.fetch_add(1);
  window_number_.notify_all();
  take_part(0);
  wait(finished_, [&](int seen) { return seen == count_ - 1; });

  result all = results_.front();
  for (const result &each : results_) {
    all.began = std::min(all.began, each.began);
    all.ended = std::max(all.ended, each.ended);
    all.preempted |= each.preempted;
    if (&each != &results_.front())
      all.operations += each.operations;
  }
  const double time = static_cast<double>(all.ended - all.began);
  return {time / static_cast<double>(std::max<std::uint64_t>(all.operations, 1)),
          all.preempted || all.operations == 0};
}

} // namespace bench
