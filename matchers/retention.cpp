// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/retention.h"
#include "matchers/function_analysis.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

namespace {

bool isStandard(const FunctionDecl *callee) { return callee && isStandardDeclaration(callee); }

} // namespace

bool returnsIntoArgument(const FunctionDecl *callee) {
  return leadsElsewhere(callee->getReturnType());
}

bool mayRetain(const FunctionDecl *callee, unsigned index) {
  const FunctionDecl *definition = nullptr;
  if (!callee->hasBody(definition) || index >= definition->getNumParams())
    return true;
  if (returnsIntoArgument(callee))
    return true;
  const ParmVarDecl *parameter = definition->getParamDecl(index);
  bool retained = false;
  auto visit = [&](auto &self, const Stmt *node, const Stmt *parent) -> void {
    if (!node || retained)
      return;
    if (const auto *reference = dyn_cast<DeclRefExpr>(node);
        reference && reference->getDecl() == parameter) {
      const auto *unary = dyn_cast_or_null<UnaryOperator>(parent);
      if ((unary && unary->getOpcode() == UO_AddrOf) || isa_and_nonnull<DeclStmt>(parent) ||
          isa_and_nonnull<LambdaExpr>(parent) || isa_and_nonnull<InitListExpr>(parent))
        retained = true;
      // Passed on to what is not seen here.
      if (const auto *call = dyn_cast_or_null<CallExpr>(parent))
        retained |= !isStandard(call->getDirectCallee());
      if (const auto *construct = dyn_cast_or_null<CXXConstructExpr>(parent))
        retained |= leadsElsewhere(construct->getType()) ||
                    (!isStandard(construct->getConstructor()) &&
                     !construct->getConstructor()->isCopyOrMoveConstructor());
    }
    // A pointer or view made of it, unless it is used up at once by the library.
    if (const auto *call = dyn_cast<CXXMemberCallExpr>(node);
        call && leadsElsewhere(call->getType()))
      if (const auto *object =
              dyn_cast_or_null<DeclRefExpr>(strip(call->getImplicitObjectArgument()));
          object && object->getDecl() == parameter) {
        const auto *outer = dyn_cast_or_null<CallExpr>(parent);
        retained |= !outer || !isStandard(outer->getDirectCallee());
      }
    if (isa<LambdaExpr>(node))
      retained = true;
    for (const Stmt *child : node->children())
      self(self, child, isa<ImplicitCastExpr>(node) || isa<ParenExpr>(node) ? parent : node);
  };
  visit(visit, definition->getBody(), nullptr);
  return retained;
}

bool isForwarding(const FunctionDecl *callee, unsigned index) {
  const FunctionDecl *pattern = callee->getTemplateInstantiationPattern();
  if (!pattern)
    if (const FunctionTemplateDecl *primary = callee->getPrimaryTemplate())
      pattern = primary->getTemplatedDecl();
  if (!pattern || pattern->getNumParams() == 0)
    return false;
  QualType type = pattern->getParamDecl(std::min(index, pattern->getNumParams() - 1))->getType();
  if (const auto *expansion = dyn_cast<PackExpansionType>(type.getTypePtr()))
    type = expansion->getPattern();
  return type->isRValueReferenceType() &&
         isa<TemplateTypeParmType>(type->getPointeeType().getTypePtr());
}

bool holdsReferences(QualType type) {
  const auto *specialization =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  if (!specialization)
    return false;
  for (const TemplateArgument &argument : specialization->getTemplateArgs().asArray()) {
    if (argument.getKind() == TemplateArgument::Type && argument.getAsType()->isReferenceType())
      return true;
    if (argument.getKind() == TemplateArgument::Pack)
      for (const TemplateArgument &part : argument.pack_elements())
        if (part.getKind() == TemplateArgument::Type && part.getAsType()->isReferenceType())
          return true;
  }
  return false;
}

bool mayRetainObject(const CXXMethodDecl *method, int depth) {
  const FunctionDecl *definition = nullptr;
  if (!method->hasBody(definition) || depth > 4 || method->isVirtual())
    return true;
  bool retained = false;
  auto visit = [&](auto &self, const Stmt *node, const Stmt *parent) -> void {
    if (!node || retained)
      return;
    if (isa<CXXThisExpr>(node) && !isa_and_nonnull<MemberExpr>(parent))
      retained = true;
    if (isa<LambdaExpr>(node))
      retained = true;
    if (const auto *unary = dyn_cast<UnaryOperator>(node); unary && unary->getOpcode() == UO_AddrOf)
      retained = true;
    if (const auto *call = dyn_cast<CXXMemberCallExpr>(node)) {
      const CXXMethodDecl *called = call->getMethodDecl();
      if (called && isa<CXXThisExpr>(strip(call->getImplicitObjectArgument())))
        retained |= mayRetainObject(called, depth + 1);
    } else if (const auto *call = dyn_cast<CallExpr>(node)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (!callee || !isStandard(callee))
        for (const Expr *argument : call->arguments())
          retained |= argument->isGLValue() && isa<MemberExpr>(strip(argument));
    }
    // A reference or pointer into the object that lives in a variable or is stored.
    if (const auto *declaration = dyn_cast<DeclStmt>(node))
      for (const Decl *each : declaration->decls())
        if (const auto *variable = dyn_cast<VarDecl>(each))
          retained |= leadsElsewhere(variable->getType()) && variable->isStaticLocal();
    if (const auto *assign = dyn_cast<BinaryOperator>(node); assign && assign->isAssignmentOp())
      retained |= assign->getLHS()->getType()->isAnyPointerType();
    for (const Stmt *child : node->children())
      self(self, child, isa<ImplicitCastExpr>(node) || isa<ParenExpr>(node) ? parent : node);
  };
  visit(visit, definition->getBody(), nullptr);
  return retained;
}

} // namespace unlatch
