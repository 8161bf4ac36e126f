// RUN: %check_alone %s -std=c++20
// What moves with an insertion to its look-up belongs to the caller, or is seen by whoever looks
// after an exception: look-alikes where that would show.

#include <cstdio>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

struct Bump {
  explicit Bump(int &number) : n(number) {}
  ~Bump() { ++n; }
  int &n;
};

struct Report {
  Report(const int &number, int &result) : n(number), out(result) {}
  ~Report() { out = n; }
  const int &n;
  int &out;
};

struct Text {
  explicit Text(std::string &&given) : text(std::move(given)) {}
  std::string text;
};

struct Item {
  int price = 0;
  std::string name;
};

// The miss is counted though the value can't be computed, and the handler goes on.
class CountedMiss {
public:
  int put(int k, const std::string &text) {
    int misses = 0;
    try {
      std::lock_guard<std::mutex> lock(mu_);
      auto it = m_.find(k);
      if (it == m_.end()) {
        // EXPECT: field CountedMiss::m_ keep side-effect-in-update @+1
        ++misses;
        m_.emplace(k, std::stoi(text));
      }
    } catch (...) {
    }
    return misses;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The same, and a destructor looks.
class ReportedMiss {
public:
  void put(int k, const std::string &text, int &out) {
    int misses = 0;
    const Report report(misses, out);
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field ReportedMiss::m_ keep side-effect-in-update @+1
      ++misses;
      m_.emplace(k, std::stoi(text));
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The two parameters may be one and the same.
class BumpedByTemporary {
public:
  void put(int k, const int &v, int &last) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    if (it == m_.end()) {
      // EXPECT: field BumpedByTemporary::m_ keep side-effect-in-update @+1
      Bump{last};
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// The field may be what the caller has lent.
class AssignedBetween {
public:
  int &last() { return last_; }
  void put(int k, const int &v) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0) {
      // EXPECT: field AssignedBetween::m_ keep side-effect-in-update @+1
      last_ = 8;
      m_.emplace(k, v);
    }
  }

private:
  std::mutex mu_;
  // EXPECT: field AssignedBetween::last_ keep escapes-reference
  int last_ = 0;
  std::unordered_map<int, int> m_;
};

// The other field has changed by the time that the value can't be computed.
class CountedInField {
public:
  void put(int k, const std::string &text) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0) {
      // EXPECT: field CountedInField::m_ keep side-effect-in-update @+1
      ++attempts_;
      m_.emplace(k, std::stoi(text));
    }
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
  // EXPECT: field CountedInField::attempts_ keep spans-fields
  int attempts_ = 0;
};

// try_emplace() leaves the text to the caller if the key is there. A Text made of it does not.
class LeftToCaller {
public:
  bool put(int k, std::string &&text) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field LeftToCaller::m_ keep unsupported-operation @+1
    return m_.try_emplace(k, std::move(text)).second;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, Text> m_;
};

// ---------------------------------------------------------------- right as they are

// load_or_store() leaves it as well.
class HandedOn {
public:
  bool put(int k, std::string &&text) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) != 0)
      return false;
    m_.emplace(k, std::move(text));
    return true;
  }
  std::string get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? "" : it->second;
  }

private:
  std::mutex mu_;
  // EXPECT: field HandedOn::m_ convert map
  // EXPECT: operation HandedOn::put load_or_store
  std::unordered_map<int, std::string> m_;
};

// Constants, and parts of what does not change.
class Parts {
public:
  void put(int k, const Item &item) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      m_[k] = item.price + kMore;
  }
  void start(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    if (m_.count(k) == 0)
      m_[k] = kMore;
  }
  int get(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    auto it = m_.find(k);
    return it == m_.end() ? 0 : it->second;
  }

private:
  static constexpr int kMore = 3;
  std::mutex mu_;
  // EXPECT: field Parts::m_ convert map
  // EXPECT: operation Parts::put load_or_store
  // EXPECT: operation Parts::start load_or_store
  std::unordered_map<int, int> m_;
};

int main() {
  HandedOn handed;
  std::string first(40, 'x'), second(40, 'y');
  const bool stored = handed.put(1, std::move(first)), again = handed.put(1, std::move(second));
  std::printf("%d %d %s %s\n", stored, again, handed.get(1).c_str(), second.c_str());
  Parts parts;
  parts.put(1, {4, ""});
  parts.start(1);
  parts.start(2);
  std::printf("%d %d\n", parts.get(1), parts.get(2));
}
