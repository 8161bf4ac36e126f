// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where locks are taken and released. Every reference to a mutex or a guard that is not in the
// vocabulary of lock types is reported as a use that keeps the mutex.

#include "matchers/function_analysis.h"
#include "matchers/guard_types.h"
#include "matchers/identity.h"
#include "matchers/types.h"
#include "rewriters/cluster.h"

using namespace clang;

namespace unlatch {

namespace {

/// The variable or member of mutex type that an expression names, if it does.
const ValueDecl *mutexNamed(const Expr *expression) {
  expression = strip(expression);
  const ValueDecl *declaration = nullptr;
  if (const auto *member = dyn_cast<MemberExpr>(expression))
    declaration = member->getMemberDecl();
  else if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
    declaration = reference->getDecl();
  if (!declaration || !mutexType(declaration->getType()))
    return nullptr;
  return declaration;
}

/// A mutex behind a pointer, a function or a type that is not known.
constexpr const char *kUnknownMutex = "?";

/// A guard of the program's own may want a pointer.
const Expr *withoutAddressOf(const Expr *argument) {
  const auto *address = dyn_cast<UnaryOperator>(strip(argument));
  return address && address->getOpcode() == UO_AddrOf ? address->getSubExpr() : argument;
}

class LockFinder {
public:
  LockFinder(FunctionAnalysis &analysis, Facts &facts) : a(analysis), facts(facts) {}

  void run() {
    for (const Stmt *statement : a.statements)
      if (const auto *declaration = dyn_cast<DeclStmt>(statement))
        for (const Decl *each : declaration->decls())
          if (const auto *variable = dyn_cast<VarDecl>(each))
            if (isGuard(variable->getType()))
              guardVariable(*variable, *declaration);
    for (const Expr *expression : a.expressions) {
      if (const auto *call = dyn_cast<CXXMemberCallExpr>(expression))
        memberCall(*call);
      else if (const auto *call = dyn_cast<CallExpr>(expression))
        functionCall(*call);
      else if (const auto *construct = dyn_cast<CXXConstructExpr>(expression))
        unnamedGuard(*construct);
    }
    for (const Expr *expression : a.expressions)
      if (const ValueDecl *mutex = mutexNamed(expression);
          mutex && expression == strip(expression) && !understood.count(expression))
        use(mutex, "lock-escapes", "the mutex is passed on or used in a way that is not followed",
            expression);
    for (const auto &[guard, sites] : a.guards) {
      fenceInsteadOf(*guard);
      guardUses(guard);
    }
  }

private:
  void use(const ValueDecl *mutex, const char *id, const std::string &message, const Stmt *where) {
    facts.mutexUses.push_back({idOf(mutex), a.reason(id, message, where)});
  }

  int site(const Expr *mutexExpression, Mode mode, const Stmt *node, const VarDecl *guard) {
    const Expr *named = strip(mutexExpression);
    const ValueDecl *mutex = mutexNamed(named);
    LockSite out;
    out.mutex = mutex;
    if (mutex) {
      understood.insert(named);
      out.fact.mutex = idOf(mutex);
      if (const auto *member = dyn_cast<MemberExpr>(named); member && isa<FieldDecl>(mutex))
        out.fact.base = a.pathOf(member->getBase()).text;
      const auto *variable = dyn_cast<VarDecl>(mutex);
      if (variable && variable->hasLocalStorage())
        out.fact.base = "local";
    } else {
      out.fact.mutex = kUnknownMutex;
      out.fact.base = "?";
    }
    out.fact.mode = mode;
    out.fact.where = a.text.locate(node->getBeginLoc());
    out.node = node;
    out.guard = guard;
    for (const Stmt *up = a.parentOf(node); up && !out.scope; up = a.parentOf(up))
      out.scope = dyn_cast<CompoundStmt>(up);
    a.locks.push_back(out);
    return static_cast<int>(a.locks.size() - 1);
  }

