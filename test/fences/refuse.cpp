// RUN: %check_rewrite %s -std=c++17
//
// As in convert.cpp, but something of the mutex stays, or fences can't stand where it was locked: a
// fence orders nothing that others do under a lock.

#include <atomic>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

std::atomic<int> ready{0};
void publish() { ready.store(1, std::memory_order_release); }

// The mutex stays, for the list.
// EXPECT: field Stays::names_ review map
// EXPECT: field Stays::order_ keep unsafe-value-type
class Stays {
public:
  void set(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }
  bool has(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(id) != 0;
  }
  void add(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    order_.push_back(&ready + id);
  }
  std::atomic<int> *last() {
    std::lock_guard<std::mutex> lock(mutex_);
    return order_.empty() ? nullptr : order_.back();
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::string> names_;
  std::vector<std::atomic<int> *> order_;
};

// Either may be applied without the other.
// EXPECT: field OneByOne::first_ review atomic
// EXPECT: field OneByOne::second_ review atomic
class OneByOne {
public:
  void addFirst() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++first_;
  }
  int first() {
    std::lock_guard<std::mutex> lock(mutex_);
    return first_;
  }
  void addSecond() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++second_;
  }
  int second() {
    std::lock_guard<std::mutex> lock(mutex_);
    return second_;
  }

private:
  std::mutex mutex_;
  int first_ = 0;
  int second_ = 0;
};
