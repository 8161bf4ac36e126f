// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Atomic objects and data of the model.

#include "memory.h"

#include <cstddef>
#include <ostream>

namespace unlatch {
namespace model {

// What Relacy does with the value of an atomic object.
inline bool operator==(const two_words &a, const two_words &b) {
  return a.first == b.first && a.second == b.second;
}
inline two_words operator+(const two_words &a, const two_words &b) {
  return {a.first + b.first, a.second + b.second};
}
inline two_words operator-(const two_words &a, const two_words &b) {
  return {a.first - b.first, a.second - b.second};
}
inline two_words operator&(const two_words &a, const two_words &b) {
  return {a.first & b.first, a.second & b.second};
}
inline two_words operator|(const two_words &a, const two_words &b) {
  return {a.first | b.first, a.second | b.second};
}
inline std::ostream &operator<<(std::ostream &out, const two_words &both) {
  return out << std::hex << '{' << both.first << ", " << both.second << '}' << std::dec;
}

namespace {

rl::memory_order order_of(std::memory_order order) {
  switch (order) {
  case std::memory_order_relaxed:
    return rl::mo_relaxed;
  case std::memory_order_release:
    return rl::mo_release;
  case std::memory_order_acq_rel:
    return rl::mo_acq_rel;
  case std::memory_order_seq_cst:
    return rl::mo_seq_cst;
  default:
    return rl::mo_acquire;
  }
}

/// No other thread can see what is being made.
class made_alone {
public:
  made_alone() { rl::ctx().disable_preemption(); }
  ~made_alone() { rl::ctx().enable_preemption(); }
  made_alone(const made_alone &) = delete;
  made_alone &operator=(const made_alone &) = delete;
};

template <class Value> struct cell {
  cell(const void *owner, Value value) : home(block_of(owner)) {
    const made_alone alone;
    if (home != nullptr)
      home->holds_atomics();
    atomic.store(value, rl::mo_relaxed, rl::debug_info());
  }

  block *const home;
  rl::generic_atomic<Value, false> atomic;
};

} // namespace

struct word_cell : cell<std::uint64_t> {
  using cell::cell;
};
struct pair_cell : cell<two_words> {
  using cell::cell;
};
struct data_cell {
  data_cell(const void *owner, unsigned value) : home(block_of(owner)), data(value) {}

  block *const home;
  rl::var<unsigned> data;
};

namespace {

arena<word_cell> words;
arena<pair_cell> pairs;
arena<data_cell> all_data;

template <class Cell> auto &accessible(Cell *cell, const arena<Cell> &all, const place &where) {
  if (!all.holds(cell))
    fail("no such object in this execution", where);
  if (cell->home != nullptr)
    cell->home->access(where);
  return *cell;
}

template <class Cell, class Value>
Value modify_cell(Cell &cell, rmw how, Value operand, std::memory_order order, const place &where) {
  const rl::memory_order strength = order_of(order);
  const rl::debug_info info = info_of(where);
  switch (how) {
  case rmw::exchange:
    return cell.atomic.rmw(rl::rmw_type_t<rl::rmw_type_swap>(), operand, strength, info);
  case rmw::add:
    return cell.atomic.rmw(rl::rmw_type_t<rl::rmw_type_add>(), operand, strength, info);
  case rmw::subtract:
    return cell.atomic.rmw(rl::rmw_type_t<rl::rmw_type_sub>(), operand, strength, info);
  case rmw::conjunction:
    return cell.atomic.rmw(rl::rmw_type_t<rl::rmw_type_and>(), operand, strength, info);
  case rmw::disjunction:
    break;
  }
  return cell.atomic.rmw(rl::rmw_type_t<rl::rmw_type_or>(), operand, strength, info);
}

} // namespace

word_cell *make_cell(const void *owner, std::uint64_t value) {
  return rl::is_ctx() ? words.make(owner, value) : nullptr;
}
pair_cell *make_cell(const void *owner, two_words value) { return pairs.make(owner, value); }
data_cell *make_data(const void *owner, unsigned value) { return all_data.make(owner, value); }

std::uint64_t load(word_cell *cell, std::memory_order order, place where) {
  return accessible(cell, words, where).atomic.load(order_of(order), info_of(where));
}
two_words load(pair_cell *cell, std::memory_order order, place where) {
  return accessible(cell, pairs, where).atomic.load(order_of(order), info_of(where));
}
void store(word_cell *cell, std::uint64_t value, std::memory_order order, place where) {
  accessible(cell, words, where).atomic.store(value, order_of(order), info_of(where));
}
void store(pair_cell *cell, two_words value, std::memory_order order, place where) {
  accessible(cell, pairs, where).atomic.store(value, order_of(order), info_of(where));
}
std::uint64_t modify(word_cell *cell, rmw how, std::uint64_t operand, std::memory_order order,
                     place where) {
  return modify_cell(accessible(cell, words, where), how, operand, order, where);
}
two_words modify(pair_cell *cell, rmw how, two_words operand, std::memory_order order,
                 place where) {
  return modify_cell(accessible(cell, pairs, where), how, operand, order, where);
}
bool compare_exchange(word_cell *cell, std::uint64_t &expected, std::uint64_t desired, bool is_weak,
                      std::memory_order success, std::memory_order failure, place where) {
  auto &atomic = accessible(cell, words, where).atomic;
  return is_weak ? atomic.compare_exchange(rl::bool_t<true>(), expected, desired, order_of(success),
                                           order_of(failure), info_of(where))
                 : atomic.compare_exchange(rl::bool_t<false>(), expected, desired,
                                           order_of(success), order_of(failure), info_of(where));
}
bool compare_exchange(pair_cell *cell, two_words &expected, two_words desired,
                      std::memory_order order, place where) {
  return accessible(cell, pairs, where)
      .atomic.compare_exchange(rl::bool_t<false>(), expected, desired, order_of(order),
                               info_of(where));
}

unsigned read(data_cell *cell, place where) {
  return accessible(cell, all_data, where).data(info_of(where)).load();
}
void write(data_cell *cell, unsigned value, place where) {
  accessible(cell, all_data, where).data(info_of(where)).store(value);
}

void forget_cells() {
  words.forget_all();
  pairs.forget_all();
  all_data.forget_all();
}

void destroy_cells() {
  words.destroy_all();
  pairs.destroy_all();
  all_data.destroy_all();
}

} // namespace model
} // namespace unlatch
