// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Spellings of one thing: set a value, whatever was there.
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

// Assigned through operator[].
class Subscript {
public:
  void set(const std::string &key, int value) {
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
// EXPECT: field Subscript::values_ convert map
// EXPECT: mutex Subscript::mutex_ remove
// EXPECT: operation Subscript::set store
// EXPECT: operation Subscript::get load

// Key and value are given away.
class MovedKey {
public:
  void set(std::string key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[std::move(key)] = std::move(value);
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
// EXPECT: operation MovedKey::set store
// EXPECT: operation MovedKey::get load

// insert_or_assign, answer not used.
class InsertOrAssign {
public:
  void set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.insert_or_assign(key, value);
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
// EXPECT: field InsertOrAssign::values_ convert map
// EXPECT: mutex InsertOrAssign::mutex_ remove
// EXPECT: operation InsertOrAssign::set store
// EXPECT: operation InsertOrAssign::get load

// The value is worked out in place.
class Expression {
public:
  void set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value * 2 + static_cast<int>(key.size());
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
// EXPECT: field Expression::values_ convert map
// EXPECT: mutex Expression::mutex_ remove
// EXPECT: operation Expression::set store
// EXPECT: operation Expression::get load

// A reference to the value is assigned to.
class Reference {
public:
  void set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int &slot = values_[key];
    slot = value;
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
// EXPECT: field Reference::values_ convert map
// EXPECT: mutex Reference::mutex_ remove
// EXPECT: operation Reference::set update
// EXPECT: operation Reference::get load

// Inserted, or else assigned.
class InsertElseAssign {
public:
  void set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto [it, inserted] = values_.emplace(key, value);
    if (!inserted)
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
// EXPECT: field InsertElseAssign::values_ convert map
// EXPECT: mutex InsertElseAssign::mutex_ remove
// EXPECT: operation InsertElseAssign::set update
// EXPECT: operation InsertElseAssign::get load

// The key is a temporary.
class KeyMadeInPlace {
public:
  void set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_["<" + key + ">"] = value;
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
// EXPECT: field KeyMadeInPlace::values_ convert map
// EXPECT: mutex KeyMadeInPlace::mutex_ remove
// EXPECT: operation KeyMadeInPlace::set store
// EXPECT: operation KeyMadeInPlace::get load

// The value goes out again.
class Returned {
public:
  int set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
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
// EXPECT: field Returned::values_ convert map
// EXPECT: mutex Returned::mutex_ remove
// EXPECT: operation Returned::set store
// EXPECT: operation Returned::get load

// A std::map.
class Ordered {
public:
  void set(const std::string &key, int value) {
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
// EXPECT: operation Ordered::set store
// EXPECT: operation Ordered::get load

// Erased, then inserted.
class EraseThenInsert {
public:
  void set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
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
// EXPECT: field EraseThenInsert::values_ convert map
// EXPECT: mutex EraseThenInsert::mutex_ remove
// EXPECT: operation EraseThenInsert::set update
// EXPECT: operation EraseThenInsert::get load

// Assigned where it is found, or else inserted.
class AssignElseInsert {
public:
  void set(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      it->second = value;
    else
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
// EXPECT: field AssignElseInsert::values_ convert map
// EXPECT: mutex AssignElseInsert::mutex_ remove
// EXPECT: operation AssignElseInsert::set update
// EXPECT: operation AssignElseInsert::get load
