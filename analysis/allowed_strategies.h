// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which forms the user lets a field take: `--strategy NAME=snapshot`.

#pragma once

#include "analysis/model.h"

#include <set>

namespace unlatch {

struct AllowedStrategies {
  std::map<std::string, std::set<Strategy>> ofField; ///< by id
  std::optional<std::set<Strategy>> ofOthers;        ///< `--strategy '*=map'`; else all

  bool allow(const std::string &field, Strategy strategy) const {
    const auto found = ofField.find(field);
    if (found != ofField.end())
      return found->second.contains(strategy);
    return !ofOthers || ofOthers->contains(strategy);
  }
};

} // namespace unlatch
