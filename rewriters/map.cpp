// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rewrites a cluster by expressions alone: one look-up becomes the operation, what was read through
// its iterator is read from its answer, and what the operation has done by then is deleted.
// Control flow, comments and names stay where they are.

#include "rewriters/cluster.h"

#include "matchers/harmless.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

namespace {

/// How an answer is asked whether the key was there, and for the value.
enum class Answer { Optional, Pair };

class ExpressionRewriter {
public:
  ExpressionRewriter(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out)
      : a(analysis), cluster(cluster), out(out) {}

  bool run() {
    for (int index : cluster.roots)
      for (const Use &use : a.uses)
        if (use.root == index && isChange(use))
          return false;
    bool done = cluster.roots.size() == 1 ? single(root(cluster.roots.front())) : several();
    return done && out.blockers.empty();
  }

private:
  const Root &root(int index) const { return a.roots[static_cast<std::size_t>(index)]; }

  /// A change in place that stays visible; moving out of what is erased is none, and swap() does
  /// the assignment.
  bool isChange(const Use &use) const {
    return (use.kind == UseKind::Modify && cluster.name != "load_and_delete") ||
           (use.kind == UseKind::Replace && cluster.name != "swap");
  }

  bool single(const Root &only) {
    switch (only.kind) {
    case RootKind::Find:
      return find(only);
    case RootKind::Presence:
      rewriteTests(cluster.roots.front(), only.method == "contains" ? "" : presenceText(only));
      return true;
    case RootKind::At:
      return !only.bound;
    case RootKind::Put:
      return put(only);
    case RootKind::Insert:
      return insert(only);
    case RootKind::Subscript:
      return subscript(only);
    case RootKind::EraseKey:
      return true;
    case RootKind::Take:
      return extract(only);
    default:
      return false;
    }
  }

  std::string presenceText(const Root &r) const {
    return containerText(a, r) + ".contains(" + keyText(a, r) + ")";
  }

  /// Replaces each test of a root by `text`, or its negation.
  void rewriteTests(int index, const std::string &text, bool bare = false) {
    if (text.empty())
      return;
    for (const Use &use : a.uses) {
      if (use.root != index || use.kind != UseKind::Test)
        continue;
      bool boolean = a.isBooleanContext(use.whole);
      std::string positive = bare && !boolean ? text + ".has_value()" : text;
      a.text.replace(out, use.whole->getSourceRange(),
                     use.positive ? positive : negate(use, positive));
    }
  }

  std::string negate(const Use &use, const std::string &text) const {
    // `a == b == c` and the like need the parentheses that `!` does not.
    const Stmt *parent = a.meaningfulParent(use.whole, nullptr);
    bool comparison = false;
    if (const auto *binary = dyn_cast_or_null<BinaryOperator>(parent))
      comparison = binary->isComparisonOp();
    return comparison ? "(!" + text + ")" : "!" + text;
  }

  void renameMethod(const Root &r, const char *name) {
    const auto *call = cast<CXXMemberCallExpr>(r.call);
    const auto *member = cast<MemberExpr>(call->getCallee()->IgnoreParens());
    a.text.replace(out, SourceRange(member->getMemberLoc(), member->getMemberLoc()), name);
  }

  void spellAuto(const VarDecl *variable) {
    if (!variable || isa<DecompositionDecl>(variable))
      return;
    TypeLoc written = variable->getTypeSourceInfo()->getTypeLoc();
    if (written.getType()->getContainedAutoType())
      return;
    a.text.replace(out, written.getSourceRange(), "auto");
  }

