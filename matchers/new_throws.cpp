// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "matchers/new_throws.h"

#include "matchers/types.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace unlatch {

namespace {

bool copyMayThrow(QualType type) {
  const auto *record = type.getNonReferenceType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (!record)
    return false;
  record = record->getDefinition();
  if (!record)
    return true;
  if (record->hasTrivialCopyConstructor())
    return false;
  for (const CXXConstructorDecl *constructor : record->ctors()) {
    if (!constructor->isCopyConstructor())
      continue;
    const auto *signature = constructor->getType()->getAs<FunctionProtoType>();
    if (!isUnresolvedExceptionSpec(signature->getExceptionSpecType()))
      return !signature->isNothrow();
  }
  // Declared by the compiler, or not looked at yet: what its parts do.
  for (const CXXBaseSpecifier &base : record->bases())
    if (copyMayThrow(base.getType()))
      return true;
  for (const FieldDecl *field : record->fields())
    if (copyMayThrow(field->getType()))
      return true;
  return false;
}

/// Whether entries stand in the table of `unlatch::map`; a part of what `fits_inline` says there.
bool standsInTable(QualType map, const ASTContext &context) {
  const QualType key = templateArgument(map, 0);
  const QualType value = templateArgument(map, 1);
  return !key.isNull() && !value.isNull() &&
         (key->isIntegralOrEnumerationType() || key->isPointerType()) &&
         value.isTriviallyCopyableType(context) &&
         context.getTypeSizeInChars(value).getQuantity() <= 8;
}

} // namespace

std::string newThrowOf(llvm::StringRef operation, QualType map, const ASTContext &context) {
  if (map.isNull())
    return {};
  if (operation == "range" || operation == "take_all")
    return "copies all entries";
  const QualType value = templateArgument(map, 1);
  const bool copies = operation == "load" || operation == "load_or_store" ||
                      operation == "load_and_delete" || operation == "swap" ||
                      operation == "update";
  if (copies && !value.isNull() && copyMayThrow(value))
    return "copies the value, and that may throw";
  if (operation == "update" && !standsInTable(map, context))
    return "allocates memory for the entry that it makes";
  return {};
}

} // namespace unlatch
