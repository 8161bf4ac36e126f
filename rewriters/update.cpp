// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The general operation: the statements between the first and the last touch of a key become the
// function given to update(), which sees the key's value as a std::optional and may run again if
// another thread was faster. So it may change nothing but its own variables and the value.

#include "rewriters/cluster.h"

#include "matchers/effects.h"
#include "matchers/types.h"
#include "rewriters/evaluation_order.h"
#include "rewriters/key_presence.h"
#include "rewriters/retry.h"
#include "rewriters/wrapped_section.h"

using namespace clang;

namespace unlatch {

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
    if (first.key && hasEffects(first.key))
      return block("unsupported-operation", "computing the key has effects of its own",
                   first.reference);
    if (!keyIsVisible(first))
      return block("unsupported-operation", "the key is computed within the section",
                   first.reference);
    for (int index : cluster.roots)
      if (root(index).binding)
        return block("unsupported-operation", "the element is bound as a pair",
                     root(index).reference);
    if (const Expr *test = testOfOldAnswer(a, cluster))
      return block("unsupported-operation", "asks what was there before the section changed it",
                   test);
    entry = freshName(a, {"entry", "slot", "held"});
    beginning = blockSideEffects(a, cluster, range, out);
    rewriteRoots();
    wrap(first);
  }

  std::string around; ///< as aroundUpdate() reads it from the rewritten code

private:
  const Root &root(int index) const { return a.roots[static_cast<std::size_t>(index)]; }
  void block(const char *id, const std::string &message, const Stmt *where) {
    out.blockers.push_back(a.reason(id, message, where));
  }

  bool keyIsVisible(const Root &first) const {
    bool fine = true;
    auto visit = [&](auto &self, const Stmt *node) -> void {
      if (!node)
        return;
      if (const auto *reference = dyn_cast<DeclRefExpr>(node))
        fine &= !range.declares(a, reference->getDecl());
      for (const Stmt *child : node->children())
        self(self, child);
    };
    visit(visit, first.key);
    return fine;
  }

  // ---------------------------------------------------------------- inside

  /// By something that is evaluated before: of one expression, either side may be first.
  bool surelyThere(int index) const {
    const Expr *whole = fullExpression(a, root(index).call);
    return presenceAt(a, cluster, index) == true && llvm::none_of(cluster.roots, [&](int other) {
             const RootKind kind = root(other).kind;
             return other != index && fullExpression(a, root(other).call) == whole &&
                    (kind == RootKind::Subscript || kind == RootKind::Insert ||
                     kind == RootKind::Put);
           });
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
        if (!isOfKeyType(root(index)))
          block("unsupported-operation", "the key is read back from the element", part.node);
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
    if (a.isDiscarded(r.call) && presenceAt(a, cluster, index) == false)
      return a.text.replace(out, r.call->getSourceRange(), emplace);
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
    for (const Expr *expression : a.expressions)
      if (range.holds(a, expression) && asksForItsFunction(expression))
        return block("unsupported-operation", "the operation asks in which function it stands",
                     expression);
    std::vector<const ReturnStmt *> leaving;
    for (const ReturnStmt *leave : a.returns)
      if (range.holds(a, leave))
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
      if (seesItsCopies(result, a.context))
        return block("unsafe-value-type", "the result would be copied, and its class may see that",
                     leaving.front());
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
    for (const std::string &statement : beginning)
      prefix += indentation + "  " + statement + " // a second try begins anew\n";
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
  std::vector<std::string> beginning; ///< of each try
  const Expr *shortened = nullptr;
  SourceLocation initBegin;
};

} // namespace

std::string rewriteAsUpdate(const FunctionAnalysis &analysis, const Cluster &cluster,
                            Candidate &out) {
  UpdateRewriter rewriter(analysis, cluster, out);
  rewriter.run();
  return rewriter.around;
}

} // namespace unlatch
