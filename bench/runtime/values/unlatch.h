// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef UNLATCH_BENCH_VALUES_UNLATCH_H
#define UNLATCH_BENCH_VALUES_UNLATCH_H

#include <unlatch/snapshot.h>

#include "any_value.h"

namespace bench {

class unlatch_value {
public:
  BENCH_ADAPTER std::uint64_t read() const { return value_.read()->weight(); }
  void write(const state &next) { value_.replace(next); }
  template <class F> void hold(F inside) const {
    const auto picture = value_.read();
    inside();
  }

private:
  unlatch::snapshot<state> value_;
};

} // namespace bench

#endif // UNLATCH_BENCH_VALUES_UNLATCH_H
