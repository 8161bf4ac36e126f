// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects whose every use is watched: reading one that was destroyed or freed, was not published,
// or is destroyed without the readers' having left in order, ends the execution as failed.

#ifndef UNLATCH_MODEL_PAYLOAD_H
#define UNLATCH_MODEL_PAYLOAD_H

#include "checker.h"

#define UNLATCH_MODEL_HERE                                                                         \
  unlatch::model::place { __builtin_FILE(), __builtin_LINE(), __builtin_FUNCTION() }

namespace unlatch {
namespace model {

/// A number. Trivially destructible.
class plain_payload {
public:
  plain_payload(unsigned value) : data_(make_data(this, value)) {} // implicit, as a number would be
  plain_payload(const plain_payload &other) : plain_payload(other.value()) {}
  plain_payload &operator=(const plain_payload &other) {
    write(data_, other.value(), UNLATCH_MODEL_HERE);
    return *this;
  }

  unsigned value() const { return read(data_, UNLATCH_MODEL_HERE); }
  friend bool operator==(const plain_payload &a, const plain_payload &b) {
    return a.value() == b.value();
  }

protected:
  data_cell *data_;
};

/// The same with a destructor, and counted.
class payload : public plain_payload {
public:
  payload(unsigned value) : plain_payload(value) { ++alive; }
  payload(const payload &other) : payload(other.value()) {}
  payload &operator=(const payload &) = default;
  ~payload() {
    --alive;
    write(data_, 0, UNLATCH_MODEL_HERE);
  }

  static inline unsigned alive = 0; // in this execution
};

} // namespace model
} // namespace unlatch

#endif // UNLATCH_MODEL_PAYLOAD_H
