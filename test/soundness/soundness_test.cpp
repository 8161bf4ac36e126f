// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs, decided by the analysis and run in every interleaving, before and after.

#include "random_program.h"
#include "shapes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

namespace unlatch::soundness {
namespace {

unsigned long numberFrom(const char *variable, unsigned long otherwise) {
  const char *text = std::getenv(variable);
  return text ? std::strtoul(text, nullptr, 10) : otherwise;
}

class Tally {
public:
  void add(const AbstractProgram &program, const std::vector<Rewrite> &rewrites,
           const Comparison &comparison) {
    ++programs_;
    ++outcomes_[comparison.outcome];
    if (comparison.outcome != Comparison::Same)
      return;
    comparisons_ += static_cast<unsigned long>(comparison.rewrites);
    linearizable_ += comparison.isLinearizable;
    for (const std::string &shape : shapesOf(program, rewrites))
      ++shapes_[shape];
  }

  void print() const {
    std::cout << programs_ << " programs: " << count(Comparison::Same) << " compared, of which "
              << linearizable_ << " are linearizable by their methods; nothing converts in "
              << count(Comparison::Stays) << "; " << count(Comparison::Undefined)
              << " have a race or a deadlock, " << count(Comparison::TooLarge)
              << " too many interleavings\n"
              << comparisons_ << " rewrites; programs compared by shape:\n";
    for (const auto &[shape, count] : shapes_)
      std::cout << "  " << shape << ": " << count << "\n";
  }

  /// Otherwise the comparison would say little.
  void expectEnough() const {
    EXPECT_GE(count(Comparison::Same), programs_ / 5);
    EXPECT_LE(count(Comparison::Undefined), count(Comparison::Same));
    EXPECT_LE(count(Comparison::TooLarge), programs_ / 200);
    EXPECT_GE(linearizable_, count(Comparison::Same) / 2);
    for (const auto &[shape, inAMillion] : leastOfShapes()) {
      auto found = shapes_.find(shape);
      const unsigned long count = found == shapes_.end() ? 0 : found->second;
      EXPECT_GE(count, inAMillion * programs_ / 1000000) << shape;
    }
  }

private:
  unsigned long count(Comparison::Outcome outcome) const {
    auto found = outcomes_.find(outcome);
    return found == outcomes_.end() ? 0 : found->second;
  }

  unsigned long programs_ = 0, comparisons_ = 0, linearizable_ = 0;
  std::map<Comparison::Outcome, unsigned long> outcomes_;
  std::map<std::string, unsigned long> shapes_;
};

/// UNLATCH_RANDOM_PROGRAMS asks for another number than the usual, UNLATCH_FIRST_PROGRAM for
/// others.
TEST(SoundnessTest, NothingNewCanBeObserved) {
  const unsigned long first = numberFrom("UNLATCH_FIRST_PROGRAM", 0);
  const unsigned long programs = numberFrom("UNLATCH_RANDOM_PROGRAMS", 100000);
  Comparer comparer;
  Tally tally;
  for (unsigned long seed = first; seed < first + programs; ++seed) {
    const AbstractProgram program = randomProgram(seed);
    const std::vector<Rewrite> rewrites = rewritesOf(program);
    const Comparison comparison = comparer.compare(program, rewrites);
    tally.add(program, rewrites, comparison);
    ASSERT_NE(comparison.outcome, Comparison::Wrong)
        << "program " << seed << ":\n"
        << comparison.complaint << "\nreduced:\n"
        << comparer.compare(reduced(program)).complaint;
  }
  tally.print();
  tally.expectEnough();
}

} // namespace
} // namespace unlatch::soundness
