// RUN: %check_rewrite %s -std=c++17
// Everything is taken out in one step.

#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

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
// EXPECT: field Exchanged::values_ convert map
// EXPECT: mutex Exchanged::mutex_ remove
// EXPECT: operation Exchanged::reset take_all
// EXPECT: operation Exchanged::put store

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
// EXPECT: field SwappedWithLocal::values_ convert map
// EXPECT: mutex SwappedWithLocal::mutex_ remove
// EXPECT: operation SwappedWithLocal::reset take_all
// EXPECT: operation SwappedWithLocal::put store

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
// EXPECT: field StdSwap::values_ convert map
// EXPECT: mutex StdSwap::mutex_ remove
// EXPECT: operation StdSwap::reset take_all
// EXPECT: operation StdSwap::put store

// The member's own swap.
class MemberSwap {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int reset() {
    std::unordered_map<std::string, int> all;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      values_.swap(all);
    }
    int sum = 0;
    for (const auto &[key, value] : all)
      sum += value;
    return sum;
  }

private:
  std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field MemberSwap::values_ convert map
// EXPECT: mutex MemberSwap::mutex_ remove
// EXPECT: operation MemberSwap::reset take_all
// EXPECT: operation MemberSwap::put store

int main() {
  Exchanged exchanged;
  exchanged.put("one", 1);
  std::printf("%zu %zu\n", exchanged.reset().size(), exchanged.reset().size());
  SwappedWithLocal swapped;
  swapped.put("one", 1);
  std::printf("%d %zu\n", swapped.reset().at("one"), swapped.reset().size());
  StdSwap local;
  local.put("one", 1);
  std::printf("%zu %zu\n", local.reset(), local.reset());
  MemberSwap member;
  member.put("one", 1);
  member.put("two", 2);
  std::printf("%d %d\n", member.reset(), member.reset());
}
