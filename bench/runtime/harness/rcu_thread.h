// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// liburcu wants to know the threads that read.

#ifndef UNLATCH_BENCH_RCU_THREAD_H
#define UNLATCH_BENCH_RCU_THREAD_H

// The read side inlined, as it is meant to be used where speed matters.
#define _LGPL_SOURCE
#include <urcu/urcu-memb.h>

namespace bench {

/// Registers a thread when it first needs it, and until it ends.
class rcu_thread {
public:
  static void enter() {
    static thread_local rcu_thread here;
    static_cast<void>(here);
  }
  rcu_thread(const rcu_thread &) = delete;
  rcu_thread &operator=(const rcu_thread &) = delete;

private:
  rcu_thread() {
    urcu_memb_register_thread();
    // The thread that runs callbacks: started now, and not by a worker that is tied to a processor.
    urcu_memb_get_default_call_rcu_data();
  }
  ~rcu_thread() { urcu_memb_unregister_thread(); }
};

} // namespace bench

#endif // UNLATCH_BENCH_RCU_THREAD_H