  /// `it->second` becomes the value of the answer.
  void rewriteParts(int index, const std::string &handle, Answer answer) {
    for (const FunctionAnalysis::Part &part : a.parts) {
      if (part.root != index || isGone(part.node))
        continue;
      if (part.key) {
        replaceKey(part);
        continue;
      }
      std::string name = handle.empty() ? a.text.textOr(part.handle->getSourceRange(), "") : handle;
      if (answer == Answer::Pair) {
        a.text.replace(out, part.node->getSourceRange(), name);
        continue;
      }
      const Stmt *parent = a.meaningfulParent(part.node, nullptr);
      const auto *member = dyn_cast_or_null<MemberExpr>(parent);
      if (member && !member->isArrow() && !member->getOperatorLoc().isInvalid()) {
        // `it->second.x` -> `it->x`
        a.text.replace(out, SourceRange(part.node->getBeginLoc(), member->getOperatorLoc()),
                       name + "->");
        continue;
      }
      bool postfix = member || isa_and_nonnull<ArraySubscriptExpr>(parent);
      if (const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(parent))
        postfix |= call->getOperator() == OO_Arrow || call->getOperator() == OO_Subscript ||
                   call->getOperator() == OO_Call;
      else if (const auto *call = dyn_cast_or_null<CallExpr>(parent))
        postfix |= strip(call->getCallee()) == part.node;
      if (const auto *unary = dyn_cast_or_null<UnaryOperator>(parent))
        postfix |= unary->isPostfix();
      a.text.replace(out, part.node->getSourceRange(), postfix ? "(*" + name + ")" : "*" + name);
    }
  }

  void replaceKey(const FunctionAnalysis::Part &part) {
    const Root &r = root(part.root);
    if (!r.key || a.canonicalKey(r.key).empty() || !namedKeyIsStored(r))
      out.blockers.push_back(
          a.reason("unsupported-operation", "the key is read back from the element", part.node));
    else
      a.text.replace(out, part.node->getSourceRange(),
                     a.text.textOr(stripMove(r.key)->getSourceRange(), ""));
  }

  // ---------------------------------------------------------------- one root

  bool find(const Root &r) {
    int index = cluster.roots.front();
    if (!r.handle) {
      if (cluster.name == "contains") {
        rewriteTests(index, presenceText(r));
        return true;
      }
      if (cluster.name != "load" || r.bound)
        return false;
      renameMethod(r, "load");
      rewriteParts(index, "", Answer::Optional);
      return true;
    }
    if (cluster.name == "load" || cluster.name == "contains")
      return answerIs(r, index, "load");
    if (cluster.name == "load_and_delete")
      return answerIs(r, index, "load_and_delete");
    return false;
  }

  bool answerIs(const Root &r, int index, const char *operation) {
    renameMethod(r, operation);
    spellAuto(r.handle);
    std::string handle = r.handle->getNameAsString();
    shortenOrTest(r, index, handle);
    rewriteParts(index, "", Answer::Optional);
    for (const Use &use : a.uses)
      if (use.root == index && use.kind == UseKind::Erase)
        removeCall(use.whole);
    return !r.binding || rewriteBinding(r, handle);
  }

  /// `auto &[key, value] = *it` becomes `auto &value = *it`, and the key the one looked up.
  bool rewriteBinding(const Root &r, const std::string &handle) {
    const DeclStmt *statement = a.statementOf(r.binding);
    if (!statement || !isa_and_nonnull<CompoundStmt>(a.parentOf(statement)))
      return false;
    const BindingDecl *key = r.binding->bindings()[0];
    const BindingDecl *value = r.binding->bindings()[1];
    QualType type = r.binding->getType();
    bool reference = type->isReferenceType();
    QualType whole = type.getNonReferenceType();
    std::string prefix =
        std::string(whole.isConstQualified() ? "const " : "") + "auto " + (reference ? "&" : "");
    std::string line;
    if (a.references.count(key)) {
      if (a.canonicalKey(r.key).empty() || !namedKeyIsStored(r))
        return false;
      line = "const auto &" + key->getNameAsString() + " = " +
             a.text.textOr(stripMove(r.key)->getSourceRange(), "") + ";\n" +
             a.text.indentation(statement->getBeginLoc());
    }
    if (a.references.count(value))
      line += prefix + value->getNameAsString() + " = *" + handle + ";";
    if (line.empty())
      a.text.removeStatement(out, statement->getSourceRange());
    else
      a.text.replace(out, statement->getSourceRange(), line);
    return true;
  }

  /// The key looked up is the key stored: equal keys of these types can't be told apart.
  bool namedKeyIsStored(const Root &r) const {
    return isHashableLikeOrdered(templateArgument(r.reference->getType(), 0)) &&
           stripMove(r.key)->getType().getCanonicalType().getUnqualifiedType() ==
               templateArgument(r.reference->getType(), 0).getCanonicalType();
  }

