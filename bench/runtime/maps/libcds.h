// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libcds' FeldmanHashSet: a trie of hashes with hazard pointers. Of the maps of libcds it is the
// one that can replace a value while others read it. It knows no keys but their hashes; the hash of
// a number is unique, that of a string is not, so this one is for numbers.

#ifndef UNLATCH_BENCH_MAPS_LIBCDS_H
#define UNLATCH_BENCH_MAPS_LIBCDS_H

#include <cds/container/feldman_hashset_hp.h>
#include <cds/gc/hp.h>
#include <cds/init.h>

#include "contents.h"

namespace bench {

/// The library and its hazard pointers, from the first use to the end of the process.
class cds_library {
public:
  static void enter() {
    static cds_library library;
    static thread_local attachment here;
    static_cast<void>(here);
  }
  cds_library(const cds_library &) = delete;
  cds_library &operator=(const cds_library &) = delete;

private:
  struct attachment {
    attachment() { cds::threading::Manager::attachThread(); }
    attachment(const attachment &) = delete;
    attachment &operator=(const attachment &) = delete;
    ~attachment() { cds::threading::Manager::detachThread(); }
  };
  cds_library() {
    cds::Initialize();
    collector_.reset(new cds::gc::HP);
  }
  ~cds_library() {
    collector_.reset();
    cds::Terminate();
  }
  std::unique_ptr<cds::gc::HP> collector_;
};

template <class K, class V> class cds_map {
  struct entry {
    std::size_t hash;
    V value;
  };
  struct hash_of {
    const std::size_t &operator()(const entry &each) const { return each.hash; }
  };
  struct traits : cds::container::feldman_hashset::traits {
    using hash_accessor = hash_of;
  };
  using set = cds::container::FeldmanHashSet<cds::gc::HP, entry, traits>;

public:
  explicit cds_map(std::size_t expected) {
    enter();
    // Bits of the hash that the first and every further level decide about.
    set_.reset(new set(expected >= 65'536 ? 16 : 8, 4));
  }

  BENCH_ADAPTER bool read(const K &key, V &value) const {
    return set_->find(same_hash()(key), [&](const entry &found) { value = found.value; });
  }
  void store(const K &key, V value) {
    set_->update(entry{same_hash()(key), std::move(value)}, [](const entry &, const entry *) {});
  }
  bool erase(const K &key) { return set_->erase(same_hash()(key)); }
  template <class F> bool hold(const K &key, F inside) const {
    const typename set::guarded_ptr found = set_->get(same_hash()(key));
    inside();
    return static_cast<bool>(found);
  }
  static void enter() { cds_library::enter(); }

private:
  std::unique_ptr<set> set_;
};

} // namespace bench

#endif // UNLATCH_BENCH_MAPS_LIBCDS_H
