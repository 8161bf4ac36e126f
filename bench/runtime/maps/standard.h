// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// std::unordered_map behind a lock: what people have before they convert.

#ifndef UNLATCH_BENCH_MAPS_STANDARD_H
#define UNLATCH_BENCH_MAPS_STANDARD_H

#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include "contents.h"

namespace bench {

template <class K, class V, class Mutex, class ReadLock> class locked_map {
public:
  explicit locked_map(std::size_t expected) { map_.reserve(expected); }

  BENCH_ADAPTER bool read(const K &key, V &value) const {
    const ReadLock lock(mutex_);
    const auto found = map_.find(key);
    if (found == map_.end())
      return false;
    value = found->second;
    return true;
  }
  void store(const K &key, V value) {
    const std::lock_guard<Mutex> lock(mutex_);
    map_.insert_or_assign(key, std::move(value));
  }
  template <class F> void change(const K &key, F f) {
    const std::lock_guard<Mutex> lock(mutex_);
    f(map_[key]);
  }
  bool erase(const K &key) {
    const std::lock_guard<Mutex> lock(mutex_);
    return map_.erase(key) != 0;
  }
  template <class F> bool hold(const K &key, F inside) const {
    const ReadLock lock(mutex_);
    if (map_.find(key) == map_.end())
      return false;
    inside();
    return true;
  }

private:
  mutable Mutex mutex_;
  std::unordered_map<K, V, same_hash> map_;
};

template <class K, class V>
using mutex_map = locked_map<K, V, std::mutex, std::lock_guard<std::mutex>>;
template <class K, class V>
using shared_mutex_map = locked_map<K, V, std::shared_mutex, std::shared_lock<std::shared_mutex>>;

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_STANDARD_H