  /// `if (auto it = m.find(k); it != m.end())` reads better as `if (auto it = m.load(k))`.
  void shortenOrTest(const Root &r, int index, const std::string &handle) {
    for (const Use &use : a.uses) {
      if (use.root != index || use.kind != UseKind::Test)
        continue;
      const auto *branch = dyn_cast_or_null<IfStmt>(a.meaningfulParent(use.whole, nullptr));
      const auto *init = branch ? dyn_cast_or_null<DeclStmt>(branch->getInit()) : nullptr;
      if (use.positive && init && init->isSingleDecl() && init->getSingleDecl() == r.handle &&
          strip(branch->getCond()) == strip(use.whole)) {
        SourceLocation begin = r.call->getEndLoc();
        if (begin.isMacroID() || use.whole->getEndLoc().isMacroID()) {
          a.text.replace(out, use.whole->getSourceRange(), handle); // blocks as a macro
          continue;
        }
        a.text.replace(out, SourceRange(begin, use.whole->getEndLoc()), ")");
        continue;
      }
      bool boolean = a.isBooleanContext(use.whole);
      std::string positive = boolean ? handle : handle + ".has_value()";
      if (const auto *unary =
              dyn_cast_or_null<UnaryOperator>(a.meaningfulParent(use.whole, nullptr));
          !use.positive && unary && unary->getOpcode() == UO_LNot) {
        // `!(it == m.end())` says the same twice over.
        a.text.replace(out, unary->getSourceRange(),
                       a.isBooleanContext(unary) ? handle : handle + ".has_value()");
        continue;
      }
      a.text.replace(out, use.whole->getSourceRange(),
                     use.positive ? positive : negate(use, positive));
    }
  }

  /// Deletes a call that is a statement of its own, or an `if` that it is all of.
  void removeCall(const Expr *call) {
    const Expr *last = call;
    const Stmt *parent = a.meaningfulParent(call, &last);
    if (const auto *block = dyn_cast_or_null<CompoundStmt>(parent)) {
      const auto *branch = dyn_cast_or_null<IfStmt>(a.parentOf(block));
      if (branch && branch->getElse() == block && block->size() == 1)
        return removeElse(*branch);
      a.text.removeStatement(out, call->getSourceRange());
      return;
    }
    out.blockers.push_back(a.reason("unsupported-operation",
                                    "the statement that falls away stands without a block", call));
  }

  void removeElse(const IfStmt &branch) {
    const SourceManager &sources = a.text.sources();
    const auto behind = [&](SourceLocation end) {
      return Lexer::getLocForEndOfToken(end, 0, sources, a.text.language());
    };
    const SourceLocation begin = behind(branch.getThen()->getEndLoc());
    const SourceLocation end = behind(branch.getElse()->getEndLoc());
    if (begin.isInvalid() || end.isInvalid() || !isa<CompoundStmt>(branch.getThen()))
      return out.blockers.push_back(
          a.reason("macro", "the statement that falls away comes from a macro", &branch));
    out.edits.push_back({a.text.fileOf(begin), offset(begin), offset(end) - offset(begin), ""});
  }

  bool put(const Root &r) {
    std::string container = containerText(a, r);
    if (r.method == "insert_or_assign") {
      if (!a.isDiscarded(r.call))
        return false;
      renameMethod(r, "store");
      return true;
    }
    std::optional<std::string> key = a.text.text(strip(r.key)->getSourceRange());
    std::optional<std::string> value = a.text.text(r.values[0]->getSourceRange());
    if (!key || !value) {
      a.text.replace(out, r.call->getSourceRange(), ""); // blocks as a macro
      return false;
    }
    a.text.replace(out, r.call->getSourceRange(),
                   container + ".store(" + *key + ", " + *value + ")");
    return true;
  }

  /// The text of the value that an insertion would construct.
  std::optional<std::string> valueText(const Root &r) const {
    if (r.values.size() == 1) {
      std::optional<std::string> text = a.text.text(r.values[0]->getSourceRange());
      return text;
    }
    std::string text = mappedTypeText(a, r) + "(";
    for (std::size_t i = 0; i < r.values.size(); ++i) {
      std::optional<std::string> each = a.text.text(r.values[i]->getSourceRange());
      if (!each)
        return std::nullopt;
      text += (i ? ", " : "") + *each;
    }
    return text + ")";
  }

