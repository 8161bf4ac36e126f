// RUN: %check_rewrite %s -std=c++17
// Locks of POSIX that are more than locks, or that are not followed.
#include <pthread.h>
#include <unordered_map>

using Map = std::unordered_map<int, int>;

// Someone waits.
class Waits {
public:
  void put(int k, int v) {
    pthread_mutex_lock(&mu_);
    entries_[k] = v;
    pthread_cond_signal(&ready_);
    pthread_mutex_unlock(&mu_);
  }
  bool await(int k) {
    pthread_mutex_lock(&mu_);
    // EXPECT: field Waits::entries_ keep waits @+2
    while (entries_.count(k) == 0)
      pthread_cond_wait(&ready_, &mu_);
    pthread_mutex_unlock(&mu_);
    return true;
  }

private:
  pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t ready_ = PTHREAD_COND_INITIALIZER;
  Map entries_;
};

// Only tried for.
class Tries {
public:
  bool put(int k, int v) {
    // EXPECT: field Tries::entries_ keep unguarded
    if (pthread_mutex_trylock(&mu_) != 0)
      return false;
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
    return true;
  }
  void drop(int k) {
    pthread_mutex_lock(&mu_);
    entries_.erase(k);
    pthread_mutex_unlock(&mu_);
  }

private:
  pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;
  Map entries_;
};

// What it is is chosen elsewhere.
class Attributes {
public:
  explicit Attributes(const pthread_mutexattr_t *attributes) {
    // EXPECT: field Attributes::entries_ keep lock-escapes @+1
    pthread_mutex_init(&mu_, attributes);
  }
  void put(int k, int v) {
    pthread_mutex_lock(&mu_);
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
  }

private:
  pthread_mutex_t mu_;
  Map entries_;
};

// Not released on one way out.
class Forgets {
public:
  int put(int k, int v) {
    // EXPECT: field Forgets::entries_ keep lock-escapes @+1
    pthread_mutex_lock(&mu_);
    if (v == 0)
      return 1;
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
    return 0;
  }

private:
  pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;
  Map entries_;
};

// Handed on.
void lockFor(pthread_mutex_t *mutex);
class Hands {
public:
  void put(int k, int v) {
    pthread_mutex_lock(&mu_);
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
  }
  // EXPECT: field Hands::entries_ keep lock-escapes @+1
  void lock() { lockFor(&mu_); }

private:
  pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;
  Map entries_;
};

// Copied, mutex and all.
class Copied {
public:
  void put(int k, int v) {
    pthread_mutex_lock(&mu_);
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
  }

private:
  pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;
  // EXPECT: field Copied::entries_ keep not-copyable @+1
  Map entries_;
};

// A guard of one's own over it that may not hold it.
class Guard {
public:
  explicit Guard(pthread_mutex_t &mutex) : mutex_(mutex) {
    if (pthread_mutex_trylock(&mutex_) != 0)
      pthread_mutex_lock(&mutex_);
  }
  ~Guard() { pthread_mutex_unlock(&mutex_); }
  Guard(const Guard &) = delete;
  Guard &operator=(const Guard &) = delete;

private:
  pthread_mutex_t &mutex_;
};
class Guarded {
public:
  void put(int k, int v) {
    // EXPECT: field Guarded::entries_ keep unguarded
    Guard guard(mu_);
    entries_[k] = v;
  }
  void drop(int k) {
    pthread_mutex_lock(&mu_);
    entries_.erase(k);
    pthread_mutex_unlock(&mu_);
  }

private:
  pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;
  Map entries_;
};

// Entered again, which this kind may be.
class Recursive {
public:
  void put(int k, int v) {
    pthread_mutex_lock(&mu_);
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
  }
  void both(int k, int v) {
    pthread_mutex_lock(&mu_);
    entries_[k + 1] = v;
    // EXPECT: field Recursive::entries_ keep recursive
    put(k, v);
    pthread_mutex_unlock(&mu_);
  }

private:
  pthread_mutex_t mu_ = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  Map entries_;
};

// Readers that read twice see two moments.
class Twice {
public:
  void put(int k, int v) {
    pthread_rwlock_wrlock(&lock_);
    entries_[k] = v;
    pthread_rwlock_unlock(&lock_);
  }
  int sum(int k, int l) {
    pthread_rwlock_rdlock(&lock_);
    // EXPECT: field Twice::entries_ keep multi-key
    const int both = (entries_.count(k) != 0) + (entries_.count(l) != 0);
    pthread_rwlock_unlock(&lock_);
    return both;
  }

private:
  pthread_rwlock_t lock_ = PTHREAD_RWLOCK_INITIALIZER;
  Map entries_;
};
