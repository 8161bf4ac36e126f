// The type of the field is asked for where no operation is: it would be another, and the code might
// even compile.
// RUN: %check_rewrite %s -std=c++17
#include <map>
#include <mutex>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

class Returns {
  std::mutex mu_;
  // EXPECT: field Returns::m_ keep unsupported-operation @+4
  std::unordered_map<int, std::string> m_;

public:
  decltype(m_) all() {
    std::lock_guard<std::mutex> lock(mu_);
    return m_;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
};

class Asserts {
public:
  int next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++n_;
  }
  int last() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
  // EXPECT: field Asserts::n_ keep unsupported-operation @+1
  static_assert(std::is_same_v<decltype(n_), int>);
};

class Declares {
  std::mutex mu_;
  long n_ = 0;

public:
  // EXPECT: field Declares::n_ keep unsupported-operation @+1
  static void clear(decltype(n_) &other) { other = 0; }
  static long none() {
    long result = 1;
    clear(result);
    return result;
  }
  long next() {
    std::lock_guard<std::mutex> lock(mu_);
    return ++n_;
  }
  long last() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }
};

class Members {
  std::mutex mu_;
  std::map<int, std::vector<int>> m_;

public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k].push_back(v);
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  // EXPECT: field Members::m_ keep unsupported-operation @+1
  using Order = decltype(m_)::key_compare;
};

template <typename T> struct IsMap : std::false_type {};
template <typename K, typename V> struct IsMap<std::unordered_map<K, V>> : std::true_type {};

class Traits {
  std::mutex mu_;
  std::unordered_map<int, int> m_;

public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  // EXPECT: field Traits::m_ keep unsupported-operation @+1
  static_assert(IsMap<decltype(m_)>::value);
};

// A function of its own type's making.
class Deduces {
  std::mutex mu_;
  std::unordered_map<int, int> m_;

  template <typename Map> static long sum(const Map &map) {
    long total = 0;
    for (const auto &[key, value] : map)
      total += static_cast<const typename Map::mapped_type &>(value);
    return total;
  }
  // EXPECT: field Deduces::m_ keep unsupported-operation
  using Sum = long (*)(const decltype(m_) &);
  static constexpr Sum add = &sum<std::unordered_map<int, int>>;

public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  static long sumOf(const std::unordered_map<int, int> &other) { return add(other); }
};
