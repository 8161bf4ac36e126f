// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalars that become std::atomic: which operation the accesses in a section are, and its text.
// std::atomic's own operators are sequentially consistent, so most writes stay as they are.

#include "matchers/comparisons.h"
#include "matchers/effects.h"
#include "rewriters/code_motion.h"
#include "rewriters/evaluation_order.h"
#include "rewriters/value_category.h"

using namespace clang;

namespace unlatch {

namespace {

enum class Touch { Read, Add, Set, Exchange, Other };

class ScalarRewriter {
public:
  ScalarRewriter(const FunctionAnalysis &analysis, const Cluster &cluster, Candidate &out)
      : a(analysis), cluster(cluster), out(out) {}

  std::string run() {
    std::vector<Site> sites;
    for (int index : cluster.roots)
      if (!describe(index, sites))
        return none("the value is used in a way that no atomic operation expresses", index);
    if (sites.size() == 1)
      return one(sites.front());
    if (sites.size() == 2 && !llvm::any_of(sites, [&](const Site &site) { return loops(site); }))
      return two(sites[0], sites[1]);
    return none("several accesses in one section do not amount to one atomic operation",
                cluster.roots.front());
  }

private:
  struct Site {
    int root = 0;
    Touch touch = Touch::Other;
    const Expr *node = nullptr;  ///< the variable
    const Expr *whole = nullptr; ///< the operation on it
    bool prefix = false;
    bool used = false; ///< the operation's result is used
  };

  std::string none(const char *message, int index) {
    const Root &r = a.roots[static_cast<std::size_t>(index)];
    out.blockers.push_back(a.reason("unsupported-operation", message, r.reference));
    return "none";
  }

  bool describe(int index, std::vector<Site> &sites) {
    const Root &r = a.roots[static_cast<std::size_t>(index)];
    QualType type = r.reference->getType();
    Site site;
    site.root = index;
    site.node = r.reference;
    site.whole = r.reference;
    int count = 0;
    for (const Use &use : a.uses) {
      if (use.root != index)
        continue;
      if (use.kind == UseKind::Read && (count > 0 || isa<CallExpr>(use.whole)))
        continue; // the result of an assignment, or of std::exchange
      ++count;
      switch (use.kind) {
      case UseKind::Read:
        site.touch = Touch::Read;
        break;
      case UseKind::Replace:
        site.touch = isa<CallExpr>(use.whole) ? Touch::Exchange : Touch::Set;
        site.whole = use.whole;
        break;
      case UseKind::Modify:
        site.whole = use.whole;
        site.touch = arithmetic(*use.whole, type, site) ? Touch::Add : Touch::Other;
        break;
      default:
        return false;
      }
    }
    if (count != 1 || site.touch == Touch::Other)
      return false;
    site.used = site.whole != site.node && !a.isDiscarded(site.whole);
    const bool isValue = site.touch == Touch::Read
                             ? isUsedAsValue(a, site.node)
                             : !site.used || site.touch == Touch::Exchange ||
                                   site.whole->isPRValue() || isLoaded(a, site.whole);
    if (!isValue)
      return false;
    sites.push_back(site);
    return true;
  }

  bool arithmetic(const Expr &operation, QualType type, Site &site) {
    bool integral = type->isIntegerType() && !type->isBooleanType() && !type->isEnumeralType();
    // Before C++20, std::atomic has no sums of these: a function of the runtime stands for one.
    bool floating = type->isRealFloatingType() &&
                    (a.context.getLangOpts().CPlusPlus20 || a.isDiscarded(&operation));
    if (const auto *unary = dyn_cast<UnaryOperator>(&operation)) {
      site.prefix = unary->isPrefix();
      return integral;
    }
    const auto *binary = dyn_cast<CompoundAssignOperator>(&operation);
    if (!binary)
      return false;
    // An atomic converts the operand first. Integers wrap around to the same, others do not.
    const QualType computed = binary->getComputationResultType();
    if (integral ? !computed->isIntegerType() : !a.context.hasSameUnqualifiedType(computed, type))
      return false;
    site.prefix = true;
    switch (binary->getOpcode()) {
    case BO_AddAssign:
    case BO_SubAssign:
      return integral || floating;
    case BO_AndAssign:
    case BO_OrAssign:
    case BO_XorAssign:
      bits = true;
      return integral;
    default:
      return false;
    }
  }

  std::string textOf(const Site &site) const {
    return a.text.textOr(site.node->getSourceRange(), "");
  }

