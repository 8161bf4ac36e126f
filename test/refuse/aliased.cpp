// RUN: %check_rewrite %s -std=c++20
// aliased, address-taken: the map is reached by another way.

#include <memory>
#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

// The lock of one object, the map of another.
class OthersLock {
public:
  void put(OthersLock &other, int k, int v) {
    std::lock_guard<std::mutex> lock(other.mu_);
    m_[k] = v;
  }
  void drop(OthersLock &other, int k) {
    std::lock_guard<std::mutex> lock(other.mu_);
    // EXPECT: field OthersLock::m_ keep aliased @+1
    m_.erase(k);
  }

private:
  std::mutex mu_;
  Counts m_;
};

// The map is handed on by reference.
inline int firstOf(const Counts &m) { return m.empty() ? 0 : m.begin()->second; }
class HandedOn {
public:
  int first() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field HandedOn::m_ review snapshot
    return firstOf(m_);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class MapByReference {
public:
  const Counts &all() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field MapByReference::m_ keep escapes-reference @+1
    return m_;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class Chosen {
public:
  void put(bool left, int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Chosen::a_ keep address-taken @+2
    // EXPECT: field Chosen::b_ keep address-taken @+1
    Counts *m = left ? &a_ : &b_;
    (*m)[k] = v;
  }
  bool inA(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return a_.count(k);
  }
  bool inB(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return b_.count(k);
  }

private:
  std::mutex mu_;
  Counts a_;
  Counts b_;
};

class MapPointer {
public:
  // EXPECT: field MapPointer::m_ keep address-taken @+1
  static auto where() { return &MapPointer::m_; }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

// Each object's own mutex guards what all objects share.
class StaticMap {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field StaticMap::m_ keep aliased @+1
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  static inline Counts m_;
};

// A member of another type, reached through a pointer that changes.
struct Inside {
  Counts m;
};
class Pimpl {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    inside_->m[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Inside::m keep aliased @+2
    // EXPECT: field Pimpl::inside_ keep spans-fields @+1
    return inside_->m.count(k) != 0;
  }
  void reset() {
    std::lock_guard<std::mutex> lock(mu_);
    inside_ = std::make_shared<Inside>();
  }

private:
  std::mutex mu_;
  std::shared_ptr<Inside> inside_ = std::make_shared<Inside>();
};
