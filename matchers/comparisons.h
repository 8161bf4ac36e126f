// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `if (state == Idle) state = Running;`: on either side of the comparison it is known what the
// number was, as it is of a flag.

#pragma once

#include "matchers/function_analysis.h"

namespace unlatch {

/// The comparison for equality that the scalar of a root is read for, if it is nothing else.
const clang::BinaryOperator *comparisonOf(const FunctionAnalysis &analysis, const Root &root);

/// What the other side of the comparison has to be, if it is of the scalar's own type, or a
/// constant that the type can hold; or null.
const clang::Expr *comparedWith(const FunctionAnalysis &analysis, const Root &root);

/// A guarded bool, or one that is atomic.
bool isFlag(const Root &root);

/// Notes the comparisons of numbers that the same function writes: only then does it matter which
/// way they went. And what atomics answer, or the exchange of a flag.
void noteComparisons(FunctionAnalysis &analysis);

} // namespace unlatch
