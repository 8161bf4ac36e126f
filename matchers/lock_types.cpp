// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/lock_types.h"

#include "matchers/types.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace unlatch {

namespace {

std::optional<MutexType> standardMutex(StringRef name) {
  return llvm::StringSwitch<std::optional<MutexType>>(name)
      .Case("std::mutex", MutexType{})
      .Case("std::shared_mutex", MutexType{.shared = true})
      .Case("std::recursive_mutex", MutexType{.recursive = true})
      .Case("std::timed_mutex", MutexType{.timed = true})
      .Case("std::shared_timed_mutex", MutexType{.shared = true, .timed = true})
      .Case("std::recursive_timed_mutex", MutexType{.recursive = true, .timed = true})
      .Default(std::nullopt);
}

/// A union or struct with no name but the one that the C library's header gives it.
StringRef givenName(const RecordDecl &record) {
  const TypedefNameDecl *given = record.getTypedefNameForAnonDecl();
  return given ? given->getName() : StringRef();
}

std::optional<MutexType> posixMutex(const RecordDecl &record) {
  const StringRef name = givenName(record);
  if (name == "pthread_mutex_t")
    return MutexType{.posix = true};
  // Who reads may begin to read again.
  if (name == "pthread_rwlock_t")
    return MutexType{.shared = true, .recursive = true, .posix = true};
  return std::nullopt;
}

/// What locks are made of.
struct Primitive {
  bool found = false;
  bool recursive = false;
};

Primitive primitiveOf(const CXXRecordDecl &record, int depth = 3) {
  Primitive result;
  auto consider = [&](QualType type) {
    if (const auto *alias = type->getAs<TypedefType>())
      if (const StringRef name = alias->getDecl()->getName();
          name == "pthread_mutex_t" || name == "pthread_rwlock_t" || name == "pthread_spinlock_t")
        result.found = true;
    const std::optional<NamedClass> named = namedClass(type);
    if (!named || type->isReferenceType())
      return;
    if (const std::optional<MutexType> standard = standardMutex(named->name)) {
      result.found = true;
      result.recursive |= standard->recursive;
    } else if (named->name == "std::atomic" || named->name == "std::atomic_flag") {
      result.found = true;
    } else if (depth > 0 && named->record->hasDefinition() &&
               !isStandardDeclaration(named->record)) {
      const Primitive inner = primitiveOf(*named->record->getDefinition(), depth - 1);
      result.found |= inner.found;
      result.recursive |= inner.recursive;
    }
  };
  for (const CXXBaseSpecifier &base : record.bases())
    consider(base.getType());
  for (const FieldDecl *field : record.fields())
    consider(field->getType());
  return result;
}

bool isPlainMethod(const CXXMethodDecl &method) {
  return method.getIdentifier() && !method.isVirtual() && !method.isStatic() &&
         method.getNumParams() == 0 && method.getReturnType()->isVoidType();
}

LockCall byAnnotation(const CXXMethodDecl &method) {
  if (const auto *acquires = method.getAttr<AcquireCapabilityAttr>())
    if (acquires->args_size() == 0)
      return acquires->isShared() ? LockCall::AcquireShared : LockCall::Acquire;
  if (const auto *releases = method.getAttr<ReleaseCapabilityAttr>())
    if (releases->args_size() == 0)
      return LockCall::Release;
  return method.hasAttr<TryAcquireCapabilityAttr>() ? LockCall::Try : LockCall::None;
}

LockCall byName(const CXXMethodDecl &method) {
  return llvm::StringSwitch<LockCall>(method.getName())
      .Cases({"lock", "Lock"}, LockCall::Acquire)
      .Case("lock_shared", LockCall::AcquireShared)
      .Cases({"unlock", "Unlock", "unlock_shared"}, LockCall::Release)
      .StartsWith("try_lock", LockCall::Try)
      .Default(LockCall::None);
}

/// True if something under `node` is a call for which `wanted` holds; not in lambdas, which run
/// another time.
template <typename Wanted> bool containsCall(const Stmt *node, Wanted wanted) {
  if (!node || isa<LambdaExpr>(node))
    return false;
  if (const auto *call = dyn_cast<CallExpr>(node))
    if (const FunctionDecl *callee = call->getDirectCallee();
        callee && callee->getIdentifier() && wanted(*call, *callee))
      return true;
  return llvm::any_of(node->children(),
                      [&](const Stmt *child) { return containsCall(child, wanted); });
}

bool containsReturn(const Stmt *node) {
  return node && !isa<LambdaExpr>(node) &&
         (isa<ReturnStmt>(node) || llvm::any_of(node->children(), containsReturn));
}

bool takesPrimitive(const CallExpr &, const FunctionDecl &callee) {
  const StringRef name = callee.getName();
  if (name.starts_with("pthread_"))
    return name.ends_with("lock") && !name.contains("unlock") && !name.contains("try");
  if (const auto *method = dyn_cast<CXXMethodDecl>(&callee)) {
    const LockCall kind = lockCall(*method);
    if (kind == LockCall::Acquire || kind == LockCall::AcquireShared)
      return true;
  }
  return isStandardDeclaration(&callee) &&
         (name.contains("test_and_set") || name.contains("exchange"));
}

/// The one thing that a constructor or destructor does, assertions apart: nothing if there is more.
const Stmt *onlyStatement(const Stmt *body) {
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
  return only;
}

/// `mutex.lock();` as a whole statement, on a parameter or on the guard's own member.
LockCall onlyCall(const FunctionDecl &function) {
  const FunctionDecl *definition = nullptr;
  if (!function.hasBody(definition))
    return LockCall::None;
  const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(onlyStatement(definition->getBody()));
  const CXXMethodDecl *method = call ? call->getMethodDecl() : nullptr;
  if (!method)
    return LockCall::None;
  const Expr *object = call->getImplicitObjectArgument()->IgnoreParenImpCasts();
  const auto *member = dyn_cast<MemberExpr>(object);
  const bool isOwn = member && isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts());
  const auto *reference = dyn_cast<DeclRefExpr>(object);
  if (!isOwn && !(reference && isa<ParmVarDecl>(reference->getDecl())))
    return LockCall::None;
  return lockCall(*method);
}

