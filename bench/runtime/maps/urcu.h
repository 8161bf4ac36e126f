// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// liburcu's cds_lfht: a split-ordered list read under RCU, in the flavour that uses membarrier(2).
// Entries that were replaced or removed are freed by a thread of its own.

#ifndef UNLATCH_BENCH_MAPS_URCU_H
#define UNLATCH_BENCH_MAPS_URCU_H

#include <utility>

#include "../harness/rcu_thread.h"
#include <urcu/rculfhash.h>

#include "contents.h"

namespace bench {

template <class K, class V> class urcu_map {
  struct node {
    cds_lfht_node link;
    rcu_head retired;
    K key;
    V value;
  };

public:
  explicit urcu_map(std::size_t expected) {
    rcu_thread::enter();
    unsigned long buckets = 1;
    while (buckets < expected)
      buckets *= 2;
    table_ = cds_lfht_new_flavor(buckets, 1, 0, CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING,
                                 &urcu_memb_flavor, nullptr);
  }
  urcu_map(const urcu_map &) = delete;
  urcu_map &operator=(const urcu_map &) = delete;
  ~urcu_map() {
    rcu_thread::enter();
    urcu_memb_read_lock();
    cds_lfht_iter at;
    for (cds_lfht_first(table_, &at); cds_lfht_iter_get_node(&at) != nullptr;
         cds_lfht_next(table_, &at)) {
      if (cds_lfht_del(table_, cds_lfht_iter_get_node(&at)) == 0)
        retire(cds_lfht_iter_get_node(&at));
    }
    urcu_memb_read_unlock();
    urcu_memb_barrier();
    cds_lfht_destroy(table_, nullptr);
  }

  BENCH_ADAPTER bool read(const K &key, V &value) const {
    urcu_memb_read_lock();
    const node *const found = find(key);
    if (found != nullptr)
      value = found->value;
    urcu_memb_read_unlock();
    return found != nullptr;
  }
  void store(const K &key, V value) {
    node *const fresh = new node{{}, {}, key, std::move(value)};
    cds_lfht_node_init(&fresh->link);
    urcu_memb_read_lock();
    cds_lfht_node *const old =
        cds_lfht_add_replace(table_, same_hash()(key), &matches, &key, &fresh->link);
    urcu_memb_read_unlock();
    if (old != nullptr)
      retire(old);
  }
  bool erase(const K &key) {
    urcu_memb_read_lock();
    node *const found = find(key);
    const bool erased = found != nullptr && cds_lfht_del(table_, &found->link) == 0;
    urcu_memb_read_unlock();
    if (erased)
      retire(&found->link);
    return erased;
  }
  template <class F> bool hold(const K &key, F inside) const {
    urcu_memb_read_lock();
    const bool found = find(key) != nullptr;
    inside();
    urcu_memb_read_unlock();
    return found;
  }
  void settle() { urcu_memb_barrier(); }
  static void enter() { rcu_thread::enter(); }

private:
  static node *of(cds_lfht_node *link) {
    return reinterpret_cast<node *>(link); // its first member
  }
  static int matches(cds_lfht_node *link, const void *key) {
    return of(link)->key == *static_cast<const K *>(key);
  }
  node *find(const K &key) const {
    cds_lfht_iter at;
    cds_lfht_lookup(table_, same_hash()(key), &matches, &key, &at);
    return of(cds_lfht_iter_get_node(&at));
  }
  static void retire(cds_lfht_node *link) {
    urcu_memb_call_rcu(&of(link)->retired, [](rcu_head *head) {
      char *const place = reinterpret_cast<char *>(head);
      delete reinterpret_cast<node *>(place - retired_offset());
    });
  }
  static std::size_t retired_offset() {
    static const std::size_t offset = [] {
      alignas(node) static char space[sizeof(node)];
      const node *const laid_out = reinterpret_cast<const node *>(space);
      return static_cast<std::size_t>(reinterpret_cast<const char *>(&laid_out->retired) - space);
    }();
    return offset;
  }

  cds_lfht *table_;
};

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_URCU_H
