// RUN: %check_rewrite %s -std=c++17
// RUN: %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json -- -std=c++20 > %t.20
// RUN: FileCheck %s --input-file %t.20 --check-prefix=PLAN
// PLAN-DAG: "keep": 0
// PLAN-DAG: "review": 0
// RUN: %if libc++ %{ %unlatch plan --no-verify %s --root %S --runtime-include %runtime --format=json \
// RUN:   -- -std=c++17 -stdlib=libc++ > %t.libcxx && diff %t.20 %t.libcxx %}
//
// Scalars become atomics.
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include <cstdio>

enum class Level { low, high };

// ++, what it is now.
class PreIncrement {
public:
  int step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    return ++value_;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field PreIncrement::value_ convert atomic
// EXPECT: mutex PreIncrement::mutex_ remove
// EXPECT: operation PreIncrement::step add
// EXPECT: operation PreIncrement::get get

// ++, what it was.
class PostIncrement {
public:
  int step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_++;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field PostIncrement::value_ convert atomic
// EXPECT: mutex PostIncrement::mutex_ remove
// EXPECT: operation PostIncrement::step add
// EXPECT: operation PostIncrement::get get

// ++, not looked at.
class Discarded {
public:
  void step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++value_;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field Discarded::value_ convert atomic
// EXPECT: mutex Discarded::mutex_ remove
// EXPECT: operation Discarded::step add
// EXPECT: operation Discarded::get get

// --, what it is now.
class Decrement {
public:
  int step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    return --value_;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field Decrement::value_ convert atomic
// EXPECT: mutex Decrement::mutex_ remove
// EXPECT: operation Decrement::step add
// EXPECT: operation Decrement::get get

// +=.
class Plus {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ += by;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field Plus::value_ convert atomic
// EXPECT: mutex Plus::mutex_ remove
// EXPECT: operation Plus::step add
// EXPECT: operation Plus::get get

// +=, what it is now.
class PlusReturned {
public:
  int step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_ += by;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field PlusReturned::value_ convert atomic
// EXPECT: mutex PlusReturned::mutex_ remove
// EXPECT: operation PlusReturned::step add
// EXPECT: operation PlusReturned::get get

// -=.
class Minus {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ -= by;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field Minus::value_ convert atomic
// EXPECT: mutex Minus::mutex_ remove
// EXPECT: operation Minus::step add
// EXPECT: operation Minus::get get

// Incremented, then read.
class TwoStatements {
public:
  int step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_++;
    return value_;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field TwoStatements::value_ convert atomic
// EXPECT: mutex TwoStatements::mutex_ remove
// EXPECT: operation TwoStatements::step add
// EXPECT: operation TwoStatements::get get

// Read, then incremented.
class ReadThenIncrement {
public:
  int step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int before = value_;
    ++value_;
    return before;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field ReadThenIncrement::value_ convert atomic
// EXPECT: mutex ReadThenIncrement::mutex_ remove
// EXPECT: operation ReadThenIncrement::step add
// EXPECT: operation ReadThenIncrement::get get

// Read, then added to.
class ReadThenAdd {
public:
  int step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int before = value_;
    value_ += by;
    return before;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field ReadThenAdd::value_ convert atomic
// EXPECT: mutex ReadThenAdd::mutex_ remove
// EXPECT: operation ReadThenAdd::step add
// EXPECT: operation ReadThenAdd::get get

// The new number goes into a local of an outer block.
class IntoLocal {
public:
  int step(int by) {
    int number;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      number = ++value_;
    }
    return number + by;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field IntoLocal::value_ convert atomic
// EXPECT: mutex IntoLocal::mutex_ remove
// EXPECT: operation IntoLocal::step add
// EXPECT: operation IntoLocal::get get

// A 64-bit sequence.
class Unsigned64 {
public:
  std::uint64_t step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    return ++value_;
  }

