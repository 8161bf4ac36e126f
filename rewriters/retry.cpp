// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a second try of update()'s function would do again: changes of what lies outside of it,
// output, calls that nobody knows, and ways out that a function does not have.

#include "rewriters/retry.h"

#include "matchers/effects.h"
#include "matchers/harmless.h"
#include "matchers/throwing.h"
#include "matchers/types.h"
#include "rewriters/code_motion.h"
#include "rewriters/evaluation_order.h"

#include <set>

using namespace clang;

namespace unlatch {

namespace {

class RetryCheck {
public:
  RetryCheck(const FunctionAnalysis &analysis, const Cluster &cluster, const StatementRange &range,
             Candidate &out)
      : a(analysis), cluster(cluster), range(range), out(out) {}

  /// The statements may run several times: they must not change what is outside of them.
  void run() {
    for (const Expr *expression : a.expressions) {
      if (!range.holds(a, expression))
        continue;
      if (const auto own = a.referenceRoot.find(expression);
          own != a.referenceRoot.end() && cluster.has(own->second))
        continue; // the map itself
      if (const auto *reference = dyn_cast<DeclRefExpr>(expression)) {
        const ValueDecl *variable = reference->getDecl();
        if ((isa<VarDecl>(variable) || isa<BindingDecl>(variable)) &&
            variable->getLocation().isValid() && !range.declares(a, variable)) {
          if (isStream(variable))
            block("side-effect-in-update", "output would be written again by a second try",
                  expression);
          else if (a.mayWrite(reference) && !isMoveArgument(reference) && !assignedAnew(variable) &&
                   !beginsAnew(variable))
            block("side-effect-in-update",
                  "`" + variable->getNameAsString() + "` would be changed again by a second try",
                  expression);
        }
      } else if (const auto *call = dyn_cast<CallExpr>(expression)) {
        checkCall(*call);
        if (isIndirection(expression))
          checkTarget(expression);
      } else if (isIndirection(expression)) {
        checkTarget(expression);
      } else if (isa<CXXThrowExpr>(expression)) {
        block("unsupported-operation",
              "the operation throws, and what it has changed before would be undone", expression);
      } else if (isa<CXXDeleteExpr>(expression) || isa<LambdaExpr>(expression) ||
                 isa<CoawaitExpr>(expression)) {
        block("side-effect-in-update", "this can't be done again by a second try", expression);
      } else if (const auto *construct = dyn_cast<CXXConstructExpr>(expression)) {
        const CXXConstructorDecl *constructor = construct->getConstructor();
        if (!isHarmless(constructor) && constructor->isUserProvided() &&
            !onlyInitialises(constructor))
          block("side-effect-in-update", "a second try would construct this again", expression);
      }
    }
    checkExceptions();
    for (const FunctionAnalysis::FieldSite &site : a.fields) {
      if (!range.holds(a, site.node))
        continue;
      bool ours = site.root >= 0 && cluster.has(site.root);
      if (!ours && site.fact.writes)
        block("side-effect-in-update", "this would be changed again by a second try", site.node);
      if (!site.fact.throughElementOf.empty() && site.fact.writes)
        block("pointee-guarded", "what the element points to is changed", site.node);
    }
    for (const auto &entry : a.lockEvents)
      if (range.holds(a, entry.first))
        block("unsupported-operation", "another lock is taken or released within the operation",
              entry.first);
    for (const Stmt *statement : a.statements) {
      if (!range.holds(a, statement))
        continue;
      if (isa<GotoStmt>(statement) || isa<CXXTryStmt>(statement) || isa<CoreturnStmt>(statement))
        block("unsupported-operation",
              "control leaves the operation in a way that a function can't", statement);
      if (isa<BreakStmt>(statement) || isa<ContinueStmt>(statement))
        if (a.leaves(statement, range.block))
          block("unsupported-operation", "control leaves the operation by break or continue",
                statement);
    }
  }

  std::vector<std::string> beginning() const { return {beginnings.begin(), beginnings.end()}; }

private:
  void block(const char *id, const std::string &message, const Stmt *where) {
    out.blockers.push_back(a.reason(id, message, where));
  }

