// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the headers under test ask of the system, in terms of the model. The functions of the C
// library are defined anew for this program, so that std::mutex, std::condition_variable,
// std::this_thread and membarrier(2) need no seam in the headers. The threads of the model share
// one thread of the system.

#include "relacy.h"

#include "system.h"

#include <cerrno>
#include <ctime>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checker.h"

namespace unlatch {
namespace model {

fencing fences_of_threads{0, nullptr};

namespace {

const rl::debug_info here("", "the system", 0);

/// The objects of the model that belong to those of the C library.
template <class Native, class Object, Object *(*Make)(), void (*Destroy)(Object *)> class twins {
public:
  Object &of(Native *native) {
    Object *&twin = by_address_[native];
    if (twin == nullptr)
      twin = Make();
    return *twin;
  }
  void forget_all() { by_address_.clear(); }
  void destroy_all() {
    for (const auto &each : by_address_)
      Destroy(each.second);
    by_address_.clear();
  }

private:
  typename rl::map<Native *, Object *>::type by_address_;
};

rl::generic_mutex_data *make_mutex() { return rl::ctx().mutex_ctor(false, false, false, false); }
void destroy_mutex(rl::generic_mutex_data *one) { rl::ctx().mutex_dtor(one); }
rl::condvar_data *make_condition() { return rl::ctx().condvar_ctor(true); }
void destroy_condition(rl::condvar_data *one) { rl::ctx().condvar_dtor(one); }

twins<pthread_mutex_t, rl::generic_mutex_data, make_mutex, destroy_mutex> mutexes;
twins<pthread_cond_t, rl::condvar_data, make_condition, destroy_condition> conditions;

/// For the time of a wait.
class waiting_mutex : public rl::mutex_wrapper {
public:
  explicit waiting_mutex(rl::generic_mutex_data &which) : which_(which) {}
  void lock(rl::debug_info_param info) const override { which_.lock_exclusive(false, info); }
  void unlock(rl::debug_info_param info) const override { which_.unlock_exclusive(info); }

private:
  rl::generic_mutex_data &which_;
};

} // namespace

void forget_mutexes() {
  mutexes.forget_all();
  conditions.forget_all();
}

void destroy_mutexes() {
  mutexes.destroy_all();
  conditions.destroy_all();
}

void fence() { rl::ctx().atomic_thread_fence_seq_cst(); }

void yield() { rl::ctx().yield(1, here); }

namespace {

/// membarrier(2): the caller executes a full fence at the beginning and at the end, and every other
/// thread one at some moment in between.
void fence_all_threads() {
  rl::ctx().atomic_thread_fence_seq_cst();
  const unsigned first = choose(fences_of_threads.threads);
  for (unsigned i = 0; i < fences_of_threads.threads; ++i) {
    rl::ctx().sched();
    fences_of_threads.fence((first + i) % fences_of_threads.threads);
  }
  rl::ctx().atomic_thread_fence_seq_cst();
}

} // namespace
} // namespace model
} // namespace unlatch

using namespace unlatch::model;

extern "C" {

int pthread_mutex_lock(pthread_mutex_t *which) noexcept {
  if (rl::is_ctx())
    mutexes.of(which).lock_exclusive(false, here);
  return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *which) noexcept {
  if (rl::is_ctx())
    mutexes.of(which).unlock_exclusive(here);
  return 0;
}

int pthread_cond_wait(pthread_cond_t *which, pthread_mutex_t *locked) {
  conditions.of(which).wait(waiting_mutex(mutexes.of(locked)), false, here);
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t *which) noexcept {
  if (rl::is_ctx())
    conditions.of(which).notify_all(here);
  return 0;
}

int sched_yield() noexcept {
  yield();
  return 0;
}

int nanosleep(const timespec *, timespec *) {
  yield();
  return 0;
}

long syscall(long number, ...) noexcept {
  if (number != SYS_membarrier) {
    errno = ENOSYS;
    return -1;
  }
  fence_all_threads();
  return 0;
}
}
