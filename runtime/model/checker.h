// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the model checker offers to the headers under test and to the scenarios. The checker behind
// it is Relacy (D. Vyukov); only checker.cpp and system.cpp see that, so that a scenario compiles
// fast.

#ifndef UNLATCH_MODEL_CHECKER_H
#define UNLATCH_MODEL_CHECKER_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace unlatch {
namespace model {

/// Where in the source an access stands, for the printed execution.
struct place {
  const char *file;
  unsigned line;
  const char *function;
};

/// Two words that are accessed as one.
struct two_words {
  std::uint64_t first;
  std::uint64_t second;
};

/// A sequentially consistent one.
void fence();

enum class rmw { exchange, add, subtract, conjunction, disjunction };

/// The history of an atomic object: a load may return any value that the memory model allows. Lives
/// until the end of the execution, even if the memory of its owner is freed or used again.
struct word_cell;
struct pair_cell;

/// `owner` is the object in memory that the cell stands for: accesses to it must happen after it
/// was allocated and before it is freed. Null if no execution is under way.
word_cell *make_cell(const void *owner, std::uint64_t value);
pair_cell *make_cell(const void *owner, two_words value);

std::uint64_t load(word_cell *cell, std::memory_order order, place where);
two_words load(pair_cell *cell, std::memory_order order, place where);
void store(word_cell *cell, std::uint64_t value, std::memory_order order, place where);
void store(pair_cell *cell, two_words value, std::memory_order order, place where);
std::uint64_t modify(word_cell *cell, rmw how, std::uint64_t operand, std::memory_order order,
                     place where);
two_words modify(pair_cell *cell, rmw how, two_words operand, std::memory_order order, place where);
bool compare_exchange(word_cell *cell, std::uint64_t &expected, std::uint64_t desired, bool is_weak,
                      std::memory_order success, std::memory_order failure, place where);
bool compare_exchange(pair_cell *cell, two_words &expected, two_words desired,
                      std::memory_order order, place where);

/// Data that is not atomic: accesses that race with a write, or with freeing the memory, are found.
struct data_cell;
data_cell *make_data(const void *owner, unsigned value);
unsigned read(data_cell *cell, place where);
void write(data_cell *cell, unsigned value, place where);

/// Memory whose use is watched, if an execution is under way.
void *allocate(std::size_t size);
void deallocate(void *start);

/// One of so many ways to go on.
unsigned choose(unsigned ways);
/// The one that goes on after `begin`, and may have run it.
unsigned running_thread();
/// A thread lets others run.
void yield();
/// Ends the execution as a failed one.
void fail(const char *what, place where);
inline void require(bool condition, const char *what, const char *file = __builtin_FILE(),
                    unsigned line = __builtin_LINE(), const char *function = __builtin_FUNCTION()) {
  if (!condition)
    fail(what, {file, line, function});
}

/// What is executed again and again, each time with another interleaving.
struct program {
  std::string name;
  unsigned threads; // 2 or 3
  unsigned long executions;
  void (*begin)();                              // before the threads, alone
  void (*thread)(unsigned index);               // each in a thread of its own
  void (*end)();                                // after the threads, alone
  void (*switched)(unsigned from, unsigned to); // another thread goes on
  void (*abandon)();                            // an execution has failed
};

void add(const program &one);

/// Runs all programs that were added, or those whose names are given. See README.md for the
/// arguments.
int run(int count, char **arguments);

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_CHECKER_H
