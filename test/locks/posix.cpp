// RUN: %check_rewrite %s -std=c++17 --tsan
// The locks of POSIX, which functions lock.
#include <cstdio>
#include <map>
#include <pthread.h>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

// Made and ended by hand.
class Table {
public:
  Table() { pthread_mutex_init(&mu_, nullptr); }
  ~Table() { pthread_mutex_destroy(&mu_); }
  Table(const Table &) = delete;
  Table &operator=(const Table &) = delete;

  void put(int k, const std::string &v) {
    pthread_mutex_lock(&mu_);
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
  }
  std::string get(int k) {
    std::string found;
    pthread_mutex_lock(&mu_);
    auto it = entries_.find(k);
    if (it != entries_.end())
      found = it->second;
    pthread_mutex_unlock(&mu_);
    return found;
  }
  bool drop(int k) {
    pthread_mutex_lock(&mu_);
    const bool had = entries_.erase(k) != 0;
    pthread_mutex_unlock(&mu_);
    return had;
  }

private:
  pthread_mutex_t mu_;
  std::unordered_map<int, std::string> entries_;
};
// EXPECT: field Table::entries_ convert map
// EXPECT: mutex Table::mu_ remove
// EXPECT: operation Table::put store
// EXPECT: operation Table::get load
// EXPECT: operation Table::drop erase

// Readers and writers.
class Shared {
public:
  Shared() = default;
  Shared(const Shared &) = delete;
  void put(int k, int v) {
    pthread_rwlock_wrlock(&lock_);
    entries_[k] = v;
    pthread_rwlock_unlock(&lock_);
  }
  bool has(int k) {
    pthread_rwlock_rdlock(&lock_);
    const bool found = entries_.count(k) != 0;
    pthread_rwlock_unlock(&lock_);
    return found;
  }

private:
  pthread_rwlock_t lock_ = PTHREAD_RWLOCK_INITIALIZER;
  std::unordered_map<int, int> entries_;
};
// EXPECT: field Shared::entries_ convert map
// EXPECT: mutex Shared::lock_ remove

// Of the whole program.
static pthread_mutex_t countLock = PTHREAD_MUTEX_INITIALIZER;
static long count = 0;

long next() {
  pthread_mutex_lock(&countLock);
  const long now = ++count;
  pthread_mutex_unlock(&countLock);
  return now;
}
// EXPECT: field count convert atomic
// EXPECT: mutex countLock remove
// EXPECT: operation next add

// The mutex guards more than what goes.
class Both {
public:
  Both() = default;
  Both(const Both &) = delete;
  void put(int k, int v) {
    pthread_mutex_lock(&mu_);
    entries_[k] = v;
    pthread_mutex_unlock(&mu_);
  }
  void note(const std::string &what) {
    pthread_mutex_lock(&mu_);
    log_.push_back(what);
    std::puts(what.c_str());
    pthread_mutex_unlock(&mu_);
  }

private:
  pthread_mutex_t mu_ = PTHREAD_MUTEX_INITIALIZER;
  std::unordered_map<int, int> entries_;
  std::vector<std::string> log_;
};
// EXPECT: field Both::entries_ convert map
// EXPECT: field Both::log_ keep calls-out
// EXPECT: mutex Both::mu_ keep

int main() {
  Table table;
  Shared shared;
  Both both;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int k = 0; k < 200; ++k) {
        table.put(k, std::to_string(k));
        shared.put(k, i);
        both.put(k, i);
        next();
      }
    });
  for (std::thread &each : threads)
    each.join();
  both.note("done");
  std::printf("%s %d %d %d %ld\n", table.get(7).c_str(), table.drop(7), table.drop(7),
              shared.has(3), next());
}