/// The constructor sets the one member to what it is given, and no more.
bool onlyKeepsItsArgument(const CXXConstructorDecl &constructor) {
  for (const CXXCtorInitializer *initializer : constructor.inits()) {
    if (initializer->isBaseInitializer())
      continue; // empty bases, as seen before
    const Expr *value = initializer->getInit()->IgnoreParenImpCasts();
    if (const auto *list = dyn_cast<InitListExpr>(value); list && list->getNumInits() == 1)
      value = list->getInit(0)->IgnoreParenImpCasts();
    if (const auto *unary = dyn_cast<UnaryOperator>(value);
        unary && (unary->getOpcode() == UO_AddrOf || unary->getOpcode() == UO_Deref))
      value = unary->getSubExpr()->IgnoreParenImpCasts();
    const auto *reference = dyn_cast<DeclRefExpr>(value);
    if (!reference || reference->getDecl() != constructor.getParamDecl(0))
      return false;
  }
  return true;
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

GuardType ownGuard(const CXXRecordDecl &record) {
  const CXXDestructorDecl *destructor = record.getDestructor();
  if (isStandardDeclaration(&record) || !destructor || destructor->isVirtual() ||
      !hasOnlyEmptyBases(record))
    return GuardType::None;
  // Nothing but the mutex that is guarded.
  if (std::distance(record.field_begin(), record.field_end()) != 1 ||
      !isMutexBehind(record.field_begin()->getType()))
    return GuardType::None;
  const bool isAnnotated = record.hasAttr<ScopedLockableAttr>();
  const bool isSeen = destructor->hasBody();
  if (isSeen ? onlyCall(*destructor) != LockCall::Release : !isAnnotated)
    return GuardType::None;
  std::optional<GuardType> kind;
  for (const CXXConstructorDecl *constructor : record.ctors()) {
    if (constructor->isDeleted() || constructor->isCopyOrMoveConstructor())
      continue;
    if (constructor->getNumParams() != 1 || !isMutexBehind(constructor->getParamDecl(0)->getType()))
      return GuardType::None;
    LockCall does = LockCall::None;
    if (constructor->hasBody()) {
      const FunctionDecl *definition = nullptr;
      constructor->hasBody(definition);
      if (onlyKeepsItsArgument(*cast<CXXConstructorDecl>(definition)))
        does = onlyCall(*constructor);
    } else if (const auto *acquires = constructor->getAttr<AcquireCapabilityAttr>()) {
      does = acquires->isShared() ? LockCall::AcquireShared : LockCall::Acquire;
    }
    if (does != LockCall::Acquire && does != LockCall::AcquireShared)
      return GuardType::None;
    const GuardType one =
        does == LockCall::AcquireShared ? GuardType::Shared : GuardType::Exclusive;
    if (kind && *kind != one)
      return GuardType::None;
    kind = one;
  }
  return kind.value_or(GuardType::None);
}

} // namespace

