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

void DeclarationBlockers::readyFromTheStart(const VarDecl &object) {
  if (object.isStaticLocal() || !object.isThisDeclarationADefinition() || isSystem(object) ||
      object.getType()->isDependentType())
    return;
  const CXXRecordDecl *record = object.getType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || isSystem(*record) ||
      !object.hasConstantInitialization())
    return;
  const auto visit = [&](auto &self, const CXXRecordDecl &each) -> void {
    for (const FieldDecl *field : each.fields()) {
      facts.fieldBlockers.push_back(
          {idOf(patternOf(field)),
           Strategy::Snapshot,
           {"unsupported-operation",
            "`" + object.getNameAsString() +
                "` is initialised before anything runs; with a snapshot in it, it would not be",
            text.locate(object.getLocation())}});
      const CXXRecordDecl *inner = field->getType()->getAsCXXRecordDecl();
      if (inner && inner->hasDefinition() && !isSystem(*inner))
        self(self, *inner);
    }
    for (const CXXBaseSpecifier &base : each.bases())
      if (const CXXRecordDecl *inner = base.getType()->getAsCXXRecordDecl();
          inner && inner->hasDefinition())
        self(self, *inner);
  };
  visit(visit, *record);
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
