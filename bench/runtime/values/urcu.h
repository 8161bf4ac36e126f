// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef UNLATCH_BENCH_VALUES_URCU_H
#define UNLATCH_BENCH_VALUES_URCU_H

#include "../harness/rcu_thread.h"

#include "any_value.h"

namespace bench {

class urcu_value {
  struct box {
    rcu_head retired; // the first member: its address is that of the box
    state value;
  };

public:
  urcu_value() : current_(new box{}) {}
  urcu_value(const urcu_value &) = delete;
  urcu_value &operator=(const urcu_value &) = delete;
  ~urcu_value() {
    urcu_memb_barrier();
    delete current_;
  }

  BENCH_ADAPTER std::uint64_t read() const {
    urcu_memb_read_lock();
    const box *const seen = rcu_dereference(current_);
    const std::uint64_t weight = seen->value.weight();
    urcu_memb_read_unlock();
    return weight;
  }
  void write(const state &next) {
    box *const fresh = new box{{}, next};
    box *const old = rcu_xchg_pointer(&current_, fresh);
    urcu_memb_call_rcu(&old->retired, [](rcu_head *head) { delete reinterpret_cast<box *>(head); });
  }
  template <class F> void hold(F inside) const {
    urcu_memb_read_lock();
    inside();
    urcu_memb_read_unlock();
  }
  void settle() { urcu_memb_barrier(); }
  static void enter() { rcu_thread::enter(); }

private:
  box *current_;
};

} // namespace bench

#endif // UNLATCH_BENCH_VALUES_URCU_H
