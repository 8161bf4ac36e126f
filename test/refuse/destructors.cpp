// RUN: %check_rewrite %s -std=c++20
// Destructors run under the lock, too: those of members, bases and temporaries. So do initialisers
// that stand with a member.

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unistd.h>
#include <vector>

void notify();

struct Noisy {
  ~Noisy() { notify(); }
  int number = 0;
};

struct Holder {
  Noisy noisy;
  int number = 0;
};

struct Derived : Noisy {};

inline int numberOf(const Noisy &noisy) { return noisy.number; }

class Stamped {
public:
  Stamped() = default;
  long when() const { return at.time_since_epoch().count(); }

private:
  std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
};

class MemberOfLocal {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    Holder holder;
    m_[k] = holder.number;
  }

private:
  std::mutex mu_;
  // EXPECT: field MemberOfLocal::m_ keep calls-out 15
  std::unordered_map<int, int> m_;
};

class BaseOfLocal {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    Derived derived;
    m_[k] = derived.number;
  }

private:
  std::mutex mu_;
  // EXPECT: field BaseOfLocal::m_ keep calls-out 15
  std::unordered_map<int, int> m_;
};

class Temporary {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = numberOf(Noisy());
  }

private:
  std::mutex mu_;
  // EXPECT: field Temporary::m_ keep calls-out 15
  std::unordered_map<int, int> m_;
};

class ThrownAway {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    (void)Noisy();
    m_[k] = 1;
  }

private:
  std::mutex mu_;
  // EXPECT: field ThrownAway::m_ keep calls-out 15
  std::unordered_map<int, int> m_;
};

class TemporaryElements {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::vector<Noisy>(3).size();
  }

private:
  std::mutex mu_;
  // EXPECT: field TemporaryElements::m_ keep calls-out 15
  std::unordered_map<int, std::size_t> m_;
};

class ReadsClock {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ReadsClock::m_ keep calls-out @+1
    const auto stamped = Stamped();
    m_[k] = stamped.when();
  }

private:
  std::mutex mu_;
  std::unordered_map<int, long> m_;
};

struct Descriptor {
  explicit Descriptor(int number) : fd(number) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
  int fd;
};

struct Peer {
  explicit Peer(int number) : descriptor(number) {}
  Descriptor descriptor;
};

struct Farewell {
  ~Farewell() { (void)!::write(2, "", 0); }
};

struct Caller {
  Farewell farewell;
};

// What an object holds, it may give back when it is destroyed.
class GivesBack {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::make_shared<Peer>(-1);
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field GivesBack::m_ convert map
  std::unordered_map<int, std::shared_ptr<Peer>> m_;
};

class SaysFarewell {
public:
  void put(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = std::make_shared<Caller>();
  }
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  // EXPECT: field SaysFarewell::m_ keep calls-out
  std::unordered_map<int, std::shared_ptr<Caller>> m_;
};

class ClosesItself {
public:
  void drop(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    // EXPECT: field ClosesItself::m_ keep calls-out @+1
    ::close(k);
    m_.erase(k);
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
};

// It outlives the lock.
class BeforeTheLock {
public:
  void put(int k) {
    const Holder holder;
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = holder.number;
  }

private:
  std::mutex mu_;
  // EXPECT: field BeforeTheLock::m_ convert map
  std::unordered_map<int, int> m_;
};
