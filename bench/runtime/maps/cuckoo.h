// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libcuckoo: cuckoo hashing in buckets of four, striped spin locks, two of them for an operation.

#ifndef UNLATCH_BENCH_MAPS_CUCKOO_H
#define UNLATCH_BENCH_MAPS_CUCKOO_H

#include <utility>

#include <libcuckoo/cuckoohash_map.hh>

#include "contents.h"

namespace bench {

template <class K, class V> class cuckoo_map {
public:
  explicit cuckoo_map(std::size_t expected) : map_(expected) {}

  BENCH_ADAPTER bool read(const K &key, V &value) const { return map_.find(key, value); }
  void store(const K &key, V value) { map_.insert_or_assign(key, std::move(value)); }
  template <class F> void change(const K &key, F f) { map_.update_fn(key, f); }
  bool erase(const K &key) { return map_.erase(key); }
  template <class F> bool hold(const K &key, F inside) const {
    return map_.find_fn(key, [&](const V &) { inside(); });
  }

private:
  libcuckoo::cuckoohash_map<K, V, same_hash> map_;
};

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_CUCKOO_H
