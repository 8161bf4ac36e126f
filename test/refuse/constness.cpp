// RUN: %check_alone %s -std=c++17
// Elements of a constant map are constant, and their copies are not: a class may have a function for
// each.
#include <cstdio>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

struct Both {
  int value = 0;
  int get() const { return value; }
  int get() { return ++value; }
  int operator[](int index) const { return value + index; }
  int operator[](int index) { return value - index; }
};
struct One {
  int value = 0;
  int get() const { return value; }
  int set(int next) { return value = next; }
};

class ConstantMap {
public:
  void put(int key, Both value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? 0 : it->second.get();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, Both> values_;
};
// EXPECT: field ConstantMap::values_ keep unsupported-operation

class ConstantIterator {
public:
  void put(int key, Both value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::unordered_map<int, Both>::const_iterator it = values_.find(key);
    return it == values_.end() ? 0 : it->second.get();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, Both> values_;
};
// EXPECT: field ConstantIterator::values_ keep unsupported-operation

class Operator {
public:
  void put(int key, Both value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? 0 : it->second[2];
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, Both> values_;
};
// EXPECT: field Operator::values_ keep unsupported-operation

class Elements {
public:
  void put(int key, std::vector<Both> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return -1;
    int sum = 0;
    for (auto &each : it->second)
      sum += each.get();
    return sum;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::vector<Both>> values_;
};
// EXPECT: field Elements::values_ keep unsupported-operation

class ByName {
public:
  void put(int key, Both value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return -1;
    const auto &value = it->second;
    return value.get();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, Both> values_;
};
// EXPECT: field ByName::values_ keep unsupported-operation

class OnlyOne {
public:
  void put(int key, One value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? 0 : it->second.get();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, One> values_;
};
// EXPECT: field OnlyOne::values_ convert map

int main() {
  ConstantMap objectConstantMap;
  objectConstantMap.put(1, Both{1});
  std::printf("ConstantMap %d %d\n", objectConstantMap.get(1), objectConstantMap.get(2));
  ConstantIterator objectConstantIterator;
  objectConstantIterator.put(1, Both{1});
  std::printf("ConstantIterator %d %d\n", objectConstantIterator.get(1), objectConstantIterator.get(2));
  Operator objectOperator;
  objectOperator.put(1, Both{1});
  std::printf("Operator %d %d\n", objectOperator.get(1), objectOperator.get(2));
  Elements objectElements;
  objectElements.put(1, std::vector<Both>(2));
  std::printf("Elements %d %d\n", objectElements.get(1), objectElements.get(2));
  ByName objectByName;
  objectByName.put(1, Both{1});
  std::printf("ByName %d %d\n", objectByName.get(1), objectByName.get(2));
  OnlyOne objectOnlyOne;
  objectOnlyOne.put(1, One{1});
  std::printf("OnlyOne %d %d\n", objectOnlyOne.get(1), objectOnlyOne.get(2));
}
