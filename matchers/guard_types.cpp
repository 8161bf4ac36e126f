// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/guard_types.h"

#include "matchers/types.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace unlatch {

namespace {

/// The one thing that a constructor or destructor does: nothing if there is more. What happens when
/// unlocking fails, which it does not while the lock is held, is left out.
const Stmt *onlyStatement(const Stmt *body) {
  if (const auto *attempt = dyn_cast_or_null<CXXTryStmt>(body))
    body = attempt->getTryBlock();
  const auto *block = dyn_cast_or_null<CompoundStmt>(body);
  if (!block)
    return nullptr;
  const Stmt *only = nullptr;
  for (const Stmt *statement : block->body()) {
    if (isa<NullStmt>(statement))
      continue;
    if (only)
      return nullptr;
    only = statement;
  }
  return only && isa<CXXTryStmt>(only) ? onlyStatement(only) : only;
}

bool isEmptyBody(const Stmt *body) {
  const auto *block = dyn_cast_or_null<CompoundStmt>(body);
  return block && llvm::all_of(block->body(), [](const Stmt *each) { return isa<NullStmt>(each); });
}

/// What stands there, given by pointer or by reference.
const Expr *objectIn(const Expr *expression) {
  expression = expression->IgnoreParenImpCasts();
  const auto *unary = dyn_cast<UnaryOperator>(expression);
  return unary && (unary->getOpcode() == UO_AddrOf || unary->getOpcode() == UO_Deref)
             ? unary->getSubExpr()->IgnoreParenImpCasts()
             : expression;
}

/// A parameter, or a member of the guard itself.
bool isOwnOrGiven(const Expr *object) {
  object = objectIn(object);
  if (const auto *member = dyn_cast<MemberExpr>(object))
    return isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts());
  const auto *reference = dyn_cast<DeclRefExpr>(object);
  return reference && isa<ParmVarDecl>(reference->getDecl());
}

LockCall ofPosix(PosixCall call) {
  switch (call) {
  case PosixCall::Acquire:
    return LockCall::Acquire;
  case PosixCall::AcquireShared:
    return LockCall::AcquireShared;
  case PosixCall::Release:
    return LockCall::Release;
  default:
    return LockCall::None;
  }
}

/// `mutex.lock();`, or `pthread_mutex_lock(mutex);`, as a whole statement.
LockCall onlyCall(const FunctionDecl &function) {
  const FunctionDecl *definition = nullptr;
  if (!function.hasBody(definition))
    return LockCall::None;
  const auto *only = dyn_cast_or_null<Expr>(onlyStatement(definition->getBody()));
  if (const auto *cast = dyn_cast_or_null<ExplicitCastExpr>(only);
      cast && cast->getType()->isVoidType())
    only = cast->getSubExpr();
  const auto *call = only ? dyn_cast<CallExpr>(only->IgnoreParenImpCasts()) : nullptr;
  if (const auto *member = dyn_cast_or_null<CXXMemberCallExpr>(call)) {
    const CXXMethodDecl *method = member->getMethodDecl();
    return method && isOwnOrGiven(member->getImplicitObjectArgument()) ? lockCall(*method)
                                                                       : LockCall::None;
  }
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  return callee && call->getNumArgs() == 1 && isOwnOrGiven(call->getArg(0))
             ? ofPosix(posixCall(*callee))
             : LockCall::None;
}

/// The value of an initialiser, whichever brackets it has.
const Expr *initialValue(const CXXCtorInitializer &initializer) {
  const Expr *value = initializer.getInit()->IgnoreParenImpCasts();
  if (const auto *list = dyn_cast<InitListExpr>(value); list && list->getNumInits() == 1)
    value = list->getInit(0)->IgnoreParenImpCasts();
  return value;
}

bool isFirstParameter(const Expr *value, const CXXConstructorDecl &constructor) {
  const auto *reference = dyn_cast<DeclRefExpr>(objectIn(value));
  return reference && reference->getDecl() == constructor.getParamDecl(0);
}

/// The constructor sets the one member to what it is given, and no more. Bases are empty.
bool onlyKeepsItsArgument(const CXXConstructorDecl &constructor) {
  return llvm::all_of(constructor.inits(), [&](const CXXCtorInitializer *each) {
    return each->isBaseInitializer() || isFirstParameter(initialValue(*each), constructor);
  });
}

bool hasOnlyEmptyBases(const CXXRecordDecl &record) {
  return llvm::all_of(record.bases(), [](const CXXBaseSpecifier &base) {
    const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl();
    parent = parent ? parent->getDefinition() : nullptr;
    return parent && parent->isEmpty() && parent->hasTrivialDestructor() &&
           llvm::none_of(parent->ctors(),
                         [](const CXXConstructorDecl *each) { return each->isUserProvided(); });
  });
}

