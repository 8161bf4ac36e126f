// RUN: %check_rewrite %s -std=c++20
// Guarded scalars that no atomic can replace.

#include <cstdio>
#include <mutex>
#include <utility>
#include <vector>

inline void bump(int &n) { n += 2; }

struct Gauge {
  int level = 0;
  const int kind = 1;
};

class Limit {
public:
  bool enter() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Limit::n_ keep unsupported-operation @+1
    if (n_ < 16) {
      ++n_;
      return true;
    }
    return false;
  }
  void leave() {
    std::lock_guard<std::mutex> lock(mu_);
    --n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class Floor {
public:
  void leave() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Floor::n_ keep unsupported-operation @+1
    if (n_ > 0)
      --n_;
  }
  void enter() {
    std::lock_guard<std::mutex> lock(mu_);
    n_++;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class Twice {
public:
  long square() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Twice::n_ keep unsupported-operation @+1
    return n_ * n_;
  }
  void set(long n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
  }

private:
  std::mutex mu_;
  long n_ = 0;
};

class Divide {
public:
  long share() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Divide::n_ keep unsupported-operation @+1
    if (n_ == 0)
      return 0;
    return 100 / n_;
  }
  void set(long n) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ = n;
  }

private:
  std::mutex mu_;
  long n_ = 0;
};

