// RUN: %check_rewrite %s -std=c++17
// What looks like a guard, and may not hold what it is given, or does more than that.
#include <mutex>
#include <pthread.h>

int taken = 0;

// One constructor locks, another only tries.
class Tried {
public:
  explicit Tried(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  Tried(std::mutex &mutex, int tries) : mutex_(mutex) {
    while (tries-- > 0)
      if (mutex_.try_lock())
        return;
  }
  ~Tried() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};
class Tries {
public:
  void set(int value) {
    // EXPECT: field Tries::value_ keep conditional-lock @+1
    Tried guard(mutex_, 3);
    value_ = value;
  }
  void reset() {
    Tried guard(mutex_);
    value_ = 0;
  }
  int get() {
    Tried guard(mutex_);
    return value_;
  }

private:
  std::mutex mutex_;
  int value_ = 0;
};

// The standard library's guard inside does not lock.
class Deferring {
public:
  explicit Deferring(std::mutex &mutex) : lock_(mutex, std::defer_lock) {}

private:
  std::unique_lock<std::mutex> lock_;
};
class Defers {
public:
  void set(int value) {
    Deferring guard(mutex_);
    value_ = value;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mutex_);
    return value_;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Defers::value_ keep unguarded @+1
  int value_ = 0;
};

// What is around the guard counts.
class Counting {
public:
  explicit Counting(std::mutex &mutex) : lock_(mutex) { ++taken; }

private:
  std::lock_guard<std::mutex> lock_;
};
class Counts {
public:
  void set(int value) {
    Counting guard(mutex_);
    value_ = value;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mutex_);
    return value_;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Counts::value_ keep unguarded @+1
  int value_ = 0;
};

class EndCounts {
public:
  explicit EndCounts(std::mutex &mutex) : lock_(mutex) {}
  ~EndCounts() { ++taken; }

private:
  std::lock_guard<std::mutex> lock_;
};
class CountsAtTheEnd {
public:
  void set(int value) {
    EndCounts guard(mutex_);
    value_ = value;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mutex_);
    return value_;
  }

private:
  std::mutex mutex_;
  // EXPECT: field CountsAtTheEnd::value_ keep unguarded @+1
  int value_ = 0;
};

// It locks something else than it is given.
pthread_mutex_t everybody = PTHREAD_MUTEX_INITIALIZER;
class Elsewhere {
public:
  explicit Elsewhere(pthread_mutex_t &mutex) : mutex_(mutex) { pthread_mutex_lock(&everybody); }
  ~Elsewhere() { pthread_mutex_unlock(&everybody); }

private:
  pthread_mutex_t &mutex_;
};
class LocksAnother {
public:
  LocksAnother() = default;
  LocksAnother(const LocksAnother &) = delete;
  void set(int value) {
    Elsewhere guard(mutex_);
    value_ = value;
  }
  int get() {
    pthread_mutex_lock(&mutex_);
    const int value = value_;
    pthread_mutex_unlock(&mutex_);
    return value;
  }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  // EXPECT: field LocksAnother::value_ keep unguarded @+1
  int value_ = 0;
};

// It only tries, and it does not say.
class Trying {
public:
  explicit Trying(pthread_mutex_t *mutex) : mutex_(mutex) { pthread_mutex_trylock(mutex_); }
  ~Trying() { pthread_mutex_unlock(mutex_); }

private:
  pthread_mutex_t *mutex_;
};
class OnlyTries {
public:
  OnlyTries() = default;
  OnlyTries(const OnlyTries &) = delete;
  void set(int value) {
    Trying guard(&mutex_);
    value_ = value;
  }
  int get() {
    pthread_mutex_lock(&mutex_);
    const int value = value_;
    pthread_mutex_unlock(&mutex_);
    return value;
  }

private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  // EXPECT: field OnlyTries::value_ keep unguarded @+1
  int value_ = 0;
};

// It can be left before its end.
class Leaving {
public:
  explicit Leaving(std::mutex &mutex) : lock_(mutex) {}
  void leave() { lock_.unlock(); }

private:
  std::unique_lock<std::mutex> lock_;
};
class Leaves {
public:
  void set(int value) {
    Leaving guard(mutex_);
    value_ = value;
    guard.leave();
    ++value_;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mutex_);
    return value_;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Leaves::value_ keep lock-escapes
  int value_ = 0;
};

// It counts itself.
class Handling {
public:
  explicit Handling(std::mutex &mutex) : mutex_(mutex) {
    mutex_.lock();
    ++taken;
  }
  ~Handling() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};
class Handles {
public:
  void set(int value) {
    Handling guard(mutex_);
    value_ = value;
  }
  int get() {
    std::lock_guard<std::mutex> guard(mutex_);
    return value_;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Handles::value_ keep unguarded @+1
  int value_ = 0;
};
