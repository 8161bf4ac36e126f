// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a second try of update()'s function would do again: changes of what lies outside of it,
// output, calls that nobody knows, and ways out that a function does not have.

#include "rewriters/retry.h"

#include "matchers/harmless.h"
#include "matchers/types.h"
#include "rewriters/evaluation_order.h"

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
      if (const auto *reference = dyn_cast<DeclRefExpr>(expression)) {
        const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
        if (variable && variable->getLocation().isValid() && !range.declares(a, variable)) {
          if (isStream(variable))
            block("side-effect-in-update", "output would be written again by a second try",
                  expression);
          else if (a.mayWrite(reference) && !isMoveArgument(reference) && !assignedAnew(variable))
            block("side-effect-in-update",
                  "`" + variable->getNameAsString() + "` would be changed again by a second try",
                  expression);
        }
      } else if (const auto *call = dyn_cast<CallExpr>(expression)) {
        checkCall(*call);
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
    for (const FunctionAnalysis::FieldSite &site : a.fields) {
      if (!range.holds(a, site.node))
        continue;
      bool ours = site.root >= 0 && std::find(cluster.roots.begin(), cluster.roots.end(),
                                              site.root) != cluster.roots.end();
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

private:
  void block(const char *id, const std::string &message, const Stmt *where) {
    out.blockers.push_back(a.reason(id, message, where));
  }

  /// Every run that goes on behind the operation assigns the variable as one of its statements,
  /// before it is read: what an earlier run left there is never seen.
  bool assignedAnew(const VarDecl *variable) const {
    if (!variable->hasLocalStorage() || isa<ParmVarDecl>(variable) || a.captured.count(variable))
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
    if (!first)
      return false;
    // A way out of the function before the assignment must not be followed by a read: the variable
    // dies there, if it is declared outside of any loop around the operation.
    for (const Stmt *up = a.parentOf(range.block); up; up = a.parentOf(up))
      if (isa<ForStmt>(up) || isa<WhileStmt>(up) || isa<DoStmt>(up) || isa<CXXForRangeStmt>(up) ||
          isa<CXXTryStmt>(up))
        return false;
    return true;
  }

  static bool isStream(const VarDecl *variable) {
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
    if (!isMovedForGood(a, call, offsetOf(a, call->getBeginLoc())))
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
};

} // namespace

void blockSideEffects(const FunctionAnalysis &analysis, const Cluster &cluster,
                      const StatementRange &range, Candidate &out) {
  RetryCheck(analysis, cluster, range, out).run();
}

} // namespace unlatch
