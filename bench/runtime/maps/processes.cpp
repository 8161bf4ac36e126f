// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "kinds.h"

namespace bench {

std::vector<map_kind> maps_of_processes() { return kinds<processes>(); }

} // namespace bench
