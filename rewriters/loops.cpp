// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations on the whole map: loops over all elements, size, clear, copies.

#include "rewriters/cluster.h"

#include "matchers/effects.h"
#include "matchers/retention.h"
#include "matchers/types.h"
#include "rewriters/constant_keys.h"
#include "rewriters/iteration_order.h"
#include "rewriters/must_not_throw.h"

using namespace clang;

namespace unlatch {

bool isWhole(const FunctionAnalysis &a, const Cluster &cluster) {
  switch (a.roots[static_cast<std::size_t>(cluster.roots.front())].kind) {
  case RootKind::Loop:
  case RootKind::EraseLoop:
  case RootKind::EraseIf:
  case RootKind::Size:
  case RootKind::Clear:
  case RootKind::CopyAll:
  case RootKind::TakeAll:
    return true;
  default:
    return false;
  }
}

namespace {

class WholeRewriter {
public:
  WholeRewriter(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out)
      : a(analysis), cluster(cluster), out(out) {}

  void run() {
    std::string picture;
    bool loops = false, inOrder = false;
    for (int index : cluster.roots) {
      loops |= root(index).kind == RootKind::Loop;
      inOrder |= needsOrder(a, index);
    }
    if (cluster.roots.size() > 1 && loops) {
      picture = freshName(a, {"items", "elements", "picture"});
      takePicture(picture, inOrder);
    }
    for (int index : cluster.roots)
      one(index, picture);
  }

private:
  const Root &root(int index) const { return a.roots[static_cast<std::size_t>(index)]; }

  void block(const char *id, const char *message, const Stmt *where) {
    out.blockers.push_back(a.reason(id, message, where));
  }

  /// `const auto items = m.items();` before the first statement that needs it.
  void takePicture(const std::string &name, bool inOrder) {
    const Root &first = root(cluster.roots.front());
    const Stmt *child = first.reference;
    for (const Stmt *up = a.parentOf(child); up && !isa<CompoundStmt>(up); up = a.parentOf(up)) {
      if (isa<IfStmt>(up) || isa<ForStmt>(up) || isa<WhileStmt>(up))
        if (up != first.loop)
          return block("iterates-inconsistently",
                       "the size and the elements are not taken in one place", first.reference);
      child = up;
    }
    const auto *block = dyn_cast_or_null<CompoundStmt>(a.parentOf(child));
    for (int index : cluster.roots)
      if (!block || !a.isInside(root(index).reference, block))
        return this->block("iterates-inconsistently",
                           "the size and the elements are not taken in one place",
                           root(index).reference);
    a.text.insertBefore(out, child->getBeginLoc(),
                        "const auto " + name + " = " + itemsText(first, inOrder) + ";\n" +
                            a.text.indentation(child->getBeginLoc()));
  }

  void one(int index, const std::string &picture) {
    const Root &r = root(index);
    switch (r.kind) {
    case RootKind::Size:
      if (!picture.empty())
        a.text.replace(out, r.reference->getSourceRange(), picture);
      else if (const auto *call = dyn_cast<CXXMemberCallExpr>(r.call); !call)
        block("unsupported-operation", "a free function asks for the size", r.call);
      return;
    case RootKind::Clear:
      if (r.method == "=")
        a.text.replace(out, r.call->getSourceRange(), containerText(a, r) + ".clear()");
      return;
    case RootKind::CopyAll:
      return a.text.replace(out, r.reference->getSourceRange(),
                            containerText(a, r) + ".to<" + typeText(r) + ">()");
    case RootKind::TakeAll:
      return a.text.replace(out, r.call->getSourceRange(),
                            (r.handle ? r.handle->getNameAsString() + " = " : "") +
                                containerText(a, r) + ".take_all<" + typeText(r) + ">()");
    case RootKind::EraseIf:
      return eraseIf(r, index);
    case RootKind::Loop:
      return loop(r, index, picture);
    case RootKind::EraseLoop:
      return eraseLoop(r, index);
    default:
      return block("unsupported-operation", "the whole map is moved", r.reference);
    }
  }

  std::string typeText(const Root &r) const {
    const ValueDecl *declaration = nullptr;
    if (const auto *member = dyn_cast<MemberExpr>(r.reference))
      declaration = member->getMemberDecl();
    else
      declaration = cast<DeclRefExpr>(r.reference)->getDecl();
    QualType type = r.reference->getType().getUnqualifiedType();
    PrintingPolicy policy(a.context.getLangOpts());
    policy.SuppressTagKeyword = true;
    policy.SuppressDefaultTemplateArgs = true;
    if (const auto *declarator = dyn_cast<DeclaratorDecl>(declaration))
      if (const TypeSourceInfo *info = declarator->getTypeSourceInfo())
        if (std::optional<std::string> written =
                a.text.text(info->getTypeLoc().getUnqualifiedLoc().getSourceRange()))
          return *written;
    return type.getAsString(policy);
  }

