// Weaker orderings under other names.
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=1
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=2
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=3
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=4
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=5
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=6

#include <atomic>
#include <mutex>
#include <unordered_map>

// Two fields may leave one by one: fences would not order those that still lock.
// EXPECT: field Table::m_ review map
// EXPECT: field Table::puts_ review atomic
class Table {
public:
  void put(int k, int v) {
    std::lock_guard<std::mutex> lock(mu_);
    m_[k] = v;
  }
  bool has(int k) {
    std::lock_guard<std::mutex> lock(mu_);
    return m_.count(k) != 0;
  }
  void count() {
    std::lock_guard<std::mutex> lock(mu_);
    ++puts_;
  }
  int puts() {
    std::lock_guard<std::mutex> lock(mu_);
    return puts_;
  }

private:
  std::mutex mu_;
  std::unordered_map<int, int> m_;
  int puts_ = 0;
};

std::atomic<int> ready{0};
volatile int shared = 0;
int plain = 0;

#if CASE == 1
void publish() { __atomic_store_n(&plain, 1, __ATOMIC_RELEASE); }
#elif CASE == 2
bool enter() { return __sync_lock_test_and_set(&plain, 1) == 0; }
#elif CASE == 3
void publish() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
#elif CASE == 4
void publish() { shared = 1; }
int look() { return shared; }
#elif CASE == 5
void publish() { *const_cast<volatile int *>(&plain) = 1; }
#elif CASE == 6
void publish(std::memory_order order) { ready.store(1, order); }
#endif
