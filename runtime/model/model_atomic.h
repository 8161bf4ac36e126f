// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes the place of std::atomic in the headers under test (see unlatch/detail/atomic.h), and of
// two details that a model needs otherwise: a pair of words is one object of the memory model, not
// an instruction; and keys are not scrambled, so that scenarios decide which of them collide.

#ifndef UNLATCH_MODEL_MODEL_ATOMIC_H
#define UNLATCH_MODEL_MODEL_ATOMIC_H

#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "checker.h"

// The caller's place in the source: an argument that nobody passes.
#define UNLATCH_MODEL_PLACE                                                                        \
  unlatch::model::place where = {__builtin_FILE(), __builtin_LINE(), __builtin_FUNCTION()}

namespace unlatch {
namespace detail {

inline void sequential_fence() noexcept { model::fence(); }

/// The interface of std::atomic. Trivially destructible like that, since the headers rely on it.
/// Counters narrower than 64 bits must not wrap around. Its size makes four slots a cache line, and
/// so the smallest tables that there can be.
template <class T> class alignas(16) atomic {
  static_assert(sizeof(T) <= sizeof(std::uint64_t) && std::is_trivially_copyable<T>::value,
                "one word of the model");

public:
  constexpr atomic() noexcept : atomic(T()) {}
  /// One that outlives executions belongs to none: it has to be made again in each.
  constexpr atomic(T value) noexcept
      : cell_(__builtin_is_constant_evaluated() ? nullptr
                                                : model::make_cell(this, to_word(value))) {}
  atomic(const atomic &) = delete;
  atomic &operator=(const atomic &) = delete;

  T load(std::memory_order order = std::memory_order_seq_cst, UNLATCH_MODEL_PLACE) const noexcept {
    return from_word(model::load(cell_, order, where));
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst,
             UNLATCH_MODEL_PLACE) noexcept {
    model::store(cell_, to_word(value), order, where);
  }
  T exchange(T value, std::memory_order order = std::memory_order_seq_cst,
             UNLATCH_MODEL_PLACE) noexcept {
    return modify(model::rmw::exchange, value, order, where);
  }
  T fetch_add(T value, std::memory_order order = std::memory_order_seq_cst,
              UNLATCH_MODEL_PLACE) noexcept {
    return modify(model::rmw::add, value, order, where);
  }
  T fetch_sub(T value, std::memory_order order = std::memory_order_seq_cst,
              UNLATCH_MODEL_PLACE) noexcept {
    return modify(model::rmw::subtract, value, order, where);
  }
  T fetch_and(T value, std::memory_order order = std::memory_order_seq_cst,
              UNLATCH_MODEL_PLACE) noexcept {
    return modify(model::rmw::conjunction, value, order, where);
  }
  T fetch_or(T value, std::memory_order order = std::memory_order_seq_cst,
             UNLATCH_MODEL_PLACE) noexcept {
    return modify(model::rmw::disjunction, value, order, where);
  }
  bool compare_exchange_strong(T &expected, T desired,
                               std::memory_order order = std::memory_order_seq_cst,
                               UNLATCH_MODEL_PLACE) noexcept {
    return exchange_if(expected, desired, false, order, where);
  }
  bool compare_exchange_weak(T &expected, T desired,
                             std::memory_order order = std::memory_order_seq_cst,
                             UNLATCH_MODEL_PLACE) noexcept {
    return exchange_if(expected, desired, true, order, where);
  }

private:
  static std::uint64_t to_word(T value) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, &value, sizeof(T)); // little-endian, as the checker's machine is
    return word;
  }
  static T from_word(std::uint64_t word) noexcept {
    T value;
    std::memcpy(&value, &word, sizeof(T));
    return value;
  }
  T modify(model::rmw how, T operand, std::memory_order order, model::place where) noexcept {
    return from_word(model::modify(cell_, how, to_word(operand), order, where));
  }
  bool exchange_if(T &expected, T desired, bool is_weak, std::memory_order order,
                   model::place where) noexcept {
    std::uint64_t word = to_word(expected);
    const std::memory_order failure = order == std::memory_order_acq_rel ? std::memory_order_acquire
                                      : order == std::memory_order_release
                                          ? std::memory_order_relaxed
                                          : order;
    const bool exchanged =
        model::compare_exchange(cell_, word, to_word(desired), is_weak, order, failure, where);
    expected = from_word(word);
    return exchanged;
  }

  model::word_cell *cell_;
};

#define UNLATCH_MODEL_DOUBLE_WORD
template <class Word> class double_word;

/// See unlatch/detail/double_word.h; of the same size. A load of one of the words is a load of both
/// here: that loads of a half may be mixed with stores of the whole is the machine's promise, and
/// is not checked.
template <> class alignas(16) double_word<std::uint64_t> {
public:
  using word = std::uint64_t;

  double_word() noexcept : cell_(model::make_cell(this, model::two_words{0, 0})) {}
  double_word(const double_word &) = delete;
  double_word &operator=(const double_word &) = delete;

  word first(UNLATCH_MODEL_PLACE) const noexcept {
    return model::load(cell_, std::memory_order_seq_cst, where).first;
  }
  word second(UNLATCH_MODEL_PLACE) const noexcept {
    return model::load(cell_, std::memory_order_seq_cst, where).second;
  }
  void set(word first, word second, UNLATCH_MODEL_PLACE) noexcept {
    model::store(cell_, {first, second}, std::memory_order_relaxed, where);
  }
  bool replace(word first, word second, word new_first, word new_second,
               UNLATCH_MODEL_PLACE) noexcept {
    model::two_words expected{first, second};
    return model::compare_exchange(cell_, expected, {new_first, new_second},
                                   std::memory_order_seq_cst, where);
  }
  word set_in_first(word bits, UNLATCH_MODEL_PLACE) noexcept {
    return model::modify(cell_, model::rmw::disjunction, {bits, 0}, std::memory_order_seq_cst,
                         where)
        .first;
  }
  void clear_in_first(word bits, UNLATCH_MODEL_PLACE) noexcept {
    model::modify(cell_, model::rmw::conjunction, {~bits, ~word{0}}, std::memory_order_seq_cst,
                  where);
  }

private:
  model::pair_cell *cell_;
};

template <class Word> class scramble;

/// See unlatch/detail/scramble.h. Leaves words as they are.
struct no_scramble {
  template <class Word> Word operator()(Word word) const noexcept { return word; }
  template <class Word> Word inverse(Word word) const noexcept { return word; }
};
template <> class scramble<std::uint32_t> : public no_scramble {};
template <> class scramble<std::uint64_t> : public no_scramble {};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_MODEL_MODEL_ATOMIC_H