  void guardVariable(const VarDecl &variable, const DeclStmt &declaration) {
    a.guards[&variable]; // known to be a guard, whatever it guards
    const Expr *init = variable.getInit();
    const auto *construct = init ? dyn_cast<CXXConstructExpr>(strip(init)) : nullptr;
    if (!construct)
      return;
    const LockCall taken = takenBy(*construct);
    const Mode mode = taken == LockCall::AcquireShared ? Mode::Shared : Mode::Exclusive;
    bool deferred = taken == LockCall::None;
    std::vector<const Expr *> mutexes;
    for (const Expr *argument : construct->arguments()) {
      if (isa<CXXDefaultArgExpr>(argument))
        continue;
      std::optional<NamedClass> tag = namedClass(argument->getType());
      StringRef tagName = tag ? StringRef(tag->name) : StringRef();
      if (tagName == "std::defer_lock_t" || tagName == "std::try_to_lock_t" ||
          tagName == "std::adopt_lock_t" || tagName.starts_with("std::chrono::")) {
        deferred = true;
        continue;
      }
      if (namedClass(argument->getType()) && isGuard(argument->getType()))
        return guardMoved(strip(argument)); // moved from another guard
      // The program's own may want to know more, such as how long to try.
      const Expr *guarded = withoutAddressOf(argument);
      const QualType type = guarded->getType();
      if (isStandardGuard(variable.getType()) ||
          mutexType(type->isPointerType() ? type->getPointeeType() : type))
        mutexes.push_back(guarded);
    }
    for (const Expr *argument : mutexes) {
      int index = site(argument, mode, &declaration, &variable);
      a.guards[&variable].push_back(index);
      if (const ValueDecl *mutex = mutexNamed(argument); mutex && deferred)
        use(mutex, "conditional-lock", "the lock is deferred, tried or adopted here", &declaration);
      a.lockEvents[&declaration].push_back({true, index});
      LockSite &created = a.locks[static_cast<std::size_t>(index)];
      if (mutexes.size() > 1)
        oneOfSeveral(created.fact, *construct, argument, declaration);
      else if (!isa_and_nonnull<CompoundStmt>(a.parentOf(&declaration)) ||
               !declaration.isSingleDecl())
        created.fact.removal.blockers.push_back(
            a.reason("unsupported-operation", "the lock is not declared in a statement of its own",
                     &declaration));
      else
        a.text.removeStatement(created.fact.removal,
                               a.text.whereExpanded(declaration.getSourceRange()));
    }
  }

  /// A lock that goes may have been a fence for the program's weaker atomics.
  void fenceInsteadOf(const VarDecl &guard) {
    const std::string name =
        a.guards.size() == 1 ? freshName(a, {"fences"}) : guard.getNameAsString();
    for (int index : a.guards[&guard]) {
      LockSite &lock = a.locks[static_cast<std::size_t>(index)];
      fenceInstead(lock.fact.fences, lock.node->getSourceRange(),
                   "const unlatch::fenced_section " + name + ";");
    }
  }

  void fenceInstead(Candidate &fences, SourceRange statement, StringRef text) {
    const SourceRange whole = a.text.whereExpanded(statement);
    a.text.replaceStatement(fences, whole, text);
    fences.includes.push_back({a.text.fileOf(whole.getBegin()), "<unlatch/fence.h>"});
  }