  static constexpr const char *kThrows =
      "the test may throw, and what has been erased before would be back";

  std::string itemsText(const Root &r, bool inOrder) const {
    return containerText(a, r) + (inOrder ? ".sorted_items()" : ".items()");
  }

  static bool keepsElement(const FunctionDecl *test) { return mayRetain(test, 0); }

  void eraseIf(const Root &r, int index) {
    if (needsOrder(a, index))
      return block("ordered", "what is erased may depend on the order of the keys", r.call);
    const std::vector<const FunctionDecl *> tests = functionsIn(r.values[0]);
    if (tests.empty() || llvm::any_of(tests, keepsElement))
      block("escapes-reference", "the test may keep a way to the element that it is given", r.call);
    UnseenFunctions unseen;
    const bool throws = callMayThrow(r.values[0], &unseen);
    mustNotThrow(a, out, throws, unseen, kThrows, r.call);
    std::optional<std::string> predicate = a.text.text(r.values[0]->getSourceRange());
    if (!predicate)
      return block("macro", "the code to change comes from a macro", r.call);
    a.text.replace(out, r.call->getSourceRange(),
                   containerText(a, r) + ".erase_if(" + *predicate + ")");
  }

  bool changesElements(int index) const {
    for (const Use &use : a.uses)
      if (use.root == index && (use.kind == UseKind::Modify || use.kind == UseKind::Replace))
        return true;
    return false;
  }

  void loop(const Root &r, int index, const std::string &picture) {
    const bool inOrder = needsOrder(a, index);
    if (changesElements(index))
      return block("unsupported-operation", "the loop changes the elements it goes through",
                   r.loop);
    if (const Expr *key = tellsConstantKey(a, r))
      return block("unsupported-operation",
                   "this would be something else with a key that is not constant, as in a copy of "
                   "the elements",
                   key);
    if (visitsInPlace(a, cluster))
      return inOrder ? block("ordered",
                             "the loop goes through the keys in order, and must not throw", r.loop)
                     : rewriteAsVisit(a, cluster, out);
    std::string items = picture.empty() ? itemsText(r, inOrder) : picture;
    if (isa<CXXForRangeStmt>(r.loop)) {
      const auto *loop = cast<CXXForRangeStmt>(r.loop);
      a.text.replace(out, r.reference->getSourceRange(), items);
      // A picture by name is constant where the map was not, and one without where it was.
      const VarDecl &variable = *loop->getLoopVariable();
      const TypeLoc written = variable.getTypeSourceInfo()->getTypeLoc();
      const TypeLoc behind = written.getType()->isReferenceType()
                                 ? written.castAs<ReferenceTypeLoc>().getPointeeLoc()
                                 : written;
      const bool isConst = r.reference->getType().isConstQualified();
      if ((picture.empty() && !isConst) || !written.getType()->isReferenceType() ||
          behind.getType().isConstQualified())
        return;
      if (written.getType()->isRValueReferenceType())
        return isConst ? block("unsupported-operation",
                               "the loop's variable would not be of the same constness", r.loop)
                       : void();
      a.text.insertBefore(out, written.getBeginLoc(), "const ");
      return;
    }
    const auto *loop = dyn_cast<ForStmt>(r.loop);
    if (!loop)
      return block("unsupported-operation", "the loop does not go through the elements one by one",
                   r.loop);
    const auto *increment = loop->getInc() ? dyn_cast<Expr>(loop->getInc()) : nullptr;
    if (!increment || !plainHeader(*loop, r, index))
      return block("unsupported-operation", "the loop does not go through the elements one by one",
                   loop);
    std::string name = r.handle->getNameAsString();
    a.text.replace(out, SourceRange(loop->getInit()->getBeginLoc(), increment->getEndLoc()),
                   "const auto &" + name + " : " + items);
    elementParts(index, name);
  }

  /// The header tests against the end and steps by one, and the body leaves the iterator alone.
  bool plainHeader(const ForStmt &loop, const Root &r, int index) const {
    if (!stopsAtEnd(loop.getCond(), r) || !isStep(loop.getInc(), r) ||
        !isa<DeclStmt>(loop.getInit()))
      return false;
    auto found = a.references.find(r.handle);
    if (found == a.references.end())
      return false;
    for (const DeclRefExpr *reference : found->second) {
      if (a.isInside(reference, loop.getCond()) || a.isInside(reference, loop.getInc()))
        continue;
      bool part = std::any_of(a.parts.begin(), a.parts.end(), [&](const auto &each) {
        return each.root == index && a.isInside(reference, each.node);
      });
      if (!part)
        return false;
    }
    return true;
  }

