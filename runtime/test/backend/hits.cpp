// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Has counters only, which are the same in both forms: fits into any program.

#include <unlatch/counter.h>

unsigned long hit() {
  static unlatch::counter<unsigned long> hits;
  ++hits;
  return hits.sum();
}