  /// `std::scoped_lock lock(a_, b_)`: one of them leaves the list, or all go at once.
  void oneOfSeveral(Acquisition &lock, const CXXConstructExpr &construct, const Expr *argument,
                    const DeclStmt &declaration) {
    const auto *variable = cast<VarDecl>(declaration.getSingleDecl());
    const bool deduced = isa_and_nonnull<DeducedTemplateSpecializationType>(
        variable->getTypeSourceInfo()->getTypeLoc().getUnqualifiedLoc().getTypePtr());
    if (!deduced || !isa_and_nonnull<CompoundStmt>(a.parentOf(&declaration)))
      return lock.removal.blockers.push_back(
          a.reason("lock-escapes", "one lock of several mutexes is not taken apart", &declaration));
    a.text.removeStatement(lock.removalOfAll, declaration.getSourceRange());
    // The first takes the comma behind it along, any other the one before.
    const auto behind = [&](const Expr *each) {
      return Lexer::getLocForEndOfToken(each->getEndLoc(), 0, a.text.sources(), a.text.language());
    };
    SourceLocation begin = argument->getBeginLoc(), end = behind(argument);
    if (argument == construct.getArg(0))
      end = construct.getArg(1)->getBeginLoc();
    for (unsigned i = 1; i < construct.getNumArgs(); ++i)
      if (construct.getArg(i) == argument)
        begin = behind(construct.getArg(i - 1));
    if (begin.isInvalid() || end.isInvalid() || begin.isMacroID() || end.isMacroID())
      return lock.removal.blockers.push_back(
          a.reason("macro", "the list of mutexes comes from a macro", &declaration));
    const unsigned from = a.text.sources().getFileOffset(begin);
    lock.removal.edits.push_back(
        {a.text.fileOf(begin), from, a.text.sources().getFileOffset(end) - from, ""});
  }

  void guardMoved(const Expr *from) {
    from = stripMove(from);
    if (const auto *reference = dyn_cast<DeclRefExpr>(from))
      moved.insert(reference->getDecl());
  }

  void unnamedGuard(const CXXConstructExpr &construct) {
    if (!isGuard(construct.getType()) || construct.getNumArgs() == 0)
      return;
    const Expr *last = nullptr;
    const Stmt *parent = a.meaningfulParent(&construct, &last);
    if (isa_and_nonnull<DeclStmt>(parent) || isa_and_nonnull<CXXConstructExpr>(parent))
      return;
    const Expr *guarded = withoutAddressOf(construct.getArg(0));
    const ValueDecl *mutex = mutexNamed(guarded);
    if (!mutex)
      return;
    const Expr *whole = &construct;
    if (const auto *cast = dyn_cast_or_null<CXXFunctionalCastExpr>(parent))
      whole = cast;
    if (a.isDiscarded(whole)) {
      // `std::lock_guard<std::mutex>{mu_};` is an empty critical section.
      int index = site(guarded, Mode::Exclusive, &construct, nullptr);
      a.locks[static_cast<std::size_t>(index)].fact.removal.blockers.push_back(
          a.reason("unsupported-operation", "an unnamed lock guards nothing", &construct));
      a.lockEvents[&construct].push_back({true, index});
      a.lockEvents[&construct].push_back({false, index});
    } else {
      understood.insert(strip(guarded));
      use(mutex, "lock-escapes", "the lock is handed to other code", &construct);
    }
  }

  void memberCall(const CXXMemberCallExpr &call) {
    const CXXMethodDecl *method = call.getMethodDecl();
    const Expr *object = strip(call.getImplicitObjectArgument());
    if (!method || !method->getIdentifier() || !object)
      return;
    StringRef name = method->getName();
    if (const ValueDecl *mutex = mutexNamed(object)) {
      const LockCall kind = lockCall(*method);
      if (kind == LockCall::Acquire || kind == LockCall::AcquireShared) {
        acquireByHand(call, object, kind == LockCall::Acquire ? Mode::Exclusive : Mode::Shared);
      } else if (kind == LockCall::Release) {
        releaseByHand(call, object);
      } else {
        understood.insert(object);
        use(mutex, kind == LockCall::Try ? "conditional-lock" : "lock-escapes",
            kind == LockCall::Try ? "the lock is only tried for"
                                  : "the mutex is used by other means than locking",
            &call);
      }
      return;
    }
    if (unnamedMutex(*method, call, object))
      return;
    const auto *reference = dyn_cast<DeclRefExpr>(object);
    const auto *guard = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    if (!guard || !isStandardGuard(guard->getType()))
      return;
    if (name == "lock" || name == "unlock")
      guardCalls.push_back({&call, guard, name == "lock"});
  }

