// RUN: %check_rewrite %s -std=c++20
// RUN: %if libc++ %{ %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++20 -stdlib=libc++ | FileCheck %s --check-prefix=PLAN %}
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
//
// Erase by a test, as C++20 has it.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// The loop; the test is on the key.
class Prefixed {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(const std::string &prefix) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->first.starts_with(prefix))
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Prefixed::values_ convert map
// EXPECT: mutex Prefixed::mutex_ remove
// EXPECT: operation Prefixed::sweep erase_if
// EXPECT: operation Prefixed::put store

#if 0 // TODO-BUG an attribute on the branch
// The loop, with an attribute on the branch.
class Unlikely {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (it->second < least) [[unlikely]]
        it = values_.erase(it);
      else
        ++it;
    }
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field Unlikely::values_ convert map
// EXPECT-LATER: mutex Unlikely::mutex_ remove
// EXPECT-LATER: operation Unlikely::sweep erase_if
// EXPECT-LATER: operation Unlikely::put store

#if 0 // TODO-BUG std::erase_if
// std::erase_if, answer not used.
class Free {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [least](const auto &entry) { return entry.second < least; });
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field Free::values_ convert map
// EXPECT-LATER: mutex Free::mutex_ remove
// EXPECT-LATER: operation Free::sweep erase_if
// EXPECT-LATER: operation Free::put store
#endif

#if 0 // TODO-BUG std::erase_if
// std::erase_if, the number goes out.
class FreeCounted {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::size_t sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::erase_if(values_, [&](const auto &entry) {
      const auto &[key, value] = entry;
      return key.empty() || value < least;
    });
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field FreeCounted::values_ convert map
// EXPECT-LATER: mutex FreeCounted::mutex_ remove
// EXPECT-LATER: operation FreeCounted::sweep erase_if
// EXPECT-LATER: operation FreeCounted::put store
#endif
#endif

