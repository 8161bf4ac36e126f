// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/broken_code.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Diagnostic.h"

using namespace clang;

namespace unlatch {

namespace {

bool isBrokenType(QualType type) {
  if (type.isNull() || type->containsErrors())
    return true;
  const CXXRecordDecl *record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  return record && (record->isInvalidDecl() || !record->hasDefinition());
}

class ErrorFinder : public DynamicRecursiveASTVisitor {
public:
  ErrorFinder() { ShouldVisitImplicitCode = true; }

  bool VisitDecl(Decl *declaration) override { return !declaration->isInvalidDecl(); }

  // What has no type of its own is no object, and may well be of a class without a definition.
  bool VisitVarDecl(VarDecl *variable) override { return !isBrokenType(variable->getType()); }

  bool VisitExpr(Expr *expression) override {
    return !expression->containsErrors() && !expression->getType().isNull() &&
           !(expression->isPRValue() && isBrokenType(expression->getType()));
  }

  bool VisitDeclRefExpr(DeclRefExpr *reference) override {
    return !reference->getDecl()->isInvalidDecl();
  }

  bool VisitMemberExpr(MemberExpr *member) override {
    return !member->getMemberDecl()->isInvalidDecl();
  }

  bool TraverseConstructorInitializer(CXXCtorInitializer *initializer) override {
    // A member whose own type is unknown keeps an initialiser of nothing.
    if (initializer->isAnyMemberInitializer() &&
        (!initializer->getAnyMember() || initializer->getAnyMember()->isInvalidDecl()))
      return false;
    return DynamicRecursiveASTVisitor::TraverseConstructorInitializer(initializer);
  }
};

/// Constructors and destructors run those of bases and members, written or not.
bool hasBrokenParts(const CXXRecordDecl &record) {
  if (record.isInvalidDecl() || !record.hasDefinition())
    return true;
  for (const CXXBaseSpecifier &base : record.bases())
    if (isBrokenType(base.getType()))
      return true;
  for (const FieldDecl *field : record.fields())
    if (field->isInvalidDecl() || isBrokenType(field->getType()))
      return true;
  return false;
}

} // namespace

bool isBroken(const FunctionDecl &function) {
  if (!function.getASTContext().getDiagnostics().hasUncompilableErrorOccurred())
    return false;
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  if (method && hasBrokenParts(*method->getParent()))
    return true;
  return !ErrorFinder().TraverseDecl(const_cast<FunctionDecl *>(&function));
}

} // namespace unlatch
