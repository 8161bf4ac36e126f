// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vocabulary of containers: what a reference to a map starts, by the call it stands in. What
// is not listed here is not understood and keeps the map under its mutex.

#include "matchers/function_analysis.h"
#include "matchers/identity.h"
#include "matchers/kept_ways.h"
#include "matchers/types.h"
#include "rewriters/evaluation_order.h"

#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace unlatch {

namespace {

struct Method {
  RootKind kind;
  bool hasKey;
  Meaning result;
  bool followed; ///< whether the result leads into the container
};

std::optional<Method> standardMethod(StringRef name) {
  using M = Meaning;
  return llvm::StringSwitch<std::optional<Method>>(name)
      .Case("find", Method{RootKind::Find, true, M::Iterator, true})
      .Cases({"count", "contains"}, Method{RootKind::Presence, true, M::Presence, true})
      .Case("at", Method{RootKind::At, true, M::Value, true})
      .Cases({"emplace", "insert", "try_emplace"}, Method{RootKind::Insert, true, M::Pair, true})
      .Case("insert_or_assign", Method{RootKind::Put, true, M::Pair, true})
      .Case("extract", Method{RootKind::Take, true, M::Optional, true})
      .Cases({"size", "empty"}, Method{RootKind::Size, false, M::Value, false})
      .Case("clear", Method{RootKind::Clear, false, M::Value, false})
      .Default(std::nullopt);
}

std::optional<Method> runtimeMethod(StringRef name) {
  using M = Meaning;
  return llvm::StringSwitch<std::optional<Method>>(name)
      .Case("load", Method{RootKind::Load, true, M::Optional, true})
      .Case("contains", Method{RootKind::Presence, true, M::Presence, true})
      .Case("at", Method{RootKind::At, true, M::Interior, true})
      .Case("store", Method{RootKind::Put, true, M::Flag, true})
      .Cases({"load_or_store", "load_or_emplace"},
             Method{RootKind::LoadOrStore, true, M::Pair, true})
      .Case("load_and_delete", Method{RootKind::Take, true, M::Optional, true})
      .Case("erase", Method{RootKind::EraseKey, true, M::Presence, true})
      .Case("swap", Method{RootKind::Swap, true, M::Optional, true})
      .Case("update", Method{RootKind::Update, true, M::Value, false})
      .Cases({"range", "items", "sorted_items", "to"},
             Method{RootKind::Loop, false, M::Value, false})
      .Case("erase_if", Method{RootKind::EraseIf, false, M::Value, false})
      .Cases({"size", "empty"}, Method{RootKind::Size, false, M::Value, false})
      .Case("clear", Method{RootKind::Clear, false, M::Value, false})
      .Case("take_all", Method{RootKind::TakeAll, false, M::Value, false})
      .Default(std::nullopt);
}

class RootFinder {
public:
  explicit RootFinder(FunctionAnalysis &analysis) : a(analysis) {}

  void run() {
    std::vector<const Expr *> all;
    for (const Expr *expression : a.expressions)
      if (container(expression))
        all.push_back(expression);
    for (const Expr *reference : all)
      start(reference);
    findEntry();
    // What no root has taken up is not understood.
    for (const Expr *reference : all)
      if (!a.consumed.count(reference))
        unknown(reference);
  }

private:
  /// The map or scalar with shared lifetime that an expression names.
  const ValueDecl *container(const Expr *expression) {
    const ValueDecl *declaration = nullptr;
    if (const auto *member = dyn_cast<MemberExpr>(expression))
      declaration = member->getMemberDecl();
    else if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
      declaration = reference->getDecl();
    if (!declaration || declaration->getLocation().isInvalid())
      return nullptr;
    const auto *variable = dyn_cast<VarDecl>(declaration);
    if (!(variable && !variable->hasLocalStorage() && !isa<ParmVarDecl>(variable)) &&
        !isa<FieldDecl>(declaration))
      return nullptr;
    if (a.context.getSourceManager().isInSystemHeader(declaration->getLocation()))
      return nullptr;
    TypeClass type = classifyType(declaration->getType(), a.context);
    if (isMap(type) && !a.mapsAreObjects)
      return declaration;
    if (type == TypeClass::Converted && isUnlatchMap(declaration->getType()))
      return declaration;
    return nullptr;
  }

