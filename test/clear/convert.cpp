// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Remove everything; or take everything out.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// clear().
class Clear {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.clear();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Clear::values_ convert map
// EXPECT: mutex Clear::mutex_ remove
// EXPECT: operation Clear::reset clear
// EXPECT: operation Clear::put store

// clear() where nothing may be thrown.
class ClearNoexcept {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() noexcept {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.clear();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ClearNoexcept::values_ convert map
// EXPECT: mutex ClearNoexcept::mutex_ remove
// EXPECT: operation ClearNoexcept::reset clear
// EXPECT: operation ClearNoexcept::put store

// Assigned an empty one.
class AssignedEmpty {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_ = {};
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AssignedEmpty::values_ convert map
// EXPECT: mutex AssignedEmpty::mutex_ remove
// EXPECT: operation AssignedEmpty::reset clear
// EXPECT: operation AssignedEmpty::put store

// Assigned one just made.
class AssignedMade {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_ = std::unordered_map<std::string, int>();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AssignedMade::values_ convert map
// EXPECT: mutex AssignedMade::mutex_ remove
// EXPECT: operation AssignedMade::reset clear
// EXPECT: operation AssignedMade::put store

#if 0 // TODO-BUG from begin to end
// erase() from begin to end.
class EraseAll {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(values_.begin(), values_.end());
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field EraseAll::values_ convert map
// EXPECT-LATER: mutex EraseAll::mutex_ remove
// EXPECT-LATER: operation EraseAll::reset clear
// EXPECT-LATER: operation EraseAll::put store
#endif

#if 0 // TODO-BUG take_all
// Moved out, and cleared.
class Taken {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::unordered_map<std::string, int> reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    auto all = std::move(values_);
    values_.clear();
    return all;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field Taken::values_ convert map
// EXPECT-LATER: mutex Taken::mutex_ remove
// EXPECT-LATER: operation Taken::reset take_all
// EXPECT-LATER: operation Taken::put store
#endif

#if 0 // TODO-BUG take_all
// Exchanged for an empty one.
class Exchanged {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::unordered_map<std::string, int> reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(values_, {});
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field Exchanged::values_ convert map
// EXPECT-LATER: mutex Exchanged::mutex_ remove
// EXPECT-LATER: operation Exchanged::reset take_all
// EXPECT-LATER: operation Exchanged::put store
#endif

#if 0 // TODO-BUG take_all
// Swapped with a local one, that is used after the section.
class SwappedWithLocal {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::unordered_map<std::string, int> reset() {
    std::unordered_map<std::string, int> all;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      all.swap(values_);
    }
    return all;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field SwappedWithLocal::values_ convert map
// EXPECT-LATER: mutex SwappedWithLocal::mutex_ remove
// EXPECT-LATER: operation SwappedWithLocal::reset take_all
// EXPECT-LATER: operation SwappedWithLocal::put store
#endif

#if 0 // TODO-BUG take_all
// std::swap with a local one.
class StdSwap {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::size_t reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::unordered_map<std::string, int> all;
    std::swap(all, values_);
    return all.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT-LATER: field StdSwap::values_ convert map
// EXPECT-LATER: mutex StdSwap::mutex_ remove
// EXPECT-LATER: operation StdSwap::reset take_all
// EXPECT-LATER: operation StdSwap::put store
#endif