  bool insert(const Root &r) {
    int index = cluster.roots.front();
    // The value is now built before it is known whether it is needed, as emplace may do; a value
    // that is lost must not be missed.
    if (r.method == "try_emplace" && !isQuietlyBuilt(templateArgument(r.reference->getType(), 1)))
      return false;
    if (r.method == "try_emplace")
      for (const Expr *value : r.values)
        if (!movable(value, offset(r.call->getBeginLoc()), offset(r.call->getBeginLoc())))
          return false;
    std::optional<std::string> key = a.text.text(strip(r.key)->getSourceRange());
    std::optional<std::string> value = valueText(r);
    if (!key || !value) {
      a.text.replace(out, r.call->getSourceRange(), "");
      return false;
    }
    const std::string call = containerText(a, r) + ".load_or_store(" + *key + ", " + *value + ")";
    for (const FunctionAnalysis::Part &part : a.parts)
      if (part.root == index && a.isInside(r.call, part.node)) {
        // `m.emplace(k, v).first->second`
        if (part.key)
          return false;
        a.text.replace(out, part.node->getSourceRange(), call + ".first");
        return true;
      }
    a.text.replace(out, r.call->getSourceRange(), call);
    rewriteParts(index, "", Answer::Pair);
    return true;
  }

  /// Nobody can tell whether a value was built and thrown away.
  static bool isQuietlyBuilt(QualType type) {
    const CXXRecordDecl *record = type->getAsCXXRecordDecl();
    return !record || isStandardDeclaration(record) ||
           llvm::all_of(record->ctors(), [](const CXXConstructorDecl *constructor) {
             return !constructor->isUserProvided() || onlyInitialises(constructor);
           });
  }

  bool subscript(const Root &r) {
    // A read that inserts a default value if the key is absent.
    if (r.bound || cluster.name != "load_or_store")
      return false;
    std::optional<std::string> key = a.text.text(strip(r.key)->getSourceRange());
    const CXXConstructorDecl *constructor =
        defaultConstructor(templateArgument(r.reference->getType(), 1));
    if (!key || (constructor && !onlyInitialises(constructor)))
      return false;
    a.text.replace(out, r.call->getSourceRange(),
                   containerText(a, r) + ".load_or_store(" + *key + ", " + mappedTypeText(a, r) +
                       "{}).first");
    return true;
  }

  bool extract(const Root &r) {
    int index = cluster.roots.front();
    renameMethod(r, "load_and_delete");
    if (r.handle) {
      spellAuto(r.handle);
      for (const Use &use : a.uses)
        if (use.root == index && use.kind == UseKind::Test && !use.positive)
          a.text.replace(out, use.whole->getSourceRange(), "!" + r.handle->getNameAsString());
      rewriteParts(index, "", Answer::Optional);
      return true;
    }
    return a.isDiscarded(r.call);
  }

  // ---------------------------------------------------------------- several roots

