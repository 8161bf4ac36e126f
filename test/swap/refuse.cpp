// RUN: %check_alone %s -std=c++20
// What moves entries about is no `swap`.

#include <mutex>
#include <stdexcept>
#include <unordered_map>
#include <utility>

using Counts = std::unordered_map<int, int>;

class Rename {
public:
  void rename(int a, int b) {
    std::lock_guard<std::mutex> lock(mu_);
    auto node = m_.extract(a);
    if (!node.empty()) {
      node.key() = b;
      // EXPECT: field Rename::m_ keep multi-key @+1
      m_.insert(std::move(node));
    }
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class Merge {
public:
  void merge(Counts other) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Merge::m_ keep unsupported-operation @+1
    m_.merge(other);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class Buckets {
public:
  std::size_t bucket(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Buckets::m_ keep unsupported-operation @+1
    return m_.bucket_size(m_.bucket(k));
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

namespace throws {
inline std::mutex mutex;
inline Counts values;
inline int get(int k) {
  std::lock_guard<std::mutex> lock(mutex);
  try {
    // EXPECT: field throws::values keep unsupported-operation @+1
    int v = values.at(k);
    values[k] = v + values.at(k + 1);
    return v;
  } catch (const std::out_of_range &) {
    return -1;
  }
}
} // namespace throws
