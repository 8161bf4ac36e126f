// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef UNLATCH_BENCH_ADAPTER_H
#define UNLATCH_BENCH_ADAPTER_H

/// Before the reading function of a contender: a part of the loop that is measured, not a call, as
/// it would be in code that uses the library. What the library itself has inline is left to it.
#define BENCH_ADAPTER __attribute__((always_inline)) inline

#endif // UNLATCH_BENCH_ADAPTER_H
