// RUN: %check_alone %s -std=c++17
// m[key] twice in one expression: which one inserts is not known, or not the one on the left.
#include <algorithm>
#include <cstdio>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

class Assigned {
public:
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] += values_[key] + 1;
    return values_[key];
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Assigned::values_ convert map

class Members {
public:
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key].first += values_[key].second + 1;
    return values_[key].first;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::pair<int, int>> values_;
};
// EXPECT: field Members::values_ convert map

class Arguments {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key].push_back(value);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::sort(values_[key].begin(), values_[key].end());
    return 0;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::vector<int>> values_;
};
// EXPECT: field Arguments::values_ convert map

class Result {
public:
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::max(values_[key], values_[key] + 1);
  }
  int get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Result::values_ convert map

int main() {
  Assigned assigned;
  Members members;
  Arguments arguments;
  Result result;
  for (int round = 0; round < 3; ++round)
    std::printf("%d %d %d %d %d\n", assigned.change(1), members.change(1), arguments.change(1),
                result.change(1), result.get(1));
}
