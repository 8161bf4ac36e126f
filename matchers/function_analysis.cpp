// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/function_analysis.h"
#include "matchers/types.h"

#include "clang/AST/ParentMap.h"

using namespace clang;

namespace unlatch {

const Expr *strip(const Expr *expression) {
  while (expression) {
    const Expr *inner = expression->IgnoreParenImpCasts();
    if (const auto *cleanups = dyn_cast<ExprWithCleanups>(inner))
      inner = cleanups->getSubExpr();
    else if (const auto *temporary = dyn_cast<MaterializeTemporaryExpr>(inner))
      inner = temporary->getSubExpr();
    else if (const auto *bind = dyn_cast<CXXBindTemporaryExpr>(inner))
      inner = bind->getSubExpr();
    else if (const auto *constant = dyn_cast<ConstantExpr>(inner))
      inner = constant->getSubExpr();
    if (inner == expression)
      return expression;
    expression = inner;
  }
  return expression;
}

const Expr *stripMove(const Expr *expression) {
  while (true) {
    expression = strip(expression);
    if (const auto *call = dyn_cast_or_null<CallExpr>(expression); call && call->getNumArgs() == 1)
      if (const FunctionDecl *callee = call->getDirectCallee();
          callee && isStandardDeclaration(callee) && callee->getIdentifier() &&
          (callee->getName() == "move" || callee->getName() == "forward" ||
           callee->getName() == "as_const")) {
        expression = call->getArg(0);
        continue;
      }
    if (const auto *construct = dyn_cast_or_null<CXXConstructExpr>(expression);
        construct && construct->getNumArgs() == 1 &&
        construct->getConstructor()->isCopyOrMoveConstructor()) {
      expression = construct->getArg(0);
      continue;
    }
    return expression;
  }
}

FunctionAnalysis::FunctionAnalysis(const FunctionDecl &function, const SourceText &text,
                                   SharedLocals &sharedLocals)
    : function(function), context(function.getASTContext()), text(text), sharedLocals(sharedLocals),
      body(function.getBody()) {}

FunctionAnalysis::~FunctionAnalysis() = default;

/// Lists the nodes of the body in source order; nested lambdas are functions of their own.
class FunctionAnalysis::Indexer {
public:
  explicit Indexer(FunctionAnalysis &analysis) : a(analysis) {}

  void visit(const Stmt *node) {
    if (!node)
      return;
    if (const auto *lambda = dyn_cast<LambdaExpr>(node)) {
      a.lambdas.push_back(lambda);
      a.expressions.push_back(lambda);
      for (const Expr *init : lambda->capture_inits())
        visit(init);
      noteCaptures(lambda->getBody());
      return;
    }
    if (const auto *expression = dyn_cast<Expr>(node)) {
      a.expressions.push_back(expression);
      if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
        a.references[reference->getDecl()].push_back(reference);
      noteChange(expression);
    } else {
      a.statements.push_back(node);
      if (const auto *leave = dyn_cast<ReturnStmt>(node))
        a.returns.push_back(leave);
    }
    if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(node)) {
      visit(rewritten->getSemanticForm());
      return;
    }
    if (const auto *list = dyn_cast<InitListExpr>(node);
        list && list->isSyntacticForm() && list->getSemanticForm()) {
      visit(list->getSemanticForm());
      return;
    }
    if (const auto *init = dyn_cast<CXXDefaultInitExpr>(node)) {
      a.parents->addStmt(const_cast<Expr *>(init->getExpr()));
      a.parents->setParent(init->getExpr(), init);
      visit(init->getExpr());
      return;
    }
    for (const Stmt *child : node->children())
      visit(child);
  }

private:
  void noteCaptures(const Stmt *node) {
    if (!node)
      return;
    if (const auto *reference = dyn_cast<DeclRefExpr>(node))
      a.captured[reference->getDecl()].push_back(reference);
    if (const auto *expression = dyn_cast<Expr>(node))
      noteChange(expression);
    for (const Stmt *child : node->children())
      noteCaptures(child);
  }

  void noteChange(const Expr *expression) {
    const Expr *target = nullptr;
    if (const auto *binary = dyn_cast<BinaryOperator>(expression);
        binary && binary->isAssignmentOp())
      target = binary->getLHS();
    else if (const auto *unary = dyn_cast<UnaryOperator>(expression);
             unary && (unary->isIncrementDecrementOp() || unary->getOpcode() == UO_AddrOf))
      target = unary->getSubExpr();
    else if (const auto *call = dyn_cast<CXXOperatorCallExpr>(expression);
             call && call->isAssignmentOp())
      target = call->getArg(0);
    if (!target)
      return;
    if (const auto *reference = dyn_cast<DeclRefExpr>(strip(target)))
      a.changed.insert(reference->getDecl());
  }

  FunctionAnalysis &a;
};

void FunctionAnalysis::index() {
  parents = std::make_unique<ParentMap>(const_cast<Stmt *>(body));
  Indexer indexer(*this);
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&function))
    for (const CXXCtorInitializer *init : constructor->inits()) {
      if (init->getInit() && init->isWritten())
        parents->addStmt(init->getInit());
      indexer.visit(init->getInit());
    }
  indexer.visit(body);
}

const Stmt *FunctionAnalysis::parentOf(const Stmt *node) const { return parents->getParent(node); }

