// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 2
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// The locks, and where the map and its mutex stand.
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cstdio>

using Values = std::unordered_map<std::string, int>;

// std::lock_guard, its type spelled out and deduced.
class Guard {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    const std::lock_guard lock{mutex_};
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Guard::values_ convert map
// EXPECT: mutex Guard::mutex_ remove
// EXPECT: operation Guard::put store
// EXPECT: operation Guard::has contains

// std::unique_lock to the end of the scope.
class Unique {
public:
  void put(const std::string &key, int value) {
    std::unique_lock<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::unique_lock lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Unique::values_ convert map
// EXPECT: mutex Unique::mutex_ remove
// EXPECT: operation Unique::put store
// EXPECT: operation Unique::has contains

// A lock that is given up early.
class EarlyUnlock {
public:
  int put(const std::string &key, int value) {
    std::unique_lock<std::mutex> lock(mutex_);
    values_[key] = value;
    lock.unlock();
    return value * 2;
  }

  int get(const std::string &key) const {
    std::unique_lock<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end()) {
      lock.unlock();
      return -1;
    }
    const int value = it->second;
    lock.unlock();
    return value + 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field EarlyUnlock::values_ convert map
// EXPECT: mutex EarlyUnlock::mutex_ remove
// EXPECT: operation EarlyUnlock::put store
// EXPECT: operation EarlyUnlock::get load

// Two sections in one function, by the same lock.
class Relock {
public:
  bool putTwice(const std::string &key, const std::string &other, int value) {
    std::unique_lock<std::mutex> lock(mutex_);
    values_[key] = value;
    lock.unlock();
    const int next = value + 1;
    lock.lock();
    values_[other] = next;
    lock.unlock();
    return next > 0;
  }

  bool has(const std::string &key) const {
    std::unique_lock<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Relock::values_ convert map
// EXPECT: mutex Relock::mutex_ remove
// EXPECT: operation Relock::putTwice store
// EXPECT: operation Relock::has contains

// std::shared_lock for those who read.
class Shared {
public:
  void put(const std::string &key, int value) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    values_[key] = value;
  }

  std::optional<int> get(const std::string &key) const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    if (auto it = values_.find(key); it != values_.end())
      return it->second;
    return std::nullopt;
  }

  bool has(const std::string &key) const {
    std::shared_lock lock(mutex_);
    return values_.find(key) != values_.end();
  }

  std::size_t size() const {
    std::shared_lock lock{mutex_};
    return values_.size();
  }

private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Shared::values_ convert map
// EXPECT: mutex Shared::mutex_ remove
// EXPECT: operation Shared::put store
// EXPECT: operation Shared::get load
// EXPECT: operation Shared::has contains
// EXPECT: operation Shared::size size

// std::scoped_lock of one mutex.
class Scoped {
public:
  void put(const std::string &key, int value) {
    std::scoped_lock lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    const std::scoped_lock<std::mutex> lock{mutex_};
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Scoped::values_ convert map
// EXPECT: mutex Scoped::mutex_ remove
// EXPECT: operation Scoped::put store
// EXPECT: operation Scoped::has contains

// Locked and unlocked by hand.
class ByHand {
public:
  void put(const std::string &key, int value) {
    mutex_.lock();
    values_.insert_or_assign(key, value);
    mutex_.unlock();
  }

  bool has(const std::string &key) const {
    mutex_.lock();
    const bool found = values_.count(key) != 0;
    mutex_.unlock();
    return found;
  }

  std::optional<int> get(const std::string &key) const {
    mutex_.lock();
    auto it = values_.find(key);
    if (it == values_.end()) {
      mutex_.unlock();
      return std::nullopt;
    }
    int value = it->second;
    mutex_.unlock();
    return value;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field ByHand::values_ convert map
// EXPECT: mutex ByHand::mutex_ remove
// EXPECT: operation ByHand::put store
// EXPECT: operation ByHand::has contains
// EXPECT: operation ByHand::get load

// Shared locks by hand.
class SharedByHand {
public:
  void put(const std::string &key, int value) {
    mutex_.lock();
    values_[key] = value;
    mutex_.unlock();
  }

  bool has(const std::string &key) const {
    mutex_.lock_shared();
    const bool found = values_.count(key) != 0;
    mutex_.unlock_shared();
    return found;
  }

private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field SharedByHand::values_ convert map
// EXPECT: mutex SharedByHand::mutex_ remove
// EXPECT: operation SharedByHand::put store
// EXPECT: operation SharedByHand::has contains

// A recursive mutex that nobody enters twice.
class Recursive {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::recursive_mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Recursive::values_ convert map
// EXPECT: mutex Recursive::mutex_ remove
// EXPECT: operation Recursive::put store
// EXPECT: operation Recursive::has contains

// Private helpers that run with the lock held.
class Helpers {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    assign(key, value);
  }

  std::optional<int> get(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return look(key);
  }

  bool positive(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto value = look(key);
    return value && *value > 0;
  }

private:
  std::optional<int> look(const std::string &key) const {
    auto it = values_.find(key);
    if (it == values_.end())
      return std::nullopt;
    return it->second;
  }

  void assign(const std::string &key, int value) { values_[key] = value; }

  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Helpers::values_ convert map
// EXPECT: mutex Helpers::mutex_ remove
// EXPECT: operation Helpers::put store
// EXPECT: operation Helpers::get load
// EXPECT: operation Helpers::positive load

// A helper that is called from another helper.
class Nested {
public:
  bool put(const std::string &key, int value) {
    const std::lock_guard lock(mutex_);
    return add(key, value);
  }

  bool has(const std::string &key) const {
    const std::lock_guard lock(mutex_);
    return known(key);
  }

private:
  bool known(const std::string &key) const { return found(key); }
  bool found(const std::string &key) const { return values_.find(key) != values_.end(); }
  bool add(const std::string &key, int value) { return values_.emplace(key, value).second; }

  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Nested::values_ convert map
// EXPECT: mutex Nested::mutex_ remove
// EXPECT: operation Nested::put load_or_store
// EXPECT: operation Nested::has contains

// A lock in a block of its own, and things done before and after.
class Block {
public:
  int put(std::string key, int value) {
    key += "!";
    {
      std::lock_guard<std::mutex> lock(mutex_);
      values_[key] = value;
    }
    return static_cast<int>(key.size());
  }

  bool has(std::string key) const {
    key += "!";
    bool found;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      found = values_.count(key) > 0;
    }
    return found;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
};
// EXPECT: field Block::values_ convert map
// EXPECT: mutex Block::mutex_ remove
// EXPECT: operation Block::put store
// EXPECT: operation Block::has contains

// The mutex stays for what a pointer points to; the map goes.
class Beside {
public:
  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

  void attach(int *hits) {
    std::lock_guard<std::mutex> lock(mutex_);
    hits_ = hits;
  }

  void hit() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (hits_ != nullptr)
      ++*hits_;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, int> values_;
  int *hits_ = nullptr;
};
// EXPECT: field Beside::values_ convert map
// EXPECT: field Beside::hits_ keep
// EXPECT: mutex Beside::mutex_ keep
// EXPECT: operation Beside::put store
// EXPECT: operation Beside::has contains

// One mutex, two maps, each section on one of them.
class TwoMaps {
public:
  void putName(int id, const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_[id] = name;
  }

  bool knows(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_.count(id) != 0;
  }

  void putSize(int id, int size) {
    std::lock_guard<std::mutex> lock(mutex_);
    sizes_[id] = size;
  }

  bool measured(int id) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return sizes_.count(id) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::string> names_;
  std::map<int, int> sizes_;
};
// EXPECT: field TwoMaps::names_ convert map
// EXPECT: field TwoMaps::sizes_ convert map
// EXPECT: mutex TwoMaps::mutex_ remove
// EXPECT: operation TwoMaps::putName store
// EXPECT: operation TwoMaps::knows contains
// EXPECT: operation TwoMaps::putSize store
// EXPECT: operation TwoMaps::measured contains

// Two mutexes at once, with nothing but locals in between.
class Both {
public:
  void put(const std::string &key, int value) {
    std::scoped_lock lock(mutex_, other_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

  int next() {
    std::lock_guard<std::mutex> lock(other_);
    return ++next_;
  }

private:
  mutable std::mutex mutex_;
  mutable std::mutex other_;
  std::unordered_map<std::string, int> values_;
  int next_ = 0;
};
// EXPECT: field Both::values_ convert map
// EXPECT: field Both::next_ convert atomic
// EXPECT: mutex Both::mutex_ remove
// EXPECT: mutex Both::other_ remove
// EXPECT: operation Both::put store
// EXPECT: operation Both::has contains
// EXPECT: operation Both::next add

// One of two mutexes leaves the lock of both: what the other guards stays.
class OneOfTwo {
public:
  void put(const std::string &key, int value) {
    std::scoped_lock lock(mutex_, other_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

  void putBoth(const std::string &key, int value) {
    std::scoped_lock lock(other_, mutex_);
    list_.push_back(value);
    list_.push_back(value + 1);
    values_[key] = value;
  }

  std::size_t listed() {
    std::lock_guard<std::mutex> lock(other_);
    return list_.size();
  }

private:
  mutable std::mutex mutex_;
  mutable std::mutex other_;
  std::unordered_map<std::string, int> values_;
  // EXPECT: field OneOfTwo::list_ keep unsupported-operation
  std::vector<int> list_;
};
// EXPECT: field OneOfTwo::values_ convert map
// EXPECT: mutex OneOfTwo::mutex_ remove
// EXPECT: mutex OneOfTwo::other_ keep
// EXPECT: operation OneOfTwo::put store of OneOfTwo::values_
// EXPECT: operation OneOfTwo::putBoth store of OneOfTwo::values_
// EXPECT: operation OneOfTwo::has contains

// An alias of the type of the map, and of the lock.
class Aliased {
public:
  void put(const std::string &key, int value) {
    Lock lock(mutex_);
    values_[key] = value;
  }

  bool has(const std::string &key) const {
    Lock lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  using Lock = std::lock_guard<std::mutex>;
  mutable std::mutex mutex_;
  Values values_;
};
// EXPECT: field Aliased::values_ convert map
// EXPECT: mutex Aliased::mutex_ remove
// EXPECT: operation Aliased::put store
// EXPECT: operation Aliased::has contains

// Static members.
class Static {
public:
  static void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  static bool has(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  static inline std::mutex mutex_;
  static inline std::unordered_map<std::string, int> values_;
};
// EXPECT: field Static::values_ convert map
// EXPECT: mutex Static::mutex_ remove
// EXPECT: operation Static::put store
// EXPECT: operation Static::has contains

// Static members that are defined outside of the class.
class StaticOutside {
public:
  static void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

  static bool has(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  static std::mutex mutex_;
  static std::unordered_map<std::string, int> values_;
};
std::mutex StaticOutside::mutex_;
std::unordered_map<std::string, int> StaticOutside::values_;
// EXPECT: field StaticOutside::values_ convert map
// EXPECT: mutex StaticOutside::mutex_ remove
// EXPECT: operation StaticOutside::put store
// EXPECT: operation StaticOutside::has contains

// Variables of a namespace, declared first and defined later.
namespace shared {
extern std::mutex lock;
extern std::unordered_map<std::string, int> table;
extern int changes;

void put(const std::string &key, int value) {
  std::lock_guard<std::mutex> guard(lock);
  table[key] = value;
}

bool has(const std::string &key) {
  std::lock_guard<std::mutex> guard(lock);
  return table.count(key) != 0;
}

int count() {
  std::lock_guard<std::mutex> guard(lock);
  return ++changes;
}

std::mutex lock;
std::unordered_map<std::string, int> table;
int changes = 0;
} // namespace shared
// EXPECT: field shared::table convert map
// EXPECT: field shared::changes convert atomic
// EXPECT: mutex shared::lock remove
// EXPECT: operation shared::put store
// EXPECT: operation shared::has contains
// EXPECT: operation shared::count add

// At namespace scope, with internal linkage.
namespace registry {
namespace {
std::mutex mutex;
std::unordered_map<std::string, int> values;
} // namespace

void put(const std::string &key, int value) {
  std::lock_guard<std::mutex> lock(mutex);
  values[key] = value;
}

bool has(const std::string &key) {
  std::lock_guard<std::mutex> lock(mutex);
  return values.count(key) != 0;
}
} // namespace registry
// EXPECT: field registry::values convert map
// EXPECT: mutex registry::mutex remove
// EXPECT: operation registry::put store
// EXPECT: operation registry::has contains

// At namespace scope, static, and a number.
namespace numbers {
static std::mutex mutex;
static int last = 0;

int next() {
  std::lock_guard<std::mutex> lock(mutex);
  return ++last;
}

int current() {
  std::lock_guard<std::mutex> lock(mutex);
  return last;
}
} // namespace numbers
// EXPECT: field numbers::last convert atomic
// EXPECT: mutex numbers::mutex remove
// EXPECT: operation numbers::next add
// EXPECT: operation numbers::current get

// Static variables of a function.
namespace interned {
int number(const std::string &name, int offered) {
  static std::mutex mutex;
  static std::unordered_map<std::string, int> known;
  std::lock_guard<std::mutex> lock(mutex);
  auto it = known.find(name);
  if (it != known.end())
    return it->second;
  known.emplace(name, offered);
  return offered;
}
} // namespace interned
// EXPECT: field interned::number::known convert map
// EXPECT: mutex interned::number::mutex remove
// EXPECT: operation interned::number load_or_store

template <class T> void exercise(const char *name, T &&table) {
  table.put("one", 1);
  std::thread other([&] {
    for (int i = 0; i < 100; ++i)
      table.put(std::to_string(i), i);
  });
  for (int i = 99; i >= 0; --i)
    table.put(std::to_string(i), i);
  other.join();
  std::printf("%s", name);
  if constexpr (std::is_same_v<std::decay_t<T>, EarlyUnlock>)
    std::printf(" %d %d %d\n", table.get("one"), table.get("77"), table.get("none"));
  else
    std::printf(" %d %d %d\n", table.has("one"), table.has("77"), table.has("none"));
}

// Many mutexes, each beside its part of the map.
class Sharded {
public:
  void put(int key, int value) {
    auto &shard = shards_[static_cast<std::size_t>(key) % 4];
    std::lock_guard<std::mutex> lock(shard.mutex);
    shard.values[key] = value;
  }
  bool has(int key) {
    Shard &shard = shards_[static_cast<std::size_t>(key) % 4];
    std::lock_guard<std::mutex> lock(shard.mutex);
    return shard.values.count(key) != 0;
  }
  std::size_t size() {
    std::size_t size = 0;
    for (auto &shard : shards_) {
      std::lock_guard<std::mutex> lock(shard.mutex);
      size += shard.values.size();
    }
    return size;
  }

private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<int, int> values;
  };
  std::array<Shard, 4> shards_;
};
// EXPECT: field Sharded::Shard::values convert map
// EXPECT: mutex Sharded::Shard::mutex remove
// EXPECT: operation Sharded::put store
// EXPECT: operation Sharded::has contains
// EXPECT: operation Sharded::size size

int main() {
  exercise("Guard", Guard());
  exercise("Unique", Unique());
  exercise("EarlyUnlock", EarlyUnlock());
  exercise("Shared", Shared());
  exercise("Scoped", Scoped());
  exercise("ByHand", ByHand());
  exercise("SharedByHand", SharedByHand());
  exercise("Recursive", Recursive());
  exercise("Nested", Nested());
  exercise("Block", Block());
  exercise("Beside", Beside());
  exercise("Aliased", Aliased());
  exercise("Static", Static());
  exercise("StaticOutside", StaticOutside());
  exercise("Both", Both());
  exercise("OneOfTwo", OneOfTwo());
  OneOfTwo two;
  two.putBoth("one", 1);
  std::printf("%zu\n", two.listed());
  shared::put("one", 1);
  std::printf("%d %d %d\n", shared::has("one"), shared::has("two"), shared::count());
  Relock relock;
  relock.putTwice("one", "two", 1);
  Helpers helpers;
  helpers.put("one", 1);
  TwoMaps maps;
  maps.putName(1, "one");
  maps.putSize(2, 2);
  std::printf("%d %d %d %d\n", relock.has("one"), relock.has("two"), helpers.positive("one"),
              helpers.get("two").value_or(-1));
  std::printf("%d %d %d %d\n", maps.knows(1), maps.knows(2), maps.measured(1), maps.measured(2));
  registry::put("one", 1);
  std::printf("%d %d\n", registry::has("one"), registry::has("two"));
  const int first = numbers::next(), second = numbers::next();
  std::printf("%d %d %d\n", first, second, numbers::current());
  std::printf("%d ", interned::number("one", 1));
  std::printf("%d\n", interned::number("one", 2));
  Sharded sharded;
  sharded.put(1, 2);
  sharded.put(6, 2);
  std::printf("%d %d %zu\n", sharded.has(6), sharded.has(2), sharded.size());
}
