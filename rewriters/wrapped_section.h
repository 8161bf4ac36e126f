// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statements that become the body of a function object, which the runtime calls and whose result it
// hands on: whether that shows.

#pragma once

#include "rewriters/cluster.h"

namespace unlatch {

/// An expression that asks in which function it stands.
bool asksForItsFunction(const clang::Expr *expression);

/// The result of such statements is moved or copied on its way, where it was built in its place
/// before
/// ([class.copy.elision]): the type's own functions may see that.
bool seesItsCopies(clang::QualType result, const clang::ASTContext &context);

/// What has to be written behind the parameters of the function object, so that what it returns is
/// converted where it was before: nothing, if it is of the type already.
std::string resultClause(const FunctionAnalysis &analysis,
                         const std::vector<const clang::ReturnStmt *> &leaving, bool atTheEnd);

} // namespace unlatch
