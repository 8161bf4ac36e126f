// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Spellings of one thing: look a key up, and copy its value out.
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <cstdio>

// A test with an initialiser.
class IfInit {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto it = values_.find(key); it != values_.end())
      return it->second;
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field IfInit::values_ convert map
// EXPECT: mutex IfInit::mutex_ remove
// EXPECT: operation IfInit::get load
// EXPECT: operation IfInit::put store

// The miss leaves early.
class EarlyReturn {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field EarlyReturn::values_ convert map
// EXPECT: mutex EarlyReturn::mutex_ remove
// EXPECT: operation EarlyReturn::get load
// EXPECT: operation EarlyReturn::put store

// A conditional expression.
class Ternary {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it != values_.end() ? std::optional<int>(it->second) : std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Ternary::values_ convert map
// EXPECT: mutex Ternary::mutex_ remove
// EXPECT: operation Ternary::get load
// EXPECT: operation Ternary::put store

// The same, the other way round.
class TernaryMissFirst {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = values_.find(key);
    return found == values_.end() ? -1 : found->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field TernaryMissFirst::values_ convert map
// EXPECT: mutex TernaryMissFirst::mutex_ remove
// EXPECT: operation TernaryMissFirst::get load
// EXPECT: operation TernaryMissFirst::put store

// The end stands on the left.
class Reversed {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (values_.end() != it) {
      return it->second;
    }
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Reversed::values_ convert map
// EXPECT: mutex Reversed::mutex_ remove
// EXPECT: operation Reversed::get load
// EXPECT: operation Reversed::put store

// The end stands on the left, and the miss leaves.
class ReversedMiss {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (values_.end() == it) {
      return std::nullopt;
    }
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ReversedMiss::values_ convert map
// EXPECT: mutex ReversedMiss::mutex_ remove
// EXPECT: operation ReversedMiss::get load
// EXPECT: operation ReversedMiss::put store

// A negated test.
class Negated {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (!(it == values_.end()))
      return it->second;
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Negated::values_ convert map
// EXPECT: mutex Negated::mutex_ remove
// EXPECT: operation Negated::get load
// EXPECT: operation Negated::put store

// cend() in place of end().
class ConstEnd {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.cend())
      return std::nullopt;
    return (*it).second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ConstEnd::values_ convert map
// EXPECT: mutex ConstEnd::mutex_ remove
// EXPECT: operation ConstEnd::get load
// EXPECT: operation ConstEnd::put store

// Counted, then read by at().
class CountThenAt {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.count(key) == 0)
      return std::nullopt;
    return values_.at(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountThenAt::values_ convert map
// EXPECT: mutex CountThenAt::mutex_ remove
// EXPECT: operation CountThenAt::get load
// EXPECT: operation CountThenAt::put store

// The count is the condition.
class CountAsTruthThenAt {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.count(key))
      return values_.at(key);
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountAsTruthThenAt::values_ convert map
// EXPECT: mutex CountAsTruthThenAt::mutex_ remove
// EXPECT: operation CountAsTruthThenAt::get load
// EXPECT: operation CountAsTruthThenAt::put store

// Counted, then found.
class CountThenFind {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.count(key) > 0)
      return values_.find(key)->second;
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountThenFind::values_ convert map
// EXPECT: mutex CountThenFind::mutex_ remove
// EXPECT: operation CountThenFind::get load
// EXPECT: operation CountThenFind::put store

// A structured binding of the element.
class Bindings {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    const auto &[name, value] = *it;
    return static_cast<int>(name.size()) * 0 + value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Bindings::values_ convert map
// EXPECT: mutex Bindings::mutex_ remove
// EXPECT: operation Bindings::get load
// EXPECT: operation Bindings::put store

// A structured binding of a copy of the element.
class BindingsByValue {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    [[maybe_unused]] auto [name, value] = *it;
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field BindingsByValue::values_ convert map
// EXPECT: mutex BindingsByValue::mutex_ remove
// EXPECT: operation BindingsByValue::get load
// EXPECT: operation BindingsByValue::put store

// The value leaves through a parameter.
class OutParameter {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool get(const std::string &key, int &out) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return false;
    out = it->second;
    return true;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field OutParameter::values_ convert map
// EXPECT: mutex OutParameter::mutex_ remove
// EXPECT: operation OutParameter::get load
// EXPECT: operation OutParameter::put store

// The value leaves through a pointer.
class OutPointer {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool get(const std::string &key, int *out) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      *out = it->second;
    return it != values_.end();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field OutPointer::values_ convert map
// EXPECT: mutex OutPointer::mutex_ remove
// EXPECT: operation OutPointer::get load
// EXPECT: operation OutPointer::put store

// The type of the iterator is spelled out.
class ExplicitIterator {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    std::unordered_map<std::string, int>::const_iterator it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ExplicitIterator::values_ convert map
// EXPECT: mutex ExplicitIterator::mutex_ remove
// EXPECT: operation ExplicitIterator::get load
// EXPECT: operation ExplicitIterator::put store

// The outcome of the test has a name.
class BoolThenUse {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    const bool found = it != values_.end();
    if (!found)
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field BoolThenUse::values_ convert map
// EXPECT: mutex BoolThenUse::mutex_ remove
// EXPECT: operation BoolThenUse::get load
// EXPECT: operation BoolThenUse::put store

// Lock in a block; a flag and a copy leave it.
class FoundFlagInBlock {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    int value = 0;
    bool found = false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto it = values_.find(key);
      if (it != values_.end()) {
        value = it->second;
        found = true;
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
// EXPECT: field FoundFlagInBlock::values_ convert map
// EXPECT: mutex FoundFlagInBlock::mutex_ remove
// EXPECT: operation FoundFlagInBlock::get load
// EXPECT: operation FoundFlagInBlock::put store

// at(), which throws on a miss.
class AtAlone {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.at(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field AtAlone::values_ convert map
// EXPECT: mutex AtAlone::mutex_ remove
// EXPECT: operation AtAlone::get load
// EXPECT: operation AtAlone::put store

// A reference to the value that does not leave the section.
class ReferenceCopied {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    const int &value = it->second;
    return value + 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ReferenceCopied::values_ convert map
// EXPECT: mutex ReferenceCopied::mutex_ remove
// EXPECT: operation ReferenceCopied::get load
// EXPECT: operation ReferenceCopied::put store

// A value for the miss is set beforehand.
class Fallback {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = -1;
    auto it = values_.find(key);
    if (it != values_.end())
      result = it->second;
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Fallback::values_ convert map
// EXPECT: mutex Fallback::mutex_ remove
// EXPECT: operation Fallback::get load
// EXPECT: operation Fallback::put store

// Both branches assign.
class ElseBranch {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  int get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    int result;
    if (const auto it = values_.find(key); it == values_.end()) {
      result = -1;
    } else {
      result = it->second;
    }
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ElseBranch::values_ convert map
// EXPECT: mutex ElseBranch::mutex_ remove
// EXPECT: operation ElseBranch::get load
// EXPECT: operation ElseBranch::put store

// A second test of the value in the same condition.
class TestTwice {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end() && it->second > 0)
      return it->second;
    return std::nullopt;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field TestTwice::values_ convert map
// EXPECT: mutex TestTwice::mutex_ remove
// EXPECT: operation TestTwice::get load
// EXPECT: operation TestTwice::put store

// A std::map nobody needs the order of.
class Ordered {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    return it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Ordered::values_ convert map
// EXPECT: mutex Ordered::mutex_ remove
// EXPECT: operation Ordered::get load
// EXPECT: operation Ordered::put store

template <class T> int read(const T &table, const std::string &key) {
  if constexpr (std::is_invocable_v<decltype(&T::get), const T &, const std::string &, int &>) {
    int value = -1;
    return table.get(key, value) ? value : -1;
  } else if constexpr (std::is_invocable_v<decltype(&T::get), const T &, const std::string &,
                                           int *>) {
    int value = -1;
    return table.get(key, &value) ? value : -1;
  } else if constexpr (std::is_same_v<decltype(table.get(key)), int>) {
    try {
      return table.get(key);
    } catch (const std::out_of_range &) {
      return -1;
    }
  } else {
    return table.get(key).value_or(-1);
  }
}

template <class T> void exercise(const char *name) {
  T table;
  table.put("one", 1);
  table.put("two", 2);
  table.put("one", 11);
  std::printf("%s: %d %d %d\n", name, read(table, "one"), read(table, "two"),
              read(table, "three"));
}

int main() {
  exercise<IfInit>("IfInit");
  exercise<EarlyReturn>("EarlyReturn");
  exercise<Ternary>("Ternary");
  exercise<TernaryMissFirst>("TernaryMissFirst");
  exercise<Reversed>("Reversed");
  exercise<ReversedMiss>("ReversedMiss");
  exercise<Negated>("Negated");
  exercise<ConstEnd>("ConstEnd");
  exercise<CountThenAt>("CountThenAt");
  exercise<CountAsTruthThenAt>("CountAsTruthThenAt");
  exercise<CountThenFind>("CountThenFind");
  exercise<Bindings>("Bindings");
  exercise<BindingsByValue>("BindingsByValue");
  exercise<OutParameter>("OutParameter");
  exercise<OutPointer>("OutPointer");
  exercise<ExplicitIterator>("ExplicitIterator");
  exercise<BoolThenUse>("BoolThenUse");
  exercise<FoundFlagInBlock>("FoundFlagInBlock");
  exercise<AtAlone>("AtAlone");
  exercise<ReferenceCopied>("ReferenceCopied");
  exercise<Fallback>("Fallback");
  exercise<ElseBranch>("ElseBranch");
  exercise<TestTwice>("TestTwice");
  exercise<Ordered>("Ordered");
}
