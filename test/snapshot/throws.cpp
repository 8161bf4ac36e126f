// RUN: %check_rewrite %s -std=c++20
#include <bitset>
#include <cstdio>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>

// What throws without looking like it, after the first change.
class PositionThrows {
public:
  void put(int v, std::size_t at) {
    std::lock_guard<std::mutex> l(mu_);
    a_ = v;
    text_.insert(at, "x");
  }
  std::string both() const {
    std::lock_guard<std::mutex> l(mu_);
    return text_ + std::to_string(a_);
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  std::string text_;
};
// EXPECT: field PositionThrows::a_ keep unsupported-operation
// EXPECT: field PositionThrows::text_ keep unsupported-operation

class AtTheEnd {
public:
  void put(int v) {
    std::lock_guard<std::mutex> l(mu_);
    a_ = v;
    text_.append("x");
  }
  std::string both() const {
    std::lock_guard<std::mutex> l(mu_);
    return text_ + std::to_string(a_);
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  std::string text_;
};
// EXPECT: field AtTheEnd::a_ convert snapshot
// EXPECT: field AtTheEnd::text_ convert snapshot

class BitThrows {
public:
  void put(int v, std::size_t at) {
    std::lock_guard<std::mutex> l(mu_);
    a_ = v;
    bits_.set(at);
  }
  bool both(std::size_t at) const {
    std::lock_guard<std::mutex> l(mu_);
    return bits_[at] && a_ > 0;
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  std::bitset<8> bits_;
};
// EXPECT: field BitThrows::a_ keep unsupported-operation
// EXPECT: field BitThrows::bits_ keep unsupported-operation

struct Refuses {
  bool operator()(int left, int right) const {
    if (left < 0 || right < 0)
      throw std::invalid_argument("negative");
    return left < right;
  }
};
class ComparisonThrows {
public:
  void put(int v) {
    std::lock_guard<std::mutex> l(mu_);
    a_ = v;
    seen_.insert(v);
  }
  bool isLast(int v) const {
    std::lock_guard<std::mutex> l(mu_);
    return a_ == v && seen_.count(v) != 0;
  }
  bool isFirst(int v) const {
    std::lock_guard<std::mutex> l(mu_);
    return a_ != v && seen_.count(v) != 0;
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  std::set<int, Refuses> seen_;
};
// EXPECT: field ComparisonThrows::a_ keep unsupported-operation
// EXPECT: field ComparisonThrows::seen_ keep unsupported-operation

class GoneThrows {
public:
  void put(int v, const std::weak_ptr<int> &other) {
    std::lock_guard<std::mutex> l(mu_);
    a_ = v;
    other_ = std::shared_ptr<int>(other);
  }
  bool both() const {
    std::lock_guard<std::mutex> l(mu_);
    return a_ > 0 && other_ != nullptr;
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  std::shared_ptr<int> other_;
};
// EXPECT: field GoneThrows::a_ keep unsupported-operation
// EXPECT: field GoneThrows::other_ keep unsupported-operation

// Throws where it ends, which is after the change.
struct Check {
  explicit Check(int value) : value(value) {}
  ~Check() noexcept(false) {
    if (value < 0)
      throw std::invalid_argument("negative");
  }
  int value;
};
class EndThrows {
public:
  void put(int v) {
    std::lock_guard<std::mutex> l(mu_);
    Check check(v);
    a_ = v;
    b_ = v;
  }
  bool both() const {
    std::lock_guard<std::mutex> l(mu_);
    return a_ == b_;
  }
  bool isLess() const {
    std::lock_guard<std::mutex> l(mu_);
    return a_ < b_;
  }

private:
  mutable std::mutex mu_;
  int a_ = 0;
  int b_ = 0;
};
// EXPECT: field EndThrows::a_ keep unsupported-operation
// EXPECT: field EndThrows::b_ keep unsupported-operation

int main() {
  EndThrows end;
  end.put(1);
  std::printf("%d %d\n", end.both(), end.isLess());
  PositionThrows position;
  position.put(1, 0);
  AtTheEnd atTheEnd;
  atTheEnd.put(2);
  BitThrows bit;
  bit.put(1, 3);
  ComparisonThrows comparison;
  comparison.put(4);
  GoneThrows gone;
  gone.put(1, std::make_shared<int>(1));
  std::printf("%s %s %d %d %d %d\n", position.both().c_str(), atTheEnd.both().c_str(), bit.both(3),
              comparison.isLast(4), comparison.isFirst(4), gone.both());
}
