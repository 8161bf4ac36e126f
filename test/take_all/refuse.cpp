// RUN: %check_alone %s -std=c++20
// Swaps that do not only take out.

#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

using Table = std::unordered_map<std::string, int>;

// What is put in may hold something.
class SwapsIn {
public:
  void swap(Table other) {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field SwapsIn::values_ keep unsupported-operation @+1
    values_.swap(other);
  }

  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

private:
  std::mutex mutex_;
  Table values_;
};

// Filled before.
class Filled {
public:
  std::size_t swap() {
    Table other;
    other["one"] = 1;
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Filled::values_ keep unsupported-operation @+1
    values_.swap(other);
    return other.size();
  }

  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

private:
  std::mutex mutex_;
  Table values_;
};

// The second time around it holds what was taken out the first time.
class Around {
public:
  std::size_t swap(int rounds) {
    Table other;
    std::lock_guard<std::mutex> lock(mutex_);
    for (int i = 0; i < rounds; ++i)
      // EXPECT: field Around::values_ keep unsupported-operation @+1
      std::swap(values_, other);
    return other.size();
  }

  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

private:
  std::mutex mutex_;
  Table values_;
};

// Begun with elements.
class Begun {
public:
  Table swap() {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Begun::values_ keep aliased @+1
    return std::exchange(values_, Table{{"one", 1}});
  }

  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

private:
  std::mutex mutex_;
  Table values_;
};

// Two objects' maps.
class Others {
public:
  void swap(Others &other) {
    std::scoped_lock lock(mutex_, other.mutex_);
    // EXPECT: field Others::values_ keep unsupported-operation @+1
    values_.swap(other.values_);
  }

  void put(const std::string &key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_[key] = value;
  }

private:
  std::mutex mutex_;
  Table values_;
};
