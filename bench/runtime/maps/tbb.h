// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// oneTBB's concurrent_hash_map: chaining, a reader-writer lock for each bucket and each entry. With
// the same allocator as all the others.

#ifndef UNLATCH_BENCH_MAPS_TBB_H
#define UNLATCH_BENCH_MAPS_TBB_H

#include <memory>
#include <utility>

#include <tbb/concurrent_hash_map.h>

#include "contents.h"

namespace bench {

template <class K, class V> class tbb_map {
  struct hash_compare {
    std::size_t hash(const K &key) const { return same_hash()(key); }
    bool equal(const K &left, const K &right) const { return left == right; }
  };
  using table = tbb::concurrent_hash_map<K, V, hash_compare, std::allocator<std::pair<const K, V>>>;

public:
  explicit tbb_map(std::size_t expected) { map_.rehash(expected); }

  BENCH_ADAPTER bool read(const K &key, V &value) const {
    typename table::const_accessor at;
    if (!map_.find(at, key))
      return false;
    value = at->second;
    return true;
  }
  void store(const K &key, V value) {
    typename table::accessor at;
    map_.insert(at, key);
    at->second = std::move(value);
  }
  template <class F> void change(const K &key, F f) {
    typename table::accessor at;
    map_.insert(at, key);
    f(at->second);
  }
  bool erase(const K &key) { return map_.erase(key); }
  template <class F> bool hold(const K &key, F inside) const {
    typename table::const_accessor at;
    if (!map_.find(at, key))
      return false;
    inside();
    return true;
  }

private:
  table map_;
};

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_TBB_H
