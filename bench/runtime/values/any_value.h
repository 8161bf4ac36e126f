// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One face for all ways to share a small state that many read as a whole and few replace.
//
// A contender is a class with
//   std::uint64_t read()   looks at the first and the last field of one consistent picture
//   void write(state)      makes another one current; one thread at a time
// and, where that means anything,
//   void hold(f)           calls f while it holds the picture as a slow reader would
//   void settle()          finishes what was put off
//   static void enter()    called by a thread before it uses the value, again and again

#ifndef UNLATCH_BENCH_ANY_VALUE_H
#define UNLATCH_BENCH_ANY_VALUE_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../harness/adapter.h"
#include "../harness/figures.h"
#include "../harness/random.h"

namespace bench {

/// What a process manager knows of a process, say: 64 bytes.
struct state {
  std::uint64_t fields[8];

  static state numbered(std::uint64_t number) {
    return {{number, number, number, number, number, number, number, number}};
  }
  std::uint64_t weight() const { return fields[0] + fields[7]; }
};

class any_value {
public:
  virtual ~any_value() = default;
  virtual void read(std::uint64_t count) = 0;
  virtual void write(std::uint64_t number) = 0;
  /// Calls f while it holds the picture as a slow reader would. False if readers hold nothing.
  virtual bool hold(const std::function<void()> &inside) = 0;
  virtual void settle() = 0;
};

template <class Value> class value_of final : public any_value {
public:
  void read(std::uint64_t count) override {
    enter();
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < count; ++i)
      sum += value_.read();
    keep(sum);
  }
  void write(std::uint64_t number) override {
    enter();
    value_.write(state::numbered(number));
  }
  bool hold(const std::function<void()> &inside) override {
    enter();
    if constexpr (requires(Value value) { value.hold(inside); }) {
      value_.hold(inside);
      return true;
    }
    return false;
  }
  void settle() override {
    if constexpr (requires(Value value) { value.settle(); })
      value_.settle();
  }

private:
  static void enter() {
    if constexpr (requires { Value::enter(); })
      Value::enter();
  }

  Value value_;
};

struct value_kind {
  std::string name;
  role what;
  std::function<std::unique_ptr<any_value>()> make;
};

/// All contenders that were found when this was built.
std::vector<value_kind> all_values();

} // namespace bench

#endif // UNLATCH_BENCH_ANY_VALUE_H
