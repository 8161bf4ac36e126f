// RUN: %check_rewrite %s -std=c++17 --tsan
// Numbers that are compared and then written: compare-and-swap, and the largest or smallest.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

enum class Phase { Idle, Running, Done };

// A state that is left for another.
class Machine {
public:
  bool start() {
    std::lock_guard<std::mutex> lock(mu_);
    if (phase_ != Phase::Idle)
      return false;
    phase_ = Phase::Running;
    return true;
  }
  bool finish() {
    std::lock_guard<std::mutex> lock(mu_);
    if (phase_ == Phase::Running) {
      phase_ = Phase::Done;
      return true;
    }
    return false;
  }
  bool move(Phase from, Phase to) {
    std::lock_guard<std::mutex> lock(mu_);
    const bool moves = from == phase_;
    if (moves) {
      phase_ = to;
    }
    return moves;
  }
  Phase get() const {
    std::lock_guard<std::mutex> lock(mu_);
    return phase_;
  }

private:
  mutable std::mutex mu_;
  Phase phase_ = Phase::Idle;
};
// EXPECT: field Machine::phase_ convert atomic
// EXPECT: mutex Machine::mu_ remove
// EXPECT: operation Machine::start compare_and_swap
// EXPECT: operation Machine::finish compare_and_swap
// EXPECT: operation Machine::move compare_and_swap
// EXPECT: operation Machine::get get

// A number, and constants that are written in another type.
class Owner {
public:
  bool take(int who) {
    std::unique_lock<std::mutex> lock(mu_);
    if (owner_ == -1)
      owner_ = who;
    else
      return false;
    return true;
  }
  void release(int who) {
    mu_.lock();
    if (owner_ == who)
      owner_ = -1;
    mu_.unlock();
  }
  bool reset() {
    std::lock_guard<std::mutex> lock(mu_);
    if (small_ != 255)
      return false;
    small_ = 0;
    return true;
  }
  void full() {
    std::lock_guard<std::mutex> lock(mu_);
    small_ = 255;
  }

private:
  std::mutex mu_;
  int owner_ = -1;
  std::uint8_t small_ = 0;
};
// EXPECT: field Owner::owner_ convert atomic
// EXPECT: field Owner::small_ convert atomic
// EXPECT: operation Owner::take compare_and_swap
// EXPECT: operation Owner::release compare_and_swap
// EXPECT: operation Owner::reset compare_and_swap

// A pointer that is set once.
class Once {
public:
  bool set(const int *what) {
    std::lock_guard<std::mutex> lock(mu_);
    if (place_ != nullptr)
      return false;
    place_ = what;
    return true;
  }
  bool isSet() const {
    std::lock_guard<std::mutex> lock(mu_);
    return place_ != nullptr;
  }

private:
  mutable std::mutex mu_;
  const int *place_ = nullptr;
};
// EXPECT: field Once::place_ keep unsupported-operation

// Another value whatever it was.
class Always {
public:
  bool start() {
    std::lock_guard<std::mutex> lock(mu_);
    const bool was = phase_ == Phase::Idle;
    phase_ = Phase::Running;
    return was;
  }

private:
  std::mutex mu_;
  Phase phase_ = Phase::Idle;
};
// EXPECT: field Always::phase_ convert atomic
// EXPECT: operation Always::start exchange

// The most and the least there was.
class Range {
public:
  void see(long value) {
    std::lock_guard<std::mutex> lock(mu_);
    most_ = std::max(most_, value);
  }
  void seeBelow(long value) {
    std::lock_guard<std::mutex> lock(lower_);
    least_ = std::min(value, least_);
  }
  void raise(long value) {
    std::lock_guard<std::mutex> lock(mu_);
    if (value > most_) {
      most_ = value;
    }
  }
  void raiseToo(long value) {
    std::lock_guard<std::mutex> lock(mu_);
    if (most_ <= value)
      most_ = value;
  }
  void lower(long value) {
    std::lock_guard<std::mutex> lock(lower_);
    if (least_ > value)
      least_ = value;
  }
  long most() const {
    std::lock_guard<std::mutex> lock(mu_);
    return most_;
  }
  long least() const {
    std::lock_guard<std::mutex> lock(lower_);
    return least_;
  }

private:
  mutable std::mutex mu_;
  mutable std::mutex lower_;
  long most_ = 0;
  long least_ = 0;
};
// EXPECT: field Range::most_ convert atomic
// EXPECT: field Range::least_ convert atomic
// EXPECT: mutex Range::mu_ remove
// EXPECT: mutex Range::lower_ remove
// EXPECT: operation Range::see max
// EXPECT: operation Range::seeBelow min
// EXPECT: operation Range::raise max
// EXPECT: operation Range::raiseToo max
// EXPECT: operation Range::lower min

int main() {
  Machine machine;
  Owner owner;
  Range range;
  std::vector<std::thread> threads;
  int started = 0, finished = 0;
  std::mutex counts;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      const bool first = machine.start();
      const bool last = machine.finish();
      for (long value = 0; value < 1000; ++value) {
        range.see(value * 4 + i);
        range.raise(value * 4 + i);
        range.raiseToo(value * 4 + i);
        range.seeBelow(-value * 4 - i);
        range.lower(-value * 4 - i);
      }
      if (owner.take(i))
        owner.release(i);
      std::lock_guard<std::mutex> lock(counts);
      started += first;
      finished += last;
    });
  for (std::thread &each : threads)
    each.join();
  owner.full();
  const bool reset = owner.reset();
  const bool again = owner.reset();
  const bool taken = owner.take(7) && !owner.take(8);
  const bool moved =
      machine.move(Phase::Done, Phase::Idle) && !machine.move(Phase::Done, Phase::Idle);
  std::printf("%d %d %ld %ld %d %d %d %d\n", started, finished, range.most(), range.least(), reset,
              again, taken, moved);
}