  std::string one(const Site &site) {
    switch (site.touch) {
    case Touch::Read:
      a.text.insertAfter(out, site.node->getSourceRange(), ".load()");
      return "get";
    case Touch::Set:
      return "set";
    case Touch::Add:
      if (loops(site))
        addInLoop(site);
      return bits ? "update" : "add";
    case Touch::Exchange:
      a.text.replace(
          out, site.whole->getSourceRange(),
          textOf(site) + ".exchange(" +
              a.text.textOr(cast<CallExpr>(site.whole)->getArg(1)->getSourceRange(), "") + ")");
      return "exchange";
    default:
      return "none";
    }
  }

  /// A sum that takes a loop of compare-and-swaps.
  bool loops(const Site &site) const {
    return site.touch == Touch::Add && site.node->getType()->isRealFloatingType() &&
           !a.context.getLangOpts().CPlusPlus20;
  }

  void addInLoop(const Site &site) {
    const auto *binary = cast<CompoundAssignOperator>(site.whole);
    const bool plus = binary->getOpcode() == BO_AddAssign;
    a.text.replace(out, site.whole->getSourceRange(),
                   std::string(plus ? "unlatch::fetch_add(" : "unlatch::fetch_sub(") +
                       textOf(site) + ", " + a.text.textOr(binary->getRHS()->getSourceRange(), "") +
                       ")");
    addHeader();
  }

  bool meetOnEveryPath(const Site &left, const Site &right) const {
    for (const Path &path : a.outcomesOf(cluster.roots.front()).paths) {
      bool first = false, second = false;
      for (const PathStep &step : path)
        if (step.kind == PathStep::Root) {
          first |= step.index == left.root;
          second |= step.index == right.root;
        }
      if (first != second)
        return false;
    }
    return true;
  }

  std::string two(const Site &left, const Site &right) {
    // One of the two moves to where the other is.
    const CodeMotion motion(a, cluster, left.whole, right.whole);
    const auto joins = [&](const Site &add) {
      const auto *binary = dyn_cast<BinaryOperator>(add.whole);
      return binary ? motion.joins(binary->getRHS()) : motion.staysWhole();
    };
    if (!bits && meetOnEveryPath(left, right)) {
      // `seq++; return seq;` is one addition that gives the new value.
      if (left.touch == Touch::Add && right.touch == Touch::Read && !left.used && removable(left) &&
          joins(left)) {
        a.text.removeStatement(out, left.whole->getSourceRange());
        a.text.replace(out, right.node->getSourceRange(), operation(left, true));
        return "add";
      }
      // `id = next; next++;` is one addition that gives the old value.
      if (left.touch == Touch::Read && right.touch == Touch::Add && !right.used &&
          removable(right) && joins(right)) {
        a.text.removeStatement(out, right.whole->getSourceRange());
        a.text.replace(out, left.node->getSourceRange(), operation(right, false));
        return "add";
      }
      // `n = n + step` is an addition.
      for (const auto &[read, set] : {std::pair(&left, &right), std::pair(&right, &left)})
        if (read->touch == Touch::Read && set->touch == Touch::Set)
          if (std::optional<std::string> sum = sumOfItself(*read, *set)) {
            a.text.replace(out, set->whole->getSourceRange(), *sum);
            return "add";
          }
      if (left.touch == Touch::Read && right.touch == Touch::Set && removable(right) &&
          motion.staysWhole())
        if (std::optional<std::string> value = constant(right)) {
          a.text.removeStatement(out, right.whole->getSourceRange());
          a.text.insertAfter(out, left.node->getSourceRange(), ".exchange(" + *value + ")");
          return "exchange";
        }
    }
    for (const auto &[read, set] : {std::pair(&left, &right), std::pair(&right, &left)})
      if (std::optional<std::string> name = extreme(*read, *set))
        return *name;
    if (left.touch == Touch::Read && right.touch == Touch::Set)
      if (const Expr *expected = comparedWith(a, rootOf(left)))
        return compareAndSwap(left, right, *expected, motion);
    return testAndSet(left, right, motion.staysWhole());
  }

  const Root &rootOf(const Site &site) const {
    return a.roots[static_cast<std::size_t>(site.root)];
  }

