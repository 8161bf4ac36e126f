// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/weak_orderings.h"

#include "matchers/types.h"

#include "llvm/Support/AtomicOrdering.h"

using namespace clang;

namespace unlatch {

bool WeakOrderings::isSystem(SourceLocation where) const {
  return where.isInvalid() || context.getSourceManager().isInSystemHeader(where);
}

void WeakOrderings::enterLockMethod(const FunctionDecl &method) {
  lockMethod = context.getSourceManager().getExpansionRange(method.getSourceRange()).getAsRange();
}

bool WeakOrderings::isInLockMethod(SourceLocation where) const {
  const SourceManager &sources = context.getSourceManager();
  const SourceLocation place = sources.getFileLoc(where);
  return lockMethod.isValid() && !sources.isBeforeInTranslationUnit(place, lockMethod.getBegin()) &&
         !sources.isBeforeInTranslationUnit(lockMethod.getEnd(), place);
}

void WeakOrderings::add(std::string description, SourceLocation where) {
  if (!isSystem(context.getSourceManager().getFileLoc(where)) && !isInLockMethod(where))
    facts.weakOrderings.push_back({std::move(description), text.locate(where)});
}

void WeakOrderings::atomicBuiltin(const AtomicExpr &builtin) {
  const auto isStrongest = [&](const Expr *order) {
    Expr::EvalResult value;
    return order->EvaluateAsInt(value, context) &&
           value.Val.getInt() == static_cast<int>(llvm::AtomicOrderingCABI::seq_cst);
  };
  const bool isKnown = !builtin.isOpenCL() && !builtin.getScopeModel();
  if (!isKnown || !isStrongest(builtin.getOrder()) ||
      (builtin.isCmpXChg() && !isStrongest(builtin.getOrderFail())))
    add("a compiler's atomic builtin", builtin.getBuiltinLoc());
}

bool isFullFence(const Expr *expression) {
  if (const auto *construct = dyn_cast<CXXConstructExpr>(expression)) {
    const std::optional<NamedClass> made = namedClass(construct->getType());
    return made && made->name == "unlatch::fenced_section";
  }
  const auto *call = dyn_cast<CallExpr>(expression);
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  return callee && callee->getQualifiedNameAsString() == "unlatch::full_fence";
}

void WeakOrderings::ordering(const DeclRefExpr &reference) {
  if (isSystem(context.getSourceManager().getFileLoc(reference.getLocation())))
    return;
  if (!reference.getDecl()->getIdentifier())
    return;
  StringRef name = reference.getDecl()->getName();
  // The others are full barriers.
  if (name == "__sync_synchronize" || name.starts_with("__sync_lock_"))
    return add("a compiler's atomic builtin", reference.getLocation());
  // An order that is only known at run time.
  if (isa<VarDecl>(reference.getDecl()) && !isStandardDeclaration(reference.getDecl()))
    if (const auto *type = reference.getType()->getAsEnumDecl();
        type && type->getName() == "memory_order" && isStandardDeclaration(type))
      return add("a memory order that is not a constant", reference.getLocation());
  const auto *space = reference.getDecl()->getDeclContext();
  bool standard = space->isStdNamespace() || isStandardDeclaration(reference.getDecl());
  if (!standard)
    return;
  bool isWeak = name == "memory_order_relaxed" || name == "memory_order_acquire" ||
                name == "memory_order_release" || name == "memory_order_acq_rel" ||
                name == "memory_order_consume" || name == "atomic_thread_fence" ||
                name == "atomic_signal_fence";
  if (const auto *constant = dyn_cast<EnumConstantDecl>(reference.getDecl()))
    if (const auto *owner = dyn_cast<EnumDecl>(constant->getDeclContext()))
      isWeak |=
          owner->getName() == "memory_order" && name != "seq_cst" && name != "memory_order_seq_cst";
  if (isWeak)
    add(reference.getDecl()->getNameAsString(), reference.getLocation());
}

} // namespace unlatch
