// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a snapshot costs: every write copies the whole state.

#pragma once

#include "analysis/whole_program.h"

#include <optional>

namespace unlatch {

struct Price {
  std::string message;
  /// Where it is paid.
  std::vector<Location> writes;
};

/// Nothing, if it is not worth asking: where the state is small, or no more sections write it than
/// only read it. How often they run is not known here.
std::optional<Price> priceOf(const WholeProgram &whole, const std::string &mutex,
                             const std::vector<std::string> &fields);

} // namespace unlatch
