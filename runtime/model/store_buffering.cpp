// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two threads each write one object, then read the other's. At least one of them sees what the
// other has written: the operations are sequentially consistent, whatever the objects are; and
// where one of them is not, fences around those of the other are enough.

#include <cstdint>

#include "payload.h"
#include "scenario.h"
#include "unlatch/fence.h"
#include "unlatch/map.h"
#include "unlatch/snapshot.h"

namespace {

using namespace unlatch;
using namespace unlatch::model;

struct atomic_number {
  void write() { number.store(1); }
  bool read() const { return number.load() == 1; }
  detail::atomic<int> number{0};
};

struct weak_number {
  void write() { number.store(1, std::memory_order_relaxed); }
  bool read() const { return number.load(std::memory_order_relaxed) == 1; }
  detail::atomic<int> number{0};
};

template <class Object> struct fenced {
  void write() {
    const fenced_section fences;
    object.write();
  }
  bool read() const {
    const fenced_section fences;
    return object.read();
  }
  Object object;
};

template <class Number> struct snapshot_of {
  void write() { number.replace(1U); }
  bool read() const { return number.load().value() == 1; }
  snapshot<Number> number{0U};
};
using snapshot_of_number = snapshot_of<payload>;
using snapshot_of_plain_number = snapshot_of<plain_payload>;

template <class Map> struct missing_key {
  void write() { map.store(1U, 1U); }
  bool read() const { return map.contains(1U); }
  Map map;
};

/// One whose map has a table already.
template <class Map> struct other_key {
  other_key() { map.store(2U, 1U); }
  void write() { map.store(1U, 1U); }
  bool read() const { return map.contains(1U); }
  Map map;
};

template <class Map> struct removed_key {
  removed_key() { map.store(1U, 1U); }
  void write() { map.erase(1U); }
  bool read() const { return !map.contains(1U); }
  Map map;
};

template <class Map> struct swept_key {
  swept_key() { map.store(1U, 1U); }
  void write() { map.clear(); }
  bool read() const { return !map.contains(1U); }
  Map map;
};

template <class Map> struct counted_key {
  void write() { map.store(1U, 1U); }
  bool read() const { return map.size() == 1; }
  Map map;
};

using slots = map<std::uint32_t, std::uint64_t>;
using small_slots = map<std::uint32_t, std::uint32_t>;
using entries = map<std::uint32_t, payload>;
using plain_entries = map<std::uint32_t, plain_payload>;

template <class First, class Second> struct both {
  static constexpr unsigned threads = 2;

  void thread(unsigned index) {
    if (index == 0) {
      first.write();
      seen[0] = second.read();
    } else {
      second.write();
      seen[1] = first.read();
    }
  }
  void end() { require(seen[0] || seen[1], "each missed the other's write"); }

  First first;
  Second second;
  bool seen[2] = {false, false};
};

} // namespace

#define ADD(first, second) add_scenario<both<first, second>>(#first ", " #second, 4000)

int main(int count, char **arguments) {
  ADD(missing_key<slots>, missing_key<slots>);
  ADD(other_key<slots>, other_key<slots>);
  ADD(other_key<slots>, atomic_number);
  ADD(other_key<small_slots>, other_key<slots>);
  ADD(other_key<small_slots>, removed_key<small_slots>);
  ADD(other_key<slots>, snapshot_of_number);
  ADD(removed_key<slots>, atomic_number);
  ADD(removed_key<slots>, other_key<plain_entries>);
  ADD(swept_key<slots>, other_key<slots>);
  ADD(swept_key<slots>, swept_key<entries>);
  ADD(counted_key<slots>, counted_key<slots>);
  ADD(counted_key<slots>, atomic_number);
  ADD(other_key<entries>, other_key<entries>);
  ADD(other_key<entries>, removed_key<plain_entries>);
  ADD(removed_key<entries>, atomic_number);
  ADD(swept_key<entries>, atomic_number);
  ADD(snapshot_of_number, atomic_number);
  ADD(snapshot_of_number, snapshot_of_number);
  ADD(snapshot_of_plain_number, snapshot_of_plain_number);
  ADD(snapshot_of_number, removed_key<entries>);
  ADD(weak_number, fenced<atomic_number>);
  ADD(weak_number, fenced<other_key<slots>>);
  ADD(weak_number, fenced<removed_key<entries>>);
  ADD(weak_number, fenced<snapshot_of_number>);
  return run(count, arguments);
}
