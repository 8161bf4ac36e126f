// RUN: %check_alone %s -std=c++20
// unsafe-value-type: keys and values that cannot be shared or copied unseen.

#include <atomic>
#include <functional>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

class Pool {
public:
  explicit Pool(std::pmr::memory_resource *r) : m_(r) {}
  std::size_t count(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field Pool::m_ keep unsupported-operation @+1
  std::pmr::unordered_map<int, int> m_;
};

struct CountingHash {
  std::size_t operator()(int k) const {
    ++calls;
    return static_cast<std::size_t>(k);
  }
  mutable int calls = 0;
};
class HashWithState {
public:
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field HashWithState::m_ keep unsafe-value-type @+1
  std::unordered_map<int, int, CountingHash> m_;
};

inline int hashed = 0;
struct GlobalHash {
  std::size_t operator()(int k) const {
    ++hashed;
    return static_cast<std::size_t>(k);
  }
};
class HashWithGlobal {
public:
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field HashWithGlobal::m_ keep unsafe-value-type @+1
  std::unordered_map<int, int, GlobalHash> m_;
};

struct Id {
  int n = 0;
  bool operator==(const Id &o) const {
    ++hashed;
    return n == o.n;
  }
};
template <> struct std::hash<Id> {
  std::size_t operator()(const Id &k) const { return static_cast<std::size_t>(k.n + hashed * 0); }
};
class EqualWithEffect {
public:
  bool has(Id k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void put(Id k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field EqualWithEffect::m_ keep unsafe-value-type @+1
  std::unordered_map<Id, int> m_;
};

struct Name {
  std::string text;
  mutable std::size_t cached = 0;
  bool operator==(const Name &o) const { return text == o.text; }
};
template <> struct std::hash<Name> {
  std::size_t operator()(const Name &k) const {
    if (!k.cached)
      k.cached = std::hash<std::string>()(k.text);
    return k.cached;
  }
};
class CachedHash {
public:
  bool has(const Name &k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void put(const Name &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field CachedHash::m_ keep unsafe-value-type @+1
  std::unordered_map<Name, int> m_;
};

class HashPointer {
public:
  explicit HashPointer(std::size_t (*h)(int)) : m_(16, h) {}
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field HashPointer::m_ keep unsafe-value-type @+1
  std::unordered_map<int, int, std::size_t (*)(int)> m_;
};

struct Cache {
  int value() const {
    if (!known)
      known = n * 2;
    return known;
  }
  int n = 0;
  mutable int known = 0;
};
class MutableValue {
public:
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second.value();
  }
  void put(int k, const Cache &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field MutableValue::m_ keep unsafe-value-type @+1
  std::unordered_map<int, Cache> m_;
};

class MoveOnly {
public:
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : *it->second;
  }
  void put(int k, std::unique_ptr<int> v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(v);
  }

private:
  std::mutex mu_;
  // EXPECT: field MoveOnly::m_ keep unsupported-operation @+1
  std::unordered_map<int, std::unique_ptr<int>> m_;
};

inline std::atomic<int> gone{0};
struct Tracked {
  int id = 0;
  ~Tracked() { ++gone; }
};
// Every copy would be counted when it goes.
class CountedDestruction {
public:
  Tracked get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? Tracked{} : it->second;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field CountedDestruction::m_ keep unsafe-value-type @+1
  std::unordered_map<int, Tracked> m_;
};

struct Assigned {
  Assigned() = default;
  Assigned(const Assigned &) = default;
  Assigned &operator=(const Assigned &o) {
    n = o.n;
    ++gone;
    return *this;
  }
  int n = 0;
};
class CountedAssignment {
public:
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second.n;
  }
  void put(int k, const Assigned &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field CountedAssignment::m_ keep unsafe-value-type @+1
  std::unordered_map<int, Assigned> m_;
};

struct Conn {
  ~Conn() { ++gone; }
  int fd = 0;
};
// Who erases the last reference closes the connection under the lock.
class CountedErase {
public:
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  void put(int k, std::shared_ptr<Conn> v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(v);
  }

private:
  std::mutex mu_;
  // EXPECT: field CountedErase::m_ review map
  std::unordered_map<int, std::shared_ptr<Conn>> m_;
};
