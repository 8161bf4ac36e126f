// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a measuring program puts out: a JSON object a line, on standard output. Tables, goals and
// plots are made from these lines by other programs.

#ifndef UNLATCH_BENCH_FIGURES_H
#define UNLATCH_BENCH_FIGURES_H

#include <string>

#include "interleave.h"

namespace bench {

/// What a figure belongs to.
struct subject {
  std::string suite;    // map, state, registry, counter, tail, memory
  std::string type;     // of key and value, or empty
  std::string workload; // what the threads do
  int threads = 1;
};

/// What a contender is to the comparison.
enum class role { ours, floor, lock, peer };
const char *name_of(role which);

void put(const subject &what, const std::string &contender, role which, const std::string &unit,
         const summary &figure);
/// A figure that is not the median of many.
void put(const subject &what, const std::string &contender, role which, const std::string &unit,
         double figure);

/// Tells who is watching what is being measured, on standard error.
void progress(const subject &what);

/// The command line of every measuring program.
struct options {
  bool quick = false;
  options(int count, char **arguments);
};

} // namespace bench

#endif // UNLATCH_BENCH_FIGURES_H