  Root base(const Expr *reference) {
    Root root;
    const ValueDecl *declaration = container(reference);
    root.field = idOf(declaration);
    root.fieldType = classifyType(declaration->getType(), a.context);
    if (const auto *member = dyn_cast<MemberExpr>(reference); member && isa<FieldDecl>(declaration))
      root.base = a.pathOf(member->getBase()).text;
    root.reference = reference;
    return root;
  }

  int add(Root root) {
    auto index = static_cast<int>(a.roots.size());
    a.consumed.insert(root.reference);
    a.referenceRoot[root.reference] = index;
    // A root fires where its call is evaluated; a loop, where its range is.
    const Expr *fires = root.call ? root.call : root.reference;
    a.roots.push_back(std::move(root));
    a.marks[fires].push_back({PathStep::Root, false, index});
    return index;
  }

  void unknown(const Expr *reference) {
    Root root = base(reference);
    root.problems.push_back(a.reason("unsupported-operation",
                                     "the map is used in a way that no single operation expresses",
                                     reference));
    const Stmt *parent = a.meaningfulParent(reference, nullptr);
    if (const auto *leave = dyn_cast_or_null<ReturnStmt>(parent);
        leave && a.function.getReturnType()->isReferenceType())
      root.problems.back() =
          a.reason("escapes-reference", "a reference to the map itself is returned", reference);
    else if (const auto *unary = dyn_cast_or_null<UnaryOperator>(parent);
             unary && unary->getOpcode() == UO_AddrOf)
      root.problems.back() =
          a.reason("address-taken", "the address of the map is taken", reference);
    else if (isa_and_nonnull<DeclStmt>(parent) || isa_and_nonnull<CallExpr>(parent) ||
             isa_and_nonnull<ConditionalOperator>(parent))
      root.problems.back() = a.reason(
          "aliased", "the map is reached through a reference or passed on from here", reference);
    add(std::move(root));
  }