bool isMutexBehind(QualType type) {
  return (type->isReferenceType() || type->isPointerType()) && mutexType(type->getPointeeType());
}

/// The standard library's guard that is all that this one consists of, or a null type.
QualType heldGuard(const CXXRecordDecl &record) {
  const QualType held = record.field_begin()->getType();
  return isStandardGuard(held) && !held->isReferenceType() ? held : QualType();
}

LockCall takenByStandard(QualType guard) {
  const std::optional<NamedClass> named = namedClass(guard);
  return named && named->name == "std::shared_lock" ? LockCall::AcquireShared : LockCall::Acquire;
}

/// What a constructor with one parameter, the mutex, does with it.
LockCall takenBy(const CXXConstructorDecl &constructor) {
  const CXXRecordDecl &record = *constructor.getParent();
  if (constructor.isDeleted() || constructor.isCopyOrMoveConstructor() ||
      constructor.getNumParams() != 1 || !isMutexBehind(constructor.getParamDecl(0)->getType()))
    return LockCall::None;
  const FunctionDecl *body = nullptr;
  if (!constructor.hasBody(body)) {
    const auto *acquires = constructor.getAttr<AcquireCapabilityAttr>();
    if (!acquires)
      return LockCall::None;
    return acquires->isShared() ? LockCall::AcquireShared : LockCall::Acquire;
  }
  const auto &definition = cast<CXXConstructorDecl>(*body);
  if (const QualType held = heldGuard(record); !held.isNull()) {
    const auto isPlain = [&](const CXXCtorInitializer *each) {
      if (each->isBaseInitializer())
        return true;
      const auto *construct = dyn_cast<CXXConstructExpr>(initialValue(*each));
      return construct && construct->getNumArgs() == 1 &&
             isFirstParameter(construct->getArg(0), definition);
    };
    const bool isInitialised = llvm::any_of(definition.inits(), [](const CXXCtorInitializer *each) {
      return each->isMemberInitializer();
    });
    return isInitialised && isEmptyBody(definition.getBody()) &&
                   llvm::all_of(definition.inits(), isPlain)
               ? takenByStandard(held)
               : LockCall::None;
  }
  const LockCall does = onlyKeepsItsArgument(definition) ? onlyCall(definition) : LockCall::None;
  return does == LockCall::Acquire || does == LockCall::AcquireShared ? does : LockCall::None;
}

/// Whether its end is that of the lock, and nothing else.
bool endsWithTheLock(const CXXRecordDecl &record) {
  const CXXDestructorDecl *destructor = record.getDestructor();
  if (destructor && destructor->isVirtual())
    return false;
  if (!heldGuard(record).isNull())
    return !destructor || !destructor->isUserProvided() ||
           (destructor->hasBody() && isEmptyBody(destructor->getBody()));
  if (!destructor || !isMutexBehind(record.field_begin()->getType()))
    return false;
  return destructor->hasBody() ? onlyCall(*destructor) == LockCall::Release
                               : record.hasAttr<ScopedLockableAttr>();
}

/// Nothing but the mutex that is guarded, or the guard that is wrapped.
bool isOwnGuard(const CXXRecordDecl &record) {
  return !isStandardDeclaration(&record) && !record.isDependentContext() && !record.isLambda() &&
         hasOnlyEmptyBases(record) &&
         std::distance(record.field_begin(), record.field_end()) == 1 && endsWithTheLock(record) &&
         llvm::any_of(record.ctors(), [](const CXXConstructorDecl *each) {
           return takenBy(*each) != LockCall::None;
         });
}

} // namespace

bool isStandardGuard(QualType type) {
  const std::optional<NamedClass> named = namedClass(type);
  return named && llvm::is_contained({"std::lock_guard", "std::unique_lock", "std::scoped_lock",
                                      "std::shared_lock"},
                                     StringRef(named->name));
}

bool isGuard(QualType type) {
  const std::optional<NamedClass> named = namedClass(type);
  if (!named || type->isReferenceType())
    return false;
  const CXXRecordDecl *record = named->record->getDefinition();
  return isStandardGuard(type) || (record && isOwnGuard(*record));
}

LockCall takenBy(const CXXConstructExpr &construct) {
  return isStandardGuard(construct.getType()) ? takenByStandard(construct.getType())
                                              : takenBy(*construct.getConstructor());
}

} // namespace unlatch
