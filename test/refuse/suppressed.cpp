// RUN: %check_rewrite %s -std=c++20
// suppressed: somebody has said that it stays.

#include <mutex>
#include <unordered_map>

using Counts = std::unordered_map<int, int>;

class KeptField {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field KeptField::m_ keep suppressed @+1
  Counts m_; // unlatch: keep(measured, no gain)
};

class KeptMutex {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  // EXPECT: field KeptMutex::m_ keep suppressed @+1
  std::mutex mu_; // unlatch: keep(the audit wants it)
  Counts m_;
};

// The remark may stand above, in the midst of others.
class KeptAbove {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // Sorted by hand.
  // unlatch: keep(until the next release)
  // EXPECT: field KeptAbove::m_ keep suppressed @+2
  // By whom, nobody knows.
  Counts m_;
};

class KeptInBlock {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field KeptInBlock::m_ keep suppressed @+4
  /*
   * unlatch: keep(see the minutes)
   */
  Counts m_;
};

class KeptOnSecondLine {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, // EXPECT: field KeptOnSecondLine::m_ keep suppressed @+1
                     int> m_; // unlatch: keep(wide)
};

// As for clang-tidy.
class NextLine {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field NextLine::m_ keep suppressed @+2
  // NOLINTNEXTLINE(readability-identifier-naming, unlatch-map)
  Counts m_;
};

class AllChecks {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field AllChecks::m_ keep suppressed @+1
  Counts m_; // NOLINT
};

class Region {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // NOLINTBEGIN(unlatch-map)
  // EXPECT: field Region::m_ keep suppressed @+1
  Counts m_;
  // NOLINTEND(unlatch-map)
};

// Lookalikes: a region that has ended, the remark of another field, another tool's check.
class BehindRegion {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field BehindRegion::m_ convert map
  Counts m_;
};

class OthersRemark {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  [[maybe_unused]] int other_ = 0; // unlatch: keep(not this one)
  // EXPECT: field OthersRemark::m_ convert map
  Counts m_;
};

class OthersCheck {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field OthersCheck::m_ convert map
  Counts m_; // NOLINT(readability-identifier-naming)
};

class LineBeforeNext {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // NOLINTNEXTLINE(unlatch-map)
  [[maybe_unused]] int other_ = 0;
  // EXPECT: field LineBeforeNext::m_ convert map
  Counts m_;
};

class KeptNumber {
public:
  void set(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field KeptNumber::n_ keep suppressed @+1
  int n_ = 0; // unlatch: keep(a script of the debugger reads it)
};

// One field of two.
class KeptOfTwo {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    kept_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return kept_.count(k) != 0;
  }
  void putOther(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    other_[k] = v;
  }
  bool hasOther(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return other_.count(k) != 0;
  }

private:
  std::mutex mu_;
  // EXPECT: field KeptOfTwo::kept_ keep suppressed @+1
  Counts kept_; // unlatch: keep(measured, no gain)
  // EXPECT: field KeptOfTwo::other_ convert map
  Counts other_;
};

// A static member's definition is as good a place as its declaration.
class KeptWhereDefined {
public:
  static void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  static void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  static std::mutex mu_;
  // EXPECT: field KeptWhereDefined::m_ keep suppressed @+1
  static Counts m_;
};
std::mutex KeptWhereDefined::mu_;
Counts KeptWhereDefined::m_; // unlatch: keep(defined by the build)