  void acquireByHand(const CallExpr &call, const Expr *object, Mode mode) {
    const ValueDecl *mutex = mutexNamed(object);
    const int index = site(object, mode, &call, nullptr);
    byHand[mutex ? idOf(mutex) : kUnknownMutex].push_back(index);
    if (mutex)
      removeCall(a.locks[static_cast<std::size_t>(index)].fact, call);
    a.lockEvents[&call].push_back({true, index});
  }

  void releaseByHand(const CallExpr &call, const Expr *object) {
    const ValueDecl *mutex = mutexNamed(object);
    if (mutex)
      understood.insert(object);
    releasesByHand.push_back({&call, mutex ? idOf(mutex) : kUnknownMutex});
  }

  /// The mutexes of POSIX.
  void functionCall(const CallExpr &call) {
    const FunctionDecl *callee = call.getDirectCallee();
    const PosixCall kind = callee ? posixCall(*callee) : PosixCall::None;
    const unsigned position = kind == PosixCall::Wait ? 1 : 0;
    if (kind == PosixCall::None || call.getNumArgs() <= position)
      return;
    const Expr *object = strip(withoutAddressOf(call.getArg(position)));
    // Within a lock of the program's own it is that one's business, which others lock.
    const auto *method = dyn_cast<CXXMethodDecl>(&a.function);
    if (method && mutexType(a.context.getCanonicalTagType(method->getParent()))) {
      understood.insert(object);
      if (const ValueDecl *mutex = mutexNamed(object))
        use(mutex, "lock-escapes", "its class is a lock, which other code takes", &call);
      return;
    }
    switch (kind) {
    case PosixCall::Acquire:
      return acquireByHand(call, object, Mode::Exclusive);
    case PosixCall::AcquireShared:
      return acquireByHand(call, object, Mode::Shared);
    case PosixCall::Release:
      return releaseByHand(call, object);
    default:
      break;
    }
    const ValueDecl *mutex = mutexNamed(object);
    if (!mutex)
      return;
    understood.insert(object);
    if (kind == PosixCall::Try)
      return use(mutex, "conditional-lock", "the lock is only tried for", &call);
    if (kind == PosixCall::Wait)
      return use(mutex, "waits", "a condition variable waits on this lock", &call);
    if (kind == PosixCall::Begin && call.getNumArgs() > 1 &&
        call.getArg(1)->isNullPointerConstant(a.context, Expr::NPC_ValueDependentIsNotNull) ==
            Expr::NPCK_NotNull)
      return use(mutex, "lock-escapes", "its attributes, which are not followed, choose what it is",
                 &call);
    // Made and ended by hand: that goes with the mutex.
    Acquisition gone;
    removeCall(gone, call);
    facts.redeclarations.push_back({idOf(mutex),
                                    a.text.locate(call.getBeginLoc()),
                                    /*defines=*/false,
                                    "",
                                    {},
                                    std::move(gone.removal)});
  }

  /// A lock behind a pointer, or a base class: which one is not known, but that there is one.
  bool unnamedMutex(const CXXMethodDecl &method, const CXXMemberCallExpr &call,
                    const Expr *object) {
    const auto *from = dyn_cast<CXXMethodDecl>(&a.function);
    if (!mutexType(a.context.getCanonicalTagType(method.getParent())) ||
        (from && from->getParent() == method.getParent()))
      return false;
    const LockCall kind = lockCall(method);
    if (kind == LockCall::Acquire || kind == LockCall::AcquireShared)
      acquireByHand(call, object, kind == LockCall::Acquire ? Mode::Exclusive : Mode::Shared);
    else if (kind == LockCall::Release)
      releaseByHand(call, object);
    return kind != LockCall::None;
  }

