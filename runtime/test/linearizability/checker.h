// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Searches for an order of recorded operations that explains their results (J. Wing, C. Gong,
// "Testing and Verifying Concurrent Objects", JPDC 1993, with the memory of visited configurations
// of G. Lowe, "Testing for Linearizability", CCPE 2017).

#ifndef UNLATCH_RUNTIME_TEST_LINEARIZABILITY_CHECKER_H
#define UNLATCH_RUNTIME_TEST_LINEARIZABILITY_CHECKER_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "specification.h"

namespace unlatch_test {

class checker {
public:
  explicit checker(std::vector<operation> history, state initial = state{})
      : history_(std::move(history)), initial_(initial) {
    // Operations mostly take effect in the order in which they end: try that one first.
    std::sort(history_.begin(), history_.end(),
              [](const operation &left, const operation &right) { return left.end < right.end; });
  }

  /// Whether some order that respects real time explains all results.
  bool explains() { return search(0, initial_); }

  std::string description() const {
    std::string text = "no order explains this, from " + std::to_string(initial_[0]) + " " +
                       std::to_string(initial_[1]) + " " + std::to_string(initial_[2]) + ":\n";
    for (const operation &each : history_)
      text += describe(each);
    return text;
  }

private:
  static constexpr unsigned state_bits = 15; // three values below 32

  bool search(std::uint64_t done, const state &s) {
    if (done == (std::uint64_t{1} << history_.size()) - 1)
      return true;
    if (!visited_.insert(done << state_bits | static_cast<std::uint64_t>(encode(s))).second)
      return false;
    // Whatever comes next must have begun before the first of the rest ended.
    std::size_t first = 0;
    while ((done >> first & 1) != 0)
      ++first;
    for (std::size_t i = first; i < history_.size(); ++i) {
      if ((done >> i & 1) != 0 || history_[i].begin > history_[first].end)
        continue;
      state next = s;
      if (execute(history_[i], next) == history_[i].result &&
          search(done | std::uint64_t{1} << i, next))
        return true;
    }
    return false;
  }

  std::vector<operation> history_;
  const state initial_;
  std::unordered_set<std::uint64_t> visited_;
};

} // namespace unlatch_test

#endif // UNLATCH_RUNTIME_TEST_LINEARIZABILITY_CHECKER_H