  bool several() {
    if (replaceWholeIf())
      return true;
    int primary = cluster.roots.front();
    const Root &first = root(primary);
    if (cluster.name != "load" && cluster.name != "load_and_delete" &&
        cluster.name != "load_or_store" && cluster.name != "contains" && cluster.name != "erase" &&
        cluster.name != "swap")
      return false;
    for (int index : cluster.roots) {
      const Root &r = root(index);
      if (index != primary && (r.handle || r.bound))
        return false;
      if (!r.handle && r.bound)
        return false;
    }
    bool answersPair = cluster.name == "load_or_store";
    const char *operation = answersPair                         ? "load_or_store"
                            : cluster.name == "load_and_delete" ? "load_and_delete"
                                                                : "load";
    std::string handle;
    std::string arguments = keyText(a, first);
    if (answersPair) {
      std::optional<std::string> value = hoistedValue(first);
      if (!value)
        return false;
      if (StringRef(*value).starts_with("[&]"))
        operation = "load_or_emplace";
      arguments += ", " + *value;
    } else if (cluster.name == "swap") {
      const std::optional<std::string> value = swappedIn(first);
      if (!value)
        return false;
      operation = "swap";
      arguments += ", " + *value;
    }
    markGone();
    if (first.kind == RootKind::Find && first.handle) {
      handle = first.handle->getNameAsString();
      spellAuto(first.handle);
      a.text.replace(out, first.call->getSourceRange(),
                     containerText(a, first) + "." + operation + "(" + arguments + ")");
    } else if (first.kind == RootKind::Presence || first.kind == RootKind::Find) {
      const std::string call = containerText(a, first) + "." + operation + "(" + arguments + ")";
      if (isOnlyTested(cluster)) {
        handle = call;
      } else {
        handle = freshName(a, {"found", "existing", "current"});
        if (!hoist(first, "auto " + handle + " = " + call + ";"))
          return false;
      }
    } else {
      return false;
    }
    for (int index : cluster.roots) {
      const Root &r = root(index);
      if (index == primary && r.handle) {
        tests(index, handle, answersPair);
        rewriteParts(index, answersPair ? handle + ".first" : "",
                     answersPair ? Answer::Pair : Answer::Optional);
        erasures(index);
        continue;
      }
      switch (r.kind) {
      case RootKind::Presence:
      case RootKind::Find:
        tests(index, handle, answersPair);
        // `m.find(k)->second` names the value through the call itself.
        rewriteParts(index, answersPair ? handle + ".first" : handle,
                     answersPair ? Answer::Pair : Answer::Optional);
        erasures(index);
        break;
      case RootKind::At:
      case RootKind::Subscript:
        valueOf(r, handle, answersPair);
        break;
      case RootKind::EraseKey:
      case RootKind::Put:
      case RootKind::Insert:
        if (r.assignment) {
          removeAssignment(*r.assignment);
          break;
        }
        if (!a.isDiscarded(r.call))
          return false;
        removeCall(r.call);
        break;
      default:
        return false;
      }
    }
    for (const Expr *assignment : replacements())
      removeCall(assignment);
    return true;
  }

  /// What falls away in whole, so that nothing in it is edited.
  void markGone() {
    for (const Expr *assignment : replacements())
      gone.push_back(assignment);
    for (int index : cluster.roots)
      if (const Expr *assignment = root(index).assignment)
        gone.push_back(shellOf(*assignment));
  }

  bool isGone(const Stmt *node) const {
    return llvm::any_of(gone, [&](const Stmt *each) { return a.isInside(node, each); });
  }

  /// `if (it == m.end()) it = m.emplace(k, v).first;` and no more, or the assignment alone.
  const Stmt *shellOf(const Expr &assignment) const {
    const Stmt *statement = &assignment;
    while (isa_and_nonnull<Expr>(a.parentOf(statement)))
      statement = a.parentOf(statement);
    const Stmt *around = a.parentOf(statement);
    if (const auto *block = dyn_cast_or_null<CompoundStmt>(around); block && block->size() == 1)
      around = a.parentOf(block);
    const auto *branch = dyn_cast_or_null<IfStmt>(around);
    if (!branch || branch->getElse() || branch->getInit() || branch->getConditionVariable() ||
        !isa_and_nonnull<CompoundStmt>(a.parentOf(branch)))
      return &assignment;
    for (const Use &use : a.uses)
      if (use.root == cluster.roots.front() && use.kind == UseKind::Test &&
          strip(use.whole) == strip(branch->getCond()))
        return branch;
    return &assignment;
  }

  void removeAssignment(const Expr &assignment) {
    const Stmt *shell = shellOf(assignment);
    if (const auto *branch = dyn_cast<IfStmt>(shell))
      a.text.removeStatement(out, wholeRange(a, *branch));
    else
      removeCall(&assignment);
  }

  /// `it->second = value`, as whole expressions.
  std::vector<const Expr *> replacements() const {
    std::vector<const Expr *> result;
    for (const Use &use : a.uses)
      if (use.kind == UseKind::Replace &&
          std::find(cluster.roots.begin(), cluster.roots.end(), use.root) != cluster.roots.end())
        result.push_back(use.whole);
    return result;
  }

