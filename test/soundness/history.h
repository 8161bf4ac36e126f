// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be observed of one execution: what each thread has read, what the variables hold in the
// end, and which calls had returned before which were made.
//
// Histories are compared as in "Linearizability: a correctness condition for concurrent objects"
// (Herlihy, Wing, TOPLAS 1990): one explains another if all that is read is the same, and calls
// that did not overlap have kept their order.

#pragma once

#include "abstract_program.h"

#include <compare>

namespace unlatch::soundness {

struct History {
  std::array<std::uint64_t, kMostThreads> reads{1, 1, 1}; ///< four bits each, after a leading 1
  std::uint64_t values = 0;                               ///< of the variables, four bits each
  /// For each call of each thread, how many calls of each thread had returned when it was made; two
  /// bits a number.
  std::uint64_t returnedBefore = 0;
  auto operator<=>(const History &) const = default;

  /// Whether all that is read is the same, and what followed here also follows there.
  bool isExplainedBy(const History &other) const;
};

/// The numbers that stand in History::returnedBefore for one call.
constexpr unsigned shiftOf(std::size_t thread, unsigned call) {
  return static_cast<unsigned>((thread * kMostCalls + call) * kMostThreads * 2);
}

/// Sorted, so that those which can explain one stand together.
class Histories {
public:
  void add(const History &history) { all_.push_back(history); }
  /// Sorts, and drops what is there twice. To be called when all are there.
  void finish();
  const std::vector<History> &all() const { return all_; }
  bool explain(const History &history) const;
  /// The first of `others` that none of these explains, or null.
  const History *unexplained(const Histories &others) const;

private:
  std::vector<History> all_;
};

/// For people.
std::string print(const History &history);

} // namespace unlatch::soundness
