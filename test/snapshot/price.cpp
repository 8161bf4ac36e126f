// RUN: %check_rewrite %s -std=c++20 --tsan
// RUN: %unlatch plan %s --root %S --runtime-include %runtime -- -std=c++20 > %t.txt
// RUN: FileCheck %s --input-file %t.txt
// Every write copies the state. Where that may be much, and most sections write, somebody is asked.
#include <array>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

// CHECK-LABEL: Written::names_
// CHECK: 2 of 3 sections write, and each would copy the whole state: {{[0-9]+}} bytes, and all that is in {{.*}}Written::names_
class Written {
public:
  void add(const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.insert(name);
  }
  void drop(const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    names_.erase(name);
  }
  bool has(const std::string &name) {
    std::lock_guard<std::mutex> lock(mu_);
    return names_.count(name) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Written::names_ review snapshot
  std::set<std::string> names_;
};

// More often read than written.
class Read {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mu_);
    numbers_.push_back(number);
  }
  int sum() {
    std::lock_guard<std::mutex> lock(mu_);
    int sum = 0;
    for (const int each : numbers_)
      sum += each;
    return sum;
  }
  bool any() {
    std::lock_guard<std::mutex> lock(mu_);
    return !numbers_.empty();
  }

private:
  std::mutex mu_;
  // EXPECT: field Read::numbers_ convert snapshot
  std::vector<int> numbers_;
};

// Small, however often it is written.
class Small {
public:
  void start(int code, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    code_ = code;
    text_ = text;
  }
  void end(int code) {
    std::lock_guard<std::mutex> lock(mu_);
    code_ = code;
    text_ += '.';
  }
  std::string both() {
    std::lock_guard<std::mutex> lock(mu_);
    return text_ + std::to_string(code_);
  }

private:
  std::mutex mu_;
  // EXPECT: field Small::code_ convert snapshot
  int code_ = 0;
  // EXPECT: field Small::text_ convert snapshot
  std::string text_;
};

// Large, though it never grows.
class Large {
public:
  void set(std::size_t at, int value) {
    std::lock_guard<std::mutex> lock(mu_);
    values_[at] = value;
    ++changes_;
  }
  void reset() {
    std::lock_guard<std::mutex> lock(mu_);
    values_ = {};
    ++changes_;
  }
  int first() {
    std::lock_guard<std::mutex> lock(mu_);
    return values_[0] + changes_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Large::values_ review snapshot
  std::array<int, 1000> values_{};
  // EXPECT: field Large::changes_ review snapshot
  int changes_ = 0;
};

int main() {
  Written written;
  Read read;
  Small small;
  Large large;
  const auto work = [&](int from) {
    for (int i = from; i < from + 50; ++i) {
      written.add(std::to_string(i));
      if (i % 2 == 0)
        written.drop(std::to_string(i));
      read.add(i);
      small.start(1, "a");
      small.end(2);
      large.set(static_cast<std::size_t>(i), i);
    }
  };
  std::thread first(work, 0), second(work, 50);
  first.join();
  second.join();
  std::printf("%d %d %d %d %d\n", written.has("7"), written.has("8"), read.sum(), large.first(),
              small.both().size() > 2);
}
