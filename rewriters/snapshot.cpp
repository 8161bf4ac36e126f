// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/snapshot.h"
#include "rewriters/wrapped_section.h"

#include "matchers/identity.h"
#include "matchers/lock_types.h"
#include "matchers/types.h"
#include "rewriters/cluster.h"
#include "rewriters/evaluation_order.h"
#include "rewriters/must_not_throw.h"

using namespace clang;

namespace unlatch {

namespace {

/// What a mutex's name says of what it guards: "stats" of `statsMutex_`, nothing of `mu_`.
std::string subjectOf(StringRef name) {
  name.consume_front("m_");
  name = name.trim('_');
  for (StringRef word : {"mutex", "mtx", "lock", "mu", "state"}) {
    if (name.size() >= word.size() && name.take_back(word.size()).equals_insensitive(word))
      name = name.drop_back(word.size());
    name = name.trim('_');
  }
  return name.size() > 1 ? name.str() : "";
}

std::string capitalised(std::string word) {
  if (!word.empty())
    word.front() = llvm::toUpper(word.front());
  return word;
}

} // namespace

std::pair<std::string, std::string> stateNames(const FieldDecl &mutex) {
  const RecordDecl &owner = *mutex.getParent();
  std::set<std::string> taken;
  StringRef end;
  for (const Decl *each : owner.decls())
    if (const auto *named = dyn_cast<NamedDecl>(each)) {
      taken.insert(named->getNameAsString());
      if (const auto *field = dyn_cast<FieldDecl>(named); field && field->getName().ends_with("_"))
        end = "_";
    }
  const std::vector<const FieldDecl *> mutexes = mutexesOf(owner);
  std::string type, name;
  for (const FieldDecl *each : mutexes) {
    const std::string subject = mutexes.size() > 1 ? subjectOf(each->getName()) : "";
    type = capitalised(subject) + "State";
    name = (subject.empty() ? "state" : subject + "State") + end.str();
    std::string number;
    for (unsigned next = 2; taken.count(type) || taken.count(name); ++next) {
      type = owner.getNameAsString() + capitalised(subject) + "State" + number;
      name = "guarded" + capitalised(subject) + "State" + number + end.str();
      number = std::to_string(next);
    }
    if (each == &mutex)
      break;
    taken.insert({type, name});
  }
  return {type, name};
}

namespace {

class SnapshotRewriter {
public:
  explicit SnapshotRewriter(FunctionAnalysis &analysis) : a(analysis) {}

  void run() {
    const auto *method = dyn_cast<CXXMethodDecl>(&a.function);
    if (!method || method->getParent()->isLambda() || method->isStatic())
      return blockAll("a section outside of the class's own methods");
    local = freshName(a, {"state", "current", "now"});
    for (LockSite &lock : a.locks)
      section(lock);
    for (FunctionAnalysis::FieldSite &site : a.fields)
      access(site);
  }

private:
  void block(Candidate &out, std::string message, const Stmt *where) {
    out.blockers.push_back(a.reason("unsupported-operation", std::move(message), where));
  }

  static constexpr const char *kThrows =
      "the section may throw here, and may have changed something before";

  void blockAll(const char *message) {
    for (LockSite &lock : a.locks) {
      block(lock.fact.snapshotRead, message, lock.node);
      block(lock.fact.snapshotModify, message, lock.node);
    }
    for (FunctionAnalysis::FieldSite &site : a.fields) {
      block(site.fact.snapshotRead, message, site.node);
      block(site.fact.snapshotModify, message, site.node);
    }
  }

  static std::string stateOf(const ValueDecl &mutex) {
    return stateNames(*cast<FieldDecl>(&mutex)).second;
  }

  void section(LockSite &lock) {
    Candidate &read = lock.fact.snapshotRead, &modify = lock.fact.snapshotModify;
    const auto *declaration = dyn_cast<DeclStmt>(lock.node);
    if (!isa_and_nonnull<FieldDecl>(lock.mutex) || !declaration || !lock.guard || !lock.scope ||
        a.parentOf(declaration) != lock.scope || lock.fact.base != "this" ||
        !a.references[lock.guard].empty() || !lock.fact.removal.blockers.empty() ||
        !lock.fact.removalOfAll.edits.empty()) {
      block(read, "the lock is not a guard for the rest of its block", lock.node);
      block(modify, "the lock is not a guard for the rest of its block", lock.node);
      return;
    }
    a.text.replaceStatement(read, declaration->getSourceRange(),
                            "const auto " + local + " = " + stateOf(*lock.mutex) + ".read();");
    wrap(modify, lock, *declaration);
    // In front of it, what would else stand in its place.
    Candidate &fences = lock.fact.snapshotFences;
    fences = lock.fact.fences;
    for (Edit &edit : fences.edits) {
      edit.length = 0;
      edit.text += "\n" + a.text.indentation(declaration->getBeginLoc());
    }
  }

