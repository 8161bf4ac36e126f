// RUN: %check_alone %s -std=c++20 --unlatch-arg=--strategy=SharedCounter::misses_=atomic,snapshot
// spans-fields: one section acts on more than the field.

#include <atomic>
#include <algorithm>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using Names = std::unordered_map<int, std::string>;

struct Shared {
  std::atomic<bool> stopped{false};
  bool isStopped() const { return stopped.load(); }
};

inline std::atomic<int> generation{0};

struct Guarded {
  explicit Guarded(int n) : n(n) {}
  ~Guarded() { generation += n; }
  Guarded(const Guarded &) = delete;
  int n;
};

using Counts = std::unordered_map<int, int>;

class StopTestedBefore {
public:
  bool put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (stopped_)
      return false;
    m_[k] = v;
    return true;
  }
  void stop() {
    stopped_ = true;
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  std::atomic<bool> stopped_{false};
  // EXPECT: field StopTestedBefore::m_ review map
  Names m_;
};

class StopTestedAfter {
public:
  bool put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    return !stopped_.load();
  }
  void stop() {
    stopped_ = true;
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  std::atomic<bool> stopped_{false};
  // EXPECT: field StopTestedAfter::m_ review map
  Names m_;
};

// The flag is found behind a pointer.
class StopBehindPointer {
public:
  explicit StopBehindPointer(std::shared_ptr<Shared> s) : shared_(std::move(s)) {}
  bool put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (shared_->isStopped())
      return false;
    m_[k] = v;
    return true;
  }
  void stop() {
    shared_->stopped = true;
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  const std::shared_ptr<Shared> shared_;
  // EXPECT: field StopBehindPointer::m_ review map
  Names m_;
};

class StopByReference {
public:
  bool put(int k, const std::string &v, const std::atomic<bool> &stopped) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field StopByReference::m_ keep spans-fields @+1
    if (stopped)
      return false;
    m_[k] = v;
    return true;
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  Names m_;
};

class FreeAtomic {
public:
  int put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    return std::atomic_fetch_add(&generation, 1);
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mu_);
    m_.clear();
  }

private:
  std::mutex mu_;
  // EXPECT: field FreeAtomic::m_ review map
  Names m_;
};

// A section of two atomics: who saw the first, passed through any section and comes back, expects the second.
class Sibling {
public:
  void both() {
    std::lock_guard<std::mutex> lock(mu_);
    a_ = 1;
    b_ = 1;
  }
  bool seen(int k) {
    if (a_ == 0)
      return true;
    {
      std::lock_guard<std::mutex> lock(mu_);
      if (m_.count(k))
        return true;
    }
    return b_ == 1;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::atomic<int> a_{0};
  std::atomic<int> b_{0};
  // EXPECT: field Sibling::m_ keep spans-fields 142
  Names m_;
};

struct Less {
  bool operator()(int a, int b) const {
    ++generation;
    return a < b;
  }
};
class AlgorithmFunctor {
public:
  void put(int k, const std::string &v, std::vector<int> list) {
    std::lock_guard<std::mutex> lock(mu_);
    std::sort(list.begin(), list.end(), Less());
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field AlgorithmFunctor::m_ review map
  Names m_;
};

// A local's destructor runs before the lock is released.
class LocalDestructor {
public:
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    Guarded guarded(k);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field LocalDestructor::m_ review map
  Names m_;
};

class OwnedDestructor {
public:
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    auto guarded = std::make_unique<Guarded>(k);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field OwnedDestructor::m_ review map
  Names m_;
};

class ResetsPointer {
public:
  void put(int k, const std::string &v, std::shared_ptr<Guarded> last) {
    std::lock_guard<std::mutex> lock(mu_);
    last.reset();
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field ResetsPointer::m_ review map
  Names m_;
};

class LocalVector {
public:
  void put(int k, const std::string &v, std::vector<std::unique_ptr<Guarded>> list) {
    std::lock_guard<std::mutex> lock(mu_);
    list.clear();
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field LocalVector::m_ review map
  Names m_;
};

inline int &slot() {
  static int n = 0;
  // EXPECT: field StaticByReference::m_ keep spans-fields @+1
  return n;
}
class StaticByReference {
public:
  int put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    return ++slot();
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  static int peek() { return slot(); }

private:
  std::mutex mu_;
  Names m_;
};

// What the caller lends is shared with whoever else has it.
class OutParameterShared {
public:
  void take(int k, int *total, const std::atomic<int> *ticket) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field OutParameterShared::m_ keep spans-fields @+1
      *total += it->second + *ticket;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// A const member leads to what the lock guards.
struct Inner {
  int n = 0;
};
class FrozenPointer {
public:
  int put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
    // EXPECT: field FrozenPointer::m_ keep spans-fields @+1
    return ++inner_->n;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }
  int peek() const { return inner_->n; }
  Inner *inner() const { return inner_.get(); }

private:
  std::mutex mu_;
  const std::unique_ptr<Inner> inner_ = std::make_unique<Inner>();
  std::unordered_map<int, int> m_;
};

class CountsInStep {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.emplace(k, v).second)
      ++n_;
  }
  bool full() {
    // EXPECT: field CountsInStep::m_ keep spans-fields @+3
    // EXPECT: field CountsInStep::n_ keep spans-fields @+2
    std::lock_guard<std::mutex> lock(mu_);
    return n_ > 10 && !m_.empty();
  }

private:
  std::mutex mu_;
  Counts m_;
  int n_ = 0;
};

class Bimap {
public:
  void put(int a, int b) {
    std::lock_guard<std::mutex> lock(mu_);
    forward_[a] = b;
    back_[b] = a;
  }
  int forward(int a) {
    // EXPECT: field Bimap::back_ keep spans-fields @+3
    // EXPECT: field Bimap::forward_ keep spans-fields @+2
    std::lock_guard<std::mutex> lock(mu_);
    return forward_.count(a) ? forward_[a] + back_[a] : 0;
  }

private:
  std::mutex mu_;
  Counts forward_;
  Counts back_;
};

// A counter under a shared lock is guarded by nothing, and the map's section keeps it.
class SharedCounter {
public:
  bool has(int k) {
    // EXPECT: field SharedCounter::hits_ keep spans-fields @+5
    std::shared_lock<std::shared_mutex> lock(mu_);
    // EXPECT: field SharedCounter::m_ keep spans-fields @+2
    // EXPECT: finding unlocked-access @+1
    ++hits_;
    return m_.count(k) != 0;
  }
  void put(int k, int v) {
    std::unique_lock<std::shared_mutex> lock(mu_);
    m_[k] = v;
    hits_ = 0;
    misses_.clear();
  }
  std::size_t hits() {
    std::shared_lock<std::shared_mutex> lock(mu_);
    // EXPECT: field SharedCounter::misses_ keep spans-fields @+1
    return misses_.size() + static_cast<std::size_t>(hits_);
  }

private:
  std::shared_mutex mu_;
  Counts m_;
  int hits_ = 0;
  std::vector<int> misses_;
};

// The map is filled by the constructor and changed in place only: that is writing as well.
class InPlace {
public:
  // EXPECT: field InPlace::m_ keep unsupported-operation @+1
  InPlace() : m_{{1, 10}, {2, 20}} {}
  int spend(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
    auto it = m_.find(k);
    if (it != m_.end())
      it->second -= 1;
    return it == m_.end() ? 0 : it->second;
  }
  int rest(int k) {
    // EXPECT: field InPlace::n_ keep spans-fields @+2
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? n_ : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
  int n_ = 0;
};
