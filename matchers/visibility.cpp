// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "matchers/visibility.h"

#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace unlatch {

namespace {

bool isHidden(const Decl &declaration) {
  return declaration.getAccess() == AS_private || declaration.getAccess() == AS_protected;
}

bool mentions(QualType type, const CXXRecordDecl &record) {
  return type->isUndeducedType() || type.getCanonicalType().getAsString().find(
                                        record.getQualifiedNameAsString()) != std::string::npos;
}

/// Who cannot name the class may still get one: from a function, a member or an alias.
bool isHandedOut(const CXXRecordDecl &record, const CXXRecordDecl &by) {
  return llvm::any_of(by.decls(), [&](const Decl *each) {
    if (isHidden(*each) || each->isImplicit())
      return false;
    if (const auto *pattern = dyn_cast<FunctionTemplateDecl>(each))
      each = pattern->getTemplatedDecl();
    if (const auto *alias = dyn_cast<TypedefNameDecl>(each))
      return mentions(alias->getUnderlyingType(), record);
    const auto *value = dyn_cast<ValueDecl>(each);
    return value && mentions(value->getType(), record);
  });
}

} // namespace

bool canBeNamedOutside(const DeclaratorDecl &declaration) {
  const auto *record = dyn_cast<CXXRecordDecl>(declaration.getDeclContext());
  if (!record) {
    const auto *variable = dyn_cast<VarDecl>(&declaration);
    return variable && variable->isFileVarDecl() && variable->hasExternalFormalLinkage();
  }
  if (declaration.getAccess() == AS_private)
    return false;
  // Somebody may derive from it.
  if (declaration.getAccess() == AS_protected && record->isEffectivelyFinal())
    return false;
  while (const auto *around = dyn_cast<CXXRecordDecl>(record->getDeclContext())) {
    if (isHidden(*record) && !isHandedOut(*record, *around))
      return false;
    record = around;
  }
  return true;
}

} // namespace unlatch
