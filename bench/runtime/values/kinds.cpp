// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "any_value.h"
#include "channel.h"
#include "standard.h"
#include "unlatch.h"
#ifdef UNLATCH_BENCH_HAS_URCU
#include "urcu.h"
#endif

namespace bench {

std::vector<value_kind> all_values() {
  std::vector<value_kind> all;
  const auto add = [&](auto type, const char *name, role what) {
    using value_type = typename decltype(type)::type;
    all.push_back({name, what, [] { return std::make_unique<value_of<value_type>>(); }});
  };
  add(std::type_identity<leaking_value>(), "raw pointer, never freed", role::floor);
  add(std::type_identity<unlatch_value>(), "unlatch::snapshot", role::ours);
  add(std::type_identity<mutex_value>(), "mutex and copy", role::lock);
  add(std::type_identity<shared_mutex_value>(), "shared_mutex and copy", role::lock);
#ifdef __cpp_lib_atomic_shared_ptr
  add(std::type_identity<shared_ptr_value>(), "atomic<shared_ptr>", role::peer);
#endif
#ifdef UNLATCH_BENCH_HAS_URCU
  add(std::type_identity<urcu_value>(), "liburcu read section", role::peer);
#endif
  add(std::type_identity<channel_value>(), "channel to an owner thread", role::lock);
  return all;
}

} // namespace bench