  /// An exception leaves the entry as it was, and the map with what had been done by then.
  void checkExceptions() {
    std::vector<const Expr *> changes;
    for (int index : cluster.roots)
      if (const Root &root = a.roots[static_cast<std::size_t>(index)];
          root.kind == RootKind::Put || root.kind == RootKind::Insert ||
          root.kind == RootKind::Subscript || root.kind == RootKind::EraseKey)
        changes.push_back(root.call);
    for (const Use &use : a.uses)
      if (cluster.has(use.root) && (use.kind == UseKind::Modify || use.kind == UseKind::Replace ||
                                    use.kind == UseKind::Erase))
        changes.push_back(use.whole);
    for (const Stmt *statement : a.statements)
      if (range.holds(a, statement) && endMayThrow(statement) && !changes.empty())
        block("unsupported-operation",
              "an exception from where this ends would undo what the operation has changed before",
              statement);
    for (const Expr *change : changes)
      if (const auto *call = dyn_cast<CallExpr>(strip(change));
          call && range.holds(a, change) && mayThrowHalfWay(*call))
        block("unsupported-operation",
              "an exception half-way would undo what the operation has changed by then", change);
    for (const Expr *expression : a.expressions)
      if (range.holds(a, expression) && mayThrow(expression) &&
          llvm::any_of(changes, [&](const Expr *change) {
            return !a.isInside(expression, change) &&
                   CodeMotion(a, cluster, change, expression).isPossible();
          }))
        block("unsupported-operation",
              "an exception from here would undo what the operation has changed before",
              expression);
  }

  /// What is reached through a pointer, an iterator or their like.
  static bool isIndirection(const Expr *expression) {
    if (const auto *unary = dyn_cast<UnaryOperator>(expression))
      return unary->getOpcode() == UO_Deref;
    if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(expression))
      return !strip(subscript->getBase())->getType()->isArrayType();
    if (const auto *member = dyn_cast<MemberExpr>(expression))
      return member->isArrow();
    const auto *call = dyn_cast<CXXOperatorCallExpr>(expression);
    return call && (call->getOperator() == OO_Star || call->getOperator() == OO_Arrow ||
                    call->getOperator() == OO_Subscript);
  }

  /// The variable that the way to an object starts from.
  static const ValueDecl *startOf(const Expr *expression) {
    expression = stripMove(expression);
    if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
      return reference->getDecl();
    if (const auto *unary = dyn_cast<UnaryOperator>(expression))
      return startOf(unary->getSubExpr());
    if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(expression))
      return startOf(subscript->getBase());
    if (const auto *member = dyn_cast<MemberExpr>(expression))
      return startOf(member->getBase());
    if (const auto *call = dyn_cast<CXXMemberCallExpr>(expression))
      return startOf(call->getImplicitObjectArgument());
    if (const auto *call = dyn_cast<CXXOperatorCallExpr>(expression))
      return startOf(call->getArg(0));
    return nullptr;
  }

  void checkTarget(const Expr *expression) {
    if (a.mayWrite(expression) && leadsOutside(expression))
      block("side-effect-in-update", "what this leads to would be changed again by a second try",
            expression);
  }

  /// To what is neither the entry nor the statements' own.
  bool leadsOutside(const Expr *expression) const {
    const auto *start = dyn_cast_or_null<VarDecl>(startOf(expression));
    if (!start || !start->hasLocalStorage() ||
        llvm::any_of(a.mentions, [&](const auto &each) { // an iterator, or what it led to
          return a.isInside(each.second, expression);
        }))
      return false;
    const ObjectPath path = a.pathOf(expression);
    return !range.declares(a, start) || path.root != ObjectPath::Local || path.throughPointer;
  }

  /// Every run that goes on behind the operation assigns the variable as one of its statements,
  /// before it is read: what an earlier run left there is never seen.
  bool assignedAnew(const ValueDecl *declaration) const {
    const auto *variable = dyn_cast<VarDecl>(declaration);
    if (!variable || !variable->hasLocalStorage() || isa<ParmVarDecl>(variable) ||
        a.captured.count(variable))
      return false;
    auto found = a.references.find(variable);
    const Stmt *first = nullptr;
    for (const Stmt *statement : range.statements) {
      const auto *expression = dyn_cast<Expr>(statement);
      const Expr *target = nullptr;
      const Expr *value = nullptr;
      if (const auto *assign = expression ? dyn_cast<BinaryOperator>(strip(expression)) : nullptr;
          assign && assign->getOpcode() == BO_Assign) {
        target = strip(assign->getLHS());
        value = assign->getRHS();
      } else if (const auto *call =
                     expression ? dyn_cast<CXXOperatorCallExpr>(strip(expression)) : nullptr;
                 call && call->getOperator() == OO_Equal) {
        target = strip(call->getArg(0));
        value = call->getArg(1);
      }
      const auto *reference = dyn_cast_or_null<DeclRefExpr>(target);
      bool assigns = reference && reference->getDecl() == variable;
      for (const DeclRefExpr *each : found->second) {
        if (!a.isInside(each, statement))
          continue;
        if (assigns && each == reference)
          continue;
        if (!first || (assigns && a.isInside(each, value)))
          return false; // read before it is assigned
        if (a.mayWrite(each))
          return false;
      }
      if (assigns && !first)
        first = statement;
    }
    // A way out of the function before the assignment must not be followed by a read: the variable
    // dies there, if it is declared outside of any loop around the operation.
    return first && runsOnce();
  }