LockCall lockCall(const CXXMethodDecl &method) {
  if (!method.getIdentifier())
    return LockCall::None;
  if (isStandardDeclaration(&method))
    return byName(method);
  const LockCall annotated = byAnnotation(method);
  if (annotated != LockCall::None)
    return annotated;
  const LockCall named = byName(method);
  return named == LockCall::Try || isPlainMethod(method) ? named : LockCall::None;
}

PosixCall posixCall(const FunctionDecl &function) {
  if (!function.getIdentifier() || !function.isExternC() ||
      !function.getName().starts_with("pthread_"))
    return PosixCall::None;
  return llvm::StringSwitch<PosixCall>(function.getName())
      .Cases({"pthread_mutex_lock", "pthread_rwlock_wrlock"}, PosixCall::Acquire)
      .Case("pthread_rwlock_rdlock", PosixCall::AcquireShared)
      .Cases({"pthread_mutex_unlock", "pthread_rwlock_unlock"}, PosixCall::Release)
      .Cases({"pthread_mutex_trylock", "pthread_mutex_timedlock", "pthread_mutex_clocklock"},
             PosixCall::Try)
      .Cases({"pthread_rwlock_tryrdlock", "pthread_rwlock_trywrlock", "pthread_rwlock_timedrdlock",
              "pthread_rwlock_timedwrlock"},
             PosixCall::Try)
      .Cases({"pthread_mutex_init", "pthread_rwlock_init"}, PosixCall::Begin)
      .Cases({"pthread_mutex_destroy", "pthread_rwlock_destroy"}, PosixCall::End)
      .StartsWith("pthread_cond_wait", PosixCall::Wait)
      .Cases({"pthread_cond_timedwait", "pthread_cond_clockwait"}, PosixCall::Wait)
      .Default(PosixCall::None);
}

std::vector<const CXXMethodDecl *> lockMethods(const CXXRecordDecl &lock) {
  std::vector<const CXXMethodDecl *> methods;
  for (const CXXMethodDecl *method : lock.methods()) {
    const LockCall kind = lockCall(*method);
    if (kind != LockCall::None && kind != LockCall::Try)
      methods.push_back(method);
  }
  return methods;
}

std::vector<const CXXMethodDecl *> lockCode(const CXXRecordDecl &lock) {
  std::vector<const CXXMethodDecl *> code = lockMethods(lock);
  for (const CXXConstructorDecl *constructor : lock.ctors())
    if (constructor->isUserProvided() && !constructor->isCopyOrMoveConstructor())
      code.push_back(constructor);
  if (const CXXDestructorDecl *destructor = lock.getDestructor();
      destructor && destructor->isUserProvided())
    code.push_back(destructor);
  return code;
}