  void elementParts(int index, const std::string &name) {
    for (const FunctionAnalysis::Part &part : a.parts)
      if (part.root == index)
        a.text.replace(out, part.node->getSourceRange(), name + (part.key ? ".first" : ".second"));
  }

  /// `for (it = begin; it != end;) { if (test) { it = m.erase(it); } else { ++it; } }`, or the same
  /// with while: the body, which ends each round by erasing or stepping, is the predicate of
  /// erase_if.
  void eraseLoop(const Root &r, int index) {
    const auto *forLoop = dyn_cast<ForStmt>(r.loop);
    const auto *whileLoop = dyn_cast<WhileStmt>(r.loop);
    const Stmt *loop = r.loop;
    const Stmt *body = forLoop ? forLoop->getBody() : whileLoop ? whileLoop->getBody() : nullptr;
    if (!body || !isa<CompoundStmt>(body) || (forLoop && forLoop->getInc()) ||
        !stopsAtEnd(forLoop ? forLoop->getCond() : whileLoop->getCond(), r))
      return block("unsupported-operation",
                   "the loop erases in a way that is no test of each element", r.loop);
    if (changesElements(index))
      return block("unsupported-operation", "the loop changes the elements it goes through", loop);
    UnseenFunctions unseen;
    const bool throws = mayThrowWithin(body, &unseen);
    mustNotThrow(a, out, throws, unseen, kThrows, loop);
    if (needsOrder(a, index))
      return block("ordered", "the loop erases in the order of the keys, and more depends on that",
                   loop);
    std::string name = freshName(a, {"entry", "element", "item"});
    bool fine = endsByDeciding(cast<CompoundStmt>(body), r, index);
    for (const Stmt *each : a.statements)
      if ((isa<ReturnStmt>(each) || isa<BreakStmt>(each) || isa<ContinueStmt>(each) ||
           isa<GotoStmt>(each)) &&
          a.isInside(each, body) && !rounds.contains(each))
        fine = false;
    if (!fine || !out.blockers.empty())
      return block("unsupported-operation",
                   "the loop erases in a way that is no test of each element", loop);
    if (whileLoop)
      a.text.removeStatement(out, a.statementOf(r.handle)->getSourceRange());
    a.text.replace(out,
                   SourceRange(loop->getBeginLoc(),
                               forLoop ? forLoop->getRParenLoc() : whileLoop->getRParenLoc()),
                   containerText(a, r) + ".erase_if([&](const auto &" + name + ")");
    a.text.insertAfter(out, SourceRange(body->getEndLoc(), body->getEndLoc()), ");");
    elementParts(index, name);
  }

  /// `++it`, and nothing else that is done each time around.
  static bool isStep(const Expr *increment, const Root &r) {
    const auto *step = increment ? dyn_cast<CXXOperatorCallExpr>(strip(increment)) : nullptr;
    const auto *target = step && step->getOperator() == OO_PlusPlus
                             ? dyn_cast<DeclRefExpr>(strip(step->getArg(0)))
                             : nullptr;
    return target && target->getDecl() == r.handle;
  }

  /// `it != m.end()`, and nothing else that could stop the loop before. That the other side is the
  /// end has been seen when the iterator was followed.
  static bool stopsAtEnd(const Expr *condition, const Root &r) {
    if (!condition)
      return false;
    const Expr *left = nullptr, *right = nullptr;
    if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(strip(condition));
        rewritten && rewritten->getOperator() == BO_NE) {
      left = rewritten->getLHS();
      right = rewritten->getRHS();
    } else if (const auto *call = dyn_cast<CXXOperatorCallExpr>(strip(condition));
               call && call->getOperator() == OO_ExclaimEqual) {
      left = call->getArg(0);
      right = call->getArg(1);
    }
    const auto isIterator = [&](const Expr *side) {
      side = strip(side);
      while (const auto *converted = dyn_cast_or_null<CXXConstructExpr>(side))
        side = converted->getNumArgs() == 1 ? strip(converted->getArg(0)) : nullptr;
      const auto *reference = dyn_cast_or_null<DeclRefExpr>(side);
      return reference && reference->getDecl() == r.handle;
    };
    return left && (isIterator(left) || isIterator(right));
  }

