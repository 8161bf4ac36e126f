// RUN: %check_rewrite %s -std=c++20
// Values that lead into something else: a copy of one is no copy of what the mutex guards.
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <span>
#include <vector>

class Iterators {
public:
  void add(int key, std::vector<char>::iterator value) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.insert_or_assign(key, value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(key) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Iterators::m_ keep unsafe-value-type
  std::map<int, std::vector<char>::iterator> m_;
};

class Positions {
public:
  void add(int key, std::list<int>::const_iterator value) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.insert_or_assign(key, value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(key) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Positions::m_ keep unsafe-value-type
  std::map<int, std::list<int>::const_iterator> m_;
};

class Spans {
public:
  void add(int key, std::span<int> value) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.insert_or_assign(key, value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(key) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Spans::m_ keep unsafe-value-type
  std::map<int, std::span<int>> m_;
};

class Wrappers {
public:
  void add(int key, std::reference_wrapper<const int> value) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.insert_or_assign(key, value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(key) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Wrappers::m_ keep unsafe-value-type
  std::map<int, std::reference_wrapper<const int>> m_;
};

class Pairs {
public:
  void add(int key, std::pair<int, std::vector<int>::iterator> value) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.insert_or_assign(key, value);
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(key) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Pairs::m_ keep unsafe-value-type
  std::map<int, std::pair<int, std::vector<int>::iterator>> m_;
};
