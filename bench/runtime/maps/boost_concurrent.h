// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// boost::concurrent_flat_map: open addressing, a reader-writer spin lock for each group of slots.
// Boost has it from 1.83 on.

#ifndef UNLATCH_BENCH_MAPS_BOOST_CONCURRENT_H
#define UNLATCH_BENCH_MAPS_BOOST_CONCURRENT_H

#include <utility>

#include <boost/unordered/concurrent_flat_map.hpp>

#include "contents.h"

namespace bench {

template <class K, class V> class boost_concurrent_map {
public:
  explicit boost_concurrent_map(std::size_t expected) { map_.reserve(expected); }

  BENCH_ADAPTER bool read(const K &key, V &value) const {
    return map_.cvisit(key, [&](const auto &entry) { value = entry.second; }) != 0;
  }
  void store(const K &key, V value) { map_.insert_or_assign(key, std::move(value)); }
  template <class F> void change(const K &key, F f) {
    map_.visit(key, [&](auto &entry) { f(entry.second); });
  }
  bool erase(const K &key) { return map_.erase(key) != 0; }
  template <class F> bool hold(const K &key, F inside) const {
    return map_.cvisit(key, [&](const auto &) { inside(); }) != 0;
  }

private:
  boost::concurrent_flat_map<K, V, same_hash> map_;
};

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_BOOST_CONCURRENT_H