  /// The one value that is assigned or inserted, if it can be named where the look-up stands and
  /// the old value is not looked at after that.
  std::optional<std::string> swappedIn(const Root &first) const {
    const unsigned here = offset(first.call->getBeginLoc());
    std::optional<std::string> common;
    const auto agrees = [&](const Expr *value) {
      std::optional<std::string> text = a.text.text(stripMove(value)->getSourceRange());
      if (!text || !isNameOrLiteral(value) || !movable(value, here, offset(value->getBeginLoc())) ||
          (common && *common != *text))
        return false;
      common = text;
      return true;
    };
    for (const Expr *whole : replacements()) {
      const auto *binary = dyn_cast<BinaryOperator>(strip(whole));
      const auto *call = dyn_cast<CXXOperatorCallExpr>(strip(whole));
      const Expr *value = binary ? binary->getRHS() : call ? call->getArg(1) : nullptr;
      if (!value || !a.isDiscarded(whole) || !agrees(value))
        return std::nullopt;
    }
    for (int index : cluster.roots) {
      const Root &r = root(index);
      if (r.kind != RootKind::Put && r.kind != RootKind::Insert)
        continue;
      if (r.values.size() != 1 || !a.isDiscarded(r.call) || !agrees(r.values[0]))
        return std::nullopt;
    }
    for (const Path &path : a.outcomesOf(cluster.roots.front()).paths) {
      bool replaced = false;
      for (const PathStep &step : path) {
        if (step.kind != PathStep::Use)
          continue;
        const Use &use = a.uses[static_cast<std::size_t>(step.index)];
        if (std::find(cluster.roots.begin(), cluster.roots.end(), use.root) == cluster.roots.end())
          continue;
        if (replaced && use.kind == UseKind::Read)
          return std::nullopt;
        replaced |= use.kind == UseKind::Replace;
      }
    }
    return common;
  }

  void erasures(int index) {
    for (const Use &use : a.uses)
      if (use.root == index && use.kind == UseKind::Erase)
        removeCall(use.whole);
  }

  void tests(int index, const std::string &handle, bool pair) {
    for (const Use &use : a.uses) {
      if (use.root != index || use.kind != UseKind::Test || isGone(use.whole))
        continue;
      std::string text;
      if (pair)
        text = use.positive ? "!" + handle + ".second" : handle + ".second";
      else
        text = (use.positive ? "" : "!") +
               (a.isBooleanContext(use.whole) ? handle : handle + ".has_value()");
      a.text.replace(out, use.whole->getSourceRange(), text);
    }
  }

  void valueOf(const Root &r, const std::string &handle, bool pair) {
    const Stmt *parent = a.meaningfulParent(r.call, nullptr);
    if (pair) {
      a.text.replace(out, r.call->getSourceRange(), handle + ".first");
      return;
    }
    const auto *member = dyn_cast_or_null<MemberExpr>(parent);
    if (member && !member->isArrow()) {
      a.text.replace(out, SourceRange(r.call->getBeginLoc(), member->getOperatorLoc()),
                     handle + "->");
      return;
    }
    bool postfix = member != nullptr;
    if (const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(parent))
      postfix |= call->getOperator() == OO_Arrow || call->getOperator() == OO_Subscript;
    a.text.replace(out, r.call->getSourceRange(), postfix ? "(*" + handle + ")" : "*" + handle);
  }

  /// The statement, child of a block, that an expression is part of.
  const Stmt *statementOf(const Stmt *node) const {
    const Stmt *child = node;
    for (const Stmt *up = a.parentOf(node); up; up = a.parentOf(up)) {
      if (isa<CompoundStmt>(up))
        return child;
      if (isa<ForStmt>(up) || isa<WhileStmt>(up) || isa<DoStmt>(up) || isa<CXXForRangeStmt>(up))
        return nullptr; // evaluated more often than what stands before it
      child = up;
    }
    return nullptr;
  }

  /// Whether the answer is needed for nothing but one test, which the call itself can be.
  bool isOnlyTested(const Cluster &whole) const {
    int tested = 0;
    for (const Use &use : a.uses)
      if (std::find(whole.roots.begin(), whole.roots.end(), use.root) != whole.roots.end())
        tested += use.kind == UseKind::Test && use.root == whole.roots.front() ? 1 : 2;
    return tested == 1 && std::none_of(whole.roots.begin() + 1, whole.roots.end(), [&](int index) {
             const RootKind kind = root(index).kind;
             return kind == RootKind::Presence || kind == RootKind::Find || kind == RootKind::At ||
                    kind == RootKind::Subscript;
           });
  }

