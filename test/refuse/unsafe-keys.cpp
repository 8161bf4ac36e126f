// RUN: %check_alone %s -std=c++20
// Equality and hash that reach further than the key.

#include <functional>
#include <mutex>
#include <unordered_map>

struct Pointer {
  const int *a;
  bool operator==(const Pointer &other) const { return *a == *other.a; }
};
struct PointerHash {
  std::size_t operator()(const Pointer &k) const { return std::hash<const int *>()(k.a); }
};
class ThroughPointer {
public:
  void put(const Pointer &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const Pointer &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<Pointer, int, PointerHash> m_;
};

inline int comparisons = 0;
struct Counts {
  int a;
  friend bool operator==(const Counts &l, const Counts &r) {
    ++comparisons;
    return l.a == r.a;
  }
};
struct CountsHash {
  std::size_t operator()(const Counts &k) const { return std::size_t(k.a); }
};
class CountsComparisons {
public:
  void put(const Counts &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const Counts &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<Counts, int, CountsHash> m_;
};

struct Seeded {
  int a;
  bool operator==(const Seeded &other) const { return a == other.a; }
};
template <> struct std::hash<Seeded> {
  std::size_t operator()(const Seeded &k) const {
    static int calls = 0;
    return std::size_t(k.a + 0 * ++calls);
  }
};
class HashCounts {
public:
  void put(const Seeded &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const Seeded &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<Seeded, int> m_;
};

bool sameSomewhere(int a, int b);
struct Unseen {
  int a;
  bool operator==(const Unseen &other) const { return sameSomewhere(a, other.a); }
};
struct UnseenHash {
  std::size_t operator()(const Unseen &k) const { return std::size_t(k.a); }
};
class ComparedUnseen {
public:
  void put(const Unseen &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int get(const Unseen &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? -1 : it->second;
  }

private:
  std::mutex mu_;
  std::unordered_map<Unseen, int, UnseenHash> m_;
};

// EXPECT: field ThroughPointer::m_ keep unsafe-value-type
// EXPECT: field CountsComparisons::m_ keep unsafe-value-type
// EXPECT: field HashCounts::m_ keep unsafe-value-type
// EXPECT: field ComparedUnseen::m_ keep unsafe-value-type
