// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iterators, views, spans and reference wrappers: objects of the library that lead to others'
// memory, and where that is.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

bool isHandle(clang::QualType type);

struct HandleTarget {
  enum Kind {
    ThreadLocal, ///< a local object
    Named,       ///< an object that is named here, which has an access of its own
    Parameter,   ///< wherever a parameter leads
    Elsewhere,
  } kind = Elsewhere;
  int parameter = -1;
};

/// Where a handle leads.
HandleTarget targetOf(const FunctionAnalysis &analysis, const clang::Expr *handle);

/// The type that a handle leads to, or a null type.
clang::QualType targetType(clang::QualType handle);

} // namespace unlatch