  /// `n = std::max(n, value);`, or `if (n < value) n = value;`.
  std::optional<std::string> extreme(const Site &read, const Site &set) {
    const auto *assign = dyn_cast<BinaryOperator>(set.whole);
    if (read.touch != Touch::Read || set.touch != Touch::Set || !assign ||
        !isOrdered(read.node->getType()) || !a.isDiscarded(set.whole))
      return std::nullopt;
    const std::optional<Extreme> found = chosen(read, *assign);
    const std::optional<Extreme> raised = found ? found : raisedTo(read, set, *assign);
    if (!raised)
      return std::nullopt;
    a.text.replace(out, raised->whole->getSourceRange(),
                   "unlatch::fetch_" + raised->name + "(" + textOf(set) + ", " +
                       a.text.textOr(raised->value->getSourceRange(), "") + ")" +
                       (raised->isBlock ? ";" : ""));
    addHeader();
    return raised->name;
  }

  struct Extreme {
    std::string name; ///< "max" or "min"
    const Expr *value;
    const Stmt *whole; ///< what the operation takes the place of
    bool isBlock;      ///< which needs no semicolon at its end
  };

  /// Neither floating point, as what it makes of a NaN depends on how it is written, nor what has
  /// an operator of its own.
  static bool isOrdered(QualType type) {
    return type->isIntegerType() && !type->isBooleanType() && !type->isEnumeralType();
  }

  std::optional<Extreme> chosen(const Site &read, const BinaryOperator &assign) const {
    const auto *call = dyn_cast<CallExpr>(strip(assign.getRHS()));
    const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
    if (!callee || !callee->isInStdNamespace() || !callee->getIdentifier() ||
        call->getNumArgs() != 2 || (callee->getName() != "max" && callee->getName() != "min"))
      return std::nullopt;
    const bool isFirst = strip(call->getArg(0)) == read.node;
    if (!isFirst && strip(call->getArg(1)) != read.node)
      return std::nullopt;
    const Expr *value = call->getArg(isFirst ? 1 : 0);
    if (!a.context.hasSameUnqualifiedType(call->getType().getNonReferenceType(),
                                          read.node->getType()))
      return std::nullopt;
    return Extreme{callee->getName().str(), value, &assign, false};
  }

  std::optional<Extreme> raisedTo(const Site &read, const Site &set,
                                  const BinaryOperator &assign) const {
    const auto *comparison =
        dyn_cast_or_null<BinaryOperator>(a.meaningfulParent(read.node, nullptr));
    if (!comparison || !comparison->isRelationalOp())
      return std::nullopt;
    const IfStmt *branch = soleBranch(*comparison, *set.whole);
    if (!branch || branch->getElse())
      return std::nullopt;
    const bool isLeft = a.isInside(read.node, comparison->getLHS());
    const Expr *value = isLeft ? comparison->getRHS() : comparison->getLHS();
    // Both times the same value, and compared as what it is stored as.
    const std::string first = a.canonicalKey(strip(value));
    const QualType type = read.node->getType();
    if (first.empty() || first != a.canonicalKey(strip(assign.getRHS())) ||
        !a.context.hasSameUnqualifiedType(strip(value)->getType(), type) ||
        !a.context.hasSameUnqualifiedType(strip(assign.getRHS())->getType(), type))
      return std::nullopt;
    const bool isBelow = comparison->getOpcode() == BO_LT || comparison->getOpcode() == BO_LE;
    return Extreme{isBelow == isLeft ? "max" : "min", value, branch,
                   isa<CompoundStmt>(branch->getThen())};
  }

  /// `if (state != Idle) return; state = Running;`: set on just those paths on which it was what it
  /// has to be.
  std::string compareAndSwap(const Site &read, const Site &set, const Expr &expected,
                             const CodeMotion &motion) {
    const auto *assign = dyn_cast<BinaryOperator>(set.whole);
    const BinaryOperator *comparison = comparisonOf(a, rootOf(read));
    const IfStmt *branch = assign ? soleBranch(*comparison, *set.whole) : nullptr;
    // The value is computed whether it is needed or not, in no order with what it is compared with.
    if (assign && (!isTotal(a, assign->getRHS()) || hasEffects(&expected)))
      return none("what it is set to can't be computed where it may not be needed",
                  cluster.roots.front());
    // Where the branch goes, its `else` would be that of the next one.
    if (branch && branch->getElse() && !isa_and_nonnull<CompoundStmt>(a.parentOf(branch)))
      return none("the branch that compares it is not a statement of its own",
                  cluster.roots.front());
    if (!assign || (!branch && !removable(set)) || !motion.staysWhole() ||
        !motion.preserves(assign->getRHS()) || !setsJustWhere(read, set, true))
      return none("several accesses in one section do not amount to one atomic operation",
                  cluster.roots.front());
    const std::string swapped = "unlatch::compare_and_swap(" + textOf(read) + ", " +
                                a.text.textOr(expected.getSourceRange(), "") + ", " +
                                a.text.textOr(assign->getRHS()->getSourceRange(), "") + ")";
    if (branch && branch->getElse()) {
      a.text.replace(out, SourceRange(branch->getBeginLoc(), branch->getElseLoc()),
                     "if (!" + swapped + ")");
    } else if (branch) {
      a.text.replace(out, branch->getSourceRange(),
                     swapped + (isa<CompoundStmt>(branch->getThen()) ? ";" : ""));
    } else {
      a.text.removeStatement(out, set.whole->getSourceRange());
      a.text.replace(out, comparison->getSourceRange(),
                     (comparison->getOpcode() == BO_NE ? "!" : "") + swapped);
    }
    addHeader();
    return "compare_and_swap";
  }

