// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/declaration_blockers.h"

#include "matchers/identity.h"

#include "clang/AST/ASTContext.h"

using namespace clang;

namespace unlatch {

static bool isSystem(const Decl &declaration) {
  const SourceManager &sources = declaration.getASTContext().getSourceManager();
  return declaration.getLocation().isInvalid() ||
         sources.isInSystemHeader(declaration.getLocation());
}

void DeclarationBlockers::defaultedComparison(const FunctionDecl &function) {
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  if (method ? method->getOverloadedOperator() == OO_None || method->isCopyAssignmentOperator() ||
                   method->isMoveAssignmentOperator()
             : function.getNumParams() != 2)
    return;
  const CXXRecordDecl *record =
      method ? method->getParent()
             : function.getParamDecl(0)->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition())
    return;
  for (const FieldDecl *field : record->getDefinition()->fields())
    facts.fieldBlockers.push_back({idOf(patternOf(field)),
                                   Strategy::None,
                                   {"unsupported-operation", "compared by a defaulted operator",
                                    text.locate(function.getLocation())}});
}

void DeclarationBlockers::typeAskedIn(const TypeLoc &type) {
  if (const auto asked = type.getUnqualifiedLoc().getAs<DecltypeTypeLoc>())
    typeAskedFor(asked.getUnderlyingExpr());
}

void DeclarationBlockers::typeAskedFor(const Expr *expression) {
  expression = expression ? expression->IgnoreParenImpCasts() : nullptr;
  const ValueDecl *named = nullptr;
  if (const auto *member = dyn_cast_or_null<MemberExpr>(expression))
    named = member->getMemberDecl();
  else if (const auto *reference = dyn_cast_or_null<DeclRefExpr>(expression))
    named = reference->getDecl();
  const auto *field = dyn_cast_or_null<FieldDecl>(named);
  const auto *variable = dyn_cast_or_null<VarDecl>(named);
  if ((!field && !(variable && variable->hasGlobalStorage())) || isSystem(*named))
    return;
  facts.fieldBlockers.push_back(
      {field ? idOf(patternOf(field)) : idOf(variable),
       Strategy::None,
       {"unsupported-operation", "its type is asked for here, and would be another",
        text.locate(expression->getExprLoc())}});
}

/// The classes that an object of the type consists of, past arrays and what the library puts around
/// them.
static void collectClasses(QualType type, llvm::SmallPtrSetImpl<const CXXRecordDecl *> &classes) {
  const CXXRecordDecl *record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  record = record ? record->getDefinition() : nullptr;
  if (!record || !classes.insert(record).second)
    return;
  for (const CXXBaseSpecifier &base : record->bases())
    collectClasses(base.getType(), classes);
  for (const FieldDecl *field : record->fields())
    collectClasses(field->getType(), classes);
}

void DeclarationBlockers::readyFromTheStart(const VarDecl &object) {
  if (!object.isThisDeclarationADefinition() || isSystem(object) ||
      object.getType()->isDependentType() || object.getType()->isReferenceType())
    return;
  llvm::SmallPtrSet<const CXXRecordDecl *, 8> classes;
  collectClasses(object.getType(), classes);
  const CXXRecordDecl *whole = object.getType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  const bool isReady = !object.isStaticLocal() && object.hasConstantInitialization();
  // Nothing ends it, so it may be used by whatever runs last ([basic.start.term]).
  const bool isEverlasting = whole && whole->hasDefinition() && whole->hasTrivialDestructor();
  if (!isReady && !isEverlasting)
    return;
  const std::string message =
      "`" + object.getNameAsString() +
      (isReady ? "` is initialised before anything runs; with a snapshot in it, it would not be"
               : "` is there as long as anything runs; with a snapshot in it, it would end before");
  for (const CXXRecordDecl *each : classes)
    if (!isSystem(*each))
      for (const FieldDecl *field : each->fields())
        facts.fieldBlockers.push_back(
            {idOf(patternOf(field)),
             Strategy::Snapshot,
             {"unsupported-operation", message, text.locate(object.getLocation())}});
}

void DeclarationBlockers::otherName(const FieldDecl &member) {
  const Expr *init = member.getInClassInitializer();
  if (!init || (!member.getType()->isReferenceType() && !member.getType()->isPointerType()))
    return;
  init = init->IgnoreParenImpCasts();
  if (const auto *unary = dyn_cast<UnaryOperator>(init); unary && unary->getOpcode() == UO_AddrOf)
    init = unary->getSubExpr()->IgnoreParenImpCasts();
  else if (!member.getType()->isReferenceType())
    return;
  const auto *named = dyn_cast<MemberExpr>(init);
  const auto *field = named ? dyn_cast<FieldDecl>(named->getMemberDecl()) : nullptr;
  if (field && !isSystem(*field))
    facts.fieldBlockers.push_back(
        {idOf(patternOf(field)),
         Strategy::None,
         {"address-taken", "`" + member.getNameAsString() + "` leads to it",
          text.locate(member.getLocation())}});
}

} // namespace unlatch
