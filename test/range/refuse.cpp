// RUN: %check_alone %s -std=c++20
// Loops that are no `range`.

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

using Names = std::unordered_map<int, std::string>;

using Counts = std::unordered_map<int, int>;

class RefWrapper {
public:
  std::vector<std::reference_wrapper<std::string>> all() {
    std::lock_guard<std::mutex> lock(mu_);
    std::vector<std::reference_wrapper<std::string>> out;
    for (auto &[k, v] : m_)
      if (k > 0)
        // EXPECT: field RefWrapper::m_ keep escapes-reference @+1
        out.push_back(v);
    return out;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Names m_;
};

class LoopChanges {
public:
  void add(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field LoopChanges::m_ keep unsupported-operation @+1
    for (auto &[k, v] : m_)
      v += n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class LoopLooksUp {
public:
  int dangling() {
    std::lock_guard<std::mutex> lock(mu_);
    int n = 0;
    for (auto &[k, v] : m_)
      // EXPECT: field LoopLooksUp::m_ keep multi-key @+1
      n += m_.count(v) == 0;
    return n;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class TwoLoops {
public:
  double share(int x) {
    std::lock_guard<std::mutex> lock(mu_);
    double sum = 0;
    for (auto &[k, v] : m_)
      sum += v;
    int part = 0;
    // EXPECT: field TwoLoops::m_ keep unsupported-operation @+1
    for (auto &[k, v] : m_)
      if (v > x)
        part += v;
    return part / sum;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class LoopKeepsBest {
public:
  const std::string *longest() {
    std::lock_guard<std::mutex> lock(mu_);
    const std::string *best = nullptr;
    for (auto &[k, v] : m_)
      if (!best || v.size() > best->size())
        // EXPECT: field LoopKeepsBest::m_ keep escapes-reference @+1
        best = &v;
    return best;
  }
  void put(int k, const std::string &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

class LambdaLater {
public:
  std::function<void()> later(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return [this, k] {
      // EXPECT: field LambdaLater::m_ keep unsupported-operation @+1
      for (auto &[key, v] : m_)
        v += k;
    };
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};
