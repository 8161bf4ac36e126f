// RUN: %check_rewrite %s -std=c++20
// pointee-guarded: the mutex guards what the values point to.

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

struct Peer {
  // EXPECT: field CopiedMap::m_ keep spans-fields @+5
  // EXPECT: field CopiedThenWrite::m_ keep pointee-guarded @+4
  // EXPECT: field LoopWrite::m_ keep pointee-guarded @+3
  // EXPECT: field MethodWrite::m_ keep pointee-guarded @+2
  // EXPECT: field OptionalCopy::m_ keep spans-fields @+1
  void touch() { ++hits; }
  // EXPECT: field ReadOfWritten::m_ keep pointee-guarded @+1
  int peek() const { return hits; }
  int hits = 0;
};

// EXPECT: field FreeFunctionWrite::m_ keep pointee-guarded @+1
inline void touch(Peer *p) { ++p->hits; }
// EXPECT: field FreeFunctionShared::m_ keep pointee-guarded @+1
inline void touchShared(const std::shared_ptr<Peer> &p) { ++p->hits; }

struct Fixed {
  explicit Fixed(int n) : n(n) {}
  const int n;
};

class ArrowWrite {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field ArrowWrite::m_ keep pointee-guarded @+1
      ++it->second->hits;
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

class MethodWrite {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      it->second->touch();
  }
  void put(int k, Peer *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Peer *> m_;
};

class CopiedThenWrite {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return;
    std::shared_ptr<Peer> p = it->second;
    p->touch();
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

class AssignedThenWrite {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    Peer *p = nullptr;
    auto it = m_.find(k);
    if (it != m_.end())
      p = it->second;
    if (p)
      // EXPECT: field AssignedThenWrite::m_ keep spans-fields @+1
      ++p->hits;
  }
  void put(int k, Peer *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Peer *> m_;
};

class Collected {
public:
  void hitAll() {
    std::lock_guard<std::mutex> lock(mu_);
    std::vector<Peer *> all;
    for (auto &[k, p] : m_)
      all.push_back(p);
    for (Peer *p : all)
      // EXPECT: field Collected::m_ keep spans-fields @+1
      ++p->hits;
  }
  void put(int k, Peer *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Peer *> m_;
};

class CopiedMap {
public:
  void hitAll() {
    std::lock_guard<std::mutex> lock(mu_);
    auto all = m_;
    for (auto &[k, p] : all)
      p->touch();
  }
  void put(int k, Peer *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Peer *> m_;
};

class LoopWrite {
public:
  void hitAll() {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto &[k, p] : m_)
      p->touch();
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

class AlgorithmWrite {
public:
  void hitAll() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field AlgorithmWrite::m_ keep unsupported-operation @+1
    std::for_each(m_.begin(), m_.end(), [](auto &entry) { entry.second->touch(); });
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

class FreeFunctionWrite {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      ::touch(it->second);
  }
  void put(int k, Peer *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Peer *> m_;
};

class FreeFunctionShared {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      touchShared(it->second);
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

class HelperReturns {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (Peer *p = find(k))
      // EXPECT: field HelperReturns::m_ keep spans-fields @+1
      ++p->hits;
  }
  void put(int k, Peer *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }

private:
  Peer *find(int k) {
    auto it = m_.find(k);
    return it == m_.end() ? nullptr : it->second;
  }
  std::mutex mu_;
  std::unordered_map<int, Peer *> m_;
};

class HelperOut {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    std::shared_ptr<Peer> p;
    if (find(k, p))
      p->touch();
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  bool find(int k, std::shared_ptr<Peer> &out) {
    auto it = m_.find(k);
    if (it == m_.end())
      return false;
    // EXPECT: field HelperOut::m_ keep spans-fields @+1
    out = it->second;
    return true;
  }
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

class OptionalCopy {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    std::optional<std::shared_ptr<Peer>> p;
    auto it = m_.find(k);
    if (it != m_.end())
      p = it->second;
    if (p)
      (*p)->touch();
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

// Reads under the lock what others write under it.
class ReadOfWritten {
public:
  int look(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second->peek();
  }
  void put(int k, std::shared_ptr<Peer> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

// It never changes, but who erases it deletes it.
class RawFixed {
public:
  int look(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    // EXPECT: field RawFixed::m_ keep pointee-guarded @+1
    return it == m_.end() ? 0 : it->second->n;
  }
  void put(int k, Fixed *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }
  void drop(int k) {
    Fixed *old = nullptr;
    {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(k);
      if (it == m_.end())
        return;
      old = it->second;
      m_.erase(it);
    }
    delete old;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Fixed *> m_;
};

// The text belongs to the object that is deleted.
class RawText {
public:
  std::string look(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    // EXPECT: field RawText::m_ keep spans-fields @+1
    return it == m_.end() ? "" : *it->second;
  }
  void put(int k, const std::string *p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = p;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return;
    delete it->second;
    m_.erase(it);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, const std::string *> m_;
};

// A pointer inside the value.
struct Slot {
  const char *name = nullptr;
  int *counter = nullptr;
};
class PointerInValue {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field PointerInValue::m_ keep spans-fields @+1
      ++*it->second.counter;
  }
  void put(int k, int *n) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = Slot{"", n};
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Slot> m_;
};

class PointerCopied {
public:
  void hit(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    Slot s;
    auto it = m_.find(k);
    if (it != m_.end())
      s = it->second;
    if (s.counter)
      // EXPECT: field PointerCopied::m_ keep spans-fields @+1
      ++*s.counter;
  }
  void put(int k, int *n) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = Slot{"", n};
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Slot> m_;
};

class Expired {
public:
  void prune() {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto it = m_.begin(); it != m_.end();)
      // EXPECT: field Expired::m_ keep escapes-reference @+1
      it = it->second.expired() ? m_.erase(it) : std::next(it);
  }
  void put(int k, std::weak_ptr<Fixed> p) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::move(p);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::weak_ptr<Fixed>> m_;
};
