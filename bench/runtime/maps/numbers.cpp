// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds.h"

namespace bench {

std::vector<map_kind> maps_of_numbers() { return kinds<numbers>(); }

} // namespace bench
