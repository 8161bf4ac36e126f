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

/// True if evaluating `node` always makes a call for which `wanted` holds; not in lambdas, which
/// run another time.
template <typename Wanted> bool surelyCalls(const Stmt *node, Wanted wanted) {
  if (!node || isa<LambdaExpr>(node))
    return false;
  if (const auto *call = dyn_cast<CallExpr>(node))
    if (const FunctionDecl *callee = call->getDirectCallee();
        callee && callee->getIdentifier() && wanted(*call, *callee))
      return true;
  if (const auto *logical = dyn_cast<BinaryOperator>(node); logical && logical->isLogicalOp())
    return surelyCalls(logical->getLHS(), wanted);
  if (const auto *choice = dyn_cast<AbstractConditionalOperator>(node))
    return surelyCalls(choice->getCond(), wanted);
  return llvm::any_of(node->children(),
                      [&](const Stmt *child) { return surelyCalls(child, wanted); });
}

bool containsReturn(const Stmt *node) {
  return node && !isa<LambdaExpr>(node) &&
         (isa<ReturnStmt>(node) || llvm::any_of(node->children(), containsReturn));
}

bool alwaysLocks(const FunctionDecl &method, int depth);

bool takesPrimitive(const CallExpr &call, const FunctionDecl &callee, int depth) {
  const StringRef name = callee.getName();
  if (name.starts_with("pthread_"))
    return name.ends_with("lock") && !name.contains("unlock") && !name.contains("try");
  if (const auto *method = dyn_cast<CXXMethodDecl>(&callee)) {
    const LockCall kind = lockCall(*method);
    if (kind == LockCall::Acquire || kind == LockCall::AcquireShared)
      return true;
    // Another part of the same lock does it.
    const auto *member = dyn_cast<CXXMemberCallExpr>(&call);
    const FunctionDecl *body = nullptr;
    if (depth > 0 && member && !method->isVirtual() && method->hasBody(body) &&
        isa<CXXThisExpr>(member->getImplicitObjectArgument()->IgnoreParenImpCasts()))
      return alwaysLocks(*body, depth - 1);
  }
  return isStandardDeclaration(&callee) &&
         (name.contains("test_and_set") || name.contains("exchange"));
}

bool alwaysLocks(const FunctionDecl &method, int depth) {
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
    else if (const auto *test = dyn_cast<IfStmt>(statement))
      surely = test->getCond();
    else if (isa<SwitchStmt, CXXForRangeStmt>(statement))
      surely = nullptr;
    const auto takes = [depth](const CallExpr &call, const FunctionDecl &callee) {
      return takesPrimitive(call, callee, depth);
    };
    if (surelyCalls(surely, takes))
      return true;
    if (containsReturn(statement))
      return false;
  }
  return false;
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

bool alwaysLocks(const FunctionDecl &method) { return alwaysLocks(method, 3); }

} // namespace unlatch
