// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private: holds a gate closed for a while, and knows which ones the calling thread holds. The same
// for both forms of the library; closing and opening is what their gates do differently.

#ifndef UNLATCH_DETAIL_GATE_CLOSURE_H
#define UNLATCH_DETAIL_GATE_CLOSURE_H

#include "unlatch/detail/config.h"

namespace unlatch {
namespace detail {

/// The gates that a thread holds closed. Their closures nest, so a list through the stack is
/// enough. No template: the list would be hidden with the arguments, one for each library.
class held_gate {
public:
  held_gate(const held_gate &) = delete;
  held_gate &operator=(const held_gate &) = delete;

  static bool is_held(const void *gate) noexcept {
    for (const held_gate *each = innermost(); each != nullptr; each = each->outer_)
      if (each->gate_ == gate)
        return true;
    return false;
  }

protected:
  explicit held_gate(const void *gate) noexcept : gate_(gate), outer_(innermost()) {}
  ~held_gate() = default;

  bool has_outer() const noexcept { return outer_ != nullptr; }
  void push() noexcept { innermost() = this; }
  void pop() noexcept { innermost() = outer_; }

private:
  friend struct model_access; // runtime/model: a model checker has threads of its own

  UNLATCH_SHARED_ACROSS_LIBRARIES static held_gate *&innermost() noexcept {
    static thread_local held_gate *head = nullptr;
    return head;
  }

  const void *const gate_;
  held_gate *const outer_;
};

/// A thread that holds the gate closed already may close it again to look. `Gate` has
/// `close(kind, whether this thread holds another)` and `open(kind)`.
template <class Gate> class gate_closure : held_gate {
public:
  enum kind : bool { shared, exclusive };

  gate_closure(Gate &which, kind how)
      : held_gate(&which), gate_(which), kind_(how), nested_(held_by_this_thread(which)) {
    if (!nested_)
      gate_.close(kind_, has_outer());
    else if (kind_ == exclusive)
      fail_deadlock();
    push();
  }
  ~gate_closure() {
    pop();
    if (!nested_)
      gate_.open(kind_);
  }

  static bool held_by_this_thread(const Gate &which) noexcept { return is_held(&which); }

private:
  Gate &gate_;
  const kind kind_;
  const bool nested_;
};

} // namespace detail
} // namespace unlatch

#endif // UNLATCH_DETAIL_GATE_CLOSURE_H
