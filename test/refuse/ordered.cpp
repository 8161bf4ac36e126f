// RUN: %check_alone %s -std=c++20
// ordered: the order of the keys matters.

#include <map>
#include <mutex>
#include <string>
#include <vector>

class Bounds {
public:
  int next(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Bounds::m_ keep ordered @+1
    auto it = m_.lower_bound(k);
    return it == m_.end() ? -1 : it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

class First {
public:
  int first() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field First::m_ keep ordered @+1
    return m_.empty() ? -1 : m_.begin()->first;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

// The list comes out sorted, the other way round.
class Sorted {
public:
  std::vector<int> keys() {
    std::lock_guard<std::mutex> lock(mu_);
    std::vector<int> out;
    // EXPECT: field Sorted::m_ keep ordered @+1
    for (auto it = m_.rbegin(); it != m_.rend(); ++it)
      out.push_back(it->first);
    return out;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

class EraseFirst {
public:
  void pop() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field EraseFirst::m_ keep ordered @+1
    m_.erase(m_.begin());
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

class Neighbour {
public:
  int after(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    // EXPECT: field Neighbour::m_ keep ordered @+1
    if (it == m_.end() || ++it == m_.end())
      return -1;
    return it->second;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

// Stops at the first that is late: needs the order.
class Expire {
public:
  int expire(int now) {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    // EXPECT: field Expire::m_ keep unsupported-operation @+1
    for (auto it = m_.begin(); it != m_.end() && it->first < now; ++n)
      it = m_.erase(it);
    return n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::map<int, int> m_;
};

struct NoCase {
  bool operator()(const std::string &a, const std::string &b) const { return a.size() < b.size(); }
};
// Other keys are equal here than a hash would say.
class OwnOrder {
public:
  int get(const std::string &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }
  void put(const std::string &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field OwnOrder::m_ keep ordered @+1
  std::map<std::string, int, NoCase> m_;
};

class FloatKey {
public:
  int get(double k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }
  void put(double k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field FloatKey::m_ keep ordered @+1
  std::map<double, int> m_;
};

struct Point {
  int x = 0, y = 0;
  bool operator<(const Point &o) const { return x < o.x; }
};
class OrderedKey {
public:
  int get(const Point &k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }
  void put(const Point &k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  // EXPECT: field OrderedKey::m_ keep ordered @+1
  std::map<Point, int> m_;
};
