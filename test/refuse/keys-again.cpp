// RUN: %check_alone %s -std=c++17
// What a key is when it is looked at again, by another name, in another order or as another type.
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

// Both may be names of one variable.
class ErasedByOther {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }
  int take(const int &key, int &out) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return 0;
    out = it->second;
    values_.erase(key);
    return 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ErasedByOther::values_ keep unsupported-operation

class InsertedByOther {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }
  int take(const int &key, int &out) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end())
      return 0;
    ++out;
    values_[key] = 3;
    return 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field InsertedByOther::values_ keep unsupported-operation

class ReadBackByOther {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }
  int take(const int &key, int &out) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return -1;
    out = it->second;
    return it->first;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ReadBackByOther::values_ keep unsupported-operation

class PointedTo {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }
  int take(const int &key, int *out) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return 0;
    *out = it->second;
    values_.erase(key);
    return 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field PointedTo::values_ keep unsupported-operation

// The iterator knows where it is.
class ErasedByIterator {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }
  int take(const int &key, int &out) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return 0;
    out = it->second;
    values_.erase(it);
    return 1;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field ErasedByIterator::values_ convert map

// Of another type than the one in the map.
class Wider {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }
  long stored(long key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return -1;
    return it->first;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Wider::values_ keep unsupported-operation

class Halves {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }
  double stored(double key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it == values_.end())
      return -1;
    return it->first / 2;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int> values_;
};
// EXPECT: field Halves::values_ keep unsupported-operation

// Compared as they are.
class Transparent {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  bool has(double key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int, std::less<>> values_;
};
// EXPECT: field Transparent::values_ keep unsupported-operation

class TransparentWide {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(long key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int, std::less<>> values_;
};
// EXPECT: field TransparentWide::values_ keep unsupported-operation

class TransparentSame {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  int get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? -1 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<int, int, std::less<>> values_;
};
// EXPECT: field TransparentSame::values_ convert map

// Moved from while the key is made of it: parameters by value have no order.
struct Record {
  std::string id, body;
};
inline std::string marked(const std::string &text) { return text + "!"; }

class MovesTheKey {
public:
  void put(std::string key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.insert_or_assign(marked(key), std::move(key));
  }
  bool has(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> values_;
};
// EXPECT: field MovesTheKey::values_ keep unsupported-operation

class MovesTheKeyAway {
public:
  void put(std::string key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.emplace(marked(key), std::move(key));
  }
  bool has(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> values_;
};
// EXPECT: field MovesTheKeyAway::values_ keep unsupported-operation

class MovesTheRecord {
public:
  void put(Record record) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.insert_or_assign(record.id, std::move(record));
  }
  std::string get(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? "" : it->second.body;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Record> values_;
};
// EXPECT: field MovesTheRecord::values_ convert map

int main() {
  {
    ErasedByOther object;
    object.put(1, 2);
    object.put(2, 9);
    int key = 1;
    const int taken = object.take(key, key);
    std::printf("ErasedByOther %d %d %d %d %d\n", taken, key, object.has(1), object.has(2), object.has(3));
  }
  {
    InsertedByOther object;
    object.put(1, 2);
    object.put(2, 9);
    int key = 3;
    const int taken = object.take(key, key);
    std::printf("InsertedByOther %d %d %d %d %d\n", taken, key, object.has(1), object.has(2), object.has(3));
  }
  {
    ReadBackByOther object;
    object.put(1, 2);
    object.put(2, 9);
    int key = 1;
    const int taken = object.take(key, key);
    std::printf("ReadBackByOther %d %d %d %d %d\n", taken, key, object.has(1), object.has(2), object.has(3));
  }
  {
    ErasedByIterator object;
    object.put(1, 2);
    object.put(2, 9);
    int key = 1;
    const int taken = object.take(key, key);
    std::printf("ErasedByIterator %d %d %d %d %d\n", taken, key, object.has(1), object.has(2), object.has(3));
  }
  PointedTo pointed;
  pointed.put(1, 2);
  int key = 1;
  std::printf("%d %d\n", pointed.take(key, &key), pointed.has(1));
  Wider wider;
  wider.put(1, 1);
  Halves halves;
  halves.put(3, 1);
  Transparent transparent;
  transparent.put(2, 2);
  TransparentWide wide;
  wide.put(1, 7);
  TransparentSame same;
  same.put(1, 7);
  std::printf("%ld %g %d %d %d\n", wider.stored(4294967297L), halves.stored(3.5),
              transparent.has(2.5), wide.get(4294967297L), same.get(1));
  MovesTheKey moves;
  moves.put("a");
  MovesTheKeyAway away;
  away.put("a");
  MovesTheRecord record;
  record.put({"id", "body"});
  std::printf("%d %d %d %d %s\n", moves.has("a!"), moves.has("!"), away.has("a!"), away.has("!"),
              record.get("id").c_str());
}
