// RUN: %check_rewrite %s -std=c++17
// Classes that look like locks or guards, and do more or less.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <thread>

// EXPECT: field contended keep lock-escapes
int contended = 0;

namespace recursive {

// A thread that holds it gets in again.
class Lock {
public:
  void lock() {
    if (owner_ == pthread_self()) {
      ++depth_;
      return;
    }
    pthread_mutex_lock(&mutex_);
    owner_ = pthread_self();
  }
  void unlock() {
    if (depth_ > 0) {
      --depth_;
      return;
    }
    owner_ = pthread_t();
    pthread_mutex_unlock(&mutex_);
  }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_t owner_ = pthread_t();
  int depth_ = 0;
};

class Levels {
public:
  void outer() {
    std::lock_guard<Lock> lock(lock_);
    inner();
  }
  void inner() {
    std::lock_guard<Lock> lock(lock_);
    ++level_;
  }

private:
  Lock lock_;
  // EXPECT: field Levels::level_ keep recursive
  int level_ = 0;
};

} // namespace recursive

namespace counting {

// Locking it can be seen elsewhere.
class Lock {
public:
  void lock() {
    mutex_.lock();
    ++contended;
  }
  void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

class Steps {
public:
  void step() {
    std::lock_guard<Lock> lock(lock_);
    ++steps_;
  }

private:
  Lock lock_;
  // EXPECT: field Steps::steps_ keep calls-out
  int steps_ = 0;
};

} // namespace counting

namespace asked {

class Lock {
public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  bool isFree() { return mutex_.try_lock() && (mutex_.unlock(), true); }
  std::mutex &native() { return mutex_; }

private:
  std::mutex mutex_;
};

class Turns {
public:
  void turn() {
    std::lock_guard<Lock> lock(lock_);
    ++turns_;
  }
  // EXPECT: field Turns::turns_ keep lock-escapes @+1
  bool isQuiet() { return lock_.isFree(); }

private:
  Lock lock_;
  int turns_ = 0;
};

class Waits {
public:
  void add() {
    std::lock_guard<Lock> lock(lock_);
    ++ready_;
  }
  void wait() {
    std::unique_lock<std::mutex> lock(lock_.native());
    while (ready_ == 0)
      changed_.wait(lock);
  }

private:
  Lock lock_;
  std::condition_variable changed_;
  // EXPECT: field Waits::ready_ keep unguarded @+1
  int ready_ = 0;
};

// A guard that may not hold what it is named for.
class MaybeGuard {
public:
  MaybeGuard(Lock &lock, bool wanted) : lock_(lock), wanted_(wanted) {
    if (wanted_)
      lock_.lock();
  }
  ~MaybeGuard() {
    if (wanted_)
      lock_.unlock();
  }

private:
  Lock &lock_;
  bool wanted_;
};

class Maybe {
public:
  void set(int value, bool wanted) {
    MaybeGuard guard(lock_, wanted);
    value_ = value;
  }
  int get() {
    std::lock_guard<Lock> guard(lock_);
    return value_;
  }

private:
  Lock lock_;
  // EXPECT: field Maybe::value_ keep unguarded @+1
  int value_ = 0;
};

} // namespace asked

namespace overridden {

class Lock {
public:
  virtual ~Lock() = default;
  virtual void lock() { mutex_.lock(); }
  virtual void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

class Marks {
public:
  void mark() {
    std::lock_guard<Lock> lock(lock_);
    ++marks_;
  }

private:
  Lock lock_;
  // EXPECT: field Marks::marks_ keep aliased @-5
  int marks_ = 0;
};

} // namespace overridden

namespace editing {

// Locked is what a document is, and no thread waits for it.
class Document {
public:
  void lock() { locked_ = true; }
  void unlock() { locked_ = false; }

private:
  bool locked_ = false;
};

class Editor {
public:
  void edit() {
    document_.lock();
    ++edits_;
    document_.unlock();
  }

private:
  Document document_;
  int edits_ = 0;
};

} // namespace editing

namespace elsewhere {

// Another lock is taken on the way, by hand and behind a pointer: others order things by it.
class Gate {
public:
  void pass() {
    std::lock_guard<std::mutex> lock(mutex_);
    // EXPECT: field Gate::passed_ keep spans-fields @+1
    gate_->lock();
    gate_->unlock();
    ++passed_;
  }
  int passed() {
    std::lock_guard<std::mutex> lock(mutex_);
    return passed_;
  }

private:
  std::mutex mutex_;
  std::mutex *gate_ = nullptr;
  int passed_ = 0;
};

// The same by a base class.
class Lock {
public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

class Derived : Lock {
public:
  void add() {
    std::lock_guard<std::mutex> guard(mutex_);
    // EXPECT: field Derived::added_ keep spans-fields @+1
    lock();
    unlock();
    ++added_;
  }
  int added() {
    std::lock_guard<std::mutex> guard(mutex_);
    return added_;
  }

private:
  std::mutex mutex_;
  int added_ = 0;
};

} // namespace elsewhere

namespace making {

int made = 0;

// Making one can be seen elsewhere.
class Lock {
public:
  // EXPECT: field Rounds::rounds_ keep calls-out @+1
  Lock() { ++made; }
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

class Rounds {
public:
  void round() {
    std::lock_guard<Lock> lock(lock_);
    ++rounds_;
  }

private:
  Lock lock_;
  int rounds_ = 0;
};

} // namespace making

namespace guards {

int taken = 0;
std::mutex &counted(std::mutex &mutex) {
  ++taken;
  return mutex;
}

// What it does beside locking stands in its initialiser, and in its base.
class CountingGuard {
public:
  explicit CountingGuard(std::mutex &mutex) : mutex_(counted(mutex)) { mutex_.lock(); }
  ~CountingGuard() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

struct Counted {
  Counted() { ++taken; }
};

class CountedGuard : Counted {
public:
  explicit CountedGuard(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~CountedGuard() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

class Laps {
public:
  void lap() {
    CountingGuard guard(mutex_);
    ++laps_;
  }
  int laps() {
    std::lock_guard<std::mutex> lock(mutex_);
    return laps_;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Laps::laps_ keep unguarded @+1
  int laps_ = 0;
};

class Visits {
public:
  void visit() {
    CountedGuard guard(mutex_);
    ++visits_;
  }
  int visits() {
    std::lock_guard<std::mutex> lock(mutex_);
    return visits_;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Visits::visits_ keep unguarded @+1
  int visits_ = 0;
};

} // namespace guards
