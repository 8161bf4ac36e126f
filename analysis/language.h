// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The languages that code may be compiled as, by the names that -std= has for them.

#pragma once

#include <string_view>

namespace unlatch {

/// The runtime needs C++17.
inline bool isTooOld(std::string_view language) {
  const auto plus = language.rfind("++");
  if (plus == std::string_view::npos)
    return language == "C";
  const std::string_view year = language.substr(plus + 2);
  return year == "98" || year == "03" || year == "0x" || year == "11" || year == "1y" ||
         year == "14";
}

} // namespace unlatch
