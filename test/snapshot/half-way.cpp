// RUN: %check_rewrite --unlatch-arg='--strategy=*=snapshot' %s -std=c++20
// One call that changes the state, and throws half-way: what it has done by then stays done.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

struct Checked {
  bool operator()(int left, int right) const {
    if (left < 0 || right < 0)
      throw 1;
    return left < right;
  }
};
struct Counting {
  using iterator_category = std::input_iterator_tag;
  using value_type = int;
  using difference_type = std::ptrdiff_t;
  using pointer = int *;
  using reference = int;
  int number;
  int operator*() const {
    if (number == 3)
      throw 1;
    return number;
  }
  Counting &operator++() {
    ++number;
    return *this;
  }
  Counting operator++(int) { return {number++}; }
  bool operator==(const Counting &other) const { return number == other.number; }
  bool operator!=(const Counting &other) const { return number != other.number; }
};

class Erases {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.push_back(number);
  }
  void change() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(numbers_, [](int each) {
      if (each < 0)
        throw 1;
      return each > 3;
    });
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::accumulate(numbers_.begin(), numbers_.end(), 0);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> numbers_;
};
// EXPECT: field Erases::numbers_ keep unsupported-operation

class Transforms {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.push_back(number);
  }
  void change() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::transform(numbers_.begin(), numbers_.end(), numbers_.begin(), [](int each) {
      if (each < 0)
        throw 1;
      return each + 1;
    });
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::accumulate(numbers_.begin(), numbers_.end(), 0);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> numbers_;
};
// EXPECT: field Transforms::numbers_ keep unsupported-operation

class Sorts {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.push_back(number);
  }
  void change() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::sort(numbers_.begin(), numbers_.end(), Checked());
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::accumulate(numbers_.begin(), numbers_.end(), 0);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> numbers_;
};
// EXPECT: field Sorts::numbers_ keep unsupported-operation

class Generates {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.push_back(number);
  }
  void change() {
    std::lock_guard<std::mutex> lock(mutex_);
    int next = 2;
    std::generate(numbers_.begin(), numbers_.end(), [&] {
      if (next < 0)
        throw 1;
      return next--;
    });
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::accumulate(numbers_.begin(), numbers_.end(), 0);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> numbers_;
};
// EXPECT: field Generates::numbers_ keep unsupported-operation

class Inserts {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.push_back(number);
  }
  void change() {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.insert(numbers_.end(), Counting{0}, Counting{9});
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::accumulate(numbers_.begin(), numbers_.end(), 0);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> numbers_;
};
// EXPECT: field Inserts::numbers_ keep unsupported-operation

class InsertsIntoSet {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.insert(number < 0 ? 0 : number);
  }
  void change() {
    std::lock_guard<std::mutex> lock(mutex_);
    const std::vector<int> more = {7, 8, -1};
    numbers_.insert(more.begin(), more.end());
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::accumulate(numbers_.begin(), numbers_.end(), 0);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.size();
  }

private:
  mutable std::mutex mutex_;
  std::set<int, Checked> numbers_;
};
// EXPECT: field InsertsIntoSet::numbers_ keep unsupported-operation

class SortsCalmly {
public:
  void add(int number) {
    std::lock_guard<std::mutex> lock(mutex_);
    numbers_.push_back(number);
  }
  void change() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::sort(numbers_.begin(), numbers_.end(), [](int a, int b) { return a > b; });
  }
  int sum() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::accumulate(numbers_.begin(), numbers_.end(), 0);
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> numbers_;
};
// EXPECT: field SortsCalmly::numbers_ review snapshot

// The element is there before what is done with it throws.
class InsertedBefore {
public:
  void put(int key, const std::string &text, std::size_t from) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key].assign(text, from, 2);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return values_.count(key) > 0;
  }

private:
  std::mutex mutex_;
  std::unordered_map<int, std::string> values_;
};
// EXPECT: field InsertedBefore::values_ keep unsupported-operation

template <class Class> void exercise(const char *name) {
  Class object;
  for (int number : {5, 6, 1, -1, 9})
    object.add(number);
  try {
    object.change();
  } catch (int) {
  }
  std::printf("%s %d %zu\n", name, object.sum(), object.size());
}

int main() {
  exercise<Erases>("Erases");
  exercise<Transforms>("Transforms");
  exercise<Sorts>("Sorts");
  exercise<Generates>("Generates");
  exercise<Inserts>("Inserts");
  exercise<InsertsIntoSet>("InsertsIntoSet");
  exercise<SortsCalmly>("SortsCalmly");
  InsertedBefore inserted;
  try {
    inserted.put(1, "abc", 9);
  } catch (const std::exception &) {
  }
  std::printf("%d\n", inserted.has(1));
}