  void start(const Expr *reference) {
    const Expr *last = nullptr;
    const Stmt *parent = a.meaningfulParent(reference, &last);
    bool runtime = isUnlatchMap(reference->getType());
    if (const auto *member = dyn_cast_or_null<MemberExpr>(parent)) {
      if (const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member)))
        methodCall(reference, *call, runtime);
      return;
    }
    if (const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(parent)) {
      if (call->getOperator() == OO_Subscript && call->getArg(0) == last)
        subscript(reference, *call);
      else if (call->getOperator() == OO_Equal && call->getArg(0) == last)
        assignment(reference, *call);
      return;
    }
    if (const auto *construct = dyn_cast_or_null<CXXConstructExpr>(parent)) {
      if (construct->getConstructor()->isCopyConstructor() && construct->getArg(0) == last) {
        Root root = base(reference);
        root.kind = RootKind::CopyAll;
        root.call = construct;
        add(std::move(root));
      }
      return;
    }
    if (const auto *declaration = dyn_cast_or_null<DeclStmt>(parent)) {
      if (const auto *loop = dyn_cast_or_null<CXXForRangeStmt>(a.parentOf(declaration));
          loop && loop->getRangeStmt() == declaration)
        rangeLoop(reference, *loop);
      return;
    }
    if (const auto *call = dyn_cast_or_null<CallExpr>(parent))
      freeCall(reference, *call);
  }

  void methodCall(const Expr *reference, const CXXMemberCallExpr &call, bool runtime) {
    const CXXMethodDecl *called = call.getMethodDecl();
    if (!called || !called->getIdentifier())
      return;
    StringRef name = called->getName();
    std::optional<Method> method = runtime ? runtimeMethod(name) : standardMethod(name);
    Root root = base(reference);
    root.call = &call;
    root.method = name.str();
    if (!runtime && name == "erase")
      return eraseCall(std::move(root), call);
    if (!runtime && (name == "begin" || name == "cbegin"))
      return iteratorLoop(std::move(root), call);
    if (!runtime && (name == "end" || name == "cend"))
      return; // taken up by the comparison it belongs to
    if (!runtime && name == "swap")
      return swapOut(std::move(root), call, call.getArg(0));
    if (!runtime && name == "reserve") {
      root.kind = RootKind::Size;
      add(std::move(root));
      return;
    }
    if (!method) {
      root.problems.push_back(a.reason(
          root.fieldType == TypeClass::OrderedMap &&
                  (name.ends_with("_bound") || name == "equal_range" || name.starts_with("r"))
              ? "ordered"
              : "unsupported-operation",
          ("`" + name + "` has no counterpart among the lock-free operations").str(), &call));
      add(std::move(root));
      return;
    }
    root.kind = method->kind;
    bool keyed = method->hasKey && splitArguments(root, call, runtime);
    int index = add(std::move(root));
    if (method->hasKey && !keyed)
      a.block(index, "unsupported-operation",
              ("this form of `" + name + "` is not understood").str(), &call);
    if (!runtime && name == "insert" && keyed && (iterators(call) || call.getNumArgs() != 1))
      a.block(index, "multi-key", "inserts a range or a hint", &call);
    if (!runtime && keyed && called->getPrimaryTemplate())
      comparedAsItIs(index, call);
    if (method->followed && !a.isDiscarded(&call))
      a.follow(index, &call, method->result);
    if (runtime && (name == "items" || name == "sorted_items"))
      loopsOver(index, call);
  }

  /// With std::less<> and the like a key of another type is compared as it is. Text stays the same
  /// where it is made a key of, a number may not.
  void comparedAsItIs(int index, const CXXMemberCallExpr &call) {
    const Root &root = a.roots[static_cast<std::size_t>(index)];
    const QualType key = templateArgument(root.reference->getType(), 0);
    const QualType given = strip(root.key)->getType();
    const bool isText = isNamed(key, {"std::basic_string"}) &&
                        (given->isPointerType() || given->isArrayType() ||
                         isNamed(given, {"std::basic_string", "std::basic_string_view"}));
    if (root.kind != RootKind::Insert && root.kind != RootKind::Put && !isText &&
        !a.context.hasSameUnqualifiedType(given.getNonReferenceType(), key))
      a.block(index, "unsupported-operation",
              "a key of another type is compared with, and not made a key of", &call);
  }

  /// The loops over copies of all entries: what they do with a value was done in a loop over the
  /// map itself.
  void loopsOver(int index, const Expr &items) {
    const Expr *last = nullptr;
    const auto *declaration = dyn_cast_or_null<DeclStmt>(a.meaningfulParent(&items, &last));
    if (!declaration)
      return;
    if (const auto *loop = dyn_cast_or_null<CXXForRangeStmt>(a.parentOf(declaration));
        loop && loop->getRangeStmt() == declaration) {
      a.roots[static_cast<std::size_t>(index)].loop = loop;
      a.followVariable(index, loop->getLoopVariable(), Meaning::Element);
      return;
    }
    for (const Decl *each : declaration->decls())
      if (const auto *variable = dyn_cast<VarDecl>(each); variable && variable->getInit())
        if (a.isInside(&items, variable->getInit()))
          for (const DeclRefExpr *reference : a.references[variable])
            loopsOver(index, *reference);
  }

  static bool iterators(const CXXMemberCallExpr &call) {
    return call.getNumArgs() > 0 && leadsElsewhere(strip(call.getArg(0))->getType()) &&
           !strip(call.getArg(0))->getType()->isAnyPointerType() &&
           namedClass(strip(call.getArg(0))->getType()) &&
           StringRef(namedClass(strip(call.getArg(0))->getType())->name).contains("iterator");
  }

  /// Finds key and value among the arguments of a call; they may be packed into a pair.
  bool splitArguments(Root &root, const CXXMemberCallExpr &call, bool runtime) {
    std::vector<const Expr *> arguments;
    for (const Expr *argument : call.arguments())
      if (!isa<CXXDefaultArgExpr>(argument))
        arguments.push_back(argument);
    if (arguments.empty())
      return false;
    if (!runtime &&
        (root.method == "insert" || (root.method == "emplace" && arguments.size() == 1))) {
      arguments = pairParts(arguments[0]);
      if (arguments.empty())
        return false;
    }
    if (std::optional<NamedClass> first = namedClass(strip(arguments[0])->getType());
        first && first->name == "std::piecewise_construct_t")
      return false;
    if (iterators(call))
      return false;
    root.key = arguments[0];
    root.values.assign(arguments.begin() + 1, arguments.end());
    return true;
  }

  /// `{k, v}`, `std::make_pair(k, v)`, `std::pair<K, V>(k, v)`, `value_type(k, v)`.
  std::vector<const Expr *> pairParts(const Expr *argument) {
    const Expr *inner = argument;
    for (int depth = 0; depth < 8; ++depth) {
      inner = strip(inner);
      if (const auto *list = dyn_cast<InitListExpr>(inner); list && list->getNumInits() == 2)
        return {list->getInit(0), list->getInit(1)};
      if (const auto *cast = dyn_cast<CXXFunctionalCastExpr>(inner)) {
        inner = cast->getSubExpr();
        continue;
      }
      if (const auto *construct = dyn_cast<CXXConstructExpr>(inner)) {
        std::vector<const Expr *> given;
        for (const Expr *each : construct->arguments())
          if (!isa<CXXDefaultArgExpr>(each))
            given.push_back(each);
        std::optional<NamedClass> type = namedClass(construct->getType());
        if (type && type->name == "std::pair" && given.size() == 2)
          return given;
        if (given.size() == 1) {
          inner = given[0];
          continue;
        }
        return {};
      }
      if (const auto *call = dyn_cast<CallExpr>(inner)) {
        const FunctionDecl *callee = call->getDirectCallee();
        if (callee && isStandardDeclaration(callee) && callee->getIdentifier() &&
            callee->getName() == "make_pair" && call->getNumArgs() == 2)
          return {call->getArg(0), call->getArg(1)};
        if (const Expr *without = stripMove(inner); without != inner) {
          inner = without;
          continue;
        }
      }
      return {};
    }
    return {};
  }

  void subscript(const Expr *reference, const CXXOperatorCallExpr &call) {
    Root root = base(reference);
    root.call = &call;
    root.key = call.getArg(1);
    root.method = "[]";
    const Expr *last = nullptr;
    const Stmt *parent = a.meaningfulParent(&call, &last);
    const Expr *value = nullptr;
    const Expr *whole = nullptr;
    if (const auto *binary = dyn_cast_or_null<BinaryOperator>(parent);
        binary && binary->getOpcode() == BO_Assign && binary->getLHS() == last) {
      value = binary->getRHS();
      whole = binary;
    } else if (const auto *assign = dyn_cast_or_null<CXXOperatorCallExpr>(parent);
               assign && assign->getOperator() == OO_Equal && assign->getArg(0) == last) {
      value = assign->getArg(1);
      whole = assign;
    }
    if (value && a.isDiscarded(whole)) {
      root.kind = RootKind::Put;
      root.call = whole;
      root.values = {value};
      if (orderMatters(a, root.key, value))
        root.problems.push_back(a.reason(
            "unsupported-operation",
            "the value is computed before the key, and in a call they have no order", whole));
      add(std::move(root));
      return;
    }
    root.kind = RootKind::Subscript;
    int index = add(std::move(root));
    if (!a.isDiscarded(&call))
      a.follow(index, &call, Meaning::Value);
  }

  void assignment(const Expr *reference, const CXXOperatorCallExpr &call) {
    const bool empty = isEmptyValue(call.getArg(1));
    Root root = base(reference);
    root.call = &call;
    root.kind = RootKind::Clear;
    root.method = "=";
    if (!empty || !a.isDiscarded(&call))
      root.problems.push_back(
          a.reason("unsupported-operation", "the whole map is replaced by another", &call));
    add(std::move(root));
  }

  void eraseCall(Root root, const CXXMemberCallExpr &call) {
    if (call.getNumArgs() != 1) {
      root.problems.push_back(
          a.reason("multi-key", "a range of elements is erased by iterators", &call));
      add(std::move(root));
      return;
    }
    const Expr *argument = strip(call.getArg(0));
    if (const auto *construct = dyn_cast<CXXConstructExpr>(argument);
        construct && construct->getNumArgs() == 1)
      argument = strip(construct->getArg(0));
    std::optional<NamedClass> type = namedClass(argument->getType());
    if (type && StringRef(type->name).contains("terator"))
      return; // erasing through an iterator is a use of what made the iterator
    root.kind = RootKind::EraseKey;
    root.key = call.getArg(0);
    const int index = add(std::move(root));
    if (!a.isDiscarded(&call))
      a.follow(index, &call, Meaning::Presence);
  }

  /// `m.swap(all)`, `all.swap(m)`, `std::swap(all, m)`: with an empty map of the function's own it
  /// takes everything out.
  void swapOut(Root root, const CallExpr &call, const Expr *other) {
    root.kind = RootKind::TakeAll;
    root.call = &call;
    root.method = "swap";
    root.handle = emptyLocal(other, call);
    if (!root.handle || !a.isDiscarded(&call))
      root.problems.push_back(
          a.reason("unsupported-operation", "the map is swapped with another", &call));
    add(std::move(root));
  }

  /// A local map that nothing was put into before the call.
  const VarDecl *emptyLocal(const Expr *expression, const CallExpr &call) {
    const auto *reference = dyn_cast<DeclRefExpr>(strip(expression));
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    if (!variable || !variable->isLocalVarDecl() || variable->isStaticLocal() ||
        variable->getType()->isReferenceType() || a.captured.count(variable))
      return nullptr;
    const auto *made = dyn_cast_or_null<CXXConstructExpr>(variable->getInit());
    if (!made || made->getNumArgs() != 0)
      return nullptr;
    const SourceManager &sources = a.context.getSourceManager();
    for (const DeclRefExpr *other : a.references[variable])
      if (other != reference &&
          sources.isBeforeInTranslationUnit(other->getBeginLoc(), call.getBeginLoc()))
        return nullptr;
    // Not a second time around.
    const DeclStmt *declaration = a.statementOf(variable);
    const Stmt *block = declaration ? a.parentOf(declaration) : nullptr;
    for (const Stmt *up = a.parentOf(&call); up != block; up = a.parentOf(up))
      if (!up || isLoop(up))
        return nullptr;
    return variable;
  }

  static bool isEmptyValue(const Expr *expression) {
    expression = strip(expression);
    if (const auto *list = dyn_cast<InitListExpr>(expression))
      return list->getNumInits() == 0;
    if (const auto *cast = dyn_cast<CXXFunctionalCastExpr>(expression))
      return isEmptyValue(cast->getSubExpr());
    const auto *construct = dyn_cast<CXXConstructExpr>(expression);
    return construct && llvm::all_of(construct->arguments(),
                                     [](const Expr *each) { return isa<CXXDefaultArgExpr>(each); });
  }

  void freeCall(const Expr *reference, const CallExpr &call) {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee || !callee->getIdentifier() || !isStandardDeclaration(callee))
      return;
    StringRef name = callee->getName();
    Root root = base(reference);
    if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call)) {
      if (name == "swap")
        swapOut(std::move(root), call, member->getImplicitObjectArgument());
      return;
    }
    if (name == "swap" && call.getNumArgs() == 2)
      return swapOut(std::move(root), call,
                     call.getArg(strip(call.getArg(0)) == reference ? 1 : 0));
    root.call = &call;
    root.method = name.str();
    if (name == "exchange" && call.getNumArgs() == 2 && strip(call.getArg(0)) == reference &&
        isEmptyValue(call.getArg(1))) {
      root.kind = RootKind::TakeAll;
      add(std::move(root));
      return;
    }
    if (name == "erase_if" && call.getNumArgs() == 2) {
      root.kind = RootKind::EraseIf;
      root.values = {call.getArg(1)};
      add(std::move(root));
    } else if (name == "size" || name == "empty") {
      root.kind = RootKind::Size;
      add(std::move(root));
    }
  }

  /// `for (std::pair<int, std::string_view> each : m)`: no element, nor a copy of one.
  static bool isMadeOfElement(const VarDecl &variable) {
    const Expr *value = variable.getInit() ? strip(variable.getInit()) : nullptr;
    const auto *construct = dyn_cast_or_null<CXXConstructExpr>(value);
    return construct && !construct->getConstructor()->isCopyOrMoveConstructor();
  }

  void rangeLoop(const Expr *reference, const CXXForRangeStmt &loop) {
    Root root = base(reference);
    root.kind = RootKind::Loop;
    root.loop = &loop;
    const VarDecl *variable = loop.getLoopVariable();
    root.handle = variable;
    if (isMadeOfElement(*variable) && holdsWay(variable->getType().getNonReferenceType()))
      root.problems.push_back(
          a.reason("escapes-reference", "the loop's variable leads into the element", reference));
    int index = add(std::move(root));
    a.followVariable(index, variable, Meaning::Element);
  }

  /// The for loop that the declaration begins, or the while loop that follows it and has the
  /// variable to itself.
  const Stmt *loopOf(const DeclStmt &declaration, const VarDecl &variable) {
    const Stmt *around = a.parentOf(&declaration);
    if (const auto *loop = dyn_cast_or_null<ForStmt>(around))
      return loop->getInit() == &declaration ? loop : nullptr;
    const auto *block = dyn_cast_or_null<CompoundStmt>(around);
    if (!block)
      return nullptr;
    const auto *place = llvm::find(block->body(), &declaration);
    const auto *loop = place != block->body_end() && place + 1 != block->body_end()
                           ? dyn_cast<WhileStmt>(*(place + 1))
                           : nullptr;
    if (!loop || loop->getConditionVariable())
      return nullptr;
    for (const DeclRefExpr *reference : a.references[&variable])
      if (!a.isInside(reference, loop))
        return nullptr;
    return loop;
  }

  /// `for (auto it = m.begin(); it != m.end(); ...)`.
  void iteratorLoop(Root root, const CXXMemberCallExpr &call) {
    const Expr *last = nullptr;
    const Stmt *parent = a.meaningfulParent(&call, &last);
    while (const auto *construct = dyn_cast_or_null<CXXConstructExpr>(parent))
      parent = a.meaningfulParent(construct, &last);
    const auto *declaration = dyn_cast_or_null<DeclStmt>(parent);
    const auto *variable = declaration && declaration->isSingleDecl()
                               ? dyn_cast<VarDecl>(declaration->getSingleDecl())
                               : nullptr;
    const Stmt *loop = variable ? loopOf(*declaration, *variable) : nullptr;
    if (!loop) {
      root.problems.push_back(
          a.reason(root.fieldType == TypeClass::OrderedMap ? "ordered" : "unsupported-operation",
                   "an iterator walks over the map outside of a simple loop", &call));
      add(std::move(root));
      return;
    }
    root.loop = loop;
    root.handle = variable;
    root.kind = RootKind::Loop;
    int index = add(std::move(root));
    a.handleRoots[variable].push_back(index);
    a.followVariable(index, variable, Meaning::Iterator);
    for (const Use &use : a.uses)
      if (use.root == index && use.kind == UseKind::Erase)
        a.roots[static_cast<std::size_t>(index)].kind = RootKind::EraseLoop;
  }

  /// The parameter of a function given to the runtime's update(): std::optional<V>&.
  void findEntry() {
    const auto *method = dyn_cast<CXXMethodDecl>(&a.function);
    if (!method || !method->getParent()->isLambda() || a.function.getNumParams() != 1)
      return;
    const ParmVarDecl *parameter = a.function.getParamDecl(0);
    if (!parameter->getType()->isReferenceType() ||
        !isStandardOptional(parameter->getType().getNonReferenceType()))
      return;
    Root root;
    root.kind = RootKind::Entry;
    root.handle = parameter;
    root.fieldType = TypeClass::Converted;
    if (a.given) {
      root.field = a.given->field;
      root.base = a.given->base;
    }
    a.roots.push_back(std::move(root));
    auto index = static_cast<int>(a.roots.size() - 1);
    a.followVariable(index, parameter, Meaning::Optional);
  }

  FunctionAnalysis &a;
};

} // namespace

void FunctionAnalysis::findRoots() { RootFinder(*this).run(); }

} // namespace unlatch
