// REQUIRES: libc++
// RUN: %check_rewrite %s -std=c++20 -stdlib=libc++ -Wthread-safety -Wthread-safety-beta
// What an annotation says of a mutex goes with the mutex, and what it says of a field with the field.

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))

// The mutex goes.
class Config {
public:
  void set(const std::string &key, const std::string &value) EXCLUDES(mutex_) {
    std::lock_guard<std::mutex> lock(mutex_);
    put(key, value);
  }
  bool has(const std::string &key) const __attribute__((locks_excluded(mutex_))) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  void put(const std::string &key, const std::string &value) REQUIRES(mutex_);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> values_ __attribute__((guarded_by(mutex_)));
};
// EXPECT: field Config::values_ convert map
// EXPECT: mutex Config::mutex_ remove

void Config::put(const std::string &key, const std::string &value) { values_[key] = value; }

// Another field needs it.
class Mixed {
public:
  void add() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }
  const std::string &label(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    return labels_[id];
  }

private:
  std::mutex mutex_;
  int count_ GUARDED_BY(mutex_) = 0; // how many
  std::map<int, std::string> labels_
      GUARDED_BY(mutex_);
};
// EXPECT: field Mixed::count_ convert atomic
// EXPECT: field Mixed::labels_ keep escapes-reference
// EXPECT: mutex Mixed::mutex_ keep

// Two that move into one state.
class Range {
public:
  void set(int low, int high) {
    std::lock_guard<std::mutex> lock(mutex_);
    low_ = low;
    high_ = high;
  }
  bool contains(int value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return low_ <= value && value <= high_;
  }

private:
  mutable std::mutex mutex_;
  int low_ GUARDED_BY(mutex_) = 0;
  int high_ __attribute__((guarded_by(mutex_))) = 0;
};
// EXPECT: field Range::low_ convert snapshot
// EXPECT: field Range::high_ convert snapshot
// EXPECT: mutex Range::mutex_ remove

// The mutex stays for another field; who asks for it and runs without it from now on asks no more.
class Partly {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    putLocked(key, value);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return isThere(key);
  }
  void note(const std::string &text) {
    std::lock_guard<std::mutex> lock(mutex_);
    append(text);
  }
  const char *notes() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return notes_.c_str();
  }

private:
  void putLocked(int key, const std::string &value) REQUIRES(mutex_) { store(key, value); }
  void store(int key, const std::string &value) REQUIRES(mutex_);
  bool isThere(int key) const
      __attribute__((requires_shared_capability(mutex_)));
  void append(const std::string &text) REQUIRES(mutex_) { notes_ += text; }

  mutable std::mutex mutex_;
  std::map<int, std::string> values_ GUARDED_BY(mutex_);
  std::string notes_ GUARDED_BY(mutex_);
};
// EXPECT: field Partly::values_ convert map
// EXPECT: field Partly::notes_ keep escapes-reference
// EXPECT: mutex Partly::mutex_ keep

void Partly::store(int key, const std::string &value) { values_[key] = value; }
bool Partly::isThere(int key) const { return values_.count(key) != 0; }

// It can't be taken from an annotation that names another mutex as well.
class Both {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::lock_guard<std::mutex> order(order_);
    putLocked(key, value);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }
  void note(const std::string &text) {
    std::lock_guard<std::mutex> lock(mutex_);
    notes_ += text;
  }
  const char *notes() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return notes_.c_str();
  }

private:
  void putLocked(int key, int value) REQUIRES(mutex_, order_) { values_[key] = value; }

  mutable std::mutex mutex_;
  std::mutex order_;
  std::map<int, int> values_ GUARDED_BY(mutex_);
  std::string notes_ GUARDED_BY(mutex_);
};
// EXPECT: field Both::values_ convert map
// EXPECT: operation Both::put store
// EXPECT: operation Both::has contains
// EXPECT: field Both::notes_ keep escapes-reference
// EXPECT: mutex Both::mutex_ keep
// EXPECT: mutex Both::order_ keep