  std::uint64_t get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  std::uint64_t value_{0};
};
// EXPECT: field Unsigned64::value_ convert atomic
// EXPECT: mutex Unsigned64::mutex_ remove
// EXPECT: operation Unsigned64::step add
// EXPECT: operation Unsigned64::get get

// Assigned.
class Set {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = by;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field Set::value_ convert atomic
// EXPECT: mutex Set::mutex_ remove
// EXPECT: operation Set::step set
// EXPECT: operation Set::get get

// A flag is set.
class SetTrue {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = by != 0;
  }

  bool get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  bool value_ = false;
};
// EXPECT: field SetTrue::value_ convert atomic
// EXPECT: mutex SetTrue::mutex_ remove
// EXPECT: operation SetTrue::step set
// EXPECT: operation SetTrue::get get

// An enumeration.
class SetEnum {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = by > 0 ? Level::high : Level::low;
  }

  Level get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  Level value_ = Level::low;
};
// EXPECT: field SetEnum::value_ convert atomic
// EXPECT: mutex SetEnum::mutex_ remove
// EXPECT: operation SetEnum::step set
// EXPECT: operation SetEnum::get get

// A double.
class SetDouble {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = by / 2.0;
  }

  double get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  double value_ = 0.0;
};
// EXPECT: field SetDouble::value_ convert atomic
// EXPECT: mutex SetDouble::mutex_ remove
// EXPECT: operation SetDouble::step set
// EXPECT: operation SetDouble::get get

// Assigned, in a block of its own.
class SetInBlock {
public:
  void step(int by) {
    const int twice = by * 2;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      value_ = twice;
    }
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field SetInBlock::value_ convert atomic
// EXPECT: mutex SetInBlock::mutex_ remove
// EXPECT: operation SetInBlock::step set
// EXPECT: operation SetInBlock::get get

// Read, then assigned.
class ReadThenSet {
public:
  int step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    const int before = value_;
    value_ = by;
    return before;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field ReadThenSet::value_ convert atomic
// EXPECT: mutex ReadThenSet::mutex_ remove
// EXPECT: operation ReadThenSet::step exchange
// EXPECT: operation ReadThenSet::get get

// A flag is taken.
class TakenFlag {
public:
  bool step(int) {
    std::lock_guard<std::mutex> lock(mutex_);
    const bool before = value_;
    value_ = false;
    return before;
  }

  bool get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  bool value_ = true;
};
// EXPECT: field TakenFlag::value_ convert atomic
// EXPECT: mutex TakenFlag::mutex_ remove
// EXPECT: operation TakenFlag::step exchange
// EXPECT: operation TakenFlag::get get

// Reads in a condition, in a comparison, into a local.
class Reads {
public:
  void set(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = value;
  }

  bool positive() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_ > 0;
  }

  int twice() const {
    std::lock_guard<std::mutex> lock(mutex_);
    const int now = value_;
    return now + now;
  }

