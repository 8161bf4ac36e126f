// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `--strategy NAME=map,snapshot`.

#pragma once

#include "analysis/plan.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace unlatch {

/// What the options say, of fields that are named as `findField` takes them; `plan` lists these.
llvm::Expected<AllowedStrategies> allowedStrategies(const std::vector<std::string> &options,
                                                    const Facts &facts, const Plan &plan,
                                                    const std::string &root);

llvm::json::Value strategiesJson(const AllowedStrategies &allowed);
AllowedStrategies strategiesFromJson(const llvm::json::Value &value);

} // namespace unlatch
