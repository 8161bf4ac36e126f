// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All contenders for one type of entries. UNLATCH_BENCH_HAS_... come from the build, which has
// looked for the libraries.

#ifndef UNLATCH_BENCH_KINDS_H
#define UNLATCH_BENCH_KINDS_H

#include <type_traits>

#include "any_map.h"
#include "floor.h"
#include "standard.h"
#include "unlatch.h"
#if __has_include(<boost/unordered/concurrent_flat_map.hpp>)
#include "boost_concurrent.h"
#define UNLATCH_BENCH_HAS_BOOST_CONCURRENT 1
#endif
#ifdef UNLATCH_BENCH_HAS_TBB
#include "tbb.h"
#endif
#ifdef UNLATCH_BENCH_HAS_CUCKOO
#include "cuckoo.h"
#endif
#ifdef UNLATCH_BENCH_HAS_URCU
#include "urcu.h"
#endif
#ifdef UNLATCH_BENCH_HAS_CDS
#include "libcds.h"
#endif

namespace bench {

template <class Contents> std::vector<map_kind> kinds() {
  using K = typename Contents::key_type;
  using V = typename Contents::value_type;
  std::vector<map_kind> all;
  const auto add = [&](auto type, const char *name, role what) {
    using map_type = typename decltype(type)::type;
    all.push_back({name, what, what != role::floor, [](std::size_t expected) {
                     return std::make_unique<map_of<map_type, Contents>>(expected);
                   }});
  };
  add(std::type_identity<floor_map<K, V>>(), floor_name, role::floor);
  add(std::type_identity<unlatch_map<K, V>>(), "unlatch::map", role::ours);
  add(std::type_identity<mutex_map<K, V>>(), "mutex + unordered_map", role::lock);
  add(std::type_identity<shared_mutex_map<K, V>>(), "shared_mutex + unordered_map", role::lock);
#ifdef UNLATCH_BENCH_HAS_BOOST_CONCURRENT
  add(std::type_identity<boost_concurrent_map<K, V>>(), "boost::concurrent_flat_map", role::peer);
#endif
#ifdef UNLATCH_BENCH_HAS_CUCKOO
  add(std::type_identity<cuckoo_map<K, V>>(), "libcuckoo", role::peer);
#endif
#ifdef UNLATCH_BENCH_HAS_URCU
  add(std::type_identity<urcu_map<K, V>>(), "liburcu lfht", role::peer);
#endif
#ifdef UNLATCH_BENCH_HAS_TBB
  add(std::type_identity<tbb_map<K, V>>(), "tbb::concurrent_hash_map", role::peer);
#endif
#ifdef UNLATCH_BENCH_HAS_CDS
  if constexpr (std::is_integral_v<K>)
    add(std::type_identity<cds_map<K, V>>(), "libcds FeldmanHashSet", role::peer);
#endif
  return all;
}

} // namespace bench

#endif // UNLATCH_BENCH_KINDS_H
