// RUN: %check_rewrite %s -std=c++20
// A parameter leads to what several threads share, though each passes what its own lambda holds.
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

class Summed {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sum(int key, long &total) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      total += it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Summed::values_ keep spans-fields

class SummedByPointer {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sum(int key, std::shared_ptr<short> total) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      *total = static_cast<short>(*total + it->second);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field SummedByPointer::values_ keep spans-fields

// Each thread has one of its own.
class SummedAlone {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sum(int key, unsigned &total) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      total += static_cast<unsigned>(it->second);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field SummedAlone::values_ convert map

// A counter behind a reference that a local object holds, in a function object, behind a view.
template <class Value> class Summer {
public:
  void add(Value &total) {
    std::lock_guard<std::mutex> lock(mutex_);
    total = static_cast<Value>(total + step_);
  }
  void hit() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++step_;
  }

private:
  std::mutex mutex_;
  int step_ = 1;
};
// EXPECT: field Summer::step_ keep spans-fields
Summer<int> ofJobs;
Summer<unsigned char> ofTasks;
Summer<unsigned short> ofViews;

struct Job {
  int &total;
  int rounds;
};
inline void work(Job job) {
  for (int round = 0; round < job.rounds; ++round)
    ofJobs.add(job.total);
}

struct View {
  unsigned short *first;
  unsigned short &operator[](std::size_t index) const { return first[index]; }
};
unsigned short cells[4];
inline void look() {
  View view{cells};
  ofViews.add(view[0]);
}

int main() {
  int jobs = 0;
  std::thread worker([&] { work(Job{jobs, 100}); });
  work(Job{jobs, 100});
  worker.join();
  std::function<int(int)> task = [n = static_cast<unsigned char>(0)](int rounds) mutable {
    for (int round = 0; round < rounds; ++round)
      ofTasks.add(n);
    return static_cast<int>(n);
  };
  std::thread runner([&] { task(10); });
  task(10);
  runner.join();
  std::thread looker(look);
  look();
  looker.join();
  ofJobs.hit();
  ofTasks.hit();
  ofViews.hit();
  std::printf("%d %d %d\n", jobs, task(0), cells[0]);
  Summed summed;
  summed.put(1, 2);
  SummedByPointer byPointer;
  byPointer.put(1, 2);
  SummedAlone alone;
  alone.put(1, 2);
  auto total = std::make_shared<long>(0);
  auto other = std::make_shared<short>(0);
  const auto work = [&summed, &byPointer, &alone, total, other] {
    auto own = std::make_unique<unsigned>(0);
    for (int round = 0; round < 100; ++round) {
      summed.sum(1, *total);
      byPointer.sum(1, other);
      alone.sum(1, *own);
    }
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
  std::printf("%ld %d\n", *total, *other);
}
