// RUN: %check_rewrite %s -std=c++20
// not-copyable: the owner could be copied, and could not be afterwards.

#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

using Counts = std::unordered_map<int, int>;

inline std::mutex tableMutex;

// Its mutex is elsewhere, so it can be copied, and could not be afterwards.
class Copyable {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(tableMutex);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(tableMutex);
    return m_.count(k) != 0;
  }

private:
  // EXPECT: field Copyable::m_ keep not-copyable @+1
  Counts m_;
};

class Moved {
public:
  Moved() = default;
  // EXPECT: finding unlocked-access @+1
  Moved(Moved &&other) : m_(std::move(other.m_)) {}
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Moved::m_ keep not-copyable @+1
  Counts m_;
};

class CopiesOther {
public:
  CopiesOther() = default;
  CopiesOther(const CopiesOther &other) {
    std::lock_guard<std::mutex> lock(other.mu_);
    m_ = other.m_;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }

private:
  mutable std::mutex mu_;
  // EXPECT: field CopiesOther::m_ keep not-copyable @+1
  Counts m_;
};

// A picture of all of it is taken.
struct Table {
  // EXPECT: field Table::m keep not-copyable @+1
  Counts m;
  int generation = 0;
};
// EXPECT: field table keep unsupported-operation @+1
inline Table table;
inline void put(int k, int v) {
  std::lock_guard<std::mutex> lock(tableMutex);
  table.m[k] = v;
}
inline bool has(int k) {
  std::lock_guard<std::mutex> lock(tableMutex);
  return table.m.count(k) != 0;
}
inline Table picture() {
  std::lock_guard<std::mutex> lock(tableMutex);
  return table;
}

// A vector moves its elements when it grows.
class Row {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(tableMutex);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(tableMutex);
    return m_.count(k) != 0;
  }

private:
  // EXPECT: field Row::m_ keep not-copyable @+1
  Counts m_;
};
inline std::vector<Row> moreRows(std::vector<Row> rows) {
  rows.push_back(Row());
  return rows;
}
