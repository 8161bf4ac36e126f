// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Spellings of one thing: put a value unless there is one.
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <cstdio>

// The answer is not used.
class EmplaceDiscarded {
public:
  void add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.emplace(key, value);
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
// EXPECT: field EmplaceDiscarded::values_ convert map
// EXPECT: mutex EmplaceDiscarded::mutex_ remove
// EXPECT: operation EmplaceDiscarded::add load_or_store
// EXPECT: operation EmplaceDiscarded::get load

// A pair made by braces.
class InsertDiscarded {
public:
  void add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.insert({key, value});
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
// EXPECT: field InsertDiscarded::values_ convert map
// EXPECT: mutex InsertDiscarded::mutex_ remove
// EXPECT: operation InsertDiscarded::add load_or_store
// EXPECT: operation InsertDiscarded::get load

// A pair made by std::make_pair.
class InsertMakePair {
public:
  void add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.insert(std::make_pair(key, value));
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
// EXPECT: field InsertMakePair::values_ convert map
// EXPECT: mutex InsertMakePair::mutex_ remove
// EXPECT: operation InsertMakePair::add load_or_store
// EXPECT: operation InsertMakePair::get load

// try_emplace, answer not used.
class TryEmplaceDiscarded {
public:
  void add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.try_emplace(key, value);
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
// EXPECT: field TryEmplaceDiscarded::values_ convert map
// EXPECT: mutex TryEmplaceDiscarded::mutex_ remove
// EXPECT: operation TryEmplaceDiscarded::add load_or_store
// EXPECT: operation TryEmplaceDiscarded::get load

// Both parts of the answer have names.
class EmplaceBound {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto [it, inserted] = values_.emplace(key, value);
    if (!inserted)
      return it->second;
    return value;
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
// EXPECT: field EmplaceBound::values_ convert map
// EXPECT: mutex EmplaceBound::mutex_ remove
// EXPECT: operation EmplaceBound::add load_or_store
// EXPECT: operation EmplaceBound::get load

// The value that is there now.
class TryEmplaceBound {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto [it, inserted] = values_.try_emplace(key, value);
    return inserted ? -it->second : it->second;
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
// EXPECT: field TryEmplaceBound::values_ convert map
// EXPECT: mutex TryEmplaceBound::mutex_ remove
// EXPECT: operation TryEmplaceBound::add load_or_store
// EXPECT: operation TryEmplaceBound::get load

// Bound in the condition.
class EmplaceInIf {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto [it, inserted] = values_.emplace(key, value); !inserted)
      return it->second;
    return value;
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
// EXPECT: field EmplaceInIf::values_ convert map
// EXPECT: mutex EmplaceInIf::mutex_ remove
// EXPECT: operation EmplaceInIf::add load_or_store
// EXPECT: operation EmplaceInIf::get load

// Only whether it is new.
class InsertSecond {
public:
  bool add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.insert({key, value}).second;
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
// EXPECT: field InsertSecond::values_ convert map
// EXPECT: mutex InsertSecond::mutex_ remove
// EXPECT: operation InsertSecond::add load_or_store
// EXPECT: operation InsertSecond::get load

// Only whether it is new.
class EmplaceSecond {
public:
  bool add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.emplace(key, value).second)
      return false;
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
// EXPECT: field EmplaceSecond::values_ convert map
// EXPECT: mutex EmplaceSecond::mutex_ remove
// EXPECT: operation EmplaceSecond::add load_or_store
// EXPECT: operation EmplaceSecond::get load

// Only the value that is there now.
class EmplaceFirst {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.emplace(key, value).first->second;
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
// EXPECT: field EmplaceFirst::values_ convert map
// EXPECT: mutex EmplaceFirst::mutex_ remove
// EXPECT: operation EmplaceFirst::add load_or_store
// EXPECT: operation EmplaceFirst::get load

// The whole answer has a name.
class ResultByName {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto result = values_.emplace(key, value);
    if (result.second)
      return 0;
    return result.first->second;
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
// EXPECT: field ResultByName::values_ convert map
// EXPECT: mutex ResultByName::mutex_ remove
// EXPECT: operation ResultByName::add load_or_store
// EXPECT: operation ResultByName::get load

// Counted, then put.
class CountThenPut {
public:
  void add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.count(key) == 0)
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
// EXPECT: field CountThenPut::values_ convert map
// EXPECT: mutex CountThenPut::mutex_ remove
// EXPECT: operation CountThenPut::add load_or_store
// EXPECT: operation CountThenPut::get load

// Counted with a negation, and the outcome returned.
class CountNotThenPut {
public:
  bool add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!values_.count(key)) {
      values_[key] = value;
      return true;
    }
    return false;
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
// EXPECT: field CountNotThenPut::values_ convert map
// EXPECT: mutex CountNotThenPut::mutex_ remove
// EXPECT: operation CountNotThenPut::add load_or_store
// EXPECT: operation CountNotThenPut::get load

// A miss emplaces; the value goes out in either case.
class FindMissEmplace {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      it = values_.emplace(key, value).first;
    return it->second;
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
// EXPECT: field FindMissEmplace::values_ convert map
// EXPECT: mutex FindMissEmplace::mutex_ remove
// EXPECT: operation FindMissEmplace::add load_or_store
// EXPECT: operation FindMissEmplace::get load

// A miss emplaces and leaves.
class FindMissReturn {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end()) {
      values_.emplace(key, value);
      return value;
    }
    return it->second;
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
// EXPECT: field FindMissReturn::values_ convert map
// EXPECT: mutex FindMissReturn::mutex_ remove
// EXPECT: operation FindMissReturn::add load_or_store
// EXPECT: operation FindMissReturn::get load

// A hit leaves early.
class HitReturns {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      return it->second;
    values_.emplace(key, value);
    return value;
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
// EXPECT: field HitReturns::values_ convert map
// EXPECT: mutex HitReturns::mutex_ remove
// EXPECT: operation HitReturns::add load_or_store
// EXPECT: operation HitReturns::get load

// A hit leaves early; the rest inserts.
class HitReturnsInsert {
public:
  bool add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto it = values_.find(key); it != values_.end())
      return false;
    values_.insert({key, value});
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
// EXPECT: field HitReturnsInsert::values_ convert map
// EXPECT: mutex HitReturnsInsert::mutex_ remove
// EXPECT: operation HitReturnsInsert::add load_or_store
// EXPECT: operation HitReturnsInsert::get load

// A hit leaves early; the rest assigns.
class HitReturnsSubscript {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = values_.find(key);
    if (it != values_.end()) {
      return it->second;
    }
    values_[key] = value;
    return value;
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
// EXPECT: field HitReturnsSubscript::values_ convert map
// EXPECT: mutex HitReturnsSubscript::mutex_ remove
// EXPECT: operation HitReturnsSubscript::add load_or_store
// EXPECT: operation HitReturnsSubscript::get load

// Found nothing: put.
class FindEndThenPut {
public:
  void add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (values_.find(key) == values_.end())
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
// EXPECT: field FindEndThenPut::values_ convert map
// EXPECT: mutex FindEndThenPut::mutex_ remove
// EXPECT: operation FindEndThenPut::add load_or_store
// EXPECT: operation FindEndThenPut::get load

// The value is worked out when it is missing.
class ComputedOnMiss {
public:
  int add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      return it->second;
    const int squared = value * value;
    values_.emplace(key, squared);
    return squared;
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
// EXPECT: field ComputedOnMiss::values_ convert map
// EXPECT: mutex ComputedOnMiss::mutex_ remove
// EXPECT: operation ComputedOnMiss::add load_or_store
// EXPECT: operation ComputedOnMiss::get load

// The key is given away.
class MovedKey {
public:
  bool add(std::string key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.emplace(std::move(key), value).second;
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
// EXPECT: field MovedKey::values_ convert map
// EXPECT: mutex MovedKey::mutex_ remove
// EXPECT: operation MovedKey::add load_or_store
// EXPECT: operation MovedKey::get load

// A reference that operator[] makes if it has to.
class DefaultBySubscript {
public:
  int add(const std::string &key, int) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_[key];
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
// EXPECT: field DefaultBySubscript::values_ convert map
// EXPECT: mutex DefaultBySubscript::mutex_ remove
// EXPECT: operation DefaultBySubscript::add load_or_store
// EXPECT: operation DefaultBySubscript::get load

// Another condition decides first whether there is anything to insert.
class AfterAnother {
public:
  bool add(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (key.empty() || values_.count(key) != 0)
      return false;
    values_[key] = value;
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
// EXPECT: field AfterAnother::values_ convert map
// EXPECT: mutex AfterAnother::mutex_ remove
// EXPECT: operation AfterAnother::add load_or_store
// EXPECT: operation AfterAnother::get load

template <class T> int added(T &table, const std::string &key, int value) {
  if constexpr (std::is_void_v<decltype(table.add(key, value))>) {
    table.add(key, value);
    return 0;
  } else {
    return table.add(key, value);
  }
}

template <class T> void exercise(const char *name) {
  T table;
  const int first = added(table, "one", 1), again = added(table, "one", 5);
  std::printf("%s: %d %d %d %d\n", name, first, again, table.get("one").value_or(-1),
              table.get("two").value_or(-1));
  std::thread other([&] {
    for (int i = 0; i < 100; ++i)
      added(table, std::to_string(i), i);
  });
  for (int i = 0; i < 100; ++i)
    added(table, std::to_string(i), i);
  other.join();
  for (int i = 0; i < 100; ++i)
    if (table.get(std::to_string(i)) != table.get(std::to_string(i)))
      std::printf("%d changes\n", i);
}

int main() {
  exercise<EmplaceDiscarded>("EmplaceDiscarded");
  exercise<InsertDiscarded>("InsertDiscarded");
  exercise<InsertMakePair>("InsertMakePair");
  exercise<TryEmplaceDiscarded>("TryEmplaceDiscarded");
  exercise<EmplaceBound>("EmplaceBound");
  exercise<TryEmplaceBound>("TryEmplaceBound");
  exercise<EmplaceInIf>("EmplaceInIf");
  exercise<InsertSecond>("InsertSecond");
  exercise<EmplaceSecond>("EmplaceSecond");
  exercise<ResultByName>("ResultByName");
  exercise<EmplaceFirst>("EmplaceFirst");
  exercise<FindMissEmplace>("FindMissEmplace");
  exercise<CountThenPut>("CountThenPut");
  exercise<CountNotThenPut>("CountNotThenPut");
  exercise<FindMissReturn>("FindMissReturn");
  exercise<HitReturns>("HitReturns");
  exercise<HitReturnsInsert>("HitReturnsInsert");
  exercise<HitReturnsSubscript>("HitReturnsSubscript");
  exercise<FindEndThenPut>("FindEndThenPut");
  exercise<ComputedOnMiss>("ComputedOnMiss");
  exercise<MovedKey>("MovedKey");
  exercise<DefaultBySubscript>("DefaultBySubscript");
  exercise<AfterAnother>("AfterAnother");
}
