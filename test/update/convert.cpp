// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Reads and writes of one value become one update of its key.
#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cstdio>

// Added to through operator[].
class Plus {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] += value;
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
// EXPECT: field Plus::values_ convert map
// EXPECT: mutex Plus::mutex_ remove
// EXPECT: operation Plus::change update
// EXPECT: operation Plus::get load

// One more, through operator[].
class Increment {
public:
  void change(const std::string &key, int) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++values_[key];
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
// EXPECT: field Increment::values_ convert map
// EXPECT: mutex Increment::mutex_ remove
// EXPECT: operation Increment::change update
// EXPECT: operation Increment::get load

// One more; what it was goes out.
class PostIncrement {
public:
  int change(const std::string &key, int) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_[key]++;
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
// EXPECT: field PostIncrement::values_ convert map
// EXPECT: mutex PostIncrement::mutex_ remove
// EXPECT: operation PostIncrement::change update
// EXPECT: operation PostIncrement::get load

// What it is now goes out.
class PlusReturned {
public:
  int change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_[key] += value;
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
// EXPECT: field PlusReturned::values_ convert map
// EXPECT: mutex PlusReturned::mutex_ remove
// EXPECT: operation PlusReturned::change update
// EXPECT: operation PlusReturned::get load

// A reference to the value, several changes.
class ReferenceToSlot {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int &slot = values_[key];
    slot += value;
    if (slot > 100)
      slot = 100;
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
// EXPECT: field ReferenceToSlot::values_ convert map
// EXPECT: mutex ReferenceToSlot::mutex_ remove
// EXPECT: operation ReferenceToSlot::change update
// EXPECT: operation ReferenceToSlot::get load

// Changed where it is found.
class OnlyHit {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      it->second += value;
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
// EXPECT: field OnlyHit::values_ convert map
// EXPECT: mutex OnlyHit::mutex_ remove
// EXPECT: operation OnlyHit::change update
// EXPECT: operation OnlyHit::get load

// Changed where it is found; whether goes out.
class HitTold {
public:
  bool change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return false;
    it->second = it->second * 2 + value;
    return true;
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
// EXPECT: field HitTold::values_ convert map
// EXPECT: mutex HitTold::mutex_ remove
// EXPECT: operation HitTold::change update
// EXPECT: operation HitTold::get load

// Counted down, erased at none.
class CountDown {
public:
  bool change(const std::string &key, int) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return false;
    if (--it->second == 0)
      values_.erase(it);
    return true;
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
// EXPECT: field CountDown::values_ convert map
// EXPECT: mutex CountDown::mutex_ remove
// EXPECT: operation CountDown::change update
// EXPECT: operation CountDown::get load

// The larger one stays.
class Maximum {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto [it, inserted] = values_.emplace(key, value);
    if (!inserted && it->second < value)
      it->second = value;
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
// EXPECT: field Maximum::values_ convert map
// EXPECT: mutex Maximum::mutex_ remove
// EXPECT: operation Maximum::change update
// EXPECT: operation Maximum::get load

// Counted, then changed through operator[].
class AfterCount {
public:
  bool change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.count(key) == 0)
      return false;
    values_[key] += value;
    return true;
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
// EXPECT: field AfterCount::values_ convert map
// EXPECT: mutex AfterCount::mutex_ remove
// EXPECT: operation AfterCount::change update
// EXPECT: operation AfterCount::get load

// A value worked out before goes in, a copy goes out.
class WithLocal {
public:
  int change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int step = value * 2;
    auto &slot = values_[key];
    const int before = slot;
    slot = before + step;
    return before;
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
// EXPECT: field WithLocal::values_ convert map
// EXPECT: mutex WithLocal::mutex_ remove
// EXPECT: operation WithLocal::change update
// EXPECT: operation WithLocal::get load

// Appended to a list that is there or made.
class Append {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key].push_back(value);
  }

  std::vector<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::vector<int>{} : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<int>> values_;
};
// EXPECT: field Append::values_ convert map
// EXPECT: mutex Append::mutex_ remove
// EXPECT: operation Append::change update
// EXPECT: operation Append::get load

// The same, by a reference.
class AppendReference {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto &list = values_[key];
    list.push_back(value);
  }

