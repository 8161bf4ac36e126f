// The runtime needs C++17, and the program is built as something older.
// RUN: %check_rewrite %s -std=c++14
// RUN: %check_rewrite %s -std=c++11
// RUN: %check_rewrite %s -std=gnu++14

#include <mutex>
#include <unordered_map>

class Table {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Table::m_ keep language-too-old @+1
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// An atomic is initialised by a copy.
class Counter {
public:
  void count() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
  }
  int counted() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Counter::n_ keep language-too-old @+1
  int n_ = 0;
};

// It would be one snapshot.
class Limits {
public:
  void set(int low, int high) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Limits::low_ keep language-too-old @+1
    low_ = low;
    // EXPECT: field Limits::high_ keep language-too-old @+1
    high_ = high;
  }
  bool allows(int value) {
    std::lock_guard<std::mutex> lock(mu_);
    return low_ <= value && value <= high_;
  }

private:
  std::mutex mu_;
  int low_{};
  int high_{};
};

// Of static storage, and used in a lambda only.
namespace {
std::mutex namesMutex;
std::unordered_map<int, int> names;
} // namespace
void rename(int from, int to) {
  const auto change = [from, to] {
    std::lock_guard<std::mutex> lock(namesMutex);
    // EXPECT: field names keep language-too-old @+1
    names[from] = to;
  };
  change();
}
bool isNamed(int k) {
  std::lock_guard<std::mutex> lock(namesMutex);
  return names.count(k) != 0;
}

// In a function that is called with the lock held.
class Helped {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    putLocked(k, v);
  }

private:
  void putLocked(int k, int v) {
    // EXPECT: field Helped::m_ keep language-too-old @+1
    m_[k] = v;
  }
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
