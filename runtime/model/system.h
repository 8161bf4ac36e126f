// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mutexes and condition variables of an execution, and the fence that reaches all threads.

#ifndef UNLATCH_MODEL_SYSTEM_H
#define UNLATCH_MODEL_SYSTEM_H

namespace unlatch {
namespace model {

/// How to make one thread of the running program execute a full fence.
struct fencing {
  unsigned threads;
  void (*fence)(unsigned thread);
};
extern fencing fences_of_threads;

void forget_mutexes();
void destroy_mutexes();

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_SYSTEM_H
