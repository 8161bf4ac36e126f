// RUN: %check_alone %s -std=c++17
// Algorithms that write through the iterators and pointers that they are given change the element;
// others only look.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iterator>
#include <mutex>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

using Numbers = std::vector<int>;

struct Checked {
  bool operator()(int left, int right) const {
    if (left < 0 || right < 0)
      throw 1;
    return left < right;
  }
};

class Sorted {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::sort(it->second.begin(), it->second.end());
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Sorted::values_ convert map

class SortedByName {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      auto begin = it->second.begin();
      std::sort(begin, it->second.end(), std::greater<>());
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field SortedByName::values_ convert map

class Filled {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::fill(it->second.begin(), it->second.end(), 3);
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Filled::values_ convert map

class Reversed {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::reverse(it->second.begin(), it->second.end());
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Reversed::values_ convert map

class CopiedInto {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      const int more[] = {7, 8};
      std::copy(more, more + 2, it->second.begin());
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field CopiedInto::values_ convert map

class Cleared {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::memset(it->second.data(), 0, sizeof(int));
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Cleared::values_ keep escapes-reference

class EachChanged {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::for_each(it->second.begin(), it->second.end(), [](int &each) { ++each; });
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field EachChanged::values_ keep spans-fields

class Swapped {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::iter_swap(it->second.begin(), it->second.begin() + 1);
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Swapped::values_ convert map

class HalfSorted {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      std::sort(it->second.begin(), it->second.end(), Checked());
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field HalfSorted::values_ keep unsupported-operation

class Summed {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      return std::accumulate(it->second.begin(), it->second.end(), 0);
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Summed::values_ convert map

class Found {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      return std::find(it->second.begin(), it->second.end(), 4) == it->second.end();
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Found::values_ convert map

class Copied {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      Numbers copy;
      std::copy(it->second.begin(), it->second.end(), std::back_inserter(copy));
      return static_cast<int>(copy.size());
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field Copied::values_ convert map

class EachLookedAt {
public:
  void put(int key, Numbers numbers) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = std::move(numbers);
  }
  int change(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    if (it != values_.end()) {
      int sum = 0;
      std::for_each(it->second.begin(), it->second.end(), [&](int each) { sum += each; });
      return sum;
    }
    return 0;
  }
  Numbers get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = values_.find(key);
    return it == values_.end() ? Numbers() : it->second;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, Numbers> values_;
};
// EXPECT: field EachLookedAt::values_ convert map

template <class Class> void exercise(const char *name) {
  Class object;
  object.put(1, {3, 1, 4});
  std::printf("%s %d", name, object.change(1));
  for (int each : object.get(1))
    std::printf(" %d", each);
  std::printf("\n");
}

int main() {
  exercise<Sorted>("Sorted");
  exercise<SortedByName>("SortedByName");
  exercise<Filled>("Filled");
  exercise<Reversed>("Reversed");
  exercise<CopiedInto>("CopiedInto");
  exercise<Cleared>("Cleared");
  exercise<EachChanged>("EachChanged");
  exercise<Swapped>("Swapped");
  exercise<HalfSorted>("HalfSorted");
  exercise<Summed>("Summed");
  exercise<Found>("Found");
  exercise<Copied>("Copied");
  exercise<EachLookedAt>("EachLookedAt");
}
