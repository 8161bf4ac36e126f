// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A good hash map without any lock: what a look-up costs if nobody else is there. For one thread,
// or for several that only read.

#ifndef UNLATCH_BENCH_MAPS_FLOOR_H
#define UNLATCH_BENCH_MAPS_FLOOR_H

#include <utility>

#if __has_include(<boost/unordered/unordered_flat_map.hpp>)
#include <boost/unordered/unordered_flat_map.hpp>
#define UNLATCH_BENCH_FLOOR_IS_BOOST 1
#else
#include <unordered_map>
#define UNLATCH_BENCH_FLOOR_IS_BOOST 0
#endif

#include "contents.h"

namespace bench {

#if UNLATCH_BENCH_FLOOR_IS_BOOST
inline constexpr const char *floor_name = "boost::unordered_flat_map, no lock";
template <class K, class V> using unlocked = boost::unordered_flat_map<K, V, same_hash>;
#else
inline constexpr const char *floor_name = "std::unordered_map, no lock";
template <class K, class V> using unlocked = std::unordered_map<K, V, same_hash>;
#endif

template <class K, class V> class floor_map {
public:
  explicit floor_map(std::size_t expected) { map_.reserve(expected); }

  BENCH_ADAPTER bool read(const K &key, V &value) const {
    const auto found = map_.find(key);
    if (found == map_.end())
      return false;
    value = found->second;
    return true;
  }
  void store(const K &key, V value) { map_.insert_or_assign(key, std::move(value)); }
  template <class F> void change(const K &key, F f) { f(map_[key]); }
  bool erase(const K &key) { return map_.erase(key) != 0; }
  template <class F> bool hold(const K &key, F inside) const {
    inside();
    return map_.find(key) != map_.end();
  }

private:
  unlocked<K, V> map_;
};

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_FLOOR_H
