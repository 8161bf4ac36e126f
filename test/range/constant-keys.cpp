// RUN: %check_alone %s -std=c++17
// The keys of a map are constant, and those of the copies that a loop goes through are not.
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

inline int kind(const std::string &) { return 1; }
inline int kind(std::string &) { return 2; }
template <class Key> int isConstant(Key &) { return std::is_const_v<Key>; }
inline std::size_t lengthOf(const std::string &key) { return key.size(); }

class Moved {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    std::vector<std::string> keys;
    for (auto entry : values_) {
      keys.push_back(std::move(entry.first));
      all += entry.first + ";";
    }
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Moved::values_ keep unsupported-operation

class MovedPart {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    std::vector<std::string> keys;
    for (auto [key, value] : values_) {
      keys.push_back(std::move(key));
      all += key + std::to_string(value);
    }
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field MovedPart::values_ keep unsupported-operation

class MovedByReference {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    for (auto &entry : values_) {
      std::string key = std::move(entry.first);
      all += entry.first + key;
    }
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field MovedByReference::values_ keep unsupported-operation

class Overloaded {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    for (auto &[key, value] : values_)
      all += std::to_string(kind(key) + value);
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Overloaded::values_ keep unsupported-operation

class Deduced {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    for (auto &entry : values_)
      all += std::to_string(isConstant(entry.first));
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Deduced::values_ keep unsupported-operation

class Iterated {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    for (auto it = values_.begin(); it != values_.end(); ++it)
      all += std::to_string(kind(it->first));
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Iterated::values_ keep unsupported-operation

class Named {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    for (auto &entry : values_) {
      auto &key = entry.first;
      all += std::to_string(kind(key));
    }
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Named::values_ keep escapes-reference

class Looked {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    for (auto &[key, value] : values_)
      all += key.substr(1) + std::to_string(lengthOf(key) + key.size());
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Looked::values_ convert map

class Copied {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string all;
    std::vector<std::string> keys;
    for (const auto &entry : values_)
      keys.push_back(entry.first);
    for (const auto &each : keys)
      all += each;
    return all;
  }

private:
  std::mutex mutex_;
  std::map<std::string, int> values_;
};
// EXPECT: field Copied::values_ convert map

template <class Class> void exercise() {
  Class object;
  object.put("ab", 1);
  object.put("cd", 2);
  std::printf("%s\n", object.all().c_str());
}

int main() {
  exercise<Moved>();
  exercise<MovedPart>();
  exercise<MovedByReference>();
  exercise<Overloaded>();
  exercise<Deduced>();
  exercise<Iterated>();
  exercise<Named>();
  exercise<Looked>();
  exercise<Copied>();
}
