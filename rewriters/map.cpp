// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rewrites a cluster by expressions alone: one look-up becomes the operation, what was read through
// its iterator is read from its answer, and what the operation has done by then is deleted.
// Control flow, comments and names stay where they are.

#include "rewriters/expression_rewriter.h"

#include "matchers/effects.h"
#include "matchers/harmless.h"
#include "matchers/types.h"
#include "rewriters/code_motion.h"
#include "rewriters/evaluation_order.h"

using namespace clang;

namespace unlatch {

namespace {

/// Nobody can tell whether a value was built and thrown away.
bool isQuietlyBuilt(QualType type) {
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return !record || isStandardDeclaration(record) ||
         llvm::all_of(record->ctors(), [](const CXXConstructorDecl *constructor) {
           return (!constructor->isUserProvided() && !constructor->hasBody()) ||
                  onlyInitialises(constructor);
         });
}

} // namespace

bool ExpressionRewriter::run() {
  for (int index : cluster.roots)
    for (const Use &use : a.uses)
      if (use.root == index && isChange(use))
        return false;
  // It happens where the first root is evaluated.
  const Root &first = root(cluster.roots.front());
  if (!first.call || !staysWhole(a, cluster, first.call))
    return false;
  bool done = cluster.roots.size() == 1 ? single(first) : several();
  return done && out.blockers.empty();
}

bool ExpressionRewriter::isChange(const Use &use) const {
  return (use.kind == UseKind::Modify && cluster.name != "load_and_delete") ||
         (use.kind == UseKind::Replace && cluster.name != "swap");
}

bool ExpressionRewriter::single(const Root &only) {
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

bool isOfKeyType(const Root &r) {
  return stripMove(r.key)->getType().getCanonicalType().getUnqualifiedType() ==
         templateArgument(r.reference->getType(), 0).getCanonicalType();
}

/// And equal is the same.
static bool namedKeyIsStored(const Root &r) {
  return isHashableLikeOrdered(templateArgument(r.reference->getType(), 0)) && isOfKeyType(r);
}

// ---------------------------------------------------------------- one root

std::string ExpressionRewriter::presenceText(const Root &r) const {
  return containerText(a, r) + ".contains(" + keyText(a, r) + ")";
}

void ExpressionRewriter::rewriteTests(int index, const std::string &text, bool bare) {
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

std::string ExpressionRewriter::negate(const Use &use, const std::string &text) const {
  // `a == b == c` and the like need the parentheses that `!` does not.
  const Stmt *parent = a.meaningfulParent(use.whole, nullptr);
  bool comparison = false;
  if (const auto *binary = dyn_cast_or_null<BinaryOperator>(parent))
    comparison = binary->isComparisonOp();
  return comparison ? "(!" + text + ")" : "!" + text;
}

void ExpressionRewriter::renameMethod(const Root &r, const char *name) {
  const auto *call = cast<CXXMemberCallExpr>(r.call);
  const auto *member = cast<MemberExpr>(call->getCallee()->IgnoreParens());
  a.text.replace(out, SourceRange(member->getMemberLoc(), member->getMemberLoc()), name);
}

bool ExpressionRewriter::find(const Root &r) {
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

bool ExpressionRewriter::answerIs(const Root &r, int index, const char *operation) {
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

bool ExpressionRewriter::rewriteBinding(const Root &r, const std::string &handle) {
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

void ExpressionRewriter::shortenOrTest(const Root &r, int index, const std::string &handle) {
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
    if (const auto *unary = dyn_cast_or_null<UnaryOperator>(a.meaningfulParent(use.whole, nullptr));
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

bool ExpressionRewriter::isMissed(const Root &r, const Expr *value) {
  if (!unlatch::isMissed(a, value, offsetOf(a, r.call->getBeginLoc())))
    return false;
  out.blockers.push_back(
      a.reason("unsupported-operation", "what is moved from here is looked at again", value));
  return true;
}

bool ExpressionRewriter::movesKey(const Root &r) {
  for (const Expr *value : r.values)
    if (r.key && isMovedBeside(r.key, value)) {
      out.blockers.push_back(a.reason("unsupported-operation",
                                      "the key and the value are made of the same, in no order",
                                      value));
      return true;
    }
  return false;
}

/// What is there already is assigned to, what is not is built of the value: a class of the program
/// may do so differently.
bool ExpressionRewriter::isAssignedAsBuilt(const Root &r) const {
  const QualType mapped = templateArgument(r.reference->getType(), 1);
  const CXXRecordDecl *record = mapped->getAsCXXRecordDecl();
  return !record || isStandardDeclaration(record) ||
         a.context.hasSameUnqualifiedType(strip(r.values[0])->getType().getNonReferenceType(),
                                          mapped);
}

bool ExpressionRewriter::put(const Root &r) {
  std::string container = containerText(a, r);
  // The library leaves the key alone if it is there already.
  if (isMissed(r, r.key) || movesKey(r))
    return false;
  if (r.method == "insert_or_assign") {
    if (!a.isDiscarded(r.call) || !isAssignedAsBuilt(r))
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
  a.text.replace(out, r.call->getSourceRange(), container + ".store(" + *key + ", " + *value + ")");
  return true;
}

bool ExpressionRewriter::insert(const Root &r) {
  int index = cluster.roots.front();
  if (movesKey(r))
    return false;
  // The value is now built before it is known whether it is needed, as emplace may do; a value
  // that is lost must not be missed.
  const QualType mapped = templateArgument(r.reference->getType(), 1);
  // The library takes what is moved in, also where the key is there already.
  if (r.method != "try_emplace")
    for (const Expr *value : r.values)
      if (isMissed(r, value))
        return false;
  if (r.method == "try_emplace" && !isQuietlyBuilt(mapped))
    return false;
  if (r.method == "try_emplace")
    for (const Expr *value : r.values)
      if (hasEffects(value) || !isMovedForGood(a, value, offsetOf(a, r.call->getBeginLoc())) ||
          movesWhatIsLent(value, r.values.size() == 1 ? mapped : QualType()))
        return false;
  std::optional<std::string> key = a.text.text(strip(r.key)->getSourceRange());
  std::optional<std::string> value = valueText(r);
  if (!key || !value) {
    a.text.replace(out, r.call->getSourceRange(), "");
    return false;
  }
  // try_emplace() builds nothing where the key is there; the others may.
  const bool isLazy = r.method == "try_emplace" && llvm::any_of(r.values, [&](const Expr *each) {
                        return !isStoredAsItIs(each, mapped);
                      });
  if (isLazy && (hasEffects(r.key) || movesAnything(r.key)))
    return false;
  const std::string built =
      r.values.size() == 1 ? mappedTypeText(a, r) + "(" + *value + ")" : *value;
  const std::string call = containerText(a, r) +
                           (isLazy ? ".load_or_emplace(" + *key + ", [&] { return " + built + "; })"
                                   : ".load_or_store(" + *key + ", " + *value + ")");
  for (const FunctionAnalysis::Part &part : a.parts)
    if (part.root == index && a.isInside(r.call, part.node)) {
      // `m.emplace(k, v).first->second`, of which now a copy is left at the statement's end.
      if (part.key || r.bound)
        return false;
      a.text.replace(out, part.node->getSourceRange(), call + ".first");
      return true;
    }
  a.text.replace(out, r.call->getSourceRange(), call);
  rewriteParts(index, "", Answer::Pair);
  return true;
}

bool ExpressionRewriter::subscript(const Root &r) {
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

bool ExpressionRewriter::extract(const Root &r) {
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

// ---------------------------------------------------------------- one root or several

void ExpressionRewriter::spellAuto(const VarDecl *variable) {
  if (!variable || isa<DecompositionDecl>(variable))
    return;
  TypeLoc written = variable->getTypeSourceInfo()->getTypeLoc();
  if (written.getType()->getContainedAutoType())
    return;
  a.text.replace(out, written.getSourceRange(), "auto");
}

void ExpressionRewriter::rewriteParts(int index, const std::string &handle, Answer answer) {
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

void ExpressionRewriter::replaceKey(const FunctionAnalysis::Part &part) {
  const Root &r = root(part.root);
  if (!r.key || a.canonicalKey(r.key).empty() || !namedKeyIsStored(r))
    out.blockers.push_back(
        a.reason("unsupported-operation", "the key is read back from the element", part.node));
  else
    a.text.replace(out, part.node->getSourceRange(),
                   a.text.textOr(stripMove(r.key)->getSourceRange(), ""));
}

std::optional<std::string> ExpressionRewriter::valueText(const Root &r) const {
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

void ExpressionRewriter::removeCall(const Expr *call) {
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

void ExpressionRewriter::removeElse(const IfStmt &branch) {
  const SourceManager &sources = a.text.sources();
  const auto behind = [&](SourceLocation end) {
    return Lexer::getLocForEndOfToken(end, 0, sources, a.text.language());
  };
  const SourceLocation begin = behind(branch.getThen()->getEndLoc());
  const SourceLocation end = behind(branch.getElse()->getEndLoc());
  if (begin.isInvalid() || end.isInvalid() || !isa<CompoundStmt>(branch.getThen()))
    return out.blockers.push_back(
        a.reason("macro", "the statement that falls away comes from a macro", &branch));
  out.edits.push_back(
      {a.text.fileOf(begin), offsetOf(a, begin), offsetOf(a, end) - offsetOf(a, begin), ""});
}

bool rewriteAsExpressions(const FunctionAnalysis &analysis, const Cluster &cluster,
                          Candidate &out) {
  return ExpressionRewriter(analysis, cluster, out).run();
}

} // namespace unlatch
