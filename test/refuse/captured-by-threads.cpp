// RUN: %check_rewrite %s -std=c++20
// A parameter leads to what several threads share, though each passes what its own lambda holds.
#include <cstdio>
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

int main() {
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