  /// `if (test) { ++it; continue; }`: the round ends here.
  bool endsRound(const Stmt *statement, const Root &r, int index) {
    const auto *branch = dyn_cast<IfStmt>(statement);
    const auto *block = branch ? dyn_cast<CompoundStmt>(branch->getThen()) : nullptr;
    if (!block || branch->getElse() || block->size() < 2 || decidesInside(branch->getCond(), r) ||
        !isa<ContinueStmt>(block->body_back()))
      return false;
    const auto *decides = dyn_cast<Expr>(*(block->body_end() - 2));
    const std::optional<bool> erases = decides ? decision(*decides, r, index) : std::nullopt;
    if (!erases)
      return false;
    for (const Stmt *each : llvm::make_range(block->body_begin(), block->body_end() - 2))
      if (decidesInside(each, r))
        return false;
    a.text.removeStatement(out, decides->getSourceRange());
    a.text.replace(out, block->body_back()->getSourceRange(),
                   *erases ? "return true" : "return false");
    rounds.insert(block->body_back());
    return true;
  }

  bool endsByDeciding(const Stmt *statement, const Root &r, int index) {
    if (const auto *attributed = dyn_cast<AttributedStmt>(statement)) // [[unlikely]]
      return endsByDeciding(attributed->getSubStmt(), r, index);
    if (const auto *block = dyn_cast<CompoundStmt>(statement)) {
      if (block->body_empty())
        return false;
      // Statements may follow the one that decides, if they leave the iterator alone.
      const Stmt *deciding = nullptr;
      for (const Stmt *each : block->body())
        if (decidesInside(each, r)) {
          if (!deciding && each != block->body_back() && endsRound(each, r, index))
            continue;
          if (deciding)
            return false;
          deciding = each;
        } else if (deciding && mentions(each, r)) {
          return false;
        }
      if (!deciding)
        return false;
      if (deciding == block->body_back())
        return endsByDeciding(deciding, r, index);
      const auto *expression = dyn_cast<Expr>(deciding);
      std::optional<bool> erases = expression ? decision(*expression, r, index) : std::nullopt;
      if (!erases)
        return false;
      a.text.removeStatement(out, expression->getSourceRange());
      SourceLocation close = block->getRBracLoc();
      a.text.insertBefore(out, close,
                          std::string("  return ") + (*erases ? "true" : "false") + ";\n" +
                              a.text.indentation(close));
      return true;
    }
    if (const auto *branch = dyn_cast<IfStmt>(statement))
      return branch->getElse() && !decidesInside(branch->getCond(), r) &&
             endsByDeciding(branch->getThen(), r, index) &&
             endsByDeciding(branch->getElse(), r, index);
    const auto *expression = dyn_cast<Expr>(statement);
    if (!expression)
      return false;
    std::optional<bool> erases = decision(*expression, r, index);
    if (!erases)
      return false;
    a.text.replace(out, expression->getSourceRange(), *erases ? "return true" : "return false");
    return true;
  }

  /// `it = m.erase(it)` erases, `++it` does not.
  std::optional<bool> decision(const Expr &expression, const Root &r, int index) const {
    const auto *call = dyn_cast<CXXOperatorCallExpr>(strip(&expression));
    if (!call)
      return std::nullopt;
    const auto *target = dyn_cast<DeclRefExpr>(strip(call->getArg(0)));
    if (!target || target->getDecl() != r.handle)
      return std::nullopt;
    if (call->getOperator() == OO_PlusPlus)
      return false;
    if (call->getOperator() == OO_Equal && isErase(strip(call->getArg(1)), index))
      return true;
    return std::nullopt;
  }

  bool mentions(const Stmt *statement, const Root &r) const {
    auto found = a.references.find(r.handle);
    return found != a.references.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const DeclRefExpr *each) { return a.isInside(each, statement); });
  }

  bool isErase(const Expr *expression, int index) const {
    for (const Use &use : a.uses)
      if (use.root == index && use.kind == UseKind::Erase && strip(use.whole) == expression)
        return true;
    return false;
  }

  bool decidesInside(const Stmt *statement, const Root &r) const {
    auto found = a.references.find(r.handle);
    if (found == a.references.end())
      return false;
    for (const DeclRefExpr *reference : found->second) {
      if (!a.isInside(reference, statement))
        continue;
      bool part = std::any_of(a.parts.begin(), a.parts.end(),
                              [&](const auto &each) { return a.isInside(reference, each.node); });
      if (!part)
        return true;
    }
    return false;
  }

  const FunctionAnalysis &a;
  const Cluster &cluster;
  Candidate &out;
  llvm::DenseSet<const Stmt *> rounds; ///< each `continue` that is accounted for
};

} // namespace

void rewriteWhole(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out) {
  WholeRewriter(analysis, cluster, out).run();
}

} // namespace unlatch
