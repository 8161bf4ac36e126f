// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs programs under Relacy.

#include "memory.h"
#include "scheduler.h"
#include "system.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <sstream>
#include <vector>

namespace unlatch {
namespace model {
namespace {

const program *running = nullptr;

std::vector<program> &programs() {
  static std::vector<program> all;
  return all;
}

/// Relacy's context, which tells of allocations.
template <class Suite, class Scheduler>
class tracking_context : public rl::context_impl<Suite, Scheduler> {
  using base = rl::context_impl<Suite, Scheduler>;

public:
  using base::base;

  void *alloc(std::size_t size) override {
    void *const start = base::alloc(size);
    allocated(start, size);
    return start;
  }
  void free(void *start) override {
    if (start != nullptr)
      freed(start);
    base::free(start);
  }
};

/// Relacy's form of a program.
template <unsigned Threads> struct suite : rl::test_suite<suite<Threads>, Threads> {
  void before() {
    fences_of_threads = {Threads, &fence};
    running->begin();
  }
  void thread(unsigned index) { running->thread(index); }
  void after() {
    running->end();
    destroy_cells();
    destroy_blocks();
    destroy_mutexes();
  }

private:
  static void fence(unsigned thread) {
    // Relacy keeps its threads in an array.
    using info = rl::aligned<rl::thread_info<Threads>>;
    rl::thread_info_base *const self = rl::ctx().threadx_;
    info *const first = static_cast<info *>(static_cast<rl::thread_info<Threads> *>(self)) -
                        static_cast<unsigned>(self->index_);
    first[thread].atomic_thread_fence_seq_cst(rl::ctx().seq_cst_fence_order_);
  }
};

template <unsigned Threads>
rl::test_result_e execute(rl::test_params &params, std::ostream &state, bool again) {
  using scheduler = burst_scheduler<Threads>;
  forget_cells();
  forget_blocks();
  forget_mutexes();
  typename scheduler::shared_context_t shared;
  std::istringstream from(std::string(params.initial_state.c_str()));
  return tracking_context<suite<Threads>, scheduler>(params, shared).simulate(state, from, again);
}

rl::test_result_e execute(rl::test_params &params, std::ostream &state, bool again) {
  return running->threads == 2 ? execute<2>(params, state, again)
                               : execute<3>(params, state, again);
}

struct options {
  double factor = 1;
  bool has_to_fail = false;
  bool prints_execution = true;
};

/// Executes once more, this time with notes.
void print_execution(rl::test_params &params, const std::string &state) {
  std::stringstream notes;
  std::ostringstream unused;
  params.initial_state = state.c_str();
  params.collect_history = true;
  params.output_stream = &notes;
  execute(params, unused, true);
  const std::string of_no_place = "in , (0)"; // the making of an atomic object
  for (std::string line; std::getline(notes, line) && line != "thread 0:";)
    if (line.size() < of_no_place.size() ||
        line.compare(line.size() - of_no_place.size(), of_no_place.size(), of_no_place) != 0)
      std::puts(line.c_str());
}

bool check(const program &one, const options &given) {
  running = &one;
  rl::test_params params;
  params.iteration_count =
      static_cast<rl::iteration_t>(static_cast<double>(one.executions) * given.factor);
  params.execution_depth_limit = 20000;
  // Without a buffer: what is written between executions must not allocate.
  std::ostream ignored(nullptr);
  params.progress_stream = &ignored;
  std::ostringstream state;
  std::printf("%-65s", one.name.c_str());
  std::fflush(stdout);
  const std::clock_t start = std::clock();
  const rl::test_result_e result = execute(params, state, false);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf(" %8lu executions, %5.1f s: %s\n", static_cast<unsigned long>(params.stop_iteration),
              seconds, rl::test_result_str(result));
  if (result != rl::test_result_success && given.prints_execution)
    print_execution(params, state.str());
  if (result != rl::test_result_success)
    one.abandon();
  return result == rl::test_result_success;
}

} // namespace

void switched(unsigned from, unsigned to) { running->switched(from, to); }

void *allocate(std::size_t size) {
  return rl::is_ctx() ? rl::ctx().alloc(size) : std::malloc(size);
}
void deallocate(void *start) {
  if (rl::is_ctx())
    rl::ctx().free(start);
  else
    std::free(start);
}

unsigned choose(unsigned ways) { return rl::ctx().rand(ways, rl::sched_type_user); }

unsigned running_thread() { return static_cast<unsigned>(rl::ctx().threadx_->index_); }

void fail(const char *what, place where) {
  rl::ctx().fail_test(what, rl::test_result_user_assert_failed, info_of(where));
}

void add(const program &one) { programs().push_back(one); }

int run(int count, char **arguments) {
  options given;
  std::vector<const char *> names;
  if (const char *const factor = std::getenv("UNLATCH_MODEL_FACTOR"))
    given.factor = std::atof(factor);
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--must-fail") == 0) {
      given.has_to_fail = true;
      given.prints_execution = false;
    } else if (std::strcmp(arguments[i], "--print") == 0) {
      given.prints_execution = true;
    } else {
      names.push_back(arguments[i]);
    }
  }
  bool all_passed = true;
  unsigned number = 0;
  for (const program &each : programs()) {
    bool is_wanted = true;
    for (const char *const name : names)
      is_wanted = is_wanted && each.name.find(name) != std::string::npos;
    if (!is_wanted)
      continue;
    ++number;
    all_passed = check(each, given) && all_passed;
    if (given.has_to_fail && !all_passed)
      break;
  }
  if (number == 0) {
    std::fputs("no such program\n", stderr);
    return EXIT_FAILURE;
  }
  return all_passed != given.has_to_fail ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace model
} // namespace unlatch
