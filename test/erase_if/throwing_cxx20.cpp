// RUN: %check_alone %s -std=c++20
// std::erase_if with a test that throws, however it is named: what has been erased before stays
// erased.
#include <cstdio>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <unordered_map>
#include <variant>

using Entry = std::pair<const int, int>;

inline bool checked(const Entry &entry) {
  if (entry.second == 7)
    throw std::runtime_error("checked");
  return entry.second > 3;
}
inline bool calm(const Entry &entry) { return entry.second > 3; }

struct Checked {
  bool operator()(const Entry &entry) const { return checked(entry); }
};
struct CheckedByTemplate {
  template <class Element> bool operator()(const Element &entry) const { return checked(entry); }
};
struct Calm {
  bool operator()(const Entry &entry) const { return entry.second > 3; }
};
struct CalmOrNot {
  bool operator()(const Entry &entry) { return checked(entry); }
  bool operator()(const Entry &entry) const { return entry.second > 3; }
};

class ByName {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, checked);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByName::values_ keep unsupported-operation

class ByAddress {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, &checked);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByAddress::values_ keep unsupported-operation

class ByObject {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, Checked());
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByObject::values_ keep unsupported-operation

class ByTemplate {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, CheckedByTemplate());
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByTemplate::values_ keep unsupported-operation

class ByOverload {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, CalmOrNot());
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByOverload::values_ keep unsupported-operation

class ByLambda {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [](const Entry &entry) { return checked(entry); });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByLambda::values_ keep unsupported-operation

class ByGenericLambda {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [](const auto &entry) { return checked(entry); });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByGenericLambda::values_ keep unsupported-operation

class ByVariable {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto isOld = [](const Entry &entry) { return checked(entry); };
    std::erase_if(values_, isOld);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByVariable::values_ keep unsupported-operation

class ByInvoke {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_,
                  [](const Entry &entry) { return std::invoke(checked, entry); });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByInvoke::values_ keep unsupported-operation

class ByVisit {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [](const Entry &entry) {
      const std::variant<int> value = entry.second;
      return std::visit(
          [](int number) {
            if (number == 7)
              throw std::runtime_error("visited");
            return number > 3;
          },
          value);
    });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByVisit::values_ keep unsupported-operation

class CalmByName {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, calm);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field CalmByName::values_ convert map

class CalmByAddress {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, &calm);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field CalmByAddress::values_ convert map

class CalmByObject {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, Calm());
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field CalmByObject::values_ convert map

class CalmByGenericLambda {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [](const auto &entry) { return entry.second > 3; });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field CalmByGenericLambda::values_ convert map

template <class Class> void exercise(const char *name) {
  Class object;
  for (int key = 0; key < 12; ++key)
    object.put(key, key);
  try {
    object.sweep();
  } catch (const std::exception &) {
  }
  std::printf("%s %zu\n", name, object.size());
}

int main() {
  exercise<ByName>("ByName");
  exercise<ByAddress>("ByAddress");
  exercise<ByObject>("ByObject");
  exercise<ByTemplate>("ByTemplate");
  exercise<ByOverload>("ByOverload");
  exercise<ByLambda>("ByLambda");
  exercise<ByGenericLambda>("ByGenericLambda");
  exercise<ByVariable>("ByVariable");
  exercise<ByInvoke>("ByInvoke");
  exercise<ByVisit>("ByVisit");
  exercise<CalmByName>("CalmByName");
  exercise<CalmByAddress>("CalmByAddress");
  exercise<CalmByObject>("CalmByObject");
  exercise<CalmByGenericLambda>("CalmByGenericLambda");
}