  /// The branch that asks just this comparison, and does just this where it holds.
  const IfStmt *soleBranch(const BinaryOperator &comparison, const Expr &what) const {
    const auto *branch = dyn_cast_or_null<IfStmt>(a.meaningfulParent(&comparison, nullptr));
    if (!branch || strip(branch->getCond()) != &comparison || branch->getInit() ||
        branch->hasVarStorage() || branch->isConstexpr())
      return nullptr;
    const Stmt *only = branch->getThen();
    if (const auto *block = dyn_cast<CompoundStmt>(only); block && block->size() == 1)
      only = block->body_front();
    const auto *statement = dyn_cast<Expr>(only);
    return statement && strip(statement) == &what ? branch : nullptr;
  }

  void addHeader() {
    out.includes.push_back(
        {a.text.fileOf(
             a.roots[static_cast<std::size_t>(cluster.roots.front())].reference->getBeginLoc()),
         "<unlatch/atomic.h>"});
  }

  std::optional<std::string> sumOfItself(const Site &read, const Site &set) const {
    const auto *assign = dyn_cast<BinaryOperator>(set.whole);
    const auto *sum = assign ? dyn_cast<BinaryOperator>(strip(assign->getRHS())) : nullptr;
    if (!sum || !a.isDiscarded(set.whole) ||
        (sum->getOpcode() != BO_Add && sum->getOpcode() != BO_Sub))
      return std::nullopt;
    const QualType type = read.node->getType();
    const bool integral =
        type->isIntegerType() && !type->isBooleanType() && sum->getType()->isIntegerType();
    const bool floating =
        type->isRealFloatingType() && a.context.getLangOpts().CPlusPlus20 &&
        sum->getType().getCanonicalType() == type.getCanonicalType().getUnqualifiedType();
    const Expr *other = strip(sum->getLHS()) == read.node ? sum->getRHS() : sum->getLHS();
    const bool isOperand = strip(sum->getLHS()) == read.node ||
                           (sum->getOpcode() == BO_Add && strip(sum->getRHS()) == read.node);
    if ((!integral && !floating) || !isOperand || a.isInside(read.node, other))
      return std::nullopt;
    return textOf(set) + (sum->getOpcode() == BO_Add ? " += " : " -= ") +
           a.text.textOr(other->getSourceRange(), "");
  }

  bool removable(const Site &site) const {
    return a.isDiscarded(site.whole) &&
           isa_and_nonnull<CompoundStmt>(a.meaningfulParent(site.whole, nullptr));
  }

  /// The addition as an expression that gives the new or the old value.
  std::string operation(const Site &add, bool newValue) const {
    std::string name = textOf(add);
    if (const auto *unary = dyn_cast<UnaryOperator>(add.whole)) {
      std::string sign = unary->isIncrementOp() ? "++" : "--";
      return newValue ? sign + name : name + sign;
    }
    const auto *binary = cast<CompoundAssignOperator>(add.whole);
    std::string amount = a.text.textOr(binary->getRHS()->getSourceRange(), "");
    bool plus = binary->getOpcode() == BO_AddAssign;
    if (newValue)
      return "(" + name + (plus ? " += " : " -= ") + amount + ")";
    return name + (plus ? ".fetch_add(" : ".fetch_sub(") + amount + ")";
  }