class GetThenSet {
public:
  void shift() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field GetThenSet::n_ keep unsupported-operation @+1
    int old = n_;
    n_ = old * 2 + 1;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class Product {
public:
  void scale(int f) {
    std::lock_guard<std::mutex> lock(mu_);
    n_ *= f;
  }
  void next() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Product::n_ keep unsupported-operation @+1
    n_ = n_ + n_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class AddressOut {
public:
  int *place() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field AddressOut::n_ keep escapes-reference @+1
    return &n_;
  }
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class ReferenceOut {
public:
  int &place() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ReferenceOut::n_ keep escapes-reference @+1
    return n_;
  }
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class PassedOn {
public:
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field PassedOn::n_ keep escapes-reference @+1
    bump(n_);
  }
  void one() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class MemberPointer {
public:
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }
  // EXPECT: field MemberPointer::n_ keep address-taken @+1
  static int MemberPointer::*which() { return &MemberPointer::n_; }

private:
  std::mutex mu_;
  int n_ = 0;
};

// A list: the head is read and written, and what it leads to is written too.
class Stack {
public:
  struct Node {
    Node *next = nullptr;
    int value = 0;
  };
  void push(Node *n) {
    std::lock_guard<std::mutex> lock(mu_);
    n->next = head_;
    head_ = n;
  }
  Node *pop() {
    std::lock_guard<std::mutex> lock(mu_);
    Node *n = head_;
    if (n)
      head_ = n->next;
    return n;
  }

private:
  std::mutex mu_;
  // EXPECT: field Stack::head_ keep unsupported-operation @+1
  Node *head_ = nullptr;
};

// The mutex guards the gauge, not the pointer to it.
class GaugePointer {
public:
  void raise() {
    std::lock_guard<std::mutex> lock(mu_);
    if (gauge_)
      // EXPECT: field Gauge::level keep aliased @+1
      ++gauge_->level;
  }
  void attach(Gauge *g) {
    std::lock_guard<std::mutex> lock(mu_);
    gauge_ = g;
  }

private:
  std::mutex mu_;
  // EXPECT: field GaugePointer::gauge_ keep unsupported-operation @+1
  Gauge *gauge_ = nullptr;
};

// Only what never changes is read, but who detaches deletes.
class GaugeOwned {
public:
  int kind() {
    std::lock_guard<std::mutex> lock(mu_);
    return gauge_->kind;
  }
  void detach() {
    Gauge *old;
    {
      std::lock_guard<std::mutex> lock(mu_);
      old = gauge_;
      gauge_ = nullptr;
    }
    delete old;
  }

private:
  std::mutex mu_;
  // EXPECT: field GaugeOwned::gauge_ keep unsupported-operation @+1
  Gauge *gauge_ = new Gauge;
};

// Double-checked.
class Lazy {
public:
  const std::vector<int> &get() {
    // EXPECT: finding unlocked-access @+1
    if (!ready_) {
      std::lock_guard<std::mutex> lock(mu_);
      if (!ready_) {
        // EXPECT: field Lazy::ready_ keep spans-fields @+1
        value_.assign(16, 1);
        ready_ = true;
      }
    }
    return value_;
  }

private:
  std::mutex mu_;
  bool ready_ = false;
  // EXPECT: field Lazy::value_ keep unguarded @+1
  std::vector<int> value_;
};

class Release {
public:
  void release() {
    std::lock_guard<std::mutex> lock(mu_);
    if (--refs_ == 0)
      // EXPECT: field Release::refs_ keep calls-out @+1
      std::remove("scratch");
  }
  void hold() {
    std::lock_guard<std::mutex> lock(mu_);
    ++refs_;
  }

private:
  std::mutex mu_;
  int refs_ = 1;
};

// A flag that departs would be seen before what follows it.
extern void work();
class FlagThenWork {
public:
  void run() {
    std::lock_guard<std::mutex> lock(mu_);
    done_ = true;
    // EXPECT: field FlagThenWork::done_ keep calls-out @+1
    work();
  }
  bool done() {
    std::lock_guard<std::mutex> lock(mu_);
    return done_;
  }

private:
  std::mutex mu_;
  bool done_ = false;
};

class SwapWith {
public:
  void swap(SwapWith &other) {
    std::scoped_lock lock(mu_, other.mu_);
    // EXPECT: field SwapWith::n_ keep unsupported-operation @+1
    std::swap(n_, other.n_);
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class Scanned {
public:
  bool read(const char *text) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Scanned::n_ keep escapes-reference @+1
    return std::sscanf(text, "%d", &n_) == 1;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

class Captured {
public:
  auto later() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Captured::n_ keep escapes-reference @+1
    return [&n = n_] { return ++n; };
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

// The reference is bound under the lock and used after it.
class LocalReference {
public:
  int read() {
    std::unique_lock<std::mutex> lock(mu_);
    int &n = n_;
    lock.unlock();
    // EXPECT: field LocalReference::n_ keep escapes-reference @+1
    return n;
  }
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
  int n_ = 0;
};

// Drained in a loop.
class Drain {
public:
  int drain() {
    std::lock_guard<std::mutex> lock(mu_);
    int taken = 0;
    // EXPECT: field Drain::n_ keep unsupported-operation @+1
    while (n_ > 0) {
      --n_;
      ++taken;
    }
    return taken;
  }
  void add() {
    std::lock_guard<std::mutex> lock(mu_);
    ++n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

// One argument reads, the other writes.
inline int sum(int a, int b) { return a + b; }
class Arguments {
public:
  int both() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field Arguments::n_ keep unsupported-operation @+1
    int next = n_++;
    return sum(next, n_);
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

// A constant reference to a scalar, used after the lock.
extern void elsewhere();
class ScalarKept {
public:
  int read() {
    std::unique_lock<std::mutex> lock(mu_);
    const int &n = n_;
    lock.unlock();
    elsewhere();
    // EXPECT: field ScalarKept::n_ keep escapes-reference @+1
    return n;
  }
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
  int n_ = 0;
};

class ScalarPointer {
public:
  // EXPECT: field ScalarPointer::n_ keep address-taken @+1
  static auto where() { return &ScalarPointer::n_; }
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
  int n_ = 0;
};

// A reference to a scalar that the lambda reads later.
class ScalarLater {
public:
  auto later() {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ScalarLater::n_ keep escapes-reference @+1
    return [&n = std::as_const(n_)] { return n; };
  }
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
  int n_ = 0;
};

// Two groups' worth of state read from two objects.
class Transfers {
public:
  void take(Transfers &other, int n) {
    std::lock_guard<std::mutex> mine(mu_);
    std::lock_guard<std::mutex> theirs(other.mu_);
    n_ += n;
    // EXPECT: field Transfers::n_ keep unsupported-operation @+1
    other.n_ -= n;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  int n_ = 0;
};

// Tested and set, but not by one exchange.
class TestTwice {
public:
  int step() {
    std::lock_guard<std::mutex> l(mu_);
    if (on_)
      return 1;
    if (on_)
      return 2;
    on_ = true;
    return 3;
  }
  void off() {
    std::lock_guard<std::mutex> l(mu_);
    on_ = false;
  }

private:
  std::mutex mu_;
  bool on_ = false;
};
class Forced {
public:
  bool enter(bool force) {
    std::lock_guard<std::mutex> l(mu_);
    if (!on_ || force) {
      on_ = true;
      return true;
    }
    return false;
  }
  bool is() {
    std::lock_guard<std::mutex> l(mu_);
    return on_;
  }

private:
  std::mutex mu_;
  bool on_ = false;
};
class TestBetween {
public:
  bool enter() {
    std::lock_guard<std::mutex> l(mu_);
    if (on_)
      return false;
    if (++tries > 3)
      return false;
    on_ = true;
    return true;
  }
  bool is() {
    std::lock_guard<std::mutex> l(mu_);
    return on_;
  }
  thread_local static int tries;

private:
  std::mutex mu_;
  bool on_ = false;
};
class SetWhereSet {
public:
  bool odd() {
    std::lock_guard<std::mutex> l(mu_);
    if (on_) {
      on_ = true;
      return true;
    }
    return false;
  }
  void off() {
    std::lock_guard<std::mutex> l(mu_);
    on_ = false;
  }

private:
  std::mutex mu_;
  bool on_ = false;
};
// EXPECT: field TestTwice::on_ keep unsupported-operation
// EXPECT: field Forced::on_ keep unsupported-operation
// EXPECT: field TestBetween::on_ keep unsupported-operation
// EXPECT: field SetWhereSet::on_ keep unsupported-operation
