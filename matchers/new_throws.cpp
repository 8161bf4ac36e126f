// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "matchers/new_throws.h"

#include "matchers/types.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/TargetInfo.h"
#include "llvm/TargetParser/Triple.h"

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

/// Whether the map looks at nothing but the keys' bytes: `equal_keys_are_identical` in the runtime,
/// less those that are rare.
bool areComparedAsBytes(QualType map) {
  const QualType key = templateArgument(map, 0);
  if (!key->isPointerType() && (!key->isIntegralOrEnumerationType() || key->isBitIntType()))
    return false;
  if (namedClass(map)->name == "std::map")
    return true; // its order goes, and the usual equality comes
  const QualType equality = templateArgument(map, 3);
  const std::optional<NamedClass> named = namedClass(equality);
  return named && named->name == "std::equal_to" &&
         ASTContext::hasSameType(templateArgument(equality, 0), key);
}

/// Whether entries stand in the table of `unlatch::map`: `fits_inline` there. Otherwise each is
/// allocated.
bool standsInTable(QualType map, const ASTContext &context) {
  const QualType key = templateArgument(map, 0);
  const QualType value = templateArgument(map, 1);
  if (key.isNull() || value.isNull() || !areComparedAsBytes(map) ||
      !value.isTriviallyCopyableType(context))
    return false;
  const llvm::Triple &target = context.getTargetInfo().getTriple();
  const bool swapsTwoWords =
      (target.getArch() == llvm::Triple::x86_64 && !target.isX32()) || target.isAArch64(64);
  const CharUnits most = CharUnits::fromQuantity(swapsTwoWords ? 8 : 4);
  return context.getTypeSizeInChars(key) <= most && context.getTypeSizeInChars(value) <= most;
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
