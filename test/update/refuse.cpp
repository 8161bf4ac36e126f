// RUN: %check_alone %s -std=c++20
// Changes of a value that a second try would do twice.

#include <cstdio>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using Counts = std::unordered_map<int, int>;

using Lists = std::unordered_map<int, std::vector<std::string>>;

class SumsAcross {
public:
  void take(int k, int &total) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return;
    // EXPECT: field SumsAcross::m_ keep side-effect-in-update @+1
    total += it->second;
    it->second /= 2;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class SumsLocal {
public:
  int take(int k, int n) {
    int total = n;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end()) {
      // EXPECT: field SumsLocal::m_ keep side-effect-in-update @+1
      total += it->second;
      it->second = it->second / 2;
    }
    return total;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

// What a variable holds before the first try is not what it was declared with.
class ChangedBefore {
public:
  int take(int k, int n) {
    int total = 0;
    total += n;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end()) {
      // EXPECT: field ChangedBefore::m_ keep side-effect-in-update @+1
      total += it->second;
      it->second = 0;
    }
    return total;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class ChangedInEachRound {
public:
  int take(const std::vector<int> &keys) {
    int total = 0;
    for (int k : keys) {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(k);
      if (it != m_.end()) {
        // EXPECT: field ChangedInEachRound::m_ keep side-effect-in-update @+1
        total += it->second;
        it->second = 0;
      }
    }
    return total;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class ChangedByLambda {
public:
  int take(int k, int n) {
    int total = 0;
    auto add = [&] { total += n; };
    add();
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end()) {
      // EXPECT: field ChangedByLambda::m_ keep side-effect-in-update @+1
      total += it->second;
      it->second = 0;
    }
    return total;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class SumsForGood {
public:
  int take(int k) {
    static int total = 0;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return 0;
    // EXPECT: field SumsForGood::take::total keep aliased @+2
    // EXPECT: field SumsForGood::m_ keep spans-fields @+1
    total += it->second;
    it->second = 0;
    return total;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class GoesBack {
public:
  int take(int k) {
    int total = 0;
  again:
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end()) {
      // EXPECT: field GoesBack::m_ keep side-effect-in-update @+1
      total += it->second;
      it->second = it->second / 2;
    }
    if (total % 2 == 1)
      goto again;
    return total;
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class PrintsWithin {
public:
  void halve(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end())
      return;
    it->second /= 2;
    // EXPECT: field PrintsWithin::m_ keep side-effect-in-update @+1
    std::printf("%d\n", it->second);
  }
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Counts m_;
};

class AppendsOutside {
public:
  void drain(int k, std::vector<std::string> &out) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &list = m_[k];
    if (!list.empty()) {
      // EXPECT: field AppendsOutside::m_ keep side-effect-in-update @+1
      out.push_back(list.back());
      list.pop_back();
    }
  }

private:
  std::mutex mu_;
  Lists m_;
};

// A second try would swap back.
class SwapsOut {
public:
  std::vector<std::string> drain(int k) {
    std::vector<std::string> out;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it != m_.end())
      // EXPECT: field SwapsOut::m_ keep side-effect-in-update @+1
      out.swap(it->second);
    return out;
  }
  void put(int k, const std::vector<std::string> &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Lists m_;
};

class SwapsStd {
public:
  std::vector<std::string> drain(int k) {
    std::vector<std::string> out;
    std::lock_guard<std::mutex> lock(mu_);
    if (auto it = m_.find(k); it != m_.end())
      // EXPECT: field SwapsStd::m_ keep side-effect-in-update @+1
      std::swap(out, it->second);
    return out;
  }
  void put(int k, const std::vector<std::string> &v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }

private:
  std::mutex mu_;
  Lists m_;
};
