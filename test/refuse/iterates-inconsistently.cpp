// The size and the elements have to be of one moment, and there is no place to take both at once.
// RUN: %check_alone %s -std=c++17
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

class SizeInIf {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::string text(bool head) {
    std::lock_guard<std::mutex> lock(mu_);
    std::string out;
    if (head)
      // EXPECT: field SizeInIf::m_ keep iterates-inconsistently @+1
      out += std::to_string(m_.size());
    for (const auto &[k, v] : m_)
      out += std::to_string(k + v);
    return out;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class LoopInIf {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  std::string text(bool all) {
    std::lock_guard<std::mutex> lock(mu_);
    std::string out;
    if (all) {
      // EXPECT: field LoopInIf::m_ keep iterates-inconsistently @+4
      for (const auto &[k, v] : m_)
        out += std::to_string(k + v);
    }
    out += std::to_string(m_.size());
    return out;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class EmptyInLoop {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int tries(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    int sum = 0;
    for (int i = 0; i < n; ++i)
      sum += m_.empty() ? 0 : 1;
    // EXPECT: field EmptyInLoop::m_ keep iterates-inconsistently
    for (const auto &[k, v] : m_)
      sum += v;
    return sum;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class TwoLoops {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int sums(bool keys) {
    std::lock_guard<std::mutex> lock(mu_);
    int sum = 0;
    if (keys) {
      // EXPECT: field TwoLoops::m_ keep unsupported-operation
      for (const auto &each : m_)
        sum += each.first;
    }
    for (const auto &each : m_)
      sum += each.second;
    return sum;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class Averaged {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  int average() {
    std::lock_guard<std::mutex> lock(mu_);
    int sum = 0;
    while (sum < 100) {
      // EXPECT: field Averaged::m_ keep iterates-inconsistently
      for (const auto &each : m_)
        sum += each.second;
      if (sum == 0)
        break;
    }
    return sum / static_cast<int>(m_.size() + 1);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class SizeInBranch {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  long value(int kind) {
    std::lock_guard<std::mutex> lock(mu_);
    long sum = 0;
    switch (kind) {
    case 0:
      // EXPECT: field SizeInBranch::m_ keep iterates-inconsistently
      sum = static_cast<long>(m_.size());
      break;
    default:
      break;
    }
    for (auto it = m_.begin(); it != m_.end(); ++it)
      sum += it->second;
    return sum;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};
