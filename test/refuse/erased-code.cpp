// RUN: %check_rewrite %s -std=c++20
// Code that the type of a value does not name: it would run outside of the mutex.
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

inline int released = 0;

// A deleter that others can see run.
struct Counted {
  int value = 0;
};
class WithDeleter {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::shared_ptr<Counted>(new Counted{value}, [](Counted *each) {
      ++released;
      delete each;
    });
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Counted>> values_;
};
// EXPECT: field WithDeleter::values_ keep unsafe-value-type

// One that does what the usual one does.
struct Plain {
  int value = 0;
};
class WithPlainDeleter {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::shared_ptr<Plain>(new Plain{value}, [](Plain *each) { delete each; });
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Plain>> values_;
};
// EXPECT: field WithPlainDeleter::values_ convert map

// A deleter that comes with a unique_ptr.
struct Handed {
  int value = 0;
};
struct HandedEnd {
  void operator()(Handed *each) const {
    ++released;
    delete each;
  }
};
class FromUnique {
public:
  void put(int key, std::unique_ptr<Handed, HandedEnd> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::shared_ptr<Handed>(std::move(value));
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Handed>> values_;
};
// EXPECT: field FromUnique::values_ keep unsafe-value-type

// What runs is the destructor of the class that was made, not of the base, which is not virtual.
struct Base {
  int value = 0;
};
struct Derived : Base {
  ~Derived() { ++released; }
};
class OfDerived {
public:
  void put(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::make_shared<Derived>();
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Base>> values_;
};
// EXPECT: field OfDerived::values_ keep unsafe-value-type

struct Quiet {
  int value = 0;
};
struct QuietDerived : Quiet {
  std::string name;
};
class OfQuiet {
public:
  void put(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::make_shared<QuietDerived>();
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Quiet>> values_;
};
// EXPECT: field OfQuiet::values_ convert map

// A function object that sees how often it is copied.
struct Loud {
  static inline int copies = 0;
  Loud() = default;
  Loud(const Loud &) { ++copies; }
  int operator()(int value) const { return value + 1; }
};
class Callbacks {
public:
  void put(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = Loud();
  }
  std::function<int(int)> get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::function<int(int)>() : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::function<int(int)>> values_;
};
// EXPECT: field Callbacks::values_ keep unsafe-value-type

class PlainCallbacks {
public:
  void put(int key, int add) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = [add](int left, int right) { return left + right + add; };
  }
  std::function<int(int, int)> get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::function<int(int, int)>() : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::function<int(int, int)>> values_;
};
// EXPECT: field PlainCallbacks::values_ convert map

// Asked whether somebody holds it: who looks it up in a map holds a copy as before, but who reads a
// state holds all that is in it.
struct Watched {
  int value = 0;
};
class WatchedMap {
public:
  void put(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::make_shared<Watched>();
  }
  std::shared_ptr<Watched> get(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? nullptr : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Watched>> values_;
};
// EXPECT: field WatchedMap::values_ convert map
class WatchedState {
public:
  void put(std::shared_ptr<Watched> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = std::move(value);
    ++changes_;
  }
  bool isNew() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_ != nullptr && changes_ == 1;
  }
  bool isOld() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_ != nullptr && changes_ > 1;
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<Watched> value_;
  int changes_ = 0;
};
// EXPECT: field WatchedState::value_ keep deferred-destruction
// EXPECT: field WatchedState::changes_ keep deferred-destruction

// What ends is behind several pointers, and of a class that is not named.
struct Handler {
  virtual ~Handler() = default;
};
struct LoudHandler : Handler {
  ~LoudHandler() override { ++released; }
};
struct Session {
  int id = 0;
  std::shared_ptr<Handler> handler;
};
class Sessions {
public:
  void put(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto session = std::make_shared<Session>();
    session->handler = std::make_shared<LoudHandler>();
    values_[key] = std::move(session);
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<Session>> values_;
};
// EXPECT: field Sessions::values_ keep

class Listeners {
public:
  void set(int key, std::shared_ptr<const std::vector<std::shared_ptr<Handler>>> value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<const std::vector<std::shared_ptr<Handler>>>> values_;
};
// EXPECT: field Listeners::values_ keep

// What a function object owns ends with it.
struct Resource {
  ~Resource() { ++released; }
};
class Owning {
public:
  void put(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = [resource = std::make_shared<Resource>()](long value) {
      return resource ? value : 0;
    };
  }
  void drop(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.erase(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, std::function<long(long)>> values_;
};
// EXPECT: field Owning::values_ keep unsafe-value-type

int main() {
  Sessions sessions;
  sessions.put(1);
  sessions.drop(1);
  Listeners listeners;
  listeners.set(1, std::make_shared<std::vector<std::shared_ptr<Handler>>>(
                       1, std::make_shared<LoudHandler>()));
  listeners.drop(1);
  Owning owning;
  owning.put(1);
  owning.drop(1);
  std::printf("%d %d %d\n", sessions.has(1), listeners.has(1), owning.has(1));
  WithDeleter withDeleter;
  withDeleter.put(1, 2);
  withDeleter.drop(1);
  WithPlainDeleter withPlain;
  withPlain.put(1, 2);
  withPlain.drop(1);
  FromUnique fromUnique;
  fromUnique.put(1, std::unique_ptr<Handed, HandedEnd>(new Handed));
  fromUnique.drop(1);
  OfDerived ofDerived;
  ofDerived.put(1);
  ofDerived.drop(1);
  OfQuiet ofQuiet;
  ofQuiet.put(1);
  ofQuiet.drop(1);
  std::printf("%d %d %d %d %d %d\n", withDeleter.has(1), withPlain.has(1), fromUnique.has(1),
              ofDerived.has(1), ofQuiet.has(1), released);
  WatchedMap watchedMap;
  watchedMap.put(1);
  WatchedState watchedState;
  std::weak_ptr<Watched> watching = watchedMap.get(1);
  watchedState.put(watching.lock());
  std::printf("%d %d %d\n", watching.expired(), watchedState.isNew(), watchedState.isOld());
  Callbacks callbacks;
  callbacks.put(1);
  PlainCallbacks plain;
  plain.put(1, 2);
  std::printf("%d %d\n", callbacks.get(1)(3), plain.get(1)(3, 4));
}
