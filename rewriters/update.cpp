// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The general operation: the statements between the first and the last touch of a key become the
// function given to update(), which sees the key's value as a std::optional and may run again if
// another thread was faster. So it may change nothing but its own variables and the value.

#include "rewriters/cluster.h"

#include "matchers/harmless.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

StatementRange statementsOf(const FunctionAnalysis &a, const Cluster &cluster) {
  std::vector<const Stmt *> nodes;
  for (int index : cluster.roots) {
    const Root &r = a.roots[static_cast<std::size_t>(index)];
    if (r.reference)
      nodes.push_back(r.reference);
    for (const Use &use : a.uses)
      if (use.root == index)
        nodes.push_back(use.whole);
  }
  StatementRange range;
  if (nodes.empty())
    return range;
  // The innermost block that holds all of them.
  for (const Stmt *up = a.parentOf(nodes.front()); up; up = a.parentOf(up)) {
    const auto *block = dyn_cast<CompoundStmt>(up);
    if (block && std::all_of(nodes.begin(), nodes.end(),
                             [&](const Stmt *node) { return a.isInside(node, block); })) {
      range.block = block;
      break;
    }
  }
  if (!range.block)
    return range;
  std::vector<const Stmt *> children(range.block->body_begin(), range.block->body_end());
  std::size_t first = children.size(), last = 0;
  for (std::size_t i = 0; i < children.size(); ++i)
    for (const Stmt *node : nodes)
      if (a.isInside(node, children[i])) {
        first = std::min(first, i);
        last = std::max(last, i);
      }
  // What is declared inside and used behind comes along.
  for (std::size_t i = first; i <= last && i < children.size(); ++i) {
    const auto *declaration = dyn_cast<DeclStmt>(children[i]);
    if (!declaration)
      continue;
    for (const Decl *each : declaration->decls()) {
      auto extend = [&](const ValueDecl *value) {
        auto found = a.references.find(value);
        if (found == a.references.end())
          return;
        for (const DeclRefExpr *reference : found->second)
          for (std::size_t j = last + 1; j < children.size(); ++j)
            if (a.isInside(reference, children[j]))
              last = j;
      };
      if (const auto *value = dyn_cast<ValueDecl>(each))
        extend(value);
      if (const auto *bindings = dyn_cast<DecompositionDecl>(each))
        for (const BindingDecl *binding : bindings->bindings())
          extend(binding);
    }
  }
  // A return inside takes the rest of the function along if that rest is only a return.
  bool returns = false;
  for (const ReturnStmt *leave : a.returns)
    for (std::size_t i = first; i <= last; ++i)
      returns |= a.isInside(leave, children[i]);
  if (returns && range.block == a.body && last + 2 == children.size() &&
      isa<ReturnStmt>(children.back()))
    ++last;
  range.statements.assign(children.begin() + static_cast<std::ptrdiff_t>(first),
                          children.begin() + static_cast<std::ptrdiff_t>(last) + 1);
  return range;
}

namespace {

class UpdateRewriter {
public:
  UpdateRewriter(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out)
      : a(analysis), cluster(cluster), out(out), range(statementsOf(analysis, cluster)) {}

  void run() {
    const Root &first = root(cluster.roots.front());
    if (!range.block || range.statements.empty())
      return block("unsupported-operation", "no statements of one block hold the operation",
                   first.reference);
    for (int index : cluster.roots)
      if (!root(index).key || a.canonicalKey(root(index).key).empty())
        return block("unsupported-operation",
                     "the key is not a variable or constant that keeps its value",
                     root(index).reference);
    if (isStandardOptional(templateArgument(first.reference->getType(), 1)))
      return block("unsupported-operation", "a value of std::optional type is changed in place",
                   first.reference);
    if (!keyIsVisible(first))
      return block("unsupported-operation", "the key is computed within the section",
                   first.reference);
    for (int index : cluster.roots)
      if (root(index).binding)
        return block("unsupported-operation", "the element is bound as a pair",
                     root(index).reference);
    entry = freshName(a, {"entry", "slot", "held"});
    checkRetry();
    rewriteRoots();
    wrap(first);
  }