  std::vector<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::vector<int>{} : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<int>> values_;
};
// EXPECT: field AppendReference::values_ convert map
// EXPECT: mutex AppendReference::mutex_ remove
// EXPECT: operation AppendReference::change update
// EXPECT: operation AppendReference::get load

// Appended unless it is there.
class AppendOnce {
public:
  bool change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto &list = values_[key];
    for (int each : list)
      if (each == value)
        return false;
    list.push_back(value);
    return true;
  }

  std::vector<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::vector<int>{} : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<int>> values_;
};
// EXPECT: field AppendOnce::values_ convert map
// EXPECT: mutex AppendOnce::mutex_ remove
// EXPECT: operation AppendOnce::change update
// EXPECT: operation AppendOnce::get load

// One element of the list is changed.
class Element {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end() && !it->second.empty())
      it->second.back() = value;
  }

  std::vector<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::vector<int>{} : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<int>> values_;
};
// EXPECT: field Element::values_ convert map
// EXPECT: mutex Element::mutex_ remove
// EXPECT: operation Element::change update
// EXPECT: operation Element::get load

template <class T> int changed(T &table, const std::string &key, int value) {
  if constexpr (std::is_void_v<decltype(table.change(key, value))>) {
    table.change(key, value);
    return 0;
  } else {
    return table.change(key, value);
  }
}

template <class T> int sum(const T &table, const std::string &key) {
  if constexpr (std::is_same_v<decltype(table.get(key)), std::optional<int>>) {
    return table.get(key).value_or(-1);
  } else {
    int result = 0;
    for (int each : table.get(key))
      result += each;
    return result;
  }
}

template <class T> void exercise(const char *name) {
  T table;
  try {
    const int first = changed(table, "one", 5), second = changed(table, "one", 7);
    std::printf("%s: %d %d %d\n", name, first, second, sum(table, "one"));
  } catch (const std::out_of_range &) {
    std::printf("%s: out of range\n", name);
    return;
  }
  std::thread other([&] {
    for (int i = 0; i < 200; ++i)
      changed(table, "both", 1);
  });
  for (int i = 0; i < 200; ++i)
    changed(table, "both", 1);
  other.join();
  std::printf("%d\n", sum(table, "both"));
}

int main() {
  exercise<Plus>("Plus");
  exercise<Increment>("Increment");
  exercise<PostIncrement>("PostIncrement");
  exercise<PlusReturned>("PlusReturned");
  exercise<ReferenceToSlot>("ReferenceToSlot");
  exercise<OnlyHit>("OnlyHit");
  exercise<HitTold>("HitTold");
  exercise<CountDown>("CountDown");
  exercise<Maximum>("Maximum");
  exercise<AfterCount>("AfterCount");
  exercise<WithLocal>("WithLocal");
  exercise<Append>("Append");
  exercise<AppendReference>("AppendReference");
  exercise<AppendOnce>("AppendOnce");
  exercise<Element>("Element");
}

// Removed from a list; an empty list goes.
class RemoveFromList {
public:
  void change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return;
    auto &list = it->second;
    list.erase(std::remove(list.begin(), list.end(), value), list.end());
    if (list.empty())
      values_.erase(it);
  }

  std::vector<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::vector<int>{} : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<int>> values_;
};
// EXPECT: field RemoveFromList::values_ convert map
// EXPECT: mutex RemoveFromList::mutex_ remove
// EXPECT: operation RemoveFromList::change update
// EXPECT: operation RemoveFromList::get load

// A member of a value is looked at, and another is set.
struct Reading {
  int highest = 0;
  int count = 0;
};
class MemberOfValue {
public:
  bool change(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return false;
    if (it->second.highest < value)
      it->second.highest = value;
    ++it->second.count;
    return true;
  }

  void put(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = Reading{};
  }

  int get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? 0 : it->second.highest * it->second.count;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Reading> values_;
};
// EXPECT: field MemberOfValue::values_ convert map
// EXPECT: mutex MemberOfValue::mutex_ remove
// EXPECT: operation MemberOfValue::change update
// EXPECT: operation MemberOfValue::get load
