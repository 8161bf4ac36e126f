// RUN: %check_rewrite %s -std=c++17
// Locks and guards that are classes of the program.

#include <atomic>
#include <mutex>
#include <pthread.h>
#include <string>
#include <unordered_map>

#define CAPABILITY(x) __attribute__((capability(x)))
#define SCOPED_CAPABILITY __attribute__((scoped_lockable))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))

// The strongest of the compiler's atomics, and what a lock does to its own memory, keep nothing.
int next = 0;
int nextId() { return __atomic_add_fetch(&next, 1, __ATOMIC_SEQ_CST); }
bool reset(int expected) { return __sync_bool_compare_and_swap(&next, expected, 0); }

namespace annotated {

class CAPABILITY("mutex") Mutex {
public:
  Mutex() { pthread_mutex_init(&mutex_, nullptr); }
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  Mutex(const Mutex &) = delete;
  Mutex &operator=(const Mutex &) = delete;
  void lock() ACQUIRE() {
    pthread_mutex_lock(&mutex_);
    holder_ = pthread_self();
  }
  void unlock() RELEASE() {
    holder_ = pthread_t();
    pthread_mutex_unlock(&mutex_);
  }
  bool isHeld() const { return holder_ == pthread_self(); }

private:
  pthread_mutex_t mutex_;
  pthread_t holder_ = pthread_t();
};

class SCOPED_CAPABILITY MutexGuard {
public:
  explicit MutexGuard(Mutex &mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexGuard() RELEASE() { mutex_.unlock(); }
  MutexGuard(const MutexGuard &) = delete;

private:
  Mutex &mutex_;
};

// EXPECT: field Sessions::sessions_ convert map
// EXPECT: field Sessions::opened_ convert atomic
// EXPECT: mutex Sessions::mutex_ remove
// EXPECT: mutex Sessions::openedMutex_ remove
class Sessions {
public:
  // EXPECT: operation Sessions::put store
  void put(const std::string &name, int session) {
    MutexGuard lock(mutex_);
    sessions_[name] = session;
  }
  // EXPECT: operation Sessions::drop erase
  void drop(const std::string &name) EXCLUDES(mutex_) {
    mutex_.lock();
    sessions_.erase(name);
    mutex_.unlock();
  }
  void open() {
    std::lock_guard<Mutex> lock(openedMutex_);
    countOpened();
  }

private:
  void countOpened() REQUIRES(openedMutex_) { ++opened_; }

  Mutex mutex_;
  std::unordered_map<std::string, int> sessions_ GUARDED_BY(mutex_);
  Mutex openedMutex_;
  int opened_ GUARDED_BY(openedMutex_) = 0;
};

} // namespace annotated

namespace named {

class SpinLock {
public:
  void lock() {
    while (held_.exchange(true, std::memory_order_acquire)) {
    }
  }
  void unlock() { held_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> held_{false};
};

class SpinGuard {
public:
  explicit SpinGuard(SpinLock *lock) : lock_(lock) { lock_->lock(); }
  ~SpinGuard() { lock_->unlock(); }

private:
  SpinLock *lock_;
};

// EXPECT: field Hits::hits_ convert atomic
// EXPECT: mutex Hits::lock_ remove
class Hits {
public:
  void hit() {
    SpinGuard guard(&lock_);
    ++hits_;
  }
  long get() {
    std::lock_guard<SpinLock> guard(lock_);
    return hits_;
  }

private:
  SpinLock lock_;
  long hits_ = 0;
};

// A lock around one of the library's.
class Wrapped {
public:
  void lock() { inner_.lock(); }
  void unlock() { inner_.unlock(); }

private:
  std::mutex inner_;
};

template <typename Lock> class Holding {
public:
  explicit Holding(Lock &lock) : lock_(lock) { lock_.lock(); }
  ~Holding() { lock_.unlock(); }

private:
  Lock &lock_;
};

// EXPECT: field Names::names_ convert map
// EXPECT: mutex Names::lock_ remove
class Names {
public:
  bool has(int id) {
    Holding<Wrapped> holding(lock_);
    return names_.count(id) != 0;
  }
  void add(int id, const std::string &name) {
    Holding<Wrapped> holding(lock_);
    names_.emplace(id, name);
  }

private:
  Wrapped lock_;
  std::unordered_map<int, std::string> names_;
};

} // namespace named
