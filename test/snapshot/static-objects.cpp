// RUN: %check_rewrite %s -std=c++17
// An object of static storage that is ready before anything runs, and until the end.
#include <cstdio>
#include <mutex>
#include <string>

class Stats {
public:
  void add(int n) {
    std::lock_guard<std::mutex> lock(mu_);
    sum_ += n;
    last_ = n;
  }
  int both() {
    std::lock_guard<std::mutex> lock(mu_);
    return sum_ * 10 + last_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Stats::sum_ keep unsupported-operation
  int sum_ = 0;
  // EXPECT: field Stats::last_ keep unsupported-operation
  int last_ = 0;
};
extern Stats stats;
struct Registered {
  explicit Registered(int n) { stats.add(n); }
  ~Registered() { std::printf("late %d\n", stats.both()); }
};
static Registered first(2);
Stats stats;

// It is made when it is first asked for.
class Limits {
public:
  void set(int low, int high) {
    std::lock_guard<std::mutex> lock(mu_);
    low_ = low;
    high_ = high;
  }
  int width() {
    std::lock_guard<std::mutex> lock(mu_);
    return high_ - low_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Limits::low_ convert snapshot
  int low_ = 0;
  // EXPECT: field Limits::high_ convert snapshot
  int high_ = 0;
  const std::string unit_ = "mm"; // ends when the program does
};
static Limits &limits() {
  static Limits all;
  return all;
}

int main() {
  stats.add(3);
  limits().set(2, 7);
  std::printf("%d %d\n", stats.both(), limits().width());
}
