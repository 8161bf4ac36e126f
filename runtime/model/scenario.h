// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A scenario: a class with the state that its threads share. It is made before the threads start
// and destroyed when all have ended, in each execution.

#ifndef UNLATCH_MODEL_SCENARIO_H
#define UNLATCH_MODEL_SCENARIO_H

#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include "unlatch/detail/gate.h"
#include "unlatch/reclaim.h"

namespace unlatch {

namespace detail {
/// What is private, and has to be one for each thread of the model.
struct model_access {
  static held_gate *&innermost_closure() { return held_gate::innermost(); }
};
} // namespace detail

namespace model {

/// Announcements are sequentially consistent, or made with asymmetric fences.
using detail::fences;

/// The library's thread-local variables. All threads of the model run in one thread of the system.
struct thread_locals {
  reclaim::thread_state state{&reclaim::never_free, nullptr, false};
  detail::held_gate *innermost_closure = nullptr;

  void save() {
    state = reclaim::this_thread();
    innermost_closure = detail::model_access::innermost_closure();
  }
  void restore() const {
    reclaim::this_thread() = state;
    detail::model_access::innermost_closure() = innermost_closure;
  }
};

/// Remakes, in place, an object that outlives an execution.
template <class T, class... Arguments> void remake(T &object, Arguments... arguments) {
  object.~T();
  ::new (static_cast<void *>(&object)) T(arguments...);
}

/// One record for each thread, one for what comes before and after them, and a spare one.
inline constexpr unsigned records_in_use = 5;

inline void remake_domain(fences how) {
  reclaim::domain &all = reclaim::the_domain;
  remake(all.records, nullptr);
  remake(all.pool_used, 0U);
  remake(all.numbered, 0U);
  remake(all.watches_fork, true); // no more than once for all executions
  remake(all.forks, 0U);
  for (unsigned i = 0; i < records_in_use; ++i)
    remake(all.pool[i]);
  remake(reclaim::never_free, reclaim::record::taken);
  remake(detail::fences_of_process, how);
}

/// Nothing announced, nothing handed over, nothing held back.
inline void check_domain_is_empty() {
  for (reclaim::record *each = reclaim::the_domain.records.load(); each != nullptr;
       each = each->next.load()) {
    for (reclaim::slot &one : each->slots) {
      const std::uintptr_t word = one.load();
      require(word == 0 || word == reclaim::record::taken, "a slot still names something");
    }
    require(each->held_back_count == 0, "something is still held back");
    delete each->held_back;
    each->held_back = nullptr;
  }
}

/// What happens at the end of a thread.
inline void end_thread() {
  reclaim::this_thread().ended = true;
  reclaim::hand_on_records(reclaim::this_thread());
}

/// Runs a scenario as a program. `Scenario` has a member function `thread(index)`, and may have
/// `end()`, called when all threads have ended.
template <class Scenario, fences How> class staged {
public:
  static constexpr unsigned threads = Scenario::threads;

  static void begin() {
    remake_domain(How);
    for (thread_locals &each : locals_)
      each = thread_locals();
    thread_locals().restore();
    scenario_ = new Scenario;
    end_thread();
    if (choose(2) != 0) // threads that have a record already; else their first operation takes one
      for (thread_locals &each : locals_) {
        each.restore();
        static_cast<void>(reclaim::free_slot());
        each.save();
      }
    locals_[running_thread()].restore();
  }
  static void thread(unsigned index) {
    scenario_->thread(index);
    end_thread();
  }
  static void end() {
    thread_locals().restore();
    scenario_->end();
    delete scenario_;
    end_thread();
    thread_locals().restore();
    check_domain_is_empty();
  }
  static void switched(unsigned from, unsigned to) {
    locals_[from].save();
    locals_[to].restore();
  }
  static void abandon() { thread_locals().restore(); }

private:
  static inline Scenario *scenario_ = nullptr;
  static inline thread_locals locals_[threads];
};

/// So many executions with each kind of fences.
template <class Scenario> void add_scenario(const std::string &name, unsigned long executions) {
  using sequential = staged<Scenario, fences::sequential>;
  using asymmetric = staged<Scenario, fences::asymmetric>;
  add({name + " (sequential fences)", Scenario::threads, executions, &sequential::begin,
       &sequential::thread, &sequential::end, &sequential::switched, &sequential::abandon});
  add({name + " (asymmetric fences)", Scenario::threads, executions, &asymmetric::begin,
       &asymmetric::thread, &asymmetric::end, &asymmetric::switched, &asymmetric::abandon});
}

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_SCENARIO_H
