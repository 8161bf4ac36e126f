// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contenders compared fairly: they take turns of a few milliseconds, so that whatever else the
// machine does at the time hits all of them alike. What they needed is summed up by its median.

#ifndef UNLATCH_BENCH_INTERLEAVE_H
#define UNLATCH_BENCH_INTERLEAVE_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include "workers.h"

namespace bench {

/// Median and quartiles of a number of measurements.
struct summary {
  double median = 0;
  double lower_quartile = 0;
  double upper_quartile = 0;
  std::size_t samples = 0;
  std::size_t discarded = 0;
  bool disturbed = false; // hardly a window was left in peace, so these are not
};

summary summarise(std::vector<double> samples);

/// How long to measure. A turn of a contender is a warm-up, so that the caches hold what it uses
/// and not what the one before it used, and then a few windows.
struct effort {
  std::size_t windows;  // wanted of each contender
  std::size_t per_turn; // of them in a turn
  std::int64_t length;  // of a window, in ns
  std::int64_t warm_up; // before the first window of a turn, in ns
  std::int64_t time;    // for all contenders together, in ns: then what there is must do
  bool discard_preempted;
};

effort effort_for(const workers &crew, bool quick);

/// One summary for each task, in their order, in ns an operation.
std::vector<summary> interleave(workers &crew, const std::vector<task *> &tasks,
                                const effort &planned);

} // namespace bench

#endif // UNLATCH_BENCH_INTERLEAVE_H