static thread_local KnownLocks *knownLocks = nullptr;

KnownLocks::KnownLocks() { knownLocks = this; }
KnownLocks::~KnownLocks() { knownLocks = nullptr; }

static std::optional<MutexType> ownMutex(const CXXRecordDecl *record) {
  if (!record || record->isLambda() || record->isDependentContext())
    return std::nullopt;
  bool acquires = false, releases = false, shared = false;
  for (const CXXMethodDecl *method : lockMethods(*record)) {
    if (method->isVirtual())
      return std::nullopt; // which one runs is not known
    const LockCall kind = lockCall(*method);
    acquires |= kind == LockCall::Acquire;
    shared |= kind == LockCall::AcquireShared;
    releases |= kind == LockCall::Release;
  }
  if (!acquires || !releases)
    return std::nullopt;
  const Primitive primitive = primitiveOf(*record);
  const bool annotated = record->hasAttr<CapabilityAttr>();
  if (!annotated && !primitive.found)
    return std::nullopt;
  return MutexType{.shared = shared,
                   .recursive = primitive.recursive,
                   .timed = false,
                   .own = record,
                   .annotated = annotated};
}

std::optional<MutexType> mutexType(QualType type) {
  if (type.isNull() || type->isReferenceType())
    return std::nullopt;
  const CXXRecordDecl *named = type->getAsCXXRecordDecl();
  if (knownLocks && named)
    if (const auto known = knownLocks->known.find(named); known != knownLocks->known.end())
      return known->second;
  const std::optional<NamedClass> mutex = namedClass(type);
  if (!mutex)
    return std::nullopt;
  std::optional<MutexType> found = posixMutex(*mutex->record);
  if (!found)
    found = isStandardDeclaration(mutex->record) ? standardMutex(mutex->name)
                                                 : ownMutex(mutex->record->getDefinition());
  if (knownLocks && named)
    knownLocks->known.try_emplace(named, found);
  return found;
}

bool isPosixCondition(QualType type) {
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return record && givenName(*record) == "pthread_cond_t";
}

std::vector<const FieldDecl *> mutexesOf(const RecordDecl &record) {
  std::vector<const FieldDecl *> mutexes;
  for (const FieldDecl *field : record.fields())
    if (mutexType(field->getType()))
      mutexes.push_back(field);
  return mutexes;
}

bool alwaysLocks(const FunctionDecl &method) {
  const auto *block = dyn_cast_or_null<CompoundStmt>(method.getBody());
  if (!block)
    return false;
  for (const Stmt *statement : block->body()) {
    const Stmt *surely = statement;
    if (const auto *loop = dyn_cast<WhileStmt>(statement))
      surely = loop->getCond();
    else if (const auto *loop = dyn_cast<ForStmt>(statement))
      surely = loop->getCond();
    else if (const auto *loop = dyn_cast<DoStmt>(statement))
      surely = loop->getCond();
    else if (isa<IfStmt, SwitchStmt, CXXForRangeStmt>(statement))
      surely = nullptr;
    if (containsCall(surely, takesPrimitive))
      return true;
    if (containsReturn(statement))
      return false;
  }
  return false;
}

bool isStandardGuard(QualType type) {
  const std::optional<NamedClass> named = namedClass(type);
  return named && llvm::is_contained({"std::lock_guard", "std::unique_lock", "std::scoped_lock",
                                      "std::shared_lock"},
                                     StringRef(named->name));
}

GuardType guardType(QualType type) {
  const std::optional<NamedClass> named = namedClass(type);
  if (!named || type->isReferenceType())
    return GuardType::None;
  if (isStandardGuard(type))
    return named->name == "std::shared_lock" ? GuardType::Shared : GuardType::Exclusive;
  const CXXRecordDecl *record = named->record->getDefinition();
  return record && !record->isDependentContext() ? ownGuard(*record) : GuardType::None;
}

} // namespace unlatch
