#include "job.h"

#include <cstdio>
#include <memory>
#include <mutex>
#include <unordered_map>

class Finished {
public:
  void add(int id, int steps) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_[id] = std::make_shared<Job>(steps);
  }
  int sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    int gone = 0;
    for (auto it = jobs_.begin(); it != jobs_.end();) {
      if (it->second->isFinished()) {
        it = jobs_.erase(it);
        ++gone;
      } else {
        ++it;
      }
    }
    return gone;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Job>> jobs_;
};
// EXPECT: field Finished::jobs_ convert map

class FinishedOrThrow {
public:
  void add(int id, int steps) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_[id] = std::make_shared<Job>(steps);
  }
  int sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    int gone = 0;
    for (auto it = jobs_.begin(); it != jobs_.end();) {
      if (it->second->isFinishedOrThrow()) {
        it = jobs_.erase(it);
        ++gone;
      } else {
        ++it;
      }
    }
    return gone;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Job>> jobs_;
};
// EXPECT: field FinishedOrThrow::jobs_ keep unsupported-operation

class Past {
public:
  void add(int id, int steps) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_[id] = std::make_shared<Job>(steps);
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = jobs_.begin(); it != jobs_.end();) {
      if (it->second->isPast(3))
        it = jobs_.erase(it);
      else
        ++it;
    }
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Job>> jobs_;
};
// EXPECT: field Past::jobs_ keep unsupported-operation

class Recursive {
public:
  void add(int id, int steps) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_[id] = std::make_shared<Job>(steps);
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = jobs_.begin(); it != jobs_.end();) {
      if (it->second->count(3) == 0)
        it = jobs_.erase(it);
      else
        ++it;
    }
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Job>> jobs_;
};
// EXPECT: field Recursive::jobs_ keep calls-out

// One of those that may be called throws.
class Watched {
public:
  void add(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void sweep(const Watcher &watcher) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (watcher.isDone(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Watched::values_ keep unsupported-operation

class Ruled {
public:
  void add(int id, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[id] = value;
  }
  void sweep(const Rule &rule) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (rule.isMet(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Ruled::values_ convert map

int main() {
  Finished finished;
  finished.add(1, 0);
  finished.add(2, 1);
  FinishedOrThrow orThrow;
  orThrow.add(1, 0);
  std::printf("%d %d %d\n", finished.sweep(), finished.sweep(), orThrow.sweep());
  Past past;
  past.add(1, 4);
  past.sweep();
  Recursive recursive;
  recursive.add(1, 0);
  recursive.sweep();
  Watched watched;
  watched.add(1, 2);
  watched.sweep(Limit());
  watched.sweep(Strict());
  Ruled ruled;
  ruled.add(1, 4);
  ruled.sweep(Rule());
}
