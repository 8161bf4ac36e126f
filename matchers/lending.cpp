// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the arguments of a call lead into: `remember(name_)`, `print(text_.c_str())`, and a local
// variable that holds such a pointer.

#include "matchers/identity.h"
#include "matchers/memory_finder.h"
#include "matchers/retention.h"
#include "matchers/types.h"

#include <set>

using namespace clang;

namespace unlatch {

namespace {

/// How many classes, or variables, deep.
constexpr unsigned kDepth = 4;

/// A reference, pointer or view, or a class with one of these in it.
bool leads(QualType type, unsigned depth = kDepth) {
  if (leadsElsewhere(type) || holdsReferences(type) || isSmartPointer(type))
    return true;
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || depth == 0)
    return false;
  if (isStandardDeclaration(record) && isa<ClassTemplateSpecializationDecl>(record))
    return llvm::any_of(typeArguments(record),
                        [&](QualType argument) { return leads(argument, depth - 1); });
  return llvm::any_of(record->fields(),
                      [&](const FieldDecl *each) { return leads(each->getType(), depth - 1); }) ||
         llvm::any_of(record->bases(), [&](const CXXBaseSpecifier &each) {
           return leads(each.getType(), depth - 1);
         });
}

class Lent {
public:
  explicit Lent(const FunctionAnalysis &analysis) : a(analysis) {}

  void in(const Stmt *node, unsigned depth = kDepth) {
    if (!node || isa<LambdaExpr>(node))
      return;
    if (const auto *member = dyn_cast<MemberExpr>(node)) {
      if (const auto *field = dyn_cast<FieldDecl>(member->getMemberDecl()))
        names.insert(idOf(patternOf(field)));
      else if (isa<VarDecl>(member->getMemberDecl()))
        names.insert(idOf(member->getMemberDecl()));
    } else if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
      if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
        this->variable(*variable, depth);
    }
    for (const Stmt *child : node->children())
      in(child, depth);
  }

  std::set<std::string> names;

private:
  void variable(const VarDecl &variable, unsigned depth) {
    if (!variable.hasLocalStorage()) {
      names.insert(idOf(&variable));
      return;
    }
    if (depth == 0 || !leads(variable.getType()) || !seen.insert(&variable).second)
      return;
    in(variable.getInit(), depth - 1);
    const auto found = a.references.find(&variable);
    if (found == a.references.end())
      return;
    for (const DeclRefExpr *each : found->second) {
      const auto *assignment = dyn_cast_or_null<BinaryOperator>(a.meaningfulParent(each, nullptr));
      const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(a.meaningfulParent(each, nullptr));
      if (assignment && assignment->isAssignmentOp())
        in(assignment->getRHS(), depth - 1);
      else if (call && call->isAssignmentOp() && call->getNumArgs() == 2)
        in(call->getArg(1), depth - 1);
    }
  }

  const FunctionAnalysis &a;
  llvm::DenseSet<const VarDecl *> seen;
};

} // namespace

void MemoryFinder::addArgument(Call &call, const FunctionDecl &callee, const Expr *argument) const {
  const auto position = static_cast<unsigned>(call.arguments.size());
  call.arguments.push_back(argumentPath(argument));
  const bool isLent =
      position < callee.getNumParams() && leads(callee.getParamDecl(position)->getType());
  if (!isLent && !leads(argument->getType()))
    return;
  Lent found(a);
  found.in(argument);
  for (const std::string &name : found.names)
    if (!llvm::is_contained(call.lends, name))
      call.lends.push_back(name);
}

} // namespace unlatch
