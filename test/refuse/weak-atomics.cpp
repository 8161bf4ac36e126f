// Weaker atomics anywhere in the program: the lock may have been a fence for them.
// RUN: %check_rewrite %s -std=c++20 -DCASE=1
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=2
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=3
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=4
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=5
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=6
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=7
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=8
// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++20 -DCASE=9

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

#if CASE == 1
void publish() { ready.store(1, std::memory_order_release); }
#elif CASE == 2
int look() { return ready.load(std::memory_order_relaxed); }
#elif CASE == 3
void publish() { std::atomic_thread_fence(std::memory_order_seq_cst); }
#elif CASE == 4
void publish() { asm volatile("" ::: "memory"); }
#elif CASE == 5
void publish() { std::atomic_store_explicit(&ready, 1, std::memory_order_release); }
#elif CASE == 6
#define RELAXED std::memory_order_relaxed
int look() { return ready.load(RELAXED); }
#elif CASE == 7
constexpr auto order = std::memory_order::relaxed;
void publish() { ready.fetch_add(1, order); }
#elif CASE == 8
template <class T> void publish(std::atomic<T> &a) { a.store(1, std::memory_order_release); }
#elif CASE == 9
int count = 0;
bool publish(int expected) {
  return __atomic_compare_exchange_n(&count, &expected, 1, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_ACQUIRE);
}
#endif
