// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/plan.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace unlatch {

/// The qualified name of a field or mutex; its id if it has none.
llvm::StringRef nameOf(const Facts &facts, llvm::StringRef id);

/// The planned field that NAME means: a qualified name, a suffix of one, or either with `@` and the
/// end of a path. An error lists the candidates if there is not exactly one.
llvm::Expected<const PlannedField *> findField(const Facts &facts, const Plan &plan,
                                               llvm::StringRef root, llvm::StringRef name);

} // namespace unlatch
