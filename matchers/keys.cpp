// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which keys are surely equal within a function, and which operations can therefore belong
// together.

#include "matchers/function_analysis.h"
#include "matchers/types.h"

#include <set>

using namespace clang;

namespace unlatch {

static bool isMapMethod(const CXXMethodDecl *method) {
  StringRef owner = method->getParent()->getName();
  return owner == "unordered_map" || owner == "map";
}

/// Roots on one field can belong together if they stand under the same locks, and name the same
/// key or no key at all.
void FunctionAnalysis::groupOutcomes() {
  std::map<std::string, int> known;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const Root &root = roots[i];
    std::string name = root.field + "|" + root.base + "|";
    for (int site : heldAtRoot[i])
      name += std::to_string(site) + ",";
    bool whole = !root.key && root.kind != RootKind::Entry && root.kind != RootKind::Scalar;
    if (root.fieldType == TypeClass::Converted)
      name += "|alone:" + std::to_string(i);
    name += whole ? "|whole" : root.key ? "|" + std::to_string(keyGroups[i]) : "|scalar";
    outcomeGroups.push_back(known.emplace(name, static_cast<int>(known.size())).first->second);
  }
}

std::string FunctionAnalysis::keyName(int index) const {
  const Root &root = roots[static_cast<std::size_t>(index)];
  std::string prefix = root.field + "|" + root.base + "|";
  if (root.kind == RootKind::Entry)
    return prefix + "entry";
  if (root.kind == RootKind::Scalar)
    return prefix + std::to_string(index);
  if (!root.key)
    return prefix + "whole:" + std::to_string(index);
  std::string canonical = canonicalKey(root.key);
  return prefix + (canonical.empty() ? "#" + std::to_string(index) : canonical);
}

std::string FunctionAnalysis::canonicalKey(const Expr *key) const {
  key = stripMove(key);
  // A conversion of one argument (const char* to std::string) is as stable as its argument.
  while (const auto *construct = dyn_cast<CXXConstructExpr>(key)) {
    std::vector<const Expr *> given;
    for (const Expr *argument : construct->arguments())
      if (!isa<CXXDefaultArgExpr>(argument))
        given.push_back(argument);
    if (given.size() != 1)
      return {};
    key = stripMove(given[0]);
  }
  if (const auto *reference = dyn_cast<DeclRefExpr>(key)) {
    const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
    if (variable && !variable->isConstexpr() && !variable->getType().isConstQualified() &&
        (!variable->hasLocalStorage() || mayChange(variable)))
      return {};
    if (isa<EnumConstantDecl>(reference->getDecl()) || variable ||
        isa<BindingDecl>(reference->getDecl())) {
      const ValueDecl *declaration = reference->getDecl();
      return declaration->getNameAsString() + "@" +
             std::to_string(text.sources().getFileOffset(
                 text.sources().getFileLoc(declaration->getLocation())));
    }
    return {};
  }
  if (const auto *member = dyn_cast<MemberExpr>(key)) {
    std::string base = pathOf(member->getBase()).text;
    if (base == "?" || !isa<FieldDecl>(member->getMemberDecl()) || mayChange(member))
      return {};
    return base + "->" + member->getMemberDecl()->getNameAsString();
  }
  if (isa<IntegerLiteral>(key) || isa<StringLiteral>(key) || isa<CharacterLiteral>(key) ||
      isa<CXXBoolLiteralExpr>(key))
    return "literal:" + text.textOr(key->getSourceRange(), "");
  return {};
}

/// Written, or lent to something that could write it. Moving out of it ends its use as a key.
bool FunctionAnalysis::mayChange(const VarDecl *variable) const {
  bool constant = variable->getType()->isReferenceType() &&
                  variable->getType()->getPointeeType().isConstQualified();
  if (constant)
    return hasOtherNames(variable->getType()->getPointeeType());
  if (changed.count(variable) || captured.count(variable))
    return true;
  auto found = references.find(variable);
  if (found == references.end())
    return false;
  for (const DeclRefExpr *reference : found->second) {
    if (!mayWrite(reference))
      continue;
    const Stmt *parent = meaningfulParent(reference, nullptr);
    const auto *call = dyn_cast_or_null<CallExpr>(parent);
    const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
    bool moves = callee && callee->getIdentifier() && isStandardDeclaration(callee);
    if (const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee)) // emplace(key, ...) forwards
      moves &= isMapMethod(method);
    else
      moves &= callee && callee->getIdentifier() &&
               (callee->getName() == "move" || callee->getName() == "forward" ||
                callee->getName() == "make_pair");
    const auto *construct = dyn_cast_or_null<CXXConstructExpr>(parent);
    if (!moves && !(construct && isStandardDeclaration(construct->getConstructor())))
      return true;
  }
  return false;
}

/// What a constant reference leads to may be written through something else of that type that the
/// function does not own. Elements are, too, and members that only the class names, but nobody has
/// references to these.
bool FunctionAnalysis::hasOtherNames(QualType type) const {
  return llvm::any_of(expressions, [&](const Expr *expression) {
    if (!expression->isGLValue() || expression->getType().isConstQualified() ||
        !context.hasSameUnqualifiedType(expression->getType(), type))
      return false;
    const auto *reference = dyn_cast<DeclRefExpr>(expression);
    const auto *unary = dyn_cast<UnaryOperator>(expression);
    const auto *member = dyn_cast<MemberExpr>(expression);
    const bool isOthers =
        reference ? isa<ParmVarDecl>(reference->getDecl()) &&
                        reference->getDecl()->getType()->isLValueReferenceType()
        : member ? member->getMemberDecl()->getAccess() == AS_public &&
                       isa<FieldDecl>(member->getMemberDecl()) &&
                       pathOf(member).root != ObjectPath::Local
                 : isa<ArraySubscriptExpr>(expression) || (unary && unary->getOpcode() == UO_Deref);
    return isOthers && mayWrite(expression);
  });
}

bool FunctionAnalysis::mayChange(const MemberExpr *member) const {
  if (member->getType().isConstQualified())
    return false;
  for (const Expr *expression : expressions)
    if (const auto *other = dyn_cast<MemberExpr>(expression);
        other && other->getMemberDecl() == member->getMemberDecl() && mayWrite(other))
      return true;
  return false;
}

} // namespace unlatch
