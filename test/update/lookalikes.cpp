// RUN: %check_alone %s -std=c++20
// RUN: %check_alone --plan-only %s -std=c++20 --unlatch-arg=--consistency=per-operation
// What the function of update() does outside of itself is done again by a second try, though it is
// reached by a pointer; and what it has done to the entry is gone after an exception.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

struct Tally {
  int count = 0;
};

class ByPointer {
public:
  void add(int k, int *n) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      // EXPECT: field ByPointer::m_ keep side-effect-in-update @+1
      ++*n;
      it->second += *n;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ByArrow {
public:
  void add(int k, Tally *tally) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      // EXPECT: field ByArrow::m_ keep side-effect-in-update @+1
      tally->count += 1;
      it->second += tally->count;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class BySmartPointer {
public:
  int add(int k, int n) {
    auto sum = std::make_unique<int>(n);
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      // EXPECT: field BySmartPointer::m_ keep side-effect-in-update @+1
      *sum += 5;
      it->second += *sum;
    }
    return *sum;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ByIterator {
public:
  void add(int k, std::vector<int> v) {
    auto first = v.begin();
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      // EXPECT: field ByIterator::m_ keep side-effect-in-update @+1
      ++*first;
      it->second += *first;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ByCopyOfPointer {
public:
  void add(int k, int *n) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      int *same = n;
      // EXPECT: field ByCopyOfPointer::m_ keep side-effect-in-update @+1
      ++*same;
      it->second += *same;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ByBinding {
public:
  int add(int k, std::pair<int, int> range) {
    auto &[low, high] = range;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      // EXPECT: field ByBinding::m_ keep side-effect-in-update @+1
      ++low;
      it->second += low + high;
    }
    return range.first;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class ByFunction {
public:
  void add(int k, const char *name) {
    char buffer[64] = "";
    char *text = buffer;
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, "");
    } else {
      // EXPECT: field ByFunction::m_ keep side-effect-in-update @+1
      std::strcat(text, name);
      it->second += buffer;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, std::string> m_;
};

class ByAlgorithm {
public:
  void add(int k, std::vector<int> v) {
    auto first = v.begin(), last = v.end();
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      // EXPECT: field ByAlgorithm::m_ keep side-effect-in-update @+1
      std::next_permutation(first, last);
      it->second += *first;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

class PartlyDone {
public:
  void parse(int k, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      it->second = 7;
      // EXPECT: field PartlyDone::m_ keep unsupported-operation @+1
      it->second += std::stoi(text);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

struct Number {
  explicit Number(const std::string &text) : n(std::stoi(text)) {}
  int n;
};

class PartlyDoneByMember {
public:
  void parse(int k, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      it->second = 7;
      // EXPECT: field PartlyDoneByMember::m_ keep unsupported-operation @+1
      const Number number(text);
      it->second += number.n;
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The beginning of a string can always be had.
class Shortened {
public:
  void put(int k, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    auto &entry = m_[k];
    entry.first++;
    entry.second = text.substr(0, 3);
  }
  std::string get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? "" : std::to_string(it->second.first) + it->second.second;
  }

private:
  std::mutex mu_;
  // EXPECT: field Shortened::m_ convert map
  // EXPECT: operation Shortened::put update
  std::unordered_map<int, std::pair<int, std::string>> m_;
};

// Everything here is the function's own, and what throws does so before the entry is touched.
class OwnVariables {
public:
  int add(int k, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      m_.emplace(k, 1);
    } else {
      const int number = std::stoi(text);
      std::vector<int> v(2, number);
      v[0] += 1;
      std::reverse(v.begin(), v.end());
      auto sum = std::make_unique<int>(v.back());
      *sum += 1;
      it->second += *sum;
    }
    return 0;
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field OwnVariables::m_ convert map
  // EXPECT: operation OwnVariables::add update
  std::unordered_map<int, int> m_;
};

int main() {
  OwnVariables own;
  own.add(1, "3");
  own.add(1, "3");
  std::printf("%d\n", own.get(1));
  Shortened shortened;
  shortened.put(1, "abcde");
  shortened.put(1, "f");
  std::printf("%s\n", shortened.get(1).c_str());
}
