// RUN: %check_alone %s -std=c++17
// Ways to change an element that do not look like it: none may be taken for a look-up, which would
// change a copy.
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using Bits = std::vector<bool>;
using Table = std::map<int, int>;

struct Counter {
  int count = 0;
  int digits[2] = {};
  void operator()(int by) { count += by; }
};

inline int sum(const Bits &bits) {
  int sum = 0;
  for (bool each : bits)
    sum = sum * 2 + each;
  return sum;
}
inline int sum(const Table &table) {
  int sum = 0;
  for (const auto &each : table)
    sum += each.first * each.second;
  return sum;
}
inline int sum(const Counter &counter) { return counter.count + counter.digits[1]; }
inline int sum(const std::string &text) { return text[0]; }

class BitSet {
public:
  void put(int key, Bits value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      it->second[0] = true;
    }
  }
  Bits get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Bits() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Bits> values_;
};
// EXPECT: field BitSet::values_ convert map

class BitByFront {
public:
  void put(int key, Bits value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      it->second.front() = true;
    }
  }
  Bits get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Bits() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Bits> values_;
};
// EXPECT: field BitByFront::values_ keep escapes-reference

class BitByAt {
public:
  void put(int key, Bits value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      it->second.at(1) = true;
    }
  }
  Bits get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Bits() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Bits> values_;
};
// EXPECT: field BitByAt::values_ keep escapes-reference

class BitByName {
public:
  void put(int key, Bits value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      auto bit = it->second.at(1);
      bit.flip();
    }
  }
  Bits get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Bits() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Bits> values_;
};
// EXPECT: field BitByName::values_ keep escapes-reference

class EachBit {
public:
  void put(int key, Bits value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      for (auto bit : it->second)
        bit = true;
    }
  }
  Bits get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Bits() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Bits> values_;
};
// EXPECT: field EachBit::values_ keep escapes-reference

class EachPart {
public:
  void put(int key, Table value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      for (auto &[key, value] : it->second)
        value += 4;
    }
  }
  Table get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Table() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Table> values_;
};
// EXPECT: field EachPart::values_ keep side-effect-in-update

class Called {
public:
  void put(int key, Counter value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      it->second(4);
    }
  }
  Counter get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Counter() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Counter> values_;
};
// EXPECT: field Called::values_ keep side-effect-in-update

class Overwritten {
public:
  void put(int key, Counter value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::memset(it->second.digits, 1, sizeof it->second.digits);
    }
  }
  Counter get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Counter() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Counter> values_;
};
// EXPECT: field Overwritten::values_ keep escapes-reference

class Printed {
public:
  void put(int key, std::string value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(value);
  }
  void change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::snprintf(it->second.data(), 2, "x");
    }
  }
  std::string get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? std::string() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::string> values_;
};
// EXPECT: field Printed::values_ convert map

template <class Class, class Value> void exercise(const char *name, Value value) {
  Class object;
  object.put(1, value);
  object.change(1);
  object.change(2);
  std::printf("%s %d\n", name, sum(object.get(1)));
}

int main() {
  exercise<BitSet>("BitSet", Bits(3));
  exercise<BitByFront>("BitByFront", Bits(3));
  exercise<BitByAt>("BitByAt", Bits(3));
  exercise<BitByName>("BitByName", Bits(3));
  exercise<EachBit>("EachBit", Bits(3));
  exercise<EachPart>("EachPart", Table{{1, 2}});
  exercise<Called>("Called", Counter());
  exercise<Overwritten>("Overwritten", Counter());
  exercise<Printed>("Printed", std::string("abc"));
}