const Stmt *FunctionAnalysis::meaningfulParent(const Expr *node, const Expr **last) const {
  const Expr *child = node;
  while (true) {
    const Stmt *parent = parentOf(child);
    const auto *expression = dyn_cast_or_null<Expr>(parent);
    if (expression && (isa<ParenExpr>(parent) || isa<ImplicitCastExpr>(parent) ||
                       isa<ExprWithCleanups>(parent) || isa<MaterializeTemporaryExpr>(parent) ||
                       isa<CXXBindTemporaryExpr>(parent) || isa<ConstantExpr>(parent))) {
      child = expression;
      continue;
    }
    if (last)
      *last = child;
    return parent;
  }
}

std::string FunctionAnalysis::localOrdinal(const VarDecl *variable) const {
  int ordinal = 0;
  for (const Stmt *statement : statements)
    if (const auto *declaration = dyn_cast<DeclStmt>(statement))
      for (const Decl *each : declaration->decls()) {
        if (each == variable)
          return ordinal ? "#" + std::to_string(ordinal) : "";
        if (const auto *other = dyn_cast<VarDecl>(each);
            other && other->getName() == variable->getName())
          ++ordinal;
      }
  return "";
}

bool FunctionAnalysis::isInside(const Stmt *node, const Stmt *ancestor) const {
  for (; node; node = parentOf(node))
    if (node == ancestor)
      return true;
  return false;
}

bool isLoop(const Stmt *statement) {
  return isa<ForStmt>(statement) || isa<WhileStmt>(statement) || isa<DoStmt>(statement) ||
         isa<CXXForRangeStmt>(statement);
}

bool FunctionAnalysis::leaves(const Stmt *jump, const CompoundStmt *block) const {
  for (const Stmt *up = parentOf(jump); up && up != block; up = parentOf(up))
    if (isLoop(up) || (isa<SwitchStmt>(up) && isa<BreakStmt>(jump)))
      return false;
  return true;
}

const DeclStmt *FunctionAnalysis::statementOf(const VarDecl *variable) const {
  for (const Stmt *statement : statements)
    if (const auto *declaration = dyn_cast<DeclStmt>(statement);
        declaration && declaration->isSingleDecl() && declaration->getSingleDecl() == variable)
      return declaration;
  return nullptr;
}

bool FunctionAnalysis::isBooleanContext(const Expr *node) const {
  const Expr *last = node;
  const Stmt *parent = meaningfulParent(node, &last);
  if (!parent)
    return false;
  if (const auto *branch = dyn_cast<IfStmt>(parent))
    return branch->getCond() == last;
  if (const auto *loop = dyn_cast<WhileStmt>(parent))
    return loop->getCond() == last;
  if (const auto *loop = dyn_cast<ForStmt>(parent))
    return loop->getCond() == last;
  if (const auto *loop = dyn_cast<DoStmt>(parent))
    return loop->getCond() == last;
  if (const auto *choice = dyn_cast<ConditionalOperator>(parent))
    return choice->getCond() == last;
  if (const auto *unary = dyn_cast<UnaryOperator>(parent))
    return unary->getOpcode() == UO_LNot;
  if (const auto *binary = dyn_cast<BinaryOperator>(parent))
    return binary->isLogicalOp();
  return false;
}

bool FunctionAnalysis::isDiscarded(const Expr *node) const {
  const Expr *last = node;
  const Stmt *parent = meaningfulParent(node, &last);
  if (!parent)
    return last == body;
  if (isa<CompoundStmt>(parent) || isa<SwitchCase>(parent) || isa<LabelStmt>(parent))
    return true;
  if (const auto *branch = dyn_cast<IfStmt>(parent))
    return branch->getThen() == last || branch->getElse() == last;
  if (const auto *loop = dyn_cast<ForStmt>(parent))
    return loop->getBody() == last || loop->getInc() == last;
  if (const auto *loop = dyn_cast<WhileStmt>(parent))
    return loop->getBody() == last;
  if (const auto *loop = dyn_cast<CXXForRangeStmt>(parent))
    return loop->getBody() == last;
  if (const auto *cast = dyn_cast<CastExpr>(parent))
    return cast->getCastKind() == CK_ToVoid;
  return false;
}

Reason FunctionAnalysis::reason(const char *id, std::string message, const Stmt *where) const {
  return {id, std::move(message), text.locate(where->getBeginLoc())};
}

void FunctionAnalysis::block(int root, const char *id, std::string message, const Stmt *where) {
  roots[static_cast<std::size_t>(root)].problems.push_back(reason(id, std::move(message), where));
}

void FunctionAnalysis::addUse(int root, UseKind kind, Meaning meaning, const Expr *node,
                              const Expr *whole, bool positive) {
  auto index = static_cast<int>(uses.size());
  uses.push_back({kind, root, meaning, node, whole, positive});
  marks[node].push_back({PathStep::Use, false, index});
  if (kind != UseKind::Test)
    return;
  tests[strip(node)] = {root, positive};
  // Negations around the test turn the answer.
  bool answer = positive;
  const Expr *outer = node; // a conversion to bool stands around what is rewritten
  while (const auto *negation = dyn_cast_or_null<UnaryOperator>(meaningfulParent(outer, nullptr))) {
    if (negation->getOpcode() != UO_LNot)
      break;
    answer = !answer;
    outer = negation;
  }
  if (!isBooleanContext(outer))
    uses.back().asked = answer ? 1 : -1;
}

} // namespace unlatch