  std::string around; ///< as aroundUpdate() reads it from the rewritten code

private:
  const Root &root(int index) const { return a.roots[static_cast<std::size_t>(index)]; }
  void block(const char *id, const std::string &message, const Stmt *where) {
    out.blockers.push_back(a.reason(id, message, where));
  }
  bool inside(const Stmt *node) const {
    return std::any_of(range.statements.begin(), range.statements.end(),
                       [&](const Stmt *statement) { return a.isInside(node, statement); });
  }
  bool declaredInside(const ValueDecl *declaration) const {
    for (const Stmt *statement : range.statements) {
      SourceLocation at = declaration->getLocation();
      const SourceManager &sources = a.text.sources();
      if (!sources.isBeforeInTranslationUnit(at, statement->getBeginLoc()) &&
          !sources.isBeforeInTranslationUnit(statement->getEndLoc(), at))
        return true;
    }
    return false;
  }

  bool keyIsVisible(const Root &first) const {
    bool fine = true;
    auto visit = [&](auto &self, const Stmt *node) -> void {
      if (!node)
        return;
      if (const auto *reference = dyn_cast<DeclRefExpr>(node))
        fine &= !declaredInside(reference->getDecl());
      for (const Stmt *child : node->children())
        self(self, child);
    };
    visit(visit, first.key);
    return fine;
  }

