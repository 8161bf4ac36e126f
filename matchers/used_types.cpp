// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/used_types.h"

#include "matchers/harmless.h"
#include "matchers/types.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace unlatch {

bool isOfLibrary(const Decl &declaration) {
  return declaration.getASTContext().getSourceManager().isInSystemHeader(declaration.getLocation());
}

static bool isIterator(const CXXRecordDecl &record) {
  return record.getName().contains("iterator") || record.getName().contains("wrap_iter");
}

void UsedTypes::add(const TemplateArgumentList &arguments) {
  for (QualType argument : typeArguments(arguments)) {
    const CXXRecordDecl *record = argument.getNonReferenceType()->getAsCXXRecordDecl();
    if (record && record->isLambda())
      continue; // what is passed is seen where it is passed
    // An algorithm is given pointers for iterators.
    add(argument->isPointerType() ? argument->getPointeeType() : argument, kDepth);
  }
}

void UsedTypes::add(QualType type, unsigned depth) {
  type = type.getNonReferenceType().getCanonicalType();
  while (const auto *array = dyn_cast<ArrayType>(type.getTypePtr()))
    type = array->getElementType().getCanonicalType();
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || depth == 0 || !seen.insert(record).second)
    return;
  if (isOfLibrary(*record))
    return addLibrary(*record, depth - 1);
  if (!record->hasDefinition())
    return;
  record = record->getDefinition();
  addMembers(*record);
  for (const CXXBaseSpecifier &base : record->bases())
    add(base.getType(), depth - 1);
  for (const FieldDecl *field : record->fields())
    add(field->getType(), depth - 1);
}

void UsedTypes::addLibrary(const CXXRecordDecl &record, unsigned depth) {
  const QualType type = record.getASTContext().getCanonicalTagType(&record);
  // Where libstdc++ declares most of a shared_ptr.
  if (isSmartPointer(type) || record.getName().starts_with("__shared_ptr")) {
    addReleased(templateArgument(type, 0));
    if (const QualType deleter = templateArgument(type, 1);
        !deleter.isNull() && isSmartPointer(type))
      if (const CXXRecordDecl *own = deleter->getAsCXXRecordDecl();
          own && own->hasDefinition() && !isOfLibrary(*own))
        for (const CXXMethodDecl *method : own->methods())
          if (method->getOverloadedOperator() == OO_Call)
            released.insert(method);
    return;
  }
  for (QualType argument : typeArguments(&record))
    add(isIterator(record) && argument->isPointerType() ? argument->getPointeeType() : argument,
        depth);
}

void UsedTypes::addMembers(const CXXRecordDecl &record) {
  for (const CXXMethodDecl *method : record.methods())
    addMethod(*method);
  for (const Decl *each : record.decls())
    if (const auto *pattern = dyn_cast<FunctionTemplateDecl>(each))
      for (const FunctionDecl *instance : pattern->specializations())
        if (const auto *method = dyn_cast<CXXMethodDecl>(instance))
          addMethod(*method);
  if (const CXXConstructorDecl *constructor =
          defaultConstructor(record.getASTContext().getCanonicalTagType(&record)))
    constructors.insert(constructor);
  for (const FriendDecl *each : record.friends())
    if (const auto *function = dyn_cast_or_null<FunctionDecl>(each->getFriendDecl()))
      addBeside(*function, record);
  for (const Decl *each : record.getDeclContext()->getRedeclContext()->decls()) {
    if (const auto *function = dyn_cast<FunctionDecl>(each))
      addBeside(*function, record);
    else if (const auto *pattern = dyn_cast<FunctionTemplateDecl>(each))
      for (const FunctionDecl *instance : pattern->specializations())
        addBeside(*instance, record);
  }
}

void UsedTypes::addMethod(const CXXMethodDecl &method) {
  static const llvm::StringSet<> allocation = {"allocate", "deallocate", "construct", "destroy"};
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&method)) {
    if (constructor->isUserProvided())
      (constructor->isCopyOrMoveConstructor() ? copies : constructors).insert(constructor);
  } else if (isa<CXXDestructorDecl>(method)) {
    if (method.isUserProvided())
      destructors.insert(&method);
  } else if (method.isCopyAssignmentOperator() || method.isMoveAssignmentOperator()) {
    if (method.isUserProvided())
      copies.insert(&method);
  } else if (method.getIdentifier() ? allocation.contains(method.getName())
                                    : method.getOverloadedOperator() != OO_None) {
    if (!method.isDefaulted())
      operators.insert(&method);
  }
}

/// An operator or swap beside the class.
void UsedTypes::addBeside(const FunctionDecl &function, const CXXRecordDecl &record) {
  const bool isSwap = function.getIdentifier() && function.getName() == "swap";
  if (isa<CXXMethodDecl>(function) || (function.getOverloadedOperator() == OO_None && !isSwap))
    return;
  if (llvm::any_of(function.parameters(), [&](const ParmVarDecl *parameter) {
        const CXXRecordDecl *taken =
            parameter->getType().getNonReferenceType()->getAsCXXRecordDecl();
        return taken && taken->getCanonicalDecl() == record.getCanonicalDecl();
      }))
    operators.insert(&function);
}

void UsedTypes::addReleased(QualType type) {
  for (const CXXDestructorDecl *destructor : destructorsRunBy(type, /*owners=*/true))
    released.insert(destructor);
  const CXXRecordDecl *record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition())
    return;
  // Of whatever class it really is.
  if (const CXXDestructorDecl *destructor = record->getDestructor();
      destructor && destructor->isVirtual() && !isOfLibrary(*record))
    released.insert(destructor);
}

} // namespace unlatch
