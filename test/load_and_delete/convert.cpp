// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Spellings of one thing: take a key out, and keep its value.
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <cstdio>

// Found, copied, erased by the iterator.
class FindCopyErase {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    int value = it->second;
    values_.erase(it);
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FindCopyErase::values_ convert map
// EXPECT: mutex FindCopyErase::mutex_ remove
// EXPECT: operation FindCopyErase::take load_and_delete
// EXPECT: operation FindCopyErase::put store

// Found, moved out, erased.
class FindMoveErase {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    auto value = std::move(it->second);
    values_.erase(it);
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FindMoveErase::values_ convert map
// EXPECT: mutex FindMoveErase::mutex_ remove
// EXPECT: operation FindMoveErase::take load_and_delete
// EXPECT: operation FindMoveErase::put store

// All of it in the branch of the hit.
class InHitBranch {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto it = values_.find(key); it != values_.end()) {
      std::optional<int> value(it->second);
      values_.erase(it);
      return value;
    }
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field InHitBranch::values_ convert map
// EXPECT: mutex InHitBranch::mutex_ remove
// EXPECT: operation InHitBranch::take load_and_delete
// EXPECT: operation InHitBranch::put store

// The answer is declared before.
class ResultFirst {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::optional<int> result;
    auto it = values_.find(key);
    if (it != values_.end()) {
      result = it->second;
      values_.erase(it);
    }
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ResultFirst::values_ convert map
// EXPECT: mutex ResultFirst::mutex_ remove
// EXPECT: operation ResultFirst::take load_and_delete
// EXPECT: operation ResultFirst::put store

// Found by iterator, erased by key.
class EraseByKey {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    const int value = it->second;
    values_.erase(key);
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field EraseByKey::values_ convert map
// EXPECT: mutex EraseByKey::mutex_ remove
// EXPECT: operation EraseByKey::take load_and_delete
// EXPECT: operation EraseByKey::put store

// The value leaves through a parameter.
class OutParameter {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool take(const std::string &key, int &out) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return false;
    out = std::move(it->second);
    values_.erase(it);
    return true;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field OutParameter::values_ convert map
// EXPECT: mutex OutParameter::mutex_ remove
// EXPECT: operation OutParameter::take load_and_delete
// EXPECT: operation OutParameter::put store

// A flag and the value are used after the section.
class FlagThenUse {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    bool found = false;
    int value = 0;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto it = values_.find(key);
      found = it != values_.end();
      if (found) {
        value = it->second;
        values_.erase(it);
      }
    }
    if (!found)
      return std::nullopt;
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FlagThenUse::values_ convert map
// EXPECT: mutex FlagThenUse::mutex_ remove
// EXPECT: operation FlagThenUse::take load_and_delete
// EXPECT: operation FlagThenUse::put store

// The lock is given up before the value is used.
class UnlockThenUse {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::unique_lock<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    const int value = it->second;
    values_.erase(it);
    lock.unlock();
    return value * 2;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field UnlockThenUse::values_ convert map
// EXPECT: mutex UnlockThenUse::mutex_ remove
// EXPECT: operation UnlockThenUse::take load_and_delete
// EXPECT: operation UnlockThenUse::put store

// extract(), and the node.
class Extract {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto node = values_.extract(key);
    if (node.empty())
      return std::nullopt;
    return node.mapped();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Extract::values_ convert map
// EXPECT: mutex Extract::mutex_ remove
// EXPECT: operation Extract::take load_and_delete
// EXPECT: operation Extract::put store

// extract(), tested as a truth value.
class ExtractTruth {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto node = values_.extract(key))
      return std::move(node.mapped());
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ExtractTruth::values_ convert map
// EXPECT: mutex ExtractTruth::mutex_ remove
// EXPECT: operation ExtractTruth::take load_and_delete
// EXPECT: operation ExtractTruth::put store

// Counted, read by at(), erased by key.
class CountAtErase {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.count(key) == 0)
      return std::nullopt;
    int value = values_.at(key);
    values_.erase(key);
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountAtErase::values_ convert map
// EXPECT: mutex CountAtErase::mutex_ remove
// EXPECT: operation CountAtErase::take load_and_delete
// EXPECT: operation CountAtErase::put store

// A reference to the value, that is read before the erasure.
class ReferenceFirst {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    int &value = it->second;
    std::optional<int> result = value;
    values_.erase(it);
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ReferenceFirst::values_ convert map
// EXPECT: mutex ReferenceFirst::mutex_ remove
// EXPECT: operation ReferenceFirst::take load_and_delete
// EXPECT: operation ReferenceFirst::put store

// A negated test, a std::map.
class Negated {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = values_.find(key);
    if (!(it != values_.end())) {
      return std::nullopt;
    }
    const auto value = it->second;
    values_.erase(it);
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Negated::values_ convert map
// EXPECT: mutex Negated::mutex_ remove
// EXPECT: operation Negated::take load_and_delete
// EXPECT: operation Negated::put store

// std::exchange leaves something else in what is erased.
class Exchanged {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> take(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (values_.end() == it)
      return std::nullopt;
    int value = std::exchange(it->second, 0);
    values_.erase(it);
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Exchanged::values_ convert map
// EXPECT: mutex Exchanged::mutex_ remove
// EXPECT: operation Exchanged::take load_and_delete
// EXPECT: operation Exchanged::put store

template <class T> int taken(T &table, const std::string &key) {
  if constexpr (std::is_invocable_v<decltype(&T::take), T &, const std::string &, int &>) {
    int value = -1;
    return table.take(key, value) ? value : -1;
  } else {
    return table.take(key).value_or(-1);
  }
}

template <class T> void exercise(const char *name) {
  T table;
  table.put("one", 1);
  table.put("two", 2);
  const int first = taken(table, "one"), again = taken(table, "one"), none = taken(table, "none");
  std::printf("%s: %d %d %d\n", name, first, again, none);
  for (int i = 0; i < 100; ++i)
    table.put(std::to_string(i), i);
  int mine = 0, theirs = 0;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i)
      theirs += taken(table, std::to_string(i)) >= 0;
  });
  for (int i = 99; i >= 0; --i)
    mine += taken(table, std::to_string(i)) >= 0;
  other.join();
  std::printf("%d\n", mine + theirs);
}

int main() {
  exercise<FindCopyErase>("FindCopyErase");
  exercise<FindMoveErase>("FindMoveErase");
  exercise<InHitBranch>("InHitBranch");
  exercise<ResultFirst>("ResultFirst");
  exercise<EraseByKey>("EraseByKey");
  exercise<OutParameter>("OutParameter");
  exercise<FlagThenUse>("FlagThenUse");
  exercise<UnlockThenUse>("UnlockThenUse");
  exercise<Extract>("Extract");
  exercise<ExtractTruth>("ExtractTruth");
  exercise<CountAtErase>("CountAtErase");
  exercise<ReferenceFirst>("ReferenceFirst");
  exercise<Negated>("Negated");
  exercise<Exchanged>("Exchanged");
}