  /// Not in a loop, and with nobody behind to catch what is thrown.
  bool runsOnce() const {
    for (const Stmt *up = range.block; up; up = a.parentOf(up))
      if (isLoop(up) || isa<CXXTryStmt>(up))
        return false;
    return llvm::none_of(a.statements, [](const Stmt *each) { return isa<GotoStmt>(each); });
  }

  /// `bool found = false;`, which nobody has looked at or changed when the operation begins: it can
  /// be made so again at the beginning of each try.
  bool beginsAnew(const ValueDecl *declaration) {
    const auto *variable = dyn_cast<VarDecl>(declaration);
    if (!variable || !variable->hasLocalStorage() || isa<ParmVarDecl>(variable) ||
        a.captured.count(variable) || !variable->getType()->isScalarType() ||
        variable->getType().isVolatileQualified() || !variable->getInit() || !runsOnce())
      return false;
    const Expr *initial = strip(variable->getInit());
    if (const auto *one = dyn_cast<InitListExpr>(initial); one && one->getNumInits() == 1)
      initial = strip(one->getInit(0));
    if (const auto *negative = dyn_cast<UnaryOperator>(initial);
        negative && negative->getOpcode() == UO_Minus)
      initial = strip(negative->getSubExpr());
    const auto *list = dyn_cast<InitListExpr>(initial);
    if (!(list && list->getNumInits() == 0) &&
        !isa<IntegerLiteral, FloatingLiteral, CharacterLiteral, CXXBoolLiteralExpr,
             CXXNullPtrLiteralExpr, ImplicitValueInitExpr>(initial))
      return false;
    const SourceLocation begin = range.statements.front()->getBeginLoc();
    for (const DeclRefExpr *each : a.references.find(variable)->second)
      if (a.text.sources().isBeforeInTranslationUnit(each->getBeginLoc(), begin))
        return false;
    const std::optional<std::string> value = a.text.text(variable->getInit()->getSourceRange());
    if (!value)
      return false;
    beginnings.insert(variable->getNameAsString() + " = " + *value + ";");
    return true;
  }

  static bool isStream(const ValueDecl *variable) {
    std::optional<NamedClass> type = namedClass(variable->getType());
    return type && (type->name == "std::basic_ostream" || type->name == "std::basic_istream");
  }

  bool isMoveArgument(const DeclRefExpr *reference) {
    const auto *call = dyn_cast_or_null<CallExpr>(a.meaningfulParent(reference, nullptr));
    const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
    if (!callee || !isStandardDeclaration(callee) || !callee->getIdentifier() ||
        callee->getName() != "move")
      return false;
    if (!stripped.insert(call).second)
      return true;
    // A second try needs the argument as it was: copy it. Who looks at what was moved from would
    // see that.
    if (isMissed(a, call, offsetOf(a, call->getBeginLoc())))
      block("unsupported-operation", "what is moved from here is looked at again", call);
    a.text.replace(out, call->getSourceRange(), a.text.textOr(reference->getSourceRange(), ""));
    return true;
  }

  void checkCall(const CallExpr &call) {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee)
      return block("side-effect-in-update", "a second try would call this again", &call);
    if (isHarmless(callee)) {
      static const char *const output[] = {"printf", "fprintf", "puts",     "putchar", "fputs",
                                           "fputc",  "perror",  "fwrite",   "sleep",   "usleep",
                                           "free",   "syslog",  "sleep_for"};
      for (const CXXConstructorDecl *constructor : constructorsRunBy(callee))
        if (!onlyInitialises(constructor))
          block("side-effect-in-update", "a second try would construct this again", &call);
      for (const Expr *argument : changedThrough(call))
        if (!argument->isLValue() && leadsOutside(argument)) // else it may be written by its name
          block("side-effect-in-update",
                "what this leads to would be changed again by a second try", argument);
      StringRef name = callee->getIdentifier() ? callee->getName() : "";
      if (llvm::is_contained(output, name))
        block("side-effect-in-update", "a second try would do this again", &call);
      return;
    }
    if (const auto *method = dyn_cast<CXXMethodDecl>(callee);
        method && (method->isTrivial() || method->isDefaulted()))
      return;
    block("side-effect-in-update", "a second try would call this again", &call);
  }

  const FunctionAnalysis &a;
  const Cluster &cluster;
  const StatementRange &range;
  Candidate &out;
  llvm::DenseSet<const CallExpr *> stripped;
  std::set<std::string> beginnings;
};

} // namespace

std::vector<std::string> blockSideEffects(const FunctionAnalysis &analysis, const Cluster &cluster,
                                          const StatementRange &range, Candidate &out) {
  RetryCheck check(analysis, cluster, range, out);
  check.run();
  return check.beginning();
}

} // namespace unlatch
