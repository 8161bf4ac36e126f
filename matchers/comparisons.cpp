// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/comparisons.h"

#include "matchers/types.h"

#include <algorithm>

using namespace clang;

namespace unlatch {

namespace {

/// Equal values have equal bytes, and comparing them is no more than that.
bool isCompared(QualType type) {
  return (type->isIntegralOrEnumerationType() && !type->isBooleanType()) || type->isPointerType();
}

/// Whether the comparison, which may be of wider numbers, says the same once `value` is converted.
bool keepsItsValue(const FunctionAnalysis &a, const Expr &value, QualType type) {
  const QualType own = strip(&value)->getType();
  if (a.context.hasSameUnqualifiedType(own, type))
    return true;
  if (type->isPointerType())
    return value.isNullPointerConstant(a.context, Expr::NPC_ValueDependentIsNotNull) !=
           Expr::NPCK_NotNull;
  Expr::EvalResult constant;
  if (type->isEnumeralType() || !type->isIntegerType() || !own->isIntegerType() ||
      !value.EvaluateAsInt(constant, a.context))
    return false;
  // In the type of the comparison, where a negative number may have become a large one.
  const llvm::APSInt there = constant.Val.getInt();
  llvm::APSInt stored = there.extOrTrunc(a.context.getIntWidth(type));
  stored.setIsSigned(type->isSignedIntegerType());
  llvm::APSInt back = stored.extend(std::max(there.getBitWidth(), stored.getBitWidth()));
  back.setIsSigned(stored.isSigned());
  return llvm::APSInt::isSameValue(back, there);
}

} // namespace

const BinaryOperator *comparisonOf(const FunctionAnalysis &a, const Root &root) {
  if (root.kind != RootKind::Scalar || !isCompared(root.reference->getType()))
    return nullptr;
  const auto *comparison =
      dyn_cast_or_null<BinaryOperator>(a.meaningfulParent(root.reference, nullptr));
  return comparison && comparison->isEqualityOp() ? comparison : nullptr;
}

const Expr *comparedWith(const FunctionAnalysis &a, const Root &root) {
  const BinaryOperator *comparison = comparisonOf(a, root);
  if (!comparison)
    return nullptr;
  const bool isLeft = a.isInside(root.reference, comparison->getLHS());
  const Expr *other = isLeft ? comparison->getRHS() : comparison->getLHS();
  return keepsItsValue(a, *other, root.reference->getType()) ? other : nullptr;
}

bool isFlag(const Root &root) {
  const QualType type = root.reference->getType();
  return root.kind == RootKind::Scalar &&
         (root.fieldType == TypeClass::Atomic
              ? !templateArgument(type, 0).isNull() && templateArgument(type, 0)->isBooleanType()
              : type->isBooleanType());
}

/// The call that asks an atomic, or exchanges a flag, if its answer is a truth.
static const Expr *askedOf(const FunctionAnalysis &a, const Root &root) {
  const Stmt *parent = a.meaningfulParent(root.reference, nullptr);
  if (const auto *member = dyn_cast_or_null<MemberExpr>(parent))
    return root.fieldType == TypeClass::Atomic && isFlag(root)
               ? dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member))
               : nullptr;
  const auto *call = dyn_cast_or_null<CallExpr>(parent);
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  const std::string name = callee ? callee->getQualifiedNameAsString() : "";
  return name == "unlatch::compare_and_swap" || (name == "std::exchange" && isFlag(root)) ? call
                                                                                          : nullptr;
}

void noteComparisons(FunctionAnalysis &a) {
  const auto writes = [&](const Root &read) {
    return llvm::any_of(a.uses, [&](const Use &use) {
      const Root &root = a.roots[static_cast<std::size_t>(use.root)];
      return use.kind == UseKind::Replace && root.field == read.field && root.base == read.base;
    });
  };
  for (std::size_t index = 0; index < a.roots.size(); ++index) {
    const Root &root = a.roots[index];
    if (const BinaryOperator *comparison = comparisonOf(a, root); comparison && writes(root))
      a.tests[comparison] = {static_cast<int>(index), comparison->getOpcode() == BO_EQ};
    if (const Expr *asked = askedOf(a, root))
      a.tests[asked] = {static_cast<int>(index), true};
  }
}

} // namespace unlatch
