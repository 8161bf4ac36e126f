// RUN: %check_alone %s -std=c++20
// Tests that throw without a throw in sight: what has been erased before stays erased.
#include <cstdio>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

struct Checked {
  int value;
  explicit Checked(int value) : value(value) {}
  Checked(const Checked &other) : value(other.value) {
    if (value == 7)
      throw std::runtime_error("copied");
  }
};
inline bool isOld(Checked checked) { return checked.value > 3; }
inline Checked same(const Checked &checked) { return checked; }

struct Ends {
  int value;
  ~Ends() noexcept(false) {
    if (value == 7)
      throw std::runtime_error("ended");
  }
};
struct Holder {
  Ends ends;
};

struct Owner {
  int value;
  explicit Owner(int value) : value(value) {
    if (value == 7)
      throw std::runtime_error("made");
  }
};
struct Heir : Owner {
  using Owner::Owner;
};

struct Calm {
  int value;
  explicit Calm(int value) : value(value) {}
};

inline bool testByValue(int value) {
  Checked checked(value);
  return isOld(checked);
}
class ByValue {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testByValue(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ByValue::values_ keep unsupported-operation

inline bool testReturned(int value) {
  Checked checked(value);
  return same(checked).value > 3;
}
class Returned {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testReturned(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Returned::values_ keep unsupported-operation

inline bool testCaptured(int value) {
  Checked checked(value);
  return [checked] { return checked.value; }() > 3;
}
class Captured {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testCaptured(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Captured::values_ keep unsupported-operation

inline bool testUnpacked(int value) {
  Checked checked(value);
  auto [inner] = checked;
  return inner > 3;
}
class Unpacked {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testUnpacked(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Unpacked::values_ keep unsupported-operation

inline bool testEnded(int value) {
  Ends ends{value};
  return ends.value > 3;
}
class Ended {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testEnded(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Ended::values_ keep unsupported-operation

inline bool testEndedPart(int value) {
  Holder holder{{value}};
  return holder.ends.value > 3;
}
class EndedPart {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testEndedPart(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field EndedPart::values_ keep unsupported-operation

inline bool testInherited(int value) {
  return Heir(value).value > 3;
}
class Inherited {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testInherited(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.size();
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Inherited::values_ keep unsupported-operation

inline bool testPlain(int value) {
  Calm calm(value);
  return [calm] { return calm.value; }() > 3;
}
class Plain {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  void sweep() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = values_.begin(); it != values_.end();) {
      if (testPlain(it->second))
        it = values_.erase(it);
      else
        ++it;
    }
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
  exercise<ByValue>("ByValue");
  exercise<Returned>("Returned");
  exercise<Captured>("Captured");
  exercise<Unpacked>("Unpacked");
  exercise<Ended>("Ended");
  exercise<EndedPart>("EndedPart");
  exercise<Inherited>("Inherited");
  exercise<Plain>("Plain");
}