  int clipped() const {
    std::lock_guard<std::mutex> lock(mutex_);
    int result = 10;
    if (value_ < 10)
      result = 1;
    return result;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field Reads::value_ convert atomic
// EXPECT: mutex Reads::mutex_ remove
// EXPECT: operation Reads::set set
// EXPECT: operation Reads::positive get
// EXPECT: operation Reads::twice get
// EXPECT: operation Reads::clipped get

// Read under a shared lock.
class SharedReads {
public:
  void set(long value) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    value_ = value;
  }

  long get() const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::shared_mutex mutex_;
  long value_ = 0;
};
// EXPECT: field SharedReads::value_ convert atomic
// EXPECT: mutex SharedReads::mutex_ remove
// EXPECT: operation SharedReads::set set
// EXPECT: operation SharedReads::get get

template <class T> void exercise(const char *name) {
  T number;
  const auto stepped = [&](int by) {
    if constexpr (std::is_void_v<decltype(number.step(by))>) {
      number.step(by);
      return 0LL;
    } else {
      return static_cast<long long>(number.step(by));
    }
  };
  const long long first = stepped(3), second = stepped(0);
  std::printf("%s: %lld %lld %lld\n", name, first, second,
              static_cast<long long>(number.get()));
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i)
      stepped(1);
  });
  for (int i = 0; i < 1000; ++i)
    stepped(1);
  other.join();
  std::printf("%lld\n", static_cast<long long>(number.get()));
}

int main() {
  exercise<PreIncrement>("PreIncrement");
  exercise<PostIncrement>("PostIncrement");
  exercise<Discarded>("Discarded");
  exercise<Decrement>("Decrement");
  exercise<Plus>("Plus");
  exercise<PlusReturned>("PlusReturned");
  exercise<Minus>("Minus");
  exercise<TwoStatements>("TwoStatements");
  exercise<ReadThenIncrement>("ReadThenIncrement");
  exercise<ReadThenAdd>("ReadThenAdd");
  exercise<IntoLocal>("IntoLocal");
  exercise<Unsigned64>("Unsigned64");
  exercise<Set>("Set");
  exercise<SetTrue>("SetTrue");
  exercise<SetEnum>("SetEnum");
  exercise<SetDouble>("SetDouble");
  exercise<SetInBlock>("SetInBlock");
  exercise<ReadThenSet>("ReadThenSet");
  exercise<TakenFlag>("TakenFlag");
}

// Assigned a sum of itself.
class SumAssigned {
public:
  void step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = value_ + by;
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field SumAssigned::value_ convert atomic
// EXPECT: mutex SumAssigned::mutex_ remove
// EXPECT: operation SumAssigned::step add
// EXPECT: operation SumAssigned::get get

// std::exchange.
class Exchanged {
public:
  int step(int by) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(value_, by);
  }

  int get() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};
// EXPECT: field Exchanged::value_ convert atomic
// EXPECT: mutex Exchanged::mutex_ remove
// EXPECT: operation Exchanged::step exchange
// EXPECT: operation Exchanged::get get

// Tested, and set where it was not.
class TestAndSet {
public:
  bool once() {
    std::lock_guard<std::mutex> l(mu_);
    if (done_)
      return false;
    done_ = true;
    return true;
  }
  bool is() {
    std::lock_guard<std::mutex> l(mu_);
    return done_;
  }

private:
  std::mutex mu_;
  bool done_ = false;
};
// EXPECT: field TestAndSet::done_ convert atomic
// EXPECT: mutex TestAndSet::mu_ remove
// EXPECT: operation TestAndSet::once exchange
// EXPECT: operation TestAndSet::is get

class Inverted {
public:
  bool leave() {
    std::lock_guard<std::mutex> l(mu_);
    if (!on_) {
      return false;
    }
    on_ = false;
    return true;
  }
  bool enter() {
    std::lock_guard<std::mutex> l(mu_);
    if (!on_) {
      on_ = true;
      return true;
    }
    return false;
  }

private:
  std::mutex mu_;
  bool on_ = false;
};
// EXPECT: field Inverted::on_ convert atomic
// EXPECT: mutex Inverted::mu_ remove
// EXPECT: operation Inverted::leave exchange
// EXPECT: operation Inverted::enter exchange

// The same by std::exchange.
class ExchangedFlag {
public:
  bool once() {
    std::lock_guard<std::mutex> l(mu_);
    if (std::exchange(done_, true))
      return false;
    return true;
  }
  bool again() {
    std::lock_guard<std::mutex> l(mu_);
    return !std::exchange(done_, false);
  }

private:
  std::mutex mu_;
  bool done_ = false;
};
// EXPECT: field ExchangedFlag::done_ convert atomic
// EXPECT: mutex ExchangedFlag::mu_ remove
// EXPECT: operation ExchangedFlag::once exchange
// EXPECT: operation ExchangedFlag::again exchange