  void removeCall(Acquisition &lock, const CallExpr &call) {
    if (a.isDiscarded(&call) && isa_and_nonnull<CompoundStmt>(a.parentOf(&call))) {
      a.text.removeStatement(lock.removal, a.text.whereExpanded(call.getSourceRange()));
      fenceInstead(lock.fences, call.getSourceRange(), "unlatch::full_fence();");
    } else {
      lock.removal.blockers.push_back(
          a.reason("unsupported-operation", "locking is part of a larger statement", &call));
    }
  }

  /// `lock.owns_lock()`, `if (lock)`.
  static bool asksWhetherHeld(const Stmt *parent) {
    const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(parent);
    const CXXMethodDecl *method = call ? call->getMethodDecl() : nullptr;
    return method && (isa<CXXConversionDecl>(method) ||
                      (method->getIdentifier() && method->getName() == "owns_lock"));
  }

  void guardUses(const VarDecl *guard) {
    const std::vector<int> &sites = a.guards[guard];
    llvm::DenseSet<const Expr *> known;
    for (const auto &[call, variable, acquires] : guardCalls) {
      if (variable != guard)
        continue;
      known.insert(strip(call->getImplicitObjectArgument()));
      for (int index : sites) {
        a.lockEvents[call].push_back({acquires, index});
        LockSite &lock = a.locks[static_cast<std::size_t>(index)];
        removeCall(lock.fact, *call);
      }
    }
    bool escapes = a.captured.count(guard) != 0 || moved.count(guard) != 0;
    const Expr *where = nullptr;
    bool waits = false;
    for (const DeclRefExpr *reference : a.references[guard]) {
      if (known.count(reference))
        continue;
      const Stmt *parent = a.meaningfulParent(reference, nullptr);
      if (asksWhetherHeld(parent)) {
        for (int index : sites)
          a.locks[static_cast<std::size_t>(index)].fact.removal.blockers.push_back(
              a.reason("unsupported-operation", "the lock is asked whether it is held", parent));
        continue;
      }
      where = reference;
      if (const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(parent)) {
        std::optional<NamedClass> on =
            call->getMethodDecl() ? namedClass(call->getObjectType()) : std::nullopt;
        waits |= on && StringRef(on->name).starts_with("std::condition_variable");
      }
      escapes = true;
    }
    if (!escapes)
      return;
    for (int index : sites) {
      const LockSite &lock = a.locks[static_cast<std::size_t>(index)];
      const Stmt *place = where ? static_cast<const Stmt *>(where) : lock.node;
      facts.mutexUses.push_back(
          {lock.fact.mutex,
           waits ? a.reason("waits", "a condition variable waits on this lock", place)
                 : a.reason("lock-escapes", "the lock is moved, passed on, returned or captured",
                            place)});
    }
  }

public:
  /// Releases by hand belong to every acquisition by hand of the same mutex in the function.
  void pairReleases() {
    for (const auto &[call, mutex] : releasesByHand) {
      auto found = byHand.find(mutex);
      if (found == byHand.end()) {
        facts.mutexUses.push_back(
            {mutex,
             a.reason("lock-escapes", "unlocked here, but locked in another function", call)});
        continue;
      }
      for (int index : found->second) {
        a.lockEvents[call].push_back({false, index});
        removeCall(a.locks[static_cast<std::size_t>(index)].fact, *call);
      }
    }
  }

private:
  struct GuardCall {
    const CXXMemberCallExpr *call;
    const VarDecl *guard;
    bool acquires;
  };

  FunctionAnalysis &a;
  Facts &facts;
  llvm::DenseSet<const Expr *> understood;
  llvm::DenseSet<const ValueDecl *> moved;
  std::map<std::string, std::vector<int>> byHand;
  std::vector<std::pair<const CallExpr *, std::string>> releasesByHand;
  std::vector<GuardCall> guardCalls;
};

} // namespace

void FunctionAnalysis::findLocks(Facts &facts) {
  LockFinder finder(*this, facts);
  finder.run();
  finder.pairReleases();
}

} // namespace unlatch