  bool isChange(const CallExpr &call) const {
    return llvm::any_of(a.fields, [&](const FunctionAnalysis::FieldSite &site) {
      return site.fact.writes && site.node && a.isInside(site.node, &call);
    });
  }

  /// `m[key].assign(...)`: before it is evaluated, something within has changed the field.
  bool hasChanged(const Expr *expression, const Expr *field) const {
    for (const Stmt *up = a.parentOf(field); up && up != expression; up = a.parentOf(up)) {
      const auto *binary = dyn_cast<BinaryOperator>(up);
      const auto *unary = dyn_cast<UnaryOperator>(up);
      if ((binary && binary->isAssignmentOp()) || (unary && unary->isIncrementDecrementOp()))
        return true;
      const auto *call = dyn_cast<CallExpr>(up);
      if (call && !(call->getCalleeDecl() && isStandardDeclaration(call->getCalleeDecl())))
        return true;
      const auto *method =
          call ? dyn_cast_or_null<CXXMethodDecl>(call->getDirectCallee()) : nullptr;
      if (!method || method->isConst() || method->isStatic())
        continue;
      const bool isMap = StringRef(method->getParent()->getName()).ends_with("map");
      static constexpr StringRef kAccessors[] = {"begin", "end",  "front", "back",
                                                 "at",    "data", "find",  "get"};
      const bool onlyLeads = method->getIdentifier()
                                 ? llvm::is_contained(kAccessors, method->getName())
                                 : !isMap && llvm::is_contained({OO_Subscript, OO_Arrow, OO_Star},
                                                                method->getOverloadedOperator());
      if (!onlyLeads)
        return true;
    }
    return false;
  }

  /// What was changed before an exception stays changed; of a modify() nothing would.
  bool isAfterChange(const Expr *expression, const CompoundStmt &scope) const {
    const auto loopIn = [&](const Stmt *node) -> const Stmt * {
      for (const Stmt *up = a.parentOf(node); up && up != &scope; up = a.parentOf(up))
        if (isLoop(up))
          return up;
      return nullptr;
    };
    const Stmt *loop = loopIn(expression);
    return llvm::any_of(a.fields, [&](const FunctionAnalysis::FieldSite &site) {
      if (!site.fact.writes || !site.node || !a.isInside(site.node, &scope))
        return false;
      if (loop && a.isInside(site.node, loop))
        return true;
      // The right side of an assignment comes before it ([expr.ass]).
      const auto *assignment =
          dyn_cast_or_null<BinaryOperator>(a.meaningfulParent(site.node, nullptr));
      if (assignment && assignment->isAssignmentOp() &&
          a.isInside(expression, assignment->getRHS()))
        return false;
      if (a.isInside(site.node, expression))
        return hasChanged(expression, site.node);
      return offsetOf(a, site.node->getBeginLoc()) < offsetOf(a, expression->getBeginLoc());
    });
  }

