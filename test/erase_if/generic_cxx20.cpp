// RUN: %check_alone %s -std=c++20
// std::erase_if with a generic lambda: what it does is seen where the library makes a function of
// it.
#include <cstdio>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

class Plain {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [least](const auto &entry) { return entry.second < least; });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Plain::values_ convert map

// The number goes out.
class Counted {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  std::size_t sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::erase_if(values_, [&](const auto &entry) {
      const auto &[key, value] = entry;
      return key == 0 || value < least;
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
// EXPECT: field Counted::values_ convert map

class Ordered {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [least](const auto &entry) { return entry.second < least; });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field Ordered::values_ convert map

// By a name.
class Named {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto isOld = [least](const auto &entry) { return entry.second < least; };
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
// EXPECT: field Named::values_ convert map

// Which ones go depends on which come first.
class Budget {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    int budget = 2;
    std::erase_if(values_, [&](const auto &entry) { return entry.second < least && budget-- > 0; });
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};
// EXPECT: field Budget::values_ keep ordered

// It looks at more than the element, which stays under the lock.
class Limited {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [this](const auto &entry) { return entry.second < limit_; });
  }
  void limit(int limit) {
    std::lock_guard<std::mutex> lock(mutex_);
    limit_ = limit;
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
  int limit_ = 4;
};
// EXPECT: field Limited::values_ convert map
// EXPECT: field Limited::limit_ keep spans-fields

// It looks at the map itself.
class Itself {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [this, least](const auto &entry) {
      return values_.count(least) != 0 && entry.second < least;
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
// EXPECT: field Itself::values_ keep multi-key

// It tells somebody.
inline int erased = 0;
class Tells {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(values_, [least](const auto &entry) {
      if (entry.second < least)
        ++erased;
      return entry.second < least;
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
// EXPECT: field Tells::values_ keep spans-fields
// EXPECT: field erased keep aliased

// Pointers into the elements get out.
class Points {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  const int *sweep(int least) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int *last = nullptr;
    std::erase_if(values_, [&](const auto &entry) {
      last = &entry.second;
      return entry.second < least;
    });
    return last;
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Points::values_ keep escapes-reference

template <class Class> void exercise(const char *name) {
  Class object;
  for (int key = 0; key < 12; ++key)
    object.put(key, key);
  object.sweep(5);
  std::printf("%s %zu\n", name, object.size());
}

int main() {
  exercise<Plain>("Plain");
  exercise<Counted>("Counted");
  exercise<Ordered>("Ordered");
  exercise<Named>("Named");
  exercise<Budget>("Budget");
  exercise<Limited>("Limited");
  exercise<Itself>("Itself");
  exercise<Tells>("Tells");
  exercise<Points>("Points");
}
