// RUN: %check_rewrite %s -std=c++20
// What looks like a compare-and-swap, or like a maximum, and is none.
#include <algorithm>
#include <cstdint>
#include <mutex>
#include <stdexcept>

enum class Phase { Idle, Running, Done };
void work();
int next();

// Written where it was not what it is compared with.
class Otherwise {
public:
  bool start() {
    std::lock_guard<std::mutex> lock(mu_);
    if (phase_ == Phase::Idle)
      return false;
    phase_ = Phase::Running;
    return true;
  }

private:
  std::mutex mu_;
  // EXPECT: field Otherwise::phase_ keep unsupported-operation
  Phase phase_ = Phase::Idle;
};

// Written on one of the paths only.
class Sometimes {
public:
  void start(bool now) {
    std::lock_guard<std::mutex> lock(mu_);
    if (phase_ != Phase::Idle)
      return;
    if (now)
      phase_ = Phase::Running;
  }

private:
  std::mutex mu_;
  // EXPECT: field Sometimes::phase_ keep unsupported-operation
  Phase phase_ = Phase::Idle;
};

// Not written if an exception comes in between.
class MayThrow {
public:
  void start(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    if (phase_ != Phase::Idle)
      return;
    if (n == 0)
      throw std::runtime_error("nothing to do");
    phase_ = Phase::Running;
  }

private:
  std::mutex mu_;
  // EXPECT: field MayThrow::phase_ keep unsupported-operation
  Phase phase_ = Phase::Idle;
};

// What is written is found out after the comparison.
class Later {
public:
  void start(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    if (count_ != 0)
      return;
    n = n * 2 + 1;
    count_ = n;
  }

private:
  std::mutex mu_;
  // EXPECT: field Later::count_ keep unsupported-operation
  int count_ = 0;
};

// Never equal: the comparison is one of wider numbers.
#pragma clang diagnostic ignored "-Wtautological-constant-out-of-range-compare"
class Wider {
public:
  void start() {
    std::lock_guard<std::mutex> lock(mu_);
    if (small_ == -1)
      small_ = 3;
  }
  void set(std::uint8_t to) {
    std::lock_guard<std::mutex> lock(mu_);
    small_ = to;
  }

private:
  std::mutex mu_;
  // EXPECT: field Wider::small_ keep unsupported-operation
  std::uint8_t small_ = 0;
};

// The other side is wider than the number.
class Converted {
public:
  void start(long long expected) {
    std::lock_guard<std::mutex> lock(mu_);
    if (number_ == expected)
      number_ = 3;
  }

private:
  std::mutex mu_;
  // EXPECT: field Converted::number_ keep unsupported-operation
  int number_ = 0;
};

// Equal, with other bytes.
class Floating {
public:
  void start() {
    std::lock_guard<std::mutex> lock(mu_);
    if (value_ == 0.0)
      value_ = 1.0;
  }

private:
  std::mutex mu_;
  // EXPECT: field Floating::value_ keep unsupported-operation
  double value_ = 0.0;
};

// A maximum of what may be no number.
class Peak {
public:
  void see(double value) {
    std::lock_guard<std::mutex> lock(mu_);
    peak_ = std::max(peak_, value);
  }

private:
  std::mutex mu_;
  // EXPECT: field Peak::peak_ keep unsupported-operation
  double peak_ = 0.0;
};

// Compared with one thing, set to another.
class OtherValue {
public:
  void see(int value, int other) {
    std::lock_guard<std::mutex> lock(mu_);
    if (peak_ < value)
      peak_ = other;
  }

private:
  std::mutex mu_;
  // EXPECT: field OtherValue::peak_ keep unsupported-operation
  int peak_ = 0;
};

// What it is compared with is another each time.
class Fresh {
public:
  void see() {
    std::lock_guard<std::mutex> lock(mu_);
    if (peak_ < next())
      peak_ = next();
  }

private:
  std::mutex mu_;
  // EXPECT: field Fresh::peak_ keep unsupported-operation
  int peak_ = 0;
};

// Compared as another type.
class Signs {
public:
  void see(int value) {
    std::lock_guard<std::mutex> lock(mu_);
    if (peak_ < static_cast<unsigned>(value))
      peak_ = static_cast<unsigned>(value);
    else
      work();
  }
  void narrow(long value) {
    std::lock_guard<std::mutex> lock(mu_);
    if (least_ > value)
      least_ = static_cast<int>(value);
  }

private:
  std::mutex mu_;
  // EXPECT: field Signs::peak_ keep unsupported-operation
  unsigned peak_ = 0;
  // EXPECT: field Signs::least_ keep unsupported-operation
  int least_ = 0;
};

// Something else is done where it is raised.
class AndMore {
public:
  bool see(int value) {
    std::lock_guard<std::mutex> lock(mu_);
    if (peak_ < value) {
      peak_ = value;
      return true;
    }
    return false;
  }

private:
  std::mutex mu_;
  // EXPECT: field AndMore::peak_ keep unsupported-operation
  int peak_ = 0;
};

// An order of its own.
class Backwards {
public:
  void see(int value) {
    std::lock_guard<std::mutex> lock(mu_);
    peak_ = std::max(peak_, value, [](int left, int right) { return left > right; });
  }

private:
  std::mutex mu_;
  // EXPECT: field Backwards::peak_ keep unsupported-operation
  int peak_ = 0;
};

// Twice in one section.
class Two {
public:
  void advance() {
    std::lock_guard<std::mutex> lock(mu_);
    if (phase_ == Phase::Idle)
      phase_ = Phase::Running;
    if (phase_ == Phase::Running)
      phase_ = Phase::Done;
  }

private:
  std::mutex mu_;
  // EXPECT: field Two::phase_ keep unsupported-operation
  Phase phase_ = Phase::Idle;
};

// Over and over in one section.
class Loop {
public:
  int tries(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    int changed = 0;
    for (int i = 0; i < n; ++i)
      if (phase_ == Phase::Idle) {
        phase_ = Phase::Running;
        ++changed;
      }
    return changed;
  }

private:
  std::mutex mu_;
  // EXPECT: field Loop::phase_ keep unsupported-operation
  Phase phase_ = Phase::Idle;
};