  static bool calls(const Stmt *node) {
    return node && (isa<CallExpr>(node) || isa<CXXConstructExpr>(node) ||
                    llvm::any_of(node->children(), calls));
  }

  /// Nothing of the statement that could matter to the expression, or decides whether it is
  /// evaluated at all, comes before it.
  bool isEvaluatedFirst(const Expr *expression, const Stmt *statement) const {
    const Stmt *child = expression;
    while (child != statement) {
      const Stmt *parent = a.parentOf(child);
      if (const auto *branch = dyn_cast<IfStmt>(parent)) {
        if (child != branch->getCond() || branch->getInit() || branch->getConditionVariable())
          return false;
      } else if (const auto *choice = dyn_cast<AbstractConditionalOperator>(parent)) {
        if (child != choice->getCond())
          return false;
      } else if (isa<Expr>(parent) && !isa<LambdaExpr>(parent)) {
        const auto *binary = dyn_cast<BinaryOperator>(parent);
        if (binary && binary->isLogicalOp() && child == binary->getRHS())
          return false;
        for (const Stmt *sibling : parent->children()) {
          if (sibling == child)
            break;
          if (calls(sibling))
            return false;
        }
      } else if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
        if (!declaration->isSingleDecl())
          return false;
      } else if (!isa<ReturnStmt>(parent)) {
        return false;
      }
      child = parent;
    }
    return true;
  }

  bool hoist(const Root &first, const std::string &line) {
    const Stmt *statement = statementOf(first.call);
    if (!statement || !isEvaluatedFirst(first.call, statement))
      return false;
    std::string indentation = a.text.indentation(statement->getBeginLoc());
    a.text.insertBefore(out, statement->getBeginLoc(), line + "\n" + indentation);
    return true;
  }

  unsigned offset(SourceLocation location) const {
    return a.text.sources().getFileOffset(a.text.sources().getFileLoc(location));
  }

  /// Costs nothing to evaluate whether it is needed or not.
  static bool isNameOrLiteral(const Expr *value) {
    value = stripMove(value);
    return isa<DeclRefExpr>(value) || isa<IntegerLiteral>(value) ||
           isa<CXXBoolLiteralExpr>(value) || isa<FloatingLiteral>(value);
  }

  /// The value of the insertion on a miss, if it can be named where the look-up stands.
  std::optional<std::string> hoistedValue(const Root &first) const {
    const Root *insertion = nullptr;
    for (int index : cluster.roots) {
      const Root &r = root(index);
      if (r.kind != RootKind::Put && r.kind != RootKind::Insert)
        continue;
      if (insertion || (!r.assignment && !a.isDiscarded(r.call)))
        return std::nullopt;
      insertion = &r;
    }
    if (!insertion)
      return std::nullopt;
    unsigned here = offset(first.call->getBeginLoc());
    bool plain = insertion->values.size() == 1;
    for (const Expr *value : insertion->values) {
      if (!movable(value, here, offset(insertion->call->getBeginLoc())))
        return std::nullopt;
      plain &= isNameOrLiteral(value);
    }
    std::optional<std::string> text = valueText(*insertion);
    if (!text)
      return std::nullopt;
    if (StringRef(*text).starts_with("{"))
      text = mappedTypeText(a, *insertion) + *text;
    if (plain)
      return text;
    return "[&] { return " + *text + "; }";
  }

