// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decides at random which thread goes on. Relacy's own random scheduler may switch at every step,
// so it hardly ever lets one thread run for long while another stands still, and that is what most
// errors of lock-free code need. Here each execution draws how often it switches, and how often
// loads return old values. (S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010: few switches find most
// errors.)

#ifndef UNLATCH_MODEL_SCHEDULER_H
#define UNLATCH_MODEL_SCHEDULER_H

#include "relacy.h"

#include <cstdint>

namespace unlatch {
namespace model {

/// Of the program that runs.
void switched(unsigned from, unsigned to);

template <rl::thread_id_t Threads>
class burst_scheduler
    : public rl::scheduler<burst_scheduler<Threads>, rl::scheduler_thread_info, Threads> {
  using base = rl::scheduler<burst_scheduler<Threads>, rl::scheduler_thread_info, Threads>;

public:
  using shared_context_t = typename base::shared_context_t;
  struct task_t {};

  burst_scheduler(rl::test_params &params, shared_context_t &shared,
                  rl::thread_id_t dynamic_threads)
      : base(params, shared, dynamic_threads) {}

  // What Relacy asks of a scheduler.

  rl::thread_id_t iteration_begin_impl() {
    state_ = this->iter_ * 0x9e3779b97f4a7c15U;
    static constexpr unsigned steps[] = {2, 4, 8, 16, 32, 64};
    steps_per_switch_ = steps[draw(sizeof(steps) / sizeof(*steps))];
    static constexpr unsigned old_in_8[] = {0, 4, 4, 7};
    old_values_in_8_ = old_in_8[draw(sizeof(old_in_8) / sizeof(*old_in_8))];
    stopping_ = draw(2) == 0 ? static_cast<rl::thread_id_t>(draw(Threads)) : nobody;
    steps_before_stop_ = draw(most_steps_before_stop);
    steps_of_others_ = 0;
    current_ = any_running();
    return current_;
  }
  bool iteration_end_impl() { return this->iter_ == this->params_.iteration_count; }
  rl::iteration_t iteration_count_impl() { return this->params_.iteration_count; }

  rl::thread_id_t schedule_impl(rl::unpark_reason &reason, unsigned is_yield) {
    reason = rl::unpark_reason_normal;
    rl::thread_id_t next = current_;
    if (const rl::thread_id_t sleeping = this->spurious_thread_count_;
        sleeping != 0 && this->running_threads_count != 0 && draw(16) == 0) {
      next = this->spurious_threads_[draw(static_cast<unsigned>(sleeping))]->index_;
      this->unpark_thread(next);
      reason = rl::unpark_reason_spurious;
    } else if (this->threads_[current_].state_ != rl::thread_state_running || is_yield != 0 ||
               draw(steps_per_switch_) == 0 || is_stopped(current_)) {
      next = any_running();
    }
    if (next == stopping_ && steps_before_stop_ != 0)
      --steps_before_stop_;
    else if (next != stopping_ && is_stopped(stopping_) &&
             ++steps_of_others_ == most_steps_of_others) // they may be waiting for it
      stopping_ = nobody;
    if (next != current_)
      switched(static_cast<unsigned>(current_), static_cast<unsigned>(next));
    current_ = next;
    return next;
  }

  unsigned rand_impl(unsigned limit, rl::sched_type kind) {
    // Relacy asks for one of two: 0 is the value just looked at, 1 one that is older.
    if (kind == rl::sched_type_atomic_load)
      return draw(8) < old_values_in_8_ ? 1 : 0;
    return draw(limit);
  }

  // Executions are numbered, and the number is all that it takes to repeat one.
  void get_state_impl(std::ostream &) {}
  void set_state_impl(std::istream &) {}
  void on_thread_block(rl::thread_id_t, bool) {}

private:
  static constexpr rl::thread_id_t nobody = -1;
  static constexpr unsigned most_steps_before_stop = 128;
  static constexpr unsigned most_steps_of_others = 512;

  bool is_stopped(rl::thread_id_t thread) const {
    return thread == stopping_ && thread != nobody && steps_before_stop_ == 0;
  }
  rl::thread_id_t any_running() {
    const auto number = static_cast<unsigned>(this->running_threads_count);
    const unsigned first = draw(number);
    for (unsigned i = 0; i < number; ++i)
      if (const rl::thread_id_t one = this->running_threads[(first + i) % number]; !is_stopped(one))
        return one;
    return this->running_threads[first];
  }
  /// splitmix64 (S. Vigna).
  unsigned draw(unsigned limit) {
    std::uint64_t word = state_ += 0x9e3779b97f4a7c15U;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9U;
    word = (word ^ word >> 27) * 0x94d049bb133111ebU;
    return static_cast<unsigned>((word >> 33) % limit);
  }

  std::uint64_t state_ = 0;
  unsigned steps_per_switch_ = 1;
  unsigned old_values_in_8_ = 0;
  rl::thread_id_t stopping_ = nobody;
  unsigned steps_before_stop_ = 0;
  unsigned steps_of_others_ = 0;
  rl::thread_id_t current_ = 0;
};

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_SCHEDULER_H
