// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Loops over the whole map that erase by a test.
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// The loop that erases, or else goes on.
class IteratorLoop {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second < least)
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field IteratorLoop::values_ convert map
// EXPECT: mutex IteratorLoop::mutex_ remove
// EXPECT: operation IteratorLoop::sweep erase_if
// EXPECT: operation IteratorLoop::put store

// The number that went goes out.
class Counted {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    int gone = 0;
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second < least) {
        it = values_.erase(it);
        ++gone;
      } else {
        ++it;
      }
    }
    return gone;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Counted::values_ convert map
// EXPECT: mutex Counted::mutex_ remove
// EXPECT: operation Counted::sweep erase_if
// EXPECT: operation Counted::put store

// What went goes out as copies.
class Collected {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::vector<std::string> sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> gone;
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second < least) {
        gone.push_back(it->first);
        it = values_.erase(it);
      } else {
        ++it;
      }
    }
    return gone;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Collected::values_ convert map
// EXPECT: mutex Collected::mutex_ remove
// EXPECT: operation Collected::sweep erase_if
// EXPECT: operation Collected::put store

// The same with while.
class WhileLoop {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.begin();
    while (it != values_.end()) {
      if (it->second < least) {
        it = values_.erase(it);
      } else {
        ++it;
      }
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field WhileLoop::values_ convert map
// EXPECT: mutex WhileLoop::mutex_ remove
// EXPECT: operation WhileLoop::sweep erase_if
// EXPECT: operation WhileLoop::put store

// What is kept is tested for.
class KeepFirst {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second >= least) {
        ++it;
        continue;
      }
      it = values_.erase(it);
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field KeepFirst::values_ convert map
// EXPECT: mutex KeepFirst::mutex_ remove
// EXPECT: operation KeepFirst::sweep erase_if
// EXPECT: operation KeepFirst::put store

// The test looks at members of the value, and behind a pointer.
struct Session {
  int idle = 0;
};
class ByMember {
public:
  void put(int key, int idle) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = Session{idle};
  }

  int sweep(int most) {
    int gone = 0;
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second.idle > most) {
        it = values_.erase(it);
        ++gone;
      } else {
        ++it;
      }
    }
    return gone;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, Session> values_;
};
// EXPECT: field ByMember::values_ convert map
// EXPECT: mutex ByMember::mutex_ remove
// EXPECT: operation ByMember::sweep erase_if

class BehindPointer {
public:
  void put(int key, std::shared_ptr<const Session> session) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(session);
  }

  void sweep(int most) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second->idle > most)
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<const Session>> values_;
};
// EXPECT: field BehindPointer::values_ convert map
// EXPECT: mutex BehindPointer::mutex_ remove
// EXPECT: operation BehindPointer::sweep erase_if
