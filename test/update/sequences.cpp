// RUN: %check_alone %s -std=c++20
// Several steps with one key: each finds what those before it have left.
#include <cstdio>
#include <map>
#include <mutex>
#include <stdexcept>

// What is erased is missing: the sum begins anew.
class ErasedThenAdded {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return 0;
    values_.erase(it);
    values_[key] += value;
    return 1;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field ErasedThenAdded::values_ convert map

class ErasedThenInserted {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      values_.erase(it);
      values_.emplace(key, value);
      return 1;
    }
    return 0;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field ErasedThenInserted::values_ convert map

// A look-up behind the insertion finds what was inserted.
class CountedAfterInsertion {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    auto it = values_.find(key);
    if (it == values_.end())
      values_[key] = value;
    if (values_.count(key) != 0)
      result += 10;
    return result;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field CountedAfterInsertion::values_ convert map

// An iterator that was the end stays so.
class AskedAgain {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    auto it = values_.find(key);
    if (it == values_.end())
      values_[key] = value;
    else
      it->second += value;
    if (it == values_.end())
      result += 10;
    return result;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field AskedAgain::values_ keep unsupported-operation

// One that was set to what is inserted does not.
class AskedOfTheNew {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    auto it = values_.find(key);
    if (it == values_.end())
      it = values_.emplace(key, value).first;
    if (it == values_.end())
      result += 10;
    return result;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field AskedOfTheNew::values_ keep unsupported-operation

// Where the key is missing, a default value comes, not the one that is only for those found.
class DefaultFirst {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      values_.emplace(key, value);
    values_[key];
    return 0;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field DefaultFirst::values_ keep does-not-compile

class DefaultOrSwap {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    auto it = values_.find(key);
    if (it != values_.end()) {
      result += it->second;
      values_[key] = value;
    } else {
      values_[key];
    }
    return result;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field DefaultOrSwap::values_ convert map

// The iterator leads to the value that has been stored.
class ReadAfterwards {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    auto it = values_.find(key);
    values_[key] = value;
    if (it != values_.end())
      result += it->second;
    return result;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field ReadAfterwards::values_ keep unsupported-operation

// `m[k]` inserts before something is erased.
class SummedThenErased {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    auto it = values_.find(key);
    values_[key] += value;
    if (it == values_.end())
      values_[key] += value;
    if (values_.count(key) != 0) {
      result += values_[key];
      values_.erase(key);
    }
    return result;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field SummedThenErased::values_ keep unsupported-operation

// Known to be missing, in a branch without braces.
class InsertedInTheThen {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      values_.emplace(key, value);
    else
      it->second += value;
    return 0;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field InsertedInTheThen::values_ convert map

// at() throws where the key is not there, which the answer of the first look-up does not.
class ThrowsIfMissing {
public:
  int change(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 0;
    if (values_.count(key))
      result = values_.at(key);
    try {
      result += values_.at(key);
    } catch (const std::out_of_range &) {
      result += 6 * value;
    }
    return result;
  }
  int get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field ThrowsIfMissing::values_ keep unsupported-operation

template <class Class> void exercise(const char *name) {
  Class object;
  std::printf("%s", name);
  for (int round = 0; round < 6; ++round) {
    const int before = object.get(round % 2), result = object.change(round % 2, round + 1);
    std::printf(" %d:%d:%d", before, result, object.get(round % 2));
  }
  std::printf("\n");
}

int main() {
  exercise<ErasedThenAdded>("ErasedThenAdded");
  exercise<ErasedThenInserted>("ErasedThenInserted");
  exercise<CountedAfterInsertion>("CountedAfterInsertion");
  exercise<AskedAgain>("AskedAgain");
  exercise<AskedOfTheNew>("AskedOfTheNew");
  exercise<DefaultFirst>("DefaultFirst");
  exercise<DefaultOrSwap>("DefaultOrSwap");
  exercise<ReadAfterwards>("ReadAfterwards");
  exercise<SummedThenErased>("SummedThenErased");
  exercise<InsertedInTheThen>("InsertedInTheThen");
  exercise<ThrowsIfMissing>("ThrowsIfMissing");
}
