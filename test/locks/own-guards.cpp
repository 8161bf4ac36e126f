// RUN: %check_rewrite %s -std=c++17 --tsan
// Guards that are classes of the program, as they are found: around other locks than the standard
// library's, with more than one way to make them, with a handler in their destructor.
#include <cstdio>
#include <exception>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

// Around a lock of POSIX, given by pointer or by reference.
class PosixGuard {
public:
  explicit PosixGuard(pthread_mutex_t *mutex) : mutex_(mutex) { pthread_mutex_lock(mutex_); }
  ~PosixGuard() { pthread_mutex_unlock(mutex_); }
  PosixGuard(const PosixGuard &) = delete;
  PosixGuard &operator=(const PosixGuard &) = delete;

private:
  pthread_mutex_t *mutex_;
};
class ReadGuard {
public:
  explicit ReadGuard(pthread_rwlock_t &lock) : lock_(lock) { (void)pthread_rwlock_rdlock(&lock_); }
  ~ReadGuard() { (void)pthread_rwlock_unlock(&lock_); }

private:
  pthread_rwlock_t &lock_;
};
class WriteGuard {
public:
  explicit WriteGuard(pthread_rwlock_t &lock) : lock_(lock) { pthread_rwlock_wrlock(&lock); }
  ~WriteGuard() { pthread_rwlock_unlock(&lock_); }

private:
  pthread_rwlock_t &lock_;
};

// EXPECT: field Posix::names_ convert map
// EXPECT: mutex Posix::mutex_ remove
class Posix {
public:
  Posix() = default;
  Posix(const Posix &) = delete;
  void add(int id, const std::string &name) {
    PosixGuard guard(&mutex_);
    names_[id] = name;
  }
  bool has(int id) {
    PosixGuard guard(&mutex_);
    return names_.count(id) != 0;
  }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  std::unordered_map<int, std::string> names_;
};

// EXPECT: field ReadMostly::names_ convert map
// EXPECT: mutex ReadMostly::lock_ remove
class ReadMostly {
public:
  ReadMostly() = default;
  ReadMostly(const ReadMostly &) = delete;
  void add(int id, const std::string &name) {
    WriteGuard guard(lock_);
    names_[id] = name;
  }
  std::string get(int id) {
    ReadGuard guard(lock_);
    auto it = names_.find(id);
    return it == names_.end() ? "" : it->second;
  }

private:
  pthread_rwlock_t lock_ = PTHREAD_RWLOCK_INITIALIZER;
  std::unordered_map<int, std::string> names_;
};

// What unlocking throws, should it fail, is caught; and another constructor would only try.
template <class Mutex> class Scoped {
public:
  explicit Scoped(Mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  Scoped(Mutex &mutex, long milliseconds);
  ~Scoped() {
    try {
      mutex_.unlock();
    } catch (...) {
      std::terminate();
    }
  }

private:
  Mutex &mutex_;
};

// A lock that leaves locking to its base.
class LockBase {
protected:
  void lockImpl() {
    if (pthread_mutex_lock(&mutex_))
      std::terminate();
  }
  void unlockImpl() { pthread_mutex_unlock(&mutex_); }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};
class FastMutex : private LockBase {
public:
  using ScopedLock = Scoped<FastMutex>;
  FastMutex() = default;
  FastMutex(const FastMutex &) = delete;
  void lock() { lockImpl(); }
  void unlock() { unlockImpl(); }
};

// EXPECT: field Scopes::scopes_ convert map
// EXPECT: mutex Scopes::mutex_ remove
class Scopes {
public:
  void open(int id) {
    FastMutex::ScopedLock lock(mutex_);
    scopes_.emplace(id, id);
  }
  bool isOpen(int id) {
    FastMutex::ScopedLock lock(mutex_);
    return scopes_.count(id) != 0;
  }

private:
  FastMutex mutex_;
  std::unordered_map<int, int> scopes_;
};

// Around a guard of the standard library's.
class Lock {
public:
  explicit Lock(std::mutex &mutex) : lock_(mutex) {}

private:
  std::lock_guard<std::mutex> lock_;
};
class Reading {
public:
  explicit Reading(std::shared_mutex &mutex) : lock_{mutex} {}
  ~Reading() {}

private:
  std::shared_lock<std::shared_mutex> lock_;
};

// EXPECT: field Wrapped::count_ convert atomic
// EXPECT: mutex Wrapped::mutex_ remove
class Wrapped {
public:
  void hit() {
    Lock lock(mutex_);
    ++count_;
  }
  long count() {
    Lock lock(mutex_);
    return count_;
  }

private:
  std::mutex mutex_;
  long count_ = 0;
};

// EXPECT: field WrappedShared::names_ convert map
// EXPECT: mutex WrappedShared::mutex_ remove
class WrappedShared {
public:
  void add(int id, int name) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    names_[id] = name;
  }
  bool has(int id) {
    Reading reading(mutex_);
    return names_.count(id) != 0;
  }

private:
  std::shared_mutex mutex_;
  std::unordered_map<int, int> names_;
};

int main() {
  Posix posix;
  ReadMostly readMostly;
  Scopes scopes;
  Wrapped wrapped;
  WrappedShared shared;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int k = 0; k < 200; ++k) {
        posix.add(k, std::to_string(k));
        readMostly.add(k, std::to_string(k));
        scopes.open(k + i);
        wrapped.hit();
        shared.add(k, i);
        if (!posix.has(k) || readMostly.get(k).empty() || !scopes.isOpen(k + i) || !shared.has(k))
          std::puts("lost");
      }
    });
  for (std::thread &each : threads)
    each.join();
  std::printf("%ld %s\n", wrapped.count(), readMostly.get(7).c_str());
}
