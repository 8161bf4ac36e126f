// RUN: %check_alone %s -std=c++20 --unlatch-arg=--strategy=Counted::values_=snapshot --unlatch-arg=--strategy=Quiet::values_=snapshot --unlatch-arg=--strategy=Chosen::values_=snapshot
// Comparisons and hashes of the program: readers would run them at the same time, or not at all.
#include <cstddef>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

// Counts how often it is asked.
struct CountingHash {
  static inline long calls = 0;
  std::size_t operator()(int key) const {
    ++calls;
    return static_cast<std::size_t>(key);
  }
};

class Counted {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }
  bool hasBoth(int key, int other) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0 && values_.count(other) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int, CountingHash> values_;
};
// EXPECT: field Counted::values_ keep unsafe-value-type

// Touches nothing but what it is given.
struct QuietHash {
  std::size_t operator()(int key) const { return static_cast<std::size_t>(key) * 31; }
};

class Quiet {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  bool hasBoth(int key, int other) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0 && values_.count(other) != 0;
  }
  bool hasOne(int key, int other) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0 || values_.count(other) != 0;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<int, int, QuietHash> values_;
};
// EXPECT: field Quiet::values_ convert snapshot

// What is called is not known.
class Chosen {
public:
  Chosen() {
    std::lock_guard<std::mutex> lock(mutex_);
    values_ = std::set<int, std::function<bool(int, int)>>(std::less<int>());
  }
  void put(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.insert(key);
  }
  bool has(int key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) != 0;
  }
  bool isEmpty() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.empty();
  }

private:
  mutable std::mutex mutex_;
  std::set<int, std::function<bool(int, int)>> values_;
};
// EXPECT: field Chosen::values_ keep unsafe-value-type

// Keys of a type that is compared as the program says, not by their values.
enum class Colour { red, crimson, blue };
inline bool operator==(Colour left, Colour right) {
  const auto plain = [](Colour each) {
    return static_cast<int>(each) == 1 ? 0 : static_cast<int>(each);
  };
  return plain(left) == plain(right);
}
template <> struct std::hash<Colour> {
  std::size_t operator()(Colour) const { return 7; }
};

class Coloured {
public:
  void put(Colour key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  int get(Colour key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? 0 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::unordered_map<Colour, int> values_;
};
// EXPECT: field Coloured::values_ keep unsupported-operation

enum class Shape { square, circle };
inline bool operator<(Shape left, Shape right) {
  return static_cast<int>(right) < static_cast<int>(left);
}

class Shaped {
public:
  void put(Shape key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  int get(Shape key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? 0 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<Shape, int> values_;
};
// EXPECT: field Shaped::values_ keep ordered

// As the language compares them.
enum class Size { small, large };

class Sized {
public:
  void put(Size key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }
  int get(Size key) const {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? 0 : it->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<Size, int> values_;
};
// EXPECT: field Sized::values_ convert map

int main() {
  Counted counted;
  counted.put(1, 2);
  std::printf("%d %d\n", counted.has(1), counted.hasBoth(1, 2));
  Quiet quiet;
  quiet.put(1, 2);
  std::printf("%d %d\n", quiet.hasBoth(1, 2), quiet.hasOne(1, 2));
  Chosen chosen;
  chosen.put(1);
  std::printf("%d %d\n", chosen.has(1), chosen.isEmpty());
  Coloured coloured;
  coloured.put(Colour::red, 3);
  std::printf("%d\n", coloured.get(Colour::crimson));
  Shaped shaped;
  shaped.put(Shape::circle, 3);
  std::printf("%d\n", shaped.get(Shape::circle));
  Sized sized;
  sized.put(Size::large, 3);
  std::printf("%d %d\n", sized.get(Size::large), sized.get(Size::small));
}
