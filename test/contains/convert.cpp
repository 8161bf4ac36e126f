// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Spellings of one thing: is there such a key?
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// Found or not.
class FindAlone {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.find(key) != values_.end();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FindAlone::values_ convert map
// EXPECT: mutex FindAlone::mutex_ remove
// EXPECT: operation FindAlone::has contains
// EXPECT: operation FindAlone::put store

// The end on the left.
class FindReversed {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.end() != values_.find(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FindReversed::values_ convert map
// EXPECT: mutex FindReversed::mutex_ remove
// EXPECT: operation FindReversed::has contains
// EXPECT: operation FindReversed::put store

// Whether it is missing, negated by hand.
class FindMissing {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return !(values_.find(key) == values_.cend());
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field FindMissing::values_ convert map
// EXPECT: mutex FindMissing::mutex_ remove
// EXPECT: operation FindMissing::has contains
// EXPECT: operation FindMissing::put store

// More than none.
class CountMore {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountMore::values_ convert map
// EXPECT: mutex CountMore::mutex_ remove
// EXPECT: operation CountMore::has contains
// EXPECT: operation CountMore::put store

// Exactly one.
class CountOne {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) == 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountOne::values_ convert map
// EXPECT: mutex CountOne::mutex_ remove
// EXPECT: operation CountOne::has contains
// EXPECT: operation CountOne::put store

// Not none.
class CountNotZero {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return 0 != values_.count(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountNotZero::values_ convert map
// EXPECT: mutex CountNotZero::mutex_ remove
// EXPECT: operation CountNotZero::has contains
// EXPECT: operation CountNotZero::put store

// The count as a truth value.
class CountAsBool {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountAsBool::values_ convert map
// EXPECT: mutex CountAsBool::mutex_ remove
// EXPECT: operation CountAsBool::has contains
// EXPECT: operation CountAsBool::put store

// The count, cast.
class CountCast {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<bool>(values_.count(key));
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountCast::values_ convert map
// EXPECT: mutex CountCast::mutex_ remove
// EXPECT: operation CountCast::has contains
// EXPECT: operation CountCast::put store

// Two negations.
class CountTwice {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return !!values_.count(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountTwice::values_ convert map
// EXPECT: mutex CountTwice::mutex_ remove
// EXPECT: operation CountTwice::has contains
// EXPECT: operation CountTwice::put store

// The count has a name.
class CountByName {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = values_.count(key);
    return found != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountByName::values_ convert map
// EXPECT: mutex CountByName::mutex_ remove
// EXPECT: operation CountByName::has contains
// EXPECT: operation CountByName::put store

// The iterator has a name.
class IteratorByName {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return false;
    return true;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field IteratorByName::values_ convert map
// EXPECT: mutex IteratorByName::mutex_ remove
// EXPECT: operation IteratorByName::has contains
// EXPECT: operation IteratorByName::put store

// The test chooses between locals.
class InCondition {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    int answer = 1;
    if (values_.find(key) == values_.end())
      answer = 0;
    return answer == 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field InCondition::values_ convert map
// EXPECT: mutex InCondition::mutex_ remove
// EXPECT: operation InCondition::has contains
// EXPECT: operation InCondition::put store

// The test chooses a value.
class InTernary {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) ? true : false;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field InTernary::values_ convert map
// EXPECT: mutex InTernary::mutex_ remove
// EXPECT: operation InTernary::has contains
// EXPECT: operation InTernary::put store

// The count itself goes out.
class CountAsNumber {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  std::size_t has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key);
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field CountAsNumber::values_ convert map
// EXPECT: mutex CountAsNumber::mutex_ remove
// EXPECT: operation CountAsNumber::has contains
// EXPECT: operation CountAsNumber::put store

// A key that is no string, in a std::map.
class NumberKey {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = values_.find(key);
    return it != values_.end();
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field NumberKey::values_ convert map
// EXPECT: mutex NumberKey::mutex_ remove
// EXPECT: operation NumberKey::has contains
// EXPECT: operation NumberKey::put store

