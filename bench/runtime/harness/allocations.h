// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts what the whole process allocates, other libraries included, by standing in for malloc.
// Only programs that link allocations.cpp do that: counting would slow the others down.

#ifndef UNLATCH_BENCH_ALLOCATIONS_H
#define UNLATCH_BENCH_ALLOCATIONS_H

#include <cstdint>

namespace bench {

struct allocations {
  std::uint64_t count; // calls that allocated, so far
  std::uint64_t bytes; // that they asked for
};
allocations allocated_so_far();

/// What is in use now, with what the allocator adds to each piece.
std::int64_t heap_in_use();

} // namespace bench

#endif // UNLATCH_BENCH_ALLOCATIONS_H
