// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several roots that are one operation: the first look-up becomes it, the others read its answer or
// fall away.

#include "rewriters/expression_rewriter.h"

#include "matchers/types.h"
#include "rewriters/code_motion.h"
#include "rewriters/evaluation_order.h"
#include "rewriters/key_presence.h"

using namespace clang;

namespace unlatch {

/// A value that is computed on a miss alone is given as a function.
static const char *insertionFor(StringRef value) {
  return value.starts_with("[&]") ? "load_or_emplace" : "load_or_store";
}

bool ExpressionRewriter::several() {
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
  if (!asksAboutTheStart(a, cluster))
    return false;
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
    operation = insertionFor(*value);
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
    if (isOnlyTested()) {
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

void ExpressionRewriter::markGone() {
  for (const Expr *assignment : replacements())
    gone.push_back(assignment);
  for (int index : cluster.roots)
    if (const Expr *assignment = root(index).assignment)
      gone.push_back(shellOf(*assignment));
}

bool ExpressionRewriter::isGone(const Stmt *node) const {
  return llvm::any_of(gone, [&](const Stmt *each) { return a.isInside(node, each); });
}

const Stmt *ExpressionRewriter::shellOf(const Expr &assignment) const {
  const Stmt *around = a.parentOf(fullExpression(a, &assignment));
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

void ExpressionRewriter::removeAssignment(const Expr &assignment) {
  const Stmt *shell = shellOf(assignment);
  if (const auto *branch = dyn_cast<IfStmt>(shell))
    a.text.removeStatement(out, wholeRange(a, *branch));
  else
    removeCall(&assignment);
}

std::vector<const Expr *> ExpressionRewriter::replacements() const {
  std::vector<const Expr *> result;
  for (const Use &use : a.uses)
    if (use.kind == UseKind::Replace && cluster.has(use.root))
      result.push_back(use.whole);
  return result;
}

std::optional<std::string> ExpressionRewriter::swappedIn(const Root &first) const {
  std::optional<std::string> common;
  const auto agrees = [&](const Expr *value, const Expr *change) {
    std::optional<std::string> text = a.text.text(stripMove(value)->getSourceRange());
    if (!text || !isNameOrLiteral(value) ||
        !CodeMotion(a, cluster, first.call, change).preserves(value) ||
        (common && *common != *text))
      return false;
    common = text;
    return true;
  };
  for (const Expr *whole : replacements()) {
    const auto *binary = dyn_cast<BinaryOperator>(strip(whole));
    const auto *call = dyn_cast<CXXOperatorCallExpr>(strip(whole));
    const Expr *value = binary ? binary->getRHS() : call ? call->getArg(1) : nullptr;
    if (!value || !a.isDiscarded(whole) || !agrees(value, whole))
      return std::nullopt;
  }
  for (int index : cluster.roots) {
    const Root &r = root(index);
    if (r.kind != RootKind::Put && r.kind != RootKind::Insert)
      continue;
    if (r.values.size() != 1 || !a.isDiscarded(r.call) || !agrees(r.values[0], r.call))
      return std::nullopt;
  }
  for (const Path &path : a.outcomesOf(cluster.roots.front()).paths) {
    bool replaced = false;
    for (const PathStep &step : path) {
      if (step.kind != PathStep::Use)
        continue;
      const Use &use = a.uses[static_cast<std::size_t>(step.index)];
      if (!cluster.has(use.root))
        continue;
      if (replaced && use.kind == UseKind::Read)
        return std::nullopt;
      replaced |= use.kind == UseKind::Replace;
    }
  }
  return common;
}

void ExpressionRewriter::erasures(int index) {
  for (const Use &use : a.uses)
    if (use.root == index && use.kind == UseKind::Erase)
      removeCall(use.whole);
}

void ExpressionRewriter::tests(int index, const std::string &handle, bool pair) {
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

void ExpressionRewriter::valueOf(const Root &r, const std::string &handle, bool pair) {
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

bool ExpressionRewriter::isOnlyTested() const {
  int tested = 0;
  for (const Use &use : a.uses)
    if (cluster.has(use.root))
      tested += use.kind == UseKind::Test && use.root == cluster.roots.front() ? 1 : 2;
  return tested == 1 &&
         std::none_of(cluster.roots.begin() + 1, cluster.roots.end(), [&](int index) {
           const RootKind kind = root(index).kind;
           return kind == RootKind::Presence || kind == RootKind::Find || kind == RootKind::At ||
                  kind == RootKind::Subscript;
         });
}

bool ExpressionRewriter::hoist(const Root &first, const std::string &line) {
  const Stmt *statement = statementOf(a, first.call);
  if (!statement || !isEvaluatedFirst(a, first.call, statement))
    return false;
  std::string indentation = a.text.indentation(statement->getBeginLoc());
  a.text.insertBefore(out, statement->getBeginLoc(), line + "\n" + indentation);
  return true;
}

std::optional<std::string> ExpressionRewriter::hoistedValue(const Root &first) const {
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
  return valueAt(*insertion, first);
}

std::optional<std::string> ExpressionRewriter::valueAt(const Root &insertion,
                                                       const Root &lookUp) const {
  const CodeMotion motion(a, cluster, lookUp.call, insertion.call);
  const QualType mapped = templateArgument(insertion.reference->getType(), 1);
  bool plain = insertion.values.size() == 1;
  for (const Expr *value : insertion.values) {
    if (!motion.preserves(value) || movesWhatIsLent(value, plain ? mapped : QualType()))
      return std::nullopt;
    plain &= isStoredAsItIs(value, mapped);
    if (lookUp.key && isMovedBeside(lookUp.key, value))
      return std::nullopt;
  }
  std::optional<std::string> text = valueText(insertion);
  if (!text)
    return std::nullopt;
  if (StringRef(*text).starts_with("{"))
    text = mappedTypeText(a, insertion) + *text;
  if (plain)
    return text;
  // What leads into a temporary has to be followed before the function returns.
  const bool leads = insertion.values.size() == 1 &&
                     leadsElsewhere(insertion.values[0]->getType()) && !leadsElsewhere(mapped);
  return "[&]" + (leads ? "() -> " + mappedTypeText(a, insertion) : "") + " { return " + *text +
         "; }";
}

bool ExpressionRewriter::replaceWholeIf() {
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
  if (!negated || (action.kind != RootKind::Put && action.kind != RootKind::Insert))
    return false;
  const std::optional<std::string> value = valueAt(action, test);
  if (!value)
    return false;
  // load_or_store() leaves a key that it has no use for, load_or_emplace() takes it before it asks.
  const StringRef operation = insertionFor(*value);
  const Root &named = operation == "load_or_store" ? action : test;
  a.text.replace(out, wholeRange(a, *branch),
                 containerText(a, action) + "." + operation.str() + "(" + keyText(a, named) + ", " +
                     *value + ");");
  return true;
}

} // namespace unlatch