  std::optional<std::string> constant(const Site &set) const {
    const auto *assign = dyn_cast<BinaryOperator>(set.whole);
    if (!assign)
      return std::nullopt;
    const Expr *value = strip(assign->getRHS());
    const auto *named = dyn_cast<DeclRefExpr>(value);
    // What a reference names may be where the old value goes.
    bool stable = named && (isa<EnumConstantDecl>(named->getDecl()) ||
                            (isa<ParmVarDecl>(named->getDecl()) && isTotal(a, assign->getRHS()) &&
                             !a.canonicalKey(named).empty()));
    if (!isa<IntegerLiteral>(value) && !isa<CXXBoolLiteralExpr>(value) && !stable)
      return std::nullopt;
    return a.text.text(assign->getRHS()->getSourceRange());
  }

  /// `if (flag) return false; flag = true; return true;` is one exchange: where the flag has the
  /// value already, setting it again changes nothing.
  std::string testAndSet(const Site &read, const Site &set, bool wholly) {
    const auto *assign = set.touch == Touch::Set ? dyn_cast<BinaryOperator>(set.whole) : nullptr;
    const auto *literal = assign ? dyn_cast<CXXBoolLiteralExpr>(strip(assign->getRHS())) : nullptr;
    if (read.touch != Touch::Read || !literal || !removable(set) ||
        !read.node->getType()->isBooleanType() || !wholly)
      return none("several accesses in one section do not amount to one atomic operation",
                  cluster.roots.front());
    if (!setsJustWhere(read, set, !literal->getValue()))
      return none("several accesses in one section do not amount to one atomic operation",
                  cluster.roots.front());
    a.text.removeStatement(out, set.whole->getSourceRange());
    a.text.insertAfter(out, read.node->getSourceRange(),
                       literal->getValue() ? ".exchange(true)" : ".exchange(false)");
    return "exchange";
  }

  /// Whether every path with one of the two has both, or has the test go the other way.
  bool setsJustWhere(const Site &read, const Site &set, bool outcome) const {
    for (const Path &path : a.outcomesOf(cluster.roots.front()).paths) {
      std::optional<bool> was;
      bool reads = false, sets = false;
      for (const PathStep &step : path) {
        if (step.kind == PathStep::Root) {
          reads |= step.index == read.root;
          sets |= step.index == set.root;
        } else if ((step.kind == PathStep::Hit || step.kind == PathStep::Miss) &&
                   step.index == read.root) {
          was = step.kind == PathStep::Hit;
        }
      }
      if (!reads && !sets)
        continue;
      if (!reads || !was || sets != (*was == outcome))
        return false;
    }
    return true;
  }

  const FunctionAnalysis &a;
  const Cluster &cluster;
  Candidate &out;
  bool bits = false;
};

} // namespace

std::string classifyAtomic(const FunctionAnalysis &a, const Root &root) {
  const Stmt *parent = a.meaningfulParent(root.reference, nullptr);
  if (const auto *member = dyn_cast_or_null<MemberExpr>(parent)) {
    if (isa<CXXConversionDecl>(member->getMemberDecl()))
      return "get";
    StringRef name =
        member->getMemberDecl()->getIdentifier() ? member->getMemberDecl()->getName() : StringRef();
    return llvm::StringSwitch<std::string>(name)
        .Case("load", "get")
        .Case("store", "set")
        .Case("exchange", "exchange")
        .Cases({"fetch_add", "fetch_sub"}, "add")
        .Cases({"fetch_and", "fetch_or", "fetch_xor"}, "update")
        .Default("none");
  }
  if (const auto *call = dyn_cast_or_null<CallExpr>(parent))
    if (const FunctionDecl *callee = call->getDirectCallee();
        callee && !isa<CXXMethodDecl>(callee) && !callee->isOverloadedOperator())
      return llvm::StringSwitch<std::string>(callee->getQualifiedNameAsString())
          .Cases({"unlatch::fetch_add", "unlatch::fetch_sub"}, "add")
          .Case("unlatch::fetch_max", "max")
          .Case("unlatch::fetch_min", "min")
          .Case("unlatch::compare_and_swap", "compare_and_swap")
          .Default("none");
  const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(parent);
  if (!call || strip(call->getArg(0)) != root.reference)
    return "none";
  switch (call->getOperator()) {
  case OO_Equal:
    return "set";
  case OO_PlusPlus:
  case OO_MinusMinus:
  case OO_PlusEqual:
  case OO_MinusEqual:
    return "add";
  case OO_AmpEqual:
  case OO_PipeEqual:
  case OO_CaretEqual:
    return "update";
  default:
    return "none";
  }
}

std::string classifyScalar(const FunctionAnalysis &analysis, const Cluster &cluster,
                           Candidate &out) {
  return ScalarRewriter(analysis, cluster, out).run();
}

} // namespace unlatch