  /// The statements may run several times: they must not change what is outside of them.
  void checkRetry() {
    for (const Expr *expression : a.expressions) {
      if (!inside(expression))
        continue;
      if (const auto *reference = dyn_cast<DeclRefExpr>(expression)) {
        const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
        if (variable && variable->getLocation().isValid() && !declaredInside(variable)) {
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
      if (!inside(site.node))
        continue;
      bool ours = site.root >= 0 && std::find(cluster.roots.begin(), cluster.roots.end(),
                                              site.root) != cluster.roots.end();
      if (!ours && site.fact.writes)
        block("side-effect-in-update", "this would be changed again by a second try", site.node);
      if (!site.fact.throughElementOf.empty() && site.fact.writes)
        block("pointee-guarded", "what the element points to is changed", site.node);
    }
    for (const auto &entry : a.lockEvents)
      if (inside(entry.first))
        block("unsupported-operation", "another lock is taken or released within the operation",
              entry.first);
    for (const Stmt *statement : a.statements) {
      if (!inside(statement))
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
    // A second try needs the argument as it was: copy it.
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

  // ---------------------------------------------------------------- inside

  /// On every path the key is known to be there when this root is evaluated.
  bool surelyThere(int index) const {
    bool all = true, any = false;
    for (const Path &path : a.outcomesOf(index).paths) {
      std::optional<bool> there;
      for (std::size_t i = 0; i < path.size(); ++i) {
        const PathStep &step = path[i];
        if (step.kind == PathStep::Root && step.index == index) {
          any = true;
          all &= there.value_or(false);
          break;
        }
        if (step.kind == PathStep::Hit || step.kind == PathStep::Miss) {
          if (std::find(cluster.roots.begin(), cluster.roots.end(), step.index) !=
              cluster.roots.end()) {
            const Root &r = root(step.index);
            bool inserts = r.kind == RootKind::Subscript || r.kind == RootKind::Insert;
            there = step.kind == PathStep::Hit || inserts;
          }
        } else if (step.kind == PathStep::Root &&
                   std::find(cluster.roots.begin(), cluster.roots.end(), step.index) !=
                       cluster.roots.end()) {
          RootKind kind = root(step.index).kind;
          if (kind == RootKind::Put || kind == RootKind::Insert || kind == RootKind::Subscript)
            there = true;
          else if (kind == RootKind::EraseKey)
            there = false;
        }
      }
    }
    return all && any;
  }

  void rewriteRoots() {
    for (int index : cluster.roots) {
      const Root &r = root(index);
      switch (r.kind) {
      case RootKind::Find:
        if (r.handle)
          removeHandle(r);
        tests(index);
        parts(index);
        erasures(index);
        break;
      case RootKind::Presence:
        tests(index);
        break;
      case RootKind::At:
        if (!surelyThere(index))
          return block("unsupported-operation", "a missing key throws within the operation",
                       r.call);
        valueOf(r, "*" + entry);
        break;
      case RootKind::Subscript:
        subscript(r, index);
        break;
      case RootKind::Put:
        put(r);
        break;
      case RootKind::Insert:
        insert(r, index);
        break;
      case RootKind::EraseKey:
        if (!a.isDiscarded(r.call))
          return block("unsupported-operation", "the result of erase is used", r.call);
        a.text.replace(out, r.call->getSourceRange(), entry + ".reset()");
        break;
      default:
        return block("unsupported-operation", "not expressible as an update", r.reference);
      }
    }
  }

  void removeHandle(const Root &r) {
    const DeclStmt *declaration = a.statementOf(r.handle);
    const Stmt *parent = declaration ? a.parentOf(declaration) : nullptr;
    const auto *branch = dyn_cast_or_null<IfStmt>(parent);
    if (branch && branch->getInit() == declaration) {
      // `if (auto it = m.find(k); it != m.end())`: only the condition stays; tests() drops the
      // rest.
      shortened = branch->getCond();
      initBegin = declaration->getBeginLoc();
      return;
    }
    if (!isa_and_nonnull<CompoundStmt>(parent))
      return block("unsupported-operation", "the look-up is not declared in a statement of its own",
                   r.reference);
    // The wrapper then starts with the next statement.
    if (range.statements.size() > 1 && range.statements.front() == declaration)
      range.statements.erase(range.statements.begin());
    a.text.removeStatement(out, declaration->getSourceRange());
  }

  void tests(int index) {
    for (const Use &use : a.uses) {
      if (use.root != index || use.kind != UseKind::Test)
        continue;
      std::string text = (use.positive ? "" : "!") +
                         (a.isBooleanContext(use.whole) ? entry : entry + ".has_value()");
      SourceRange range = use.whole->getSourceRange();
      if (shortened && strip(shortened) == strip(use.whole)) {
        range.setBegin(initBegin);
        shortened = nullptr;
      }
      a.text.replace(out, range, text);
    }
    if (shortened)
      block("unsupported-operation", "the look-up stands in a condition", shortened);
    shortened = nullptr;
  }

  void parts(int index) {
    for (const FunctionAnalysis::Part &part : a.parts) {
      if (part.root != index)
        continue;
      if (part.key) {
        a.text.replace(out, part.node->getSourceRange(),
                       a.text.textOr(stripMove(root(index).key)->getSourceRange(), ""));
        continue;
      }
      replaceValue(part.node, "*" + entry);
    }
  }

  void valueOf(const Root &r, const std::string &text) { replaceValue(r.call, text); }

  void replaceValue(const Expr *node, const std::string &text) {
    const Stmt *parent = a.meaningfulParent(node, nullptr);
    const auto *member = dyn_cast_or_null<MemberExpr>(parent);
    bool plain = text == "*" + entry;
    if (member && !member->isArrow()) {
      if (plain)
        a.text.replace(out, SourceRange(node->getBeginLoc(), member->getOperatorLoc()),
                       entry + "->");
      else
        a.text.replace(out, node->getSourceRange(), "(" + text + ")");
      return;
    }
    bool alone = false;
    if (const auto *declaration = dyn_cast_or_null<DeclStmt>(parent))
      alone = declaration->isSingleDecl();
    if (isa_and_nonnull<ReturnStmt>(parent))
      alone = true;
    bool postfix = member || isa_and_nonnull<ArraySubscriptExpr>(parent);
    if (const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(parent))
      postfix |= call->getOperator() == OO_Arrow || call->getOperator() == OO_Subscript ||
                 call->getOperator() == OO_PlusPlus || call->getOperator() == OO_MinusMinus;
    if (const auto *unary = dyn_cast_or_null<UnaryOperator>(parent))
      postfix |= unary->isPostfix();
    bool bare = plain ? !postfix : alone;
    a.text.replace(out, node->getSourceRange(), bare ? text : "(" + text + ")");
  }

  void subscript(const Root &r, int index) {
    if (a.isDiscarded(r.call)) // `m[k];` makes the key present
      return a.text.replace(out, r.call->getSourceRange(),
                            "if (!" + entry + ") " + entry + ".emplace()");
    valueOf(r, surelyThere(index) ? "*" + entry
                                  : entry + " ? *" + entry + " : " + entry + ".emplace()");
  }

  std::optional<std::string> valueText(const Root &r) const {
    std::string text;
    for (std::size_t i = 0; i < r.values.size(); ++i) {
      const Expr *inner = stripMove(r.values[i]);
      // A second try needs the argument as it was: copy it.
      bool moved = isa<DeclRefExpr>(inner) && strip(r.values[i]) != inner &&
                   isa<CallExpr>(strip(r.values[i]));
      std::optional<std::string> each =
          a.text.text((moved ? inner : r.values[i])->getSourceRange());
      if (!each)
        return std::nullopt;
      text += (i ? ", " : "") + *each;
    }
    return text;
  }

  void forgetMoves(const Root &r) {
    // The value's text was taken without its std::move; drop the edit that does the same.
    for (const Expr *value : r.values) {
      std::optional<std::string> path = a.text.fileOf(value->getBeginLoc());
      unsigned begin = a.text.sources().getFileOffset(value->getBeginLoc());
      out.edits.erase(std::remove_if(out.edits.begin(), out.edits.end(),
                                     [&](const Edit &edit) {
                                       return edit.file == *path && edit.offset == begin;
                                     }),
                      out.edits.end());
    }
  }

  void put(const Root &r) {
    if (!a.isDiscarded(r.call))
      return block("unsupported-operation", "the result of the assignment is used", r.call);
    if (std::optional<std::string> value = storedText(r))
      a.text.replace(out, r.call->getSourceRange(), entry + " = " + *value);
  }

  /// The value to be stored, copied where the original moved it, or nothing after blocking.
  std::optional<std::string> storedText(const Root &r) {
    std::optional<std::string> value = valueText(r);
    if (!value) {
      a.text.replace(out, r.call->getSourceRange(), ""); // blocks as a macro
      return std::nullopt;
    }
    if (StringRef(*value).starts_with("{"))
      value = mappedTypeText(a, r) + *value;
    forgetMoves(r);
    return value;
  }

  void insert(const Root &r, int index) {
    std::optional<std::string> value = storedText(r);
    if (!value)
      return;
    std::string emplace = entry + ".emplace(" + *value + ")";
    if (a.isDiscarded(r.call)) {
      const Stmt *parent = a.meaningfulParent(r.call, nullptr);
      const auto *branch = dyn_cast_or_null<IfStmt>(parent);
      bool block = isa_and_nonnull<CompoundStmt>(parent) ||
                   (branch && branch->getElse() && a.isInside(r.call, branch->getElse()));
      a.text.replace(out, r.call->getSourceRange(),
                     block ? "if (!" + entry + ") " + emplace
                           : entry + " ? *" + entry + " : " + emplace);
      return;
    }
    const auto *bindings = dyn_cast_or_null<DecompositionDecl>(r.handle);
    const DeclStmt *statement = a.statementOf(r.handle);
    if (!bindings || !statement || !isa_and_nonnull<CompoundStmt>(a.parentOf(statement)))
      return block("unsupported-operation", "the result of the insertion is used", r.call);
    std::string flag = bindings->bindings()[1]->getNameAsString();
    bool flagUsed = a.references.count(bindings->bindings()[1]) != 0;
    std::string text;
    if (flagUsed)
      text = "const bool " + flag + " = !" + entry + ".has_value();\n" +
             a.text.indentation(statement->getBeginLoc()) + "  ";
    a.text.replace(out, statement->getSourceRange(), text + "if (!" + entry + ") " + emplace + ";");
    parts(index);
    erasures(index);
  }

  void erasures(int index) {
    for (const Use &use : a.uses)
      if (use.root == index && use.kind == UseKind::Erase)
        a.text.replace(out, use.whole->getSourceRange(), entry + ".reset()");
  }

  // ---------------------------------------------------------------- around

  void wrap(const Root &first) {
    if (range.statements.empty())
      return;
    std::string key = a.text.textOr(stripMove(first.key)->getSourceRange(), "");
    const auto *construct = dyn_cast<CXXConstructExpr>(stripMove(first.key));
    if (key.empty() || (construct && construct->getNumArgs() != 1 && key.front() == '{'))
      return block("macro", "the key comes from a macro", first.reference);
    std::string call = containerText(a, first) + ".update(" + key + ", [&](auto &" + entry + ")";
    std::vector<const ReturnStmt *> leaving;
    for (const ReturnStmt *leave : a.returns)
      if (inside(leave))
        leaving.push_back(leave);
    const Stmt *front = range.statements.front();
    const Stmt *back = range.statements.back();
    std::string indentation = a.text.indentation(front->getBeginLoc());
    std::string prefix, suffix;
    bool tail = range.block == a.body && back == range.block->body_back();
    if (leaving.empty()) {
      prefix = call + " {\n";
      suffix = "\n" + indentation + "});";
    } else if (tail) {
      bool isVoid = a.function.getReturnType()->isVoidType();
      QualType result = a.function.getReturnType();
      if (result->isReferenceType())
        return block("escapes-reference", "a reference is returned from the operation", front);
      std::string type;
      if (!isVoid) {
        type = " -> " + returnTypeText(a);
        around = kResultReturned;
      }
      prefix = (isVoid ? "" : "return ") + call + type + " {\n";
      suffix = "\n" + indentation + "});";
    } else {
      std::optional<std::string> same = commonReturn(leaving);
      if (!same)
        return block("unsupported-operation",
                     "the section leaves with different results before its end", leaving.front());
      prefix = "if (!" + call + " {\n";
      std::string step = "  ";
      suffix = "\n" + indentation + step + "return true;\n" + indentation + "})) {\n" +
               indentation + step + *same + "\n" + indentation + "}";
      for (const ReturnStmt *leave : leaving)
        a.text.replace(out, leave->getSourceRange(), "return false");
      around = resultLeaves(a, *leaving.front());
    }
    SourceLocation end = endOf(back);
    if (front->getBeginLoc().isMacroID() || end.isInvalid())
      return block("macro", "the section's statements come from a macro", front);
    a.text.insertBefore(out, front->getBeginLoc(), prefix + indentation);
    a.text.insertBefore(out, end, suffix);
    indentLines(a, SourceRange(front->getBeginLoc(), end.getLocWithOffset(-1)), out);
    // The line of the first statement starts with the wrapper; its own indentation follows.
    dropFirstIndentation(front);
  }

  /// `return;`, `return false;`: the same constant on every way out.
  std::optional<std::string> commonReturn(const std::vector<const ReturnStmt *> &leaving) const {
    std::optional<std::string> common;
    for (const ReturnStmt *leave : leaving) {
      const Expr *value = leave->getRetValue();
      if (value) {
        const Expr *inner = strip(value);
        const auto *named = dyn_cast<DeclRefExpr>(inner);
        if (!isa<CXXBoolLiteralExpr>(inner) && !isa<IntegerLiteral>(inner) &&
            !isa<CXXNullPtrLiteralExpr>(inner) &&
            !(named && isa<EnumConstantDecl>(named->getDecl())))
          return std::nullopt;
      }
      std::optional<std::string> text = a.text.text(leave->getSourceRange());
      if (!text || (common && *common != *text + ";"))
        return std::nullopt;
      common = *text + ";";
    }
    return common;
  }

  /// Behind the semicolon or brace that ends a statement.
  SourceLocation endOf(const Stmt *statement) const {
    SourceLocation end = statement->getEndLoc();
    if (end.isMacroID())
      return {};
    SourceLocation semicolon =
        Lexer::findLocationAfterToken(end, tok::semi, a.text.sources(), a.text.language(), false);
    if (semicolon.isValid())
      return semicolon;
    return Lexer::getLocForEndOfToken(end, 0, a.text.sources(), a.text.language());
  }

  void dropFirstIndentation(const Stmt *front) {
    auto [file, offset] = a.text.sources().getDecomposedLoc(front->getBeginLoc());
    StringRef buffer = a.text.sources().getBufferData(file);
    std::size_t line = buffer.rfind('\n', offset);
    auto begin = static_cast<unsigned>(line == StringRef::npos ? 0 : line + 1);
    for (auto edit = out.edits.begin(); edit != out.edits.end(); ++edit)
      if (edit->length == 0 && edit->offset == begin && begin != offset &&
          StringRef(edit->text).trim().empty()) {
        std::string step = edit->text;
        out.edits.erase(edit);
        for (Edit &other : out.edits)
          if (other.offset == offset && other.length == 0)
            other.text += step;
        return;
      }
  }

  const FunctionAnalysis &a;
  const Cluster &cluster;
  Candidate &out;
  StatementRange range;
  std::string entry;
  const Expr *shortened = nullptr;
  SourceLocation initBegin;
  llvm::DenseSet<const CallExpr *> stripped;
};

} // namespace

std::string rewriteAsUpdate(const FunctionAnalysis &analysis, const Cluster &cluster,
                            Candidate &out) {
  UpdateRewriter rewriter(analysis, cluster, out);
  rewriter.run();
  return rewriter.around;
}

} // namespace unlatch