  /// An expression means the same at an earlier place: it only names what exists and does not
  /// change, and calls nothing with effects.
  bool movable(const Expr *value, unsigned here, unsigned there) const {
    bool fine = true;
    auto visit = [&](auto &self, const Stmt *node) -> void {
      if (!node || !fine)
        return;
      if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
        const ValueDecl *declaration = reference->getDecl();
        if (const auto *variable = dyn_cast<VarDecl>(declaration)) {
          if (!variable->hasLocalStorage() || a.changed.count(variable) ||
              offset(variable->getLocation()) > here)
            fine = false;
          // A variable that is moved from must not be looked at on the way.
          auto found = a.references.find(variable);
          if (found != a.references.end())
            for (const DeclRefExpr *other : found->second)
              if (offset(other->getLocation()) > here && offset(other->getLocation()) < there &&
                  stripMove(value) == reference && strip(value) != reference)
                fine = false;
        } else if (isa<BindingDecl>(declaration)) {
          fine = false;
        }
      } else if (const auto *call = dyn_cast<CallExpr>(node)) {
        fine &= isHarmless(call->getDirectCallee());
        for (const CXXConstructorDecl *constructor : constructorsRunBy(call->getDirectCallee()))
          fine &= onlyInitialises(constructor);
      } else if (const auto *construct = dyn_cast<CXXConstructExpr>(node)) {
        const CXXConstructorDecl *constructor = construct->getConstructor();
        fine &= isHarmless(constructor) || constructor->isImplicit() ||
                constructor->isDefaulted() || constructor->isTrivial() ||
                onlyInitialises(constructor);
      } else if (isa<LambdaExpr>(node) || isa<CXXNewExpr>(node) || isa<CXXThisExpr>(node) ||
                 isa<MemberExpr>(node)) {
        if (const auto *member = dyn_cast<MemberExpr>(node);
            !member || isa<FieldDecl>(member->getMemberDecl()))
          fine = false;
      } else if (const auto *unary = dyn_cast<UnaryOperator>(node);
                 unary && unary->isIncrementDecrementOp()) {
        fine = false;
      }
      for (const Stmt *child : node->children())
        self(self, child);
    };
    visit(visit, value);
    return fine;
  }

  /// `if (!m.count(k)) m[k] = v;` and `if (m.count(k)) m.erase(k);` as a whole.
  bool replaceWholeIf() {
    if (cluster.roots.size() != 2)
      return false;
    const Root &test = root(cluster.roots[0]);
    const Root &action = root(cluster.roots[1]);
    if ((test.kind != RootKind::Presence && test.kind != RootKind::Find) || test.handle)
      return false;
    const Use *asked = nullptr;
    for (const Use &use : a.uses)
      if (use.root == cluster.roots[0]) {
        if (use.kind != UseKind::Test || asked)
          return false;
        asked = &use;
      }
    if (!asked)
      return false;
    const Stmt *up = a.meaningfulParent(asked->whole, nullptr);
    bool negated = !asked->positive;
    const Expr *condition = asked->whole;
    if (const auto *unary = dyn_cast_or_null<UnaryOperator>(up);
        unary && unary->getOpcode() == UO_LNot) {
      negated = !negated;
      condition = unary;
      up = a.meaningfulParent(unary, nullptr);
    }
    const auto *branch = dyn_cast_or_null<IfStmt>(up);
    if (!branch || branch->getElse() || branch->getInit() ||
        strip(branch->getCond()) != strip(condition) || !a.isDiscarded(action.call))
      return false;
    const Stmt *body = branch->getThen();
    if (const auto *block = dyn_cast<CompoundStmt>(body)) {
      if (block->size() != 1)
        return false;
      body = block->body_front();
    }
    const auto *expression = dyn_cast<Expr>(body);
    if (!expression || strip(expression) != strip(action.call))
      return false;
    std::string container = containerText(a, action);
    if (negated && (action.kind == RootKind::Put || action.kind == RootKind::Insert)) {
      std::optional<std::string> value = valueText(action);
      if (!value)
        return false;
      unsigned here = offset(branch->getBeginLoc());
      bool plain = action.values.size() == 1;
      for (const Expr *each : action.values) {
        if (!movable(each, here, here))
          return false;
        plain &= isNameOrLiteral(each);
      }
      if (StringRef(*value).starts_with("{"))
        value = mappedTypeText(a, action) + *value;
      a.text.replace(out, wholeRange(a, *branch),
                     plain
                         ? container + ".load_or_store(" + keyText(a, action) + ", " + *value + ");"
                         : container + ".load_or_emplace(" + keyText(a, action) +
                               ", [&] { return " + *value + "; });");
      return true;
    }
    return false;
  }

  const FunctionAnalysis &a;
  const Cluster &cluster;
  Candidate &out;
  std::vector<const Stmt *> gone;
};

} // namespace

bool rewriteAsExpressions(const FunctionAnalysis &analysis, const Cluster &cluster,
                          Candidate &out) {
  return ExpressionRewriter(analysis, cluster, out).run();
}

} // namespace unlatch
