// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/wrapped_section.h"

#include "matchers/types.h"

using namespace clang;

namespace unlatch {

bool asksForItsFunction(const Expr *expression) {
  if (const auto *place = dyn_cast<SourceLocExpr>(expression))
    return place->getIdentKind() != SourceLocIdentKind::File &&
           place->getIdentKind() != SourceLocIdentKind::FileName;
  return isa<PredefinedExpr>(expression);
}

bool seesItsCopies(QualType result, const ASTContext &context) {
  return result->isRecordType() && !unsafeToShare(result, context).empty() &&
         !leadsElsewhere(result);
}

std::string resultClause(const FunctionAnalysis &a, const std::vector<const ReturnStmt *> &leaving,
                         bool atTheEnd) {
  const QualType result = a.function.getReturnType();
  const auto isOfTheType = [&](const ReturnStmt *leave) {
    const Expr *value = leave->getRetValue();
    return value &&
           a.context.hasSameUnqualifiedType(
               value->IgnoreUnlessSpelledInSource()->getType().getNonReferenceType(), result);
  };
  if (leaving.size() == 1 && atTheEnd && isOfTheType(leaving.front()))
    return "";
  return " -> " + returnTypeText(a);
}

} // namespace unlatch
