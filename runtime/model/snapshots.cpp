// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unlatch::snapshot: pictures that are whole and alive, and writers that do not lose each other's
// writes.

#include <cstdint>
#include <optional>
#include <utility>

#include "payload.h"
#include "scenario.h"
#include "unlatch/map.h"
#include "unlatch/snapshot.h"

namespace {

using namespace unlatch;
using namespace unlatch::model;

/// Two numbers that belong together. `Number` decides how a picture is given back.
template <class Number> struct pair {
  explicit pair(unsigned value) : first(value), second(value) {}
  Number first;
  Number second;
};

template <class Number> unsigned number_in(const pair<Number> &one) {
  const unsigned first = one.first.value();
  yield();
  require(one.second.value() == first, "half of one picture and half of another");
  return first;
}

template <class Number> struct counting {
  using snapshot_type = snapshot<pair<Number>>;

  unsigned read() const { return number_in(*state.read()); }
  void add_by_modify() {
    state.modify([](pair<Number> &now) {
      const unsigned next = number_in(now) + 1;
      now.first = Number(next);
      now.second = Number(next);
    });
    ++added;
  }
  /// With no other writer.
  void add_by_replacing() {
    state.replace(pair<Number>(read() + 1));
    ++added;
  }
  void add_by_compare_and_swap() {
    for (bool swapped = false; !swapped;) {
      const auto seen = state.read();
      swapped = state.compare_and_swap(seen, pair<Number>(number_in(*seen) + 1));
    }
    ++added;
  }
  void check() {
    require(read() == added, "a write was lost");
    if constexpr (std::is_same<Number, payload>::value)
      require(payload::alive == 2, "a picture was left behind, or destroyed twice");
  }

  unsigned added = 0;
  unsigned at_start = payload::alive = 0;
  snapshot_type state{std::in_place, 0U};
};

/// Readers see the number grow.
template <class Number> struct readers : counting<Number> {
  static constexpr unsigned threads = 3;
  void thread(unsigned index) {
    if (index == 0) {
      this->add_by_modify();
      this->add_by_replacing();
      return;
    }
    const auto held = this->state.read();
    const unsigned before = number_in(*held);
    require(this->read() >= before, "an older picture after a newer one");
    require(number_in(*held) == before, "changed under its reader");
  }
  void end() { this->check(); }
};

template <class Number> struct writers : counting<Number> {
  static constexpr unsigned threads = 3;
  void thread(unsigned index) {
    if (index == 0)
      this->add_by_modify();
    else
      this->add_by_compare_and_swap();
    require(this->read() != 0, "missed its own write");
  }
  void end() { this->check(); }
};

/// The publication that a guard holds cannot come again, though its memory could.
template <class Number> struct no_aba : counting<Number> {
  static constexpr unsigned threads = 2;
  void thread(unsigned index) {
    if (index == 1) {
      this->add_by_modify();
      this->add_by_modify();
      return;
    }
    const auto seen = this->state.read();
    const unsigned before = number_in(*seen);
    this->added += this->state.compare_and_swap(seen, pair<Number>(before + 1)) ? 1U : 0U;
  }
  void end() { this->check(); }
};

/// Guards of the thread that writes to a map have some of the slots that it uses otherwise.
template <unsigned Dropped> struct guards_beside_a_map : counting<payload> {
  static constexpr unsigned threads = 2;
  void thread(unsigned index) {
    if (index == 1) {
      this->add_by_modify();
      return;
    }
    std::optional<snapshot_type::guard> guards[2] = {state.read(), state.read()};
    guards[Dropped].reset();
    const auto &kept = *guards[1 - Dropped];
    const unsigned before = number_in(*kept);
    numbers.store(1U, 1U);
    entries.store(1U, 1U);
    require(numbers.erase(1U) == 1 && entries.erase(1U) == 1, "lost its own write");
    require(number_in(*kept) == before, "changed under its reader");
  }
  void end() {
    require(numbers.empty() && entries.empty(), "not erased");
    this->check();
  }

  map<std::uint32_t, std::uint64_t> numbers{1};
  map<std::uint32_t, plain_payload> entries;
};

} // namespace

int main(int count, char **arguments) {
  add_scenario<readers<payload>>("readers, destroyed pictures", 5000);
  add_scenario<readers<plain_payload>>("readers, plain pictures", 5000);
  add_scenario<writers<payload>>("writers, destroyed pictures", 5000);
  add_scenario<writers<plain_payload>>("writers, plain pictures", 5000);
  add_scenario<no_aba<payload>>("compare and swap, destroyed pictures", 5000);
  add_scenario<no_aba<plain_payload>>("compare and swap, plain pictures", 5000);
  add_scenario<guards_beside_a_map<0>>("the first of two guards dropped, beside a map", 5000);
  add_scenario<guards_beside_a_map<1>>("the second of two guards dropped, beside a map", 5000);
  return run(count, arguments);
}
