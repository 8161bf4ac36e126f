// RUN: rm -rf %t && mkdir %t && cp %s %t/cache.cpp && %make_database %t
// RUN: %unlatch explain -p %t --root %t Cache::values_ | FileCheck %s --check-prefix=MAP --match-full-lines --strict-whitespace
// RUN: %unlatch explain -p %t --root %t Cache::notes_ | FileCheck %s --check-prefix=KEPT --match-full-lines --strict-whitespace
// RUN: %unlatch explain -p %t --root %t Cache::hits_ | FileCheck %s --check-prefix=ALONE
// RUN: %unlatch explain -p %t --root %t Limits::low_ | FileCheck %s --check-prefix=SNAPSHOT
// RUN: %unlatch explain -p %t --root %t Ids::next_ | FileCheck %s --check-prefix=BARE
// What is said of a field: its guard, each section, what becomes of it or the place that stops it,
// and what could be done.
#include <map>
#include <mutex>
#include <string>

class Cache {
public:
  void put(int key, const std::string &value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }
  void note(const std::string &text) {
    std::lock_guard<std::mutex> lock(mutex_);
    notes_ += text;
    hits_[text] += 1;
  }
  const char *notes() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return notes_.c_str();
  }

private:
  mutable std::mutex mutex_;
  std::map<int, std::string> values_;
  std::string notes_;
  std::map<std::string, int> hits_;
};

class Limits {
public:
  void set(int low, int high) {
    std::lock_guard<std::mutex> lock(mutex_);
    low_ = low;
    high_ = high;
  }
  bool allows(int value) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return low_ <= value && value <= high_;
  }

private:
  mutable std::mutex mutex_;
  int low_ = 0;
  int high_ = 9;
};

class Ids {
public:
  int take() {
    std::lock_guard<std::mutex> lock(mutex_);
    return next_++;
  }
  void skip() {
    std::lock_guard<std::mutex> lock(mutex_);
    next_ += 10;
  }
  int last() const { return next_ - 1; }

private:
  mutable std::mutex mutex_;
  int next_ __attribute__((guarded_by(mutex_))) = 1;
};

//      MAP:Cache::values_
// MAP-NEXT:  cache.cpp:[[#]]:30: std::map<int, std::string>
// MAP-NEXT:      [[#DECLARED:]] |   std::map<int, std::string> values_;
// MAP-NEXT:         |                              ^
// MAP-NEXT:  guarded by Cache::mutex_, held in all of its 2 sections
// MAP-NEXT:    cache.cpp:[[#DECLARED-1]]:22: std::mutex
// MAP-NEXT:  verdict convert, strategy map, phase 2
// MAP-NEXT:  becomes
// MAP-NEXT:         -   std::map<int, std::string> values_;
// MAP-NEXT:         +   unlatch::map<int, std::string> values_;
// MAP-EMPTY:
// MAP-NEXT:sections
// MAP-NEXT:  1. cache.cpp:[[#LOCK:]]:5: Cache::put, exclusive: store
// MAP-NEXT:      [[#LOCK]] |     std::lock_guard<std::mutex> lock(mutex_);
// MAP-NEXT:      [[#LOCK+1]] |     values_[key] = value;
// MAP-NEXT:     becomes
// MAP-NEXT:         -     std::lock_guard<std::mutex> lock(mutex_);
// MAP-NEXT:         -     values_[key] = value;
// MAP-NEXT:         +     values_.store(key, value);
// MAP-NEXT:  2. cache.cpp:[[#LOCK+4]]:5: Cache::has, exclusive: contains
// MAP-NEXT:      [[#LOCK+4]] |     std::lock_guard<std::mutex> lock(mutex_);
// MAP-NEXT:      [[#LOCK+5]] |     return values_.count(key) != 0;
// MAP-NEXT:     becomes
// MAP-NEXT:         -     std::lock_guard<std::mutex> lock(mutex_);
// MAP-NEXT:         -     return values_.count(key) != 0;
// MAP-NEXT:         +     return values_.contains(key);

//      KEPT:  verdict keep
// KEPT-EMPTY:
// KEPT-NEXT:why it stays
// KEPT-NEXT:  cache.cpp:[[#ESCAPE:]]:12: a pointer or iterator into an element outlives its use [escapes-reference]
// KEPT-NEXT:  cache.cpp:[[#ALSO:]]:5: this section also writes Cache::hits_ [spans-fields]
// KEPT-EMPTY:
// KEPT-NEXT:what would have to change
// KEPT-NEXT:  escapes-reference: return a copy, or do the work inside the section
// KEPT-NEXT:    docs/reasons/escapes-reference.md
// KEPT-NEXT:  spans-fields: if the two need not agree at every moment, use two sections
// KEPT-NEXT:    docs/reasons/spans-fields.md
// KEPT-EMPTY:
// KEPT-NEXT:sections
// KEPT-NEXT:  1. cache.cpp:[[#ALSO-2]]:5: Cache::note, exclusive: {{.*}}
// KEPT-NEXT:      [[#ALSO-2]] |     std::lock_guard<std::mutex> lock(mutex_);
// KEPT-NEXT:      [[#ALSO-1]] |     notes_ += text;
// KEPT-NEXT:      [[#ALSO]] |     hits_[text] += 1;
// KEPT-NEXT:         |     ^ this section also writes Cache::hits_
// KEPT-NEXT:  2. cache.cpp:[[#ESCAPE-1]]:5: Cache::notes, exclusive: {{.*}}
// KEPT-NEXT:      [[#ESCAPE-1]] |     std::lock_guard<std::mutex> lock(mutex_);
// KEPT-NEXT:      [[#ESCAPE]] |     return notes_.c_str();
// KEPT-NEXT:         |            ^ a pointer or iterator into an element outlives its use

// ALONE: guarded by Cache::mutex_, held in 1 section
// ALONE: why it stays
// ALONE-NEXT: cache.cpp:[[#AT:]]:5: no section that uses it could do without the lock; this section also writes Cache::notes_ [spans-fields]
// ALONE: [[#AT]] | notes_ += text;

// SNAPSHOT: becomes one snapshot with Limits::high_
// SNAPSHOT: becomes
// SNAPSHOT-NEXT: -   int low_ = 0;
// SNAPSHOT-NEXT: +   struct State {
// SNAPSHOT: exclusive: modify
// SNAPSHOT: becomes
// SNAPSHOT-NEXT: -     std::lock_guard<std::mutex> lock(mutex_);
// SNAPSHOT-NEXT: -     low_ = low;
// SNAPSHOT-NEXT: -     high_ = high;
// SNAPSHOT-NEXT: +     state_.modify([&](auto &state) {
// SNAPSHOT-NEXT: +       state.low_ = low;
// SNAPSHOT-NEXT: +       state.high_ = high;
// SNAPSHOT-NEXT: +     });
// SNAPSHOT: exclusive: read
// SNAPSHOT: +     return state->low_ <= value && value <= state->high_;

// BARE: guarded by Ids::mutex_, held in 2 sections, not at 1 use; an annotation says so
// BARE: Ids::take, exclusive: add
// BARE: return next_++;
// BARE: Ids::last, no lock: get
