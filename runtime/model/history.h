// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the operations on a map returned, and whether one after the other could have returned the
// same (M. Herlihy, J. Wing, "Linearizability", TOPLAS 12(3), 1990). Few operations: every order
// that keeps to real time is tried.

#ifndef UNLATCH_MODEL_HISTORY_H
#define UNLATCH_MODEL_HISTORY_H

#include <cstddef>
#include <vector>

namespace unlatch {
namespace model {

enum class operation {
  load,
  visit,         // a load that takes its time
  store,         // result: whether the key is new
  swap,          // result: the value before, or 0
  load_or_store, // result: the value in the map; plus `inserted` if that is the one brought along
  erase,         // result: how many
  take,          // load_and_delete
  compare_and_swap, // from the argument to the argument + 1
  increment,        // update; an absent key becomes 1. Result: the value after
  erase_by_update,  // result: the value before, or 0
  size,
  items,    // result: a picture
  clear,    // result: how many
  erase_if, // values that are greater than the argument. Result: how many
  take_all, // result: a picture
  any,      // one of those above
  // Without a result.
  reserve, // room for as many as the argument says
  reclaim, // what the thread holds back
};

inline constexpr unsigned inserted = 1U << 16;

/// Keys are numbered; values are less than 16, and not 0.
struct step {
  operation what;
  unsigned key = 0;
  unsigned argument = 0;
};

/// The contents of a map as one number: four bits for each key, 0 if it is absent.
class picture {
public:
  unsigned all() const { return all_; }
  unsigned of(unsigned key) const { return all_ >> 4 * key & 15; }
  void set(unsigned key, unsigned value) { all_ = (all_ & ~(15U << 4 * key)) | value << 4 * key; }
  unsigned size() const {
    unsigned number = 0;
    for (unsigned rest = all_; rest != 0; rest >>= 4)
      number += (rest & 15) != 0;
    return number;
  }
  void clear() { all_ = 0; }

  /// What an operation returns if nothing else happens.
  unsigned apply(const step &one) {
    const unsigned before = of(one.key);
    const unsigned number = size();
    const unsigned everything = all_;
    switch (one.what) {
    case operation::load:
    case operation::visit:
      return before;
    case operation::store:
      set(one.key, one.argument);
      return before == 0;
    case operation::swap:
      set(one.key, one.argument);
      return before;
    case operation::load_or_store:
      if (before != 0)
        return before;
      set(one.key, one.argument);
      return one.argument + inserted;
    case operation::erase:
      set(one.key, 0);
      return before != 0;
    case operation::take:
    case operation::erase_by_update:
      set(one.key, 0);
      return before;
    case operation::compare_and_swap:
      if (before == 0 || before != one.argument)
        return 0;
      set(one.key, one.argument + 1);
      return 1;
    case operation::increment:
      set(one.key, before + 1);
      return before + 1;
    case operation::size:
      return number;
    case operation::items:
      return everything;
    case operation::clear:
      clear();
      return number;
    case operation::erase_if:
      for (unsigned key = 0; key < 8; ++key)
        if (of(key) > one.argument)
          set(key, 0);
      return number - size();
    case operation::take_all:
      clear();
      return everything;
    case operation::any:
    case operation::reserve:
    case operation::reclaim:
      break;
    }
    return 0;
  }

private:
  unsigned all_ = 0;
};

class history {
public:
  explicit history(unsigned threads) : threads_(threads) {}

  void start(const picture &now) { start_ = now; }

  /// Calls `perform()`, which returns the result.
  template <class F> void record(unsigned thread, const step &one, F perform) {
    entry fresh;
    fresh.what = one;
    fresh.begin = ++now_;
    fresh.result = perform();
    fresh.end = ++now_;
    threads_[thread].push_back(fresh);
  }

  bool is_linearizable(const picture &last) const {
    return can_go_on(start_, std::vector<std::size_t>(threads_.size()), last);
  }

private:
  struct entry {
    step what{};
    unsigned result = 0;
    unsigned begin = 0;
    unsigned end = 0;
  };

  bool can_go_on(const picture &now, const std::vector<std::size_t> &done,
                 const picture &last) const {
    bool is_over = true;
    for (std::size_t thread = 0; thread < threads_.size(); ++thread) {
      if (done[thread] == threads_[thread].size())
        continue;
      is_over = false;
      const entry &next = threads_[thread][done[thread]];
      if (!may_be_next(next, done))
        continue;
      picture after = now;
      if (after.apply(next.what) != next.result)
        continue;
      std::vector<std::size_t> more = done;
      ++more[thread];
      if (can_go_on(after, more, last))
        return true;
    }
    return is_over && now.all() == last.all();
  }

  /// No other operation that is still to come had ended before this one began.
  bool may_be_next(const entry &one, const std::vector<std::size_t> &done) const {
    for (std::size_t thread = 0; thread < threads_.size(); ++thread)
      if (done[thread] != threads_[thread].size() && threads_[thread][done[thread]].end < one.begin)
        return false;
    return true;
  }

  std::vector<std::vector<entry>> threads_;
  picture start_;
  unsigned now_ = 0;
};

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_HISTORY_H
