// RUN: %check_alone %s -std=c++17
// try_emplace(), and what stands behind a test, makes nothing where the key is there: making it might
// throw, or not even be allowed.
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

class Sized {
public:
  void put(int key, int size) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.try_emplace(key, static_cast<std::size_t>(size), 7);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::vector<int>> values_;
};
// EXPECT: field Sized::values_ convert map

class Part {
public:
  void put(int key, const std::string &text, std::size_t from) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.try_emplace(key, text, from);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::string> values_;
};
// EXPECT: field Part::values_ convert map

class Text {
public:
  bool put(int key, const char *text) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.try_emplace(key, text).second;
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::string> values_;
};
// EXPECT: field Text::values_ convert map

class Range {
public:
  bool put(int key, const int *begin, const int *end) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.try_emplace(key, begin, end).second;
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::vector<int>> values_;
};
// EXPECT: field Range::values_ convert map

class Tested {
public:
  void put(int key, const char *text) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.count(key))
      values_[key] = text;
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::string> values_;
};
// EXPECT: field Tested::values_ convert map

class Same {
public:
  bool put(int key, const std::string &text) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.try_emplace(key, text).second;
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::string> values_;
};
// EXPECT: field Same::values_ convert map

int main() {
  const int numbers[] = {1, 2, 3};
  Sized sized;
  sized.put(1, 2);
  sized.put(1, -1);
  Part part;
  part.put(1, "abc", 1);
  part.put(1, "abc", 9);
  Text text;
  text.put(1, "abc");
  std::printf("%d", text.put(1, nullptr));
  Range range;
  range.put(1, numbers, numbers + 3);
  std::printf("%d", range.put(1, numbers + 2, numbers));
  Tested tested;
  tested.put(1, "abc");
  tested.put(1, nullptr);
  Same same;
  same.put(1, "abc");
  std::printf("%d%d%d%d%d%d%d\n", same.put(1, "b"), sized.has(1), part.has(1), text.has(1),
              range.has(1), tested.has(1), same.has(2));
}
