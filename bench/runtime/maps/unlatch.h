// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef UNLATCH_BENCH_MAPS_UNLATCH_H
#define UNLATCH_BENCH_MAPS_UNLATCH_H

#include <utility>

#include <unlatch/map.h>

#include "contents.h"

namespace bench {

template <class K, class V> class unlatch_map {
public:
  explicit unlatch_map(std::size_t expected) : map_(expected) {}

  BENCH_ADAPTER bool read(const K &key, V &value) const {
    std::optional<V> found = map_.load(key);
    if (!found)
      return false;
    value = *std::move(found);
    return true;
  }
  void store(const K &key, V value) { map_.store(key, std::move(value)); }
  template <class F> void change(const K &key, F f) {
    map_.update(key, [&](std::optional<V> &entry) { f(entry ? *entry : entry.emplace()); });
  }
  bool erase(const K &key) { return map_.erase(key) != 0; }
  template <class F> bool hold(const K &key, F inside) const {
    return map_.visit(key, [&](const V &) { inside(); });
  }

private:
  unlatch::map<K, V, same_hash> map_;
};

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_UNLATCH_H
