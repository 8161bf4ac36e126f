// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch diff %s --root %S --runtime-include %runtime -- -std=c++17 > %t.diff
// RUN: FileCheck %s --input-file %t.diff
//
// The program orders memory by weaker atomics, for which every lock is a fence. Where the mutex
// goes altogether, fences stay.

#include <atomic>
#include <iostream>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

std::atomic<bool> ready{false};

// CHECK: {{^}}+#include <unlatch/fence.h>

// A guard, one that is let go early, and one for some lines.
// EXPECT: field Ports::ports_ convert map
// EXPECT: mutex Ports::mutex_ remove
class Ports {
public:
  // CHECK:      {{^}}-    std::lock_guard<std::mutex> lock(mutex_);
  // CHECK:      {{^}}+    const unlatch::fenced_section fences;
  // CHECK-NEXT: {{^}}+    ports_.store(name, port);
  void set(const std::string &name, int port) {
    std::lock_guard<std::mutex> lock(mutex_);
    ports_[name] = port;
  }
  // CHECK:      {{^}}+    const unlatch::fenced_section fences;
  // CHECK-NEXT: {{^}}+    const bool there = ports_.contains(name);
  // CHECK-NEXT: {{^}}+    unlatch::full_fence();
  bool has(const std::string &name) const {
    std::unique_lock<std::mutex> lock(mutex_);
    const bool there = ports_.count(name) != 0;
    lock.unlock();
    return there && ready.load(std::memory_order_acquire);
  }
  // CHECK:      {{^}}+      const unlatch::fenced_section fences;
  void drop(const std::string &name) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ports_.erase(name);
    }
    ready.store(false, std::memory_order_release);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> ports_;
};

// By hand, on two ways out.
// EXPECT: field Users::users_ convert map
// EXPECT: mutex Users::mutex_ remove
class Users {
public:
  // CHECK:      {{^}}-    mutex_.lock();
  // CHECK:      {{^}}+    unlatch::full_fence();
  // CHECK:      {{^}}+      unlatch::full_fence();
  // CHECK:      {{^}}+    unlatch::full_fence();
  bool remove(int id) {
    mutex_.lock();
    if (users_.erase(id) == 0) {
      mutex_.unlock();
      return false;
    }
    mutex_.unlock();
    return true;
  }
  void add(int id, const std::string &name) {
    mutex_.lock();
    users_[id] = name;
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::string> users_;
};

// A path that does nothing to the field was a fence as well.
// EXPECT: field Hits::hits_ convert atomic
// EXPECT: mutex Hits::mutex_ remove
class Hits {
public:
  // CHECK:      {{^}}+    const unlatch::fenced_section fences;
  // CHECK-NEXT:      if (some)
  void hit(bool some) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (some)
      ++hits_;
  }
  // CHECK: {{^}}+    return hits_.load();
  long hits() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return hits_;
  }

private:
  mutable std::mutex mutex_;
  long hits_ = 0;
};

// As a snapshot.
// EXPECT: field Status::code_ convert snapshot
// EXPECT: field Status::text_ convert snapshot
// EXPECT: mutex Status::mutex_ remove
class Status {
public:
  // CHECK:      {{^}}+    const unlatch::fenced_section fences;
  // CHECK-NEXT: {{^}}+    state_.modify([&](auto &state) {
  void set(int code, const std::string &text) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    code_ = code;
    text_ = text;
  }
  // CHECK:      {{^}}+    const unlatch::fenced_section fences;
  // CHECK-NEXT: {{^}}+    const auto state = state_.read();
  std::string describe() const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return text_ + std::to_string(code_);
  }

private:
  mutable std::shared_mutex mutex_;
  int code_ = 0;
  std::string text_;
};

// Two locks that one declaration takes, both of which go.
// EXPECT: field Pair::first_ convert atomic
// EXPECT: field Pair::second_ convert atomic
// EXPECT: mutex Pair::firstMutex_ remove
// EXPECT: mutex Pair::secondMutex_ remove
class Pair {
public:
  int first() {
    std::lock_guard<std::mutex> outer(firstMutex_);
    return first_;
  }
  void add(int n) {
    {
      std::lock_guard<std::mutex> one(firstMutex_);
      first_ += n;
    }
    std::lock_guard<std::mutex> two(secondMutex_);
    second_ += n;
  }
  // CHECK:      {{^}}+      const unlatch::fenced_section one;
  // CHECK:      {{^}}+    const unlatch::fenced_section two;
  int second() {
    std::lock_guard<std::mutex> lock(secondMutex_);
    return second_;
  }

private:
  std::mutex firstMutex_;
  int first_ = 0;
  std::mutex secondMutex_;
  int second_ = 0;
};

int main() {
  Ports ports;
  ports.set("http", 80);
  ready.store(true, std::memory_order_release);
  std::cout << ports.has("http");
  ports.drop("http");
  std::cout << ports.has("http") << '\n';
  Users users;
  users.add(1, "root");
  std::cout << users.remove(1) << users.remove(1) << '\n';
  Hits hits;
  hits.hit(true);
  hits.hit(false);
  std::cout << hits.hits() << '\n';
  Status status;
  status.set(3, "up");
  std::cout << status.describe() << '\n';
  Pair pair;
  pair.add(4);
  std::cout << pair.first() + pair.second() << '\n';
}