  void wrap(Candidate &out, const LockSite &lock, const DeclStmt &declaration) {
    std::vector<const ReturnStmt *> leaving;
    bool after = false;
    const Stmt *last = nullptr;
    for (const Stmt *child : lock.scope->body()) {
      if (child == &declaration) {
        after = true;
        continue;
      }
      if (!after)
        continue;
      last = child;
      for (const ReturnStmt *leave : a.returns)
        if (a.isInside(leave, child))
          leaving.push_back(leave);
      for (const Stmt *statement : a.statements)
        if ((isa<BreakStmt>(statement) || isa<ContinueStmt>(statement)) &&
            a.isInside(statement, child) && a.leaves(statement, lock.scope))
          block(out, "the section is left by break or continue", statement);
        else if ((isa<GotoStmt>(statement) || isa<CoreturnStmt>(statement)) &&
                 a.isInside(statement, child))
          block(out, "the section is left by a jump", statement);
        else if (endMayThrow(statement) && a.isInside(statement, child))
          block(out, kThrows, statement);
      for (const Expr *expression : a.expressions) {
        if (!a.isInside(expression, child))
          continue;
        if (isAfterChange(expression, *lock.scope)) {
          UnseenFunctions unseen;
          const bool throws = mayThrow(expression, &unseen);
          mustNotThrow(a, out, throws, unseen, kThrows, expression);
        } else if (const auto *call = dyn_cast<CallExpr>(expression); call && isChange(*call)) {
          UnseenFunctions unseen;
          const bool throws = mayThrowHalfWay(*call, &unseen);
          mustNotThrow(a, out, throws, unseen, kThrows, expression);
        }
        if (asksForItsFunction(expression))
          block(out, "the section asks in which function it stands", expression);
      }
    }
    if (!last)
      return block(out, "the section is empty", lock.node);
    std::string prefix;
    std::string result;
    if (!leaving.empty()) {
      if (lock.scope != a.body)
        return block(out, "the section returns from within a block", leaving.front());
      if (a.function.getReturnType()->isReferenceType())
        return block(out, "a reference is returned from the section", leaving.front());
      if (!a.function.getReturnType()->isVoidType()) {
        prefix = "return ";
        result = resultClause(a, leaving, isa<ReturnStmt>(last));
        if (seesItsCopies(a.function.getReturnType(), a.context))
          return block(out, "the result would be copied, and its class may see that",
                       leaving.front());
      }
    }
    SourceLocation close = lock.scope->getRBracLoc();
    if (close.isMacroID() || declaration.getBeginLoc().isMacroID())
      return block(out, "the section's block comes from a macro", lock.node);
    a.text.replaceStatement(out, declaration.getSourceRange(),
                            prefix + stateOf(*lock.mutex) + ".modify([&](auto &" + local + ")" +
                                result + " {");
    StringRef buffer =
        a.text.sources().getBufferData(a.text.sources().getFileID(declaration.getBeginLoc()));
    // Behind the last statement, on a line of its own if the block's end has one.
    std::string indentation = a.text.indentation(declaration.getBeginLoc());
    unsigned end = a.text.sources().getFileOffset(close);
    std::size_t line = buffer.rfind('\n', end);
    bool ownLine = line != StringRef::npos && buffer.slice(line, end).trim().empty();
    if (ownLine)
      out.edits.push_back(
          {a.text.fileOf(close), static_cast<unsigned>(line) + 1, 0, indentation + "});\n"});
    else
      a.text.insertBefore(out, close, "}); ");
    SourceLocation begin =
        Lexer::getLocForEndOfToken(declaration.getEndLoc(), 0, a.text.sources(), a.text.language());
    auto first = static_cast<unsigned>(buffer.find('\n', a.text.sources().getFileOffset(begin)));
    if (first + 1 < line) {
      SourceLocation start =
          a.text.sources().getLocForStartOfFile(a.text.sources().getFileID(close));
      indentLines(a,
                  SourceRange(start.getLocWithOffset(static_cast<int>(first) + 1),
                              start.getLocWithOffset(static_cast<int>(line) - 1)),
                  out);
    }
  }

  void access(FunctionAnalysis::FieldSite &site) {
    Candidate &read = site.fact.snapshotRead, &modify = site.fact.snapshotModify;
    const auto *expression = dyn_cast<MemberExpr>(site.node);
    if (!expression || !isa<FieldDecl>(expression->getMemberDecl()) || site.fact.base != "this") {
      block(read, "the field is reached through another object", site.node);
      block(modify, "the field is reached through another object", site.node);
      return;
    }
    if (site.root >= 0) {
      const Root &root = a.roots[static_cast<std::size_t>(site.root)];
      read.blockers = root.problems;
      modify.blockers = root.problems;
    }
    bool locked = false;
    for (const LockSite &lock : a.locks)
      locked |= lock.scope && a.isInside(site.node, lock.scope);
    if (locked) {
      prefix(read, *expression, local + "->");
      prefix(modify, *expression, local + ".");
      return;
    }
    block(modify, "changed outside of any section", site.node);
    // In the class that declares the field: a base class, maybe.
    const auto *field = cast<FieldDecl>(expression->getMemberDecl());
    const std::vector<const FieldDecl *> mutexes = mutexesOf(*field->getParent());
    if (mutexes.size() == 1)
      prefix(read, *expression, stateOf(*mutexes.front()) + ".read()->");
    else
      block(read, "read outside of any section, in a class of several mutexes", site.node);
  }

  void prefix(Candidate &out, const MemberExpr &expression, const std::string &text) {
    if (expression.isImplicitAccess())
      a.text.insertBefore(out, expression.getMemberLoc(), text);
    else
      a.text.replace(out, SourceRange(expression.getBeginLoc(), expression.getOperatorLoc()), text);
  }

  FunctionAnalysis &a;
  std::string local; ///< what a section calls the state
};

} // namespace

void describeSnapshots(FunctionAnalysis &analysis) { SnapshotRewriter(analysis).run(); }

} // namespace unlatch
