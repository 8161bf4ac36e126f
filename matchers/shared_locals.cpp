// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "matchers/shared_locals.h"

#include "matchers/function_analysis.h"
#include "matchers/harmless.h"
#include "matchers/types.h"

#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace unlatch {

namespace {

StringRef nameOfCallee(const FunctionDecl *callee) {
  return callee && callee->getIdentifier() ? callee->getName() : StringRef();
}

/// The library's functions whose result leads to an argument: to it, or by way of a value.
enum class Result { Place, Value, Unknown };
Result resultOf(const FunctionDecl &callee) {
  return llvm::StringSwitch<Result>(nameOfCallee(&callee))
      .Cases({"move", "forward", "as_const", "min", "max", "get", "clamp"}, Result::Place)
      .Cases({"ref", "cref", "addressof", "tie", "forward_as_tuple", "begin", "end", "cbegin",
              "cend", "rbegin", "rend", "data"},
             Result::Value)
      .Default(Result::Unknown);
}

/// What keeps and runs what it is given, in another thread.
bool startsThread(QualType type) {
  const std::optional<NamedClass> named = namedClass(type);
  return named && (named->name == "std::thread" || named->name == "std::jthread");
}

bool isIterator(QualType type) {
  const std::optional<NamedClass> named = namedClass(type);
  return named && (StringRef(named->name).contains("iterator") ||
                   StringRef(named->name).contains("__wrap_iter"));
}

/// Where it leads is no part of it. Its operators may be those of a base class.
bool leadsAway(const Expr *expression) {
  const QualType type = strip(expression)->getType();
  return isIterator(type) || isSmartPointer(type);
}

bool canHoldPointers(QualType type, int depth = 0) {
  if (leadsElsewhere(type) || isSmartPointer(type))
    return true;
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || isStandardDeclaration(record))
    return false;
  if (!record->hasDefinition() || depth > 4)
    return true;
  const auto holds = [&](QualType part) { return canHoldPointers(part, depth + 1); };
  return llvm::any_of(record->bases(), [&](const auto &base) { return holds(base.getType()); }) ||
         llvm::any_of(record->fields(), [&](const auto *field) { return holds(field->getType()); });
}

/// A function that takes another one, to call it: with a context, as C does it.
bool takesContext(const FunctionDecl &callee, unsigned index) {
  return callee.getParamDecl(index)->getType()->isVoidPointerType() &&
         llvm::any_of(callee.parameters(), [](const ParmVarDecl *parameter) {
           return parameter->getType()->isFunctionPointerType();
         });
}

/// Not one that is a reference, which leads to another's.
const VarDecl *localNamed(const Expr *expression) {
  const auto *reference = dyn_cast<DeclRefExpr>(strip(expression));
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  return variable && variable->hasLocalStorage() && !variable->getType()->isReferenceType()
             ? variable
             : nullptr;
}

} // namespace

SharedLocals::SharedLocals() = default;
SharedLocals::~SharedLocals() = default;

bool SharedLocals::mayBeShared(const ValueDecl *local) {
  const Key key{local, static_cast<int>(By::Place)};
  if (const auto known = known_.find(key); known != known_.end())
    return known->second;
  met_.clear();
  const bool result = variableLeaks(local, By::Place);
  forgetUndecided();
  known_[key] = result;
  loans_[local] = std::move(met_);
  return result;
}

SharedLocals::Fate SharedLocals::parameterFate(const ParmVarDecl *parameter, By by) {
  met_.clear();
  const bool isKept = variableLeaks(parameter, by);
  forgetUndecided();
  return {isKept, std::move(met_)};
}

SharedLocals::Fate SharedLocals::objectFate(const CXXMethodDecl *method) {
  met_.clear();
  bool isKept = false;
  if (const Body *body = bodyOf(method))
    for (const Expr *self : body->selves)
      isKept = isKept || leaks(self, By::Value, *body);
  forgetUndecided();
  return {isKept, std::move(met_)};
}

/// A "no" that was found on the way may have rested on one that was not known yet.
void SharedLocals::forgetUndecided() {
  for (const Key &key : undecided_)
    known_.erase(key);
  undecided_.clear();
}

bool SharedLocals::remember(const Key &key, bool leaks) {
  known_[key] = leaks;
  if (!leaks)
    undecided_.push_back(key);
  return leaks;
}

const SharedLocals::Body *SharedLocals::bodyOf(const FunctionDecl *function) {
  const FunctionDecl *definition = nullptr;
  if (!function || !function->hasBody(definition))
    return nullptr;
  std::unique_ptr<Body> &body = bodies_[definition];
  if (body)
    return body.get();
  body = std::make_unique<Body>();
  body->statement = definition->getBody();
  body->parents = std::make_unique<ParentMap>(const_cast<Stmt *>(body->statement));
  const auto visit = [&](auto &self, const Stmt *node) -> void {
    if (!node)
      return;
    if (const auto *reference = dyn_cast<DeclRefExpr>(node))
      body->references[reference->getDecl()].push_back(reference);
    else if (isa<CXXThisExpr>(node))
      body->selves.push_back(cast<Expr>(node));
    for (const Stmt *child : node->children())
      self(self, child);
  };
  visit(visit, body->statement);
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(definition))
    for (const CXXCtorInitializer *init : constructor->inits()) {
      body->parents->addStmt(init->getInit());
      visit(visit, init->getInit());
    }
  return body.get();
}

const SharedLocals::Body *SharedLocals::bodyAround(const ValueDecl *local) {
  if (const auto *binding = dyn_cast<BindingDecl>(local))
    local = binding->getDecomposedDecl();
  return bodyOf(dyn_cast_or_null<FunctionDecl>(local->getDeclContext()));
}

bool SharedLocals::isOnlyRead(const ValueDecl *local) {
  const Body *body = bodyAround(local);
  if (!body)
    return false;
  const auto found = body->references.find(local);
  return found == body->references.end() || llvm::all_of(found->second, [&](const Expr *each) {
           const Stmt *parent = body->parents->getParentIgnoreParens(const_cast<Expr *>(each));
           if (isa_and_nonnull<LambdaExpr>(parent))
             return true; // captured; what the lambda does with it stands in its body
           const auto *cast = dyn_cast_or_null<ImplicitCastExpr>(parent);
           return cast && (cast->getCastKind() == CK_LValueToRValue ||
                           (cast->isGLValue() && cast->getType().isConstQualified()));
         });
}

bool SharedLocals::variableLeaks(const ValueDecl *variable, By by) {
  const auto [known, isNew] = known_.try_emplace({variable, static_cast<int>(by)}, false);
  if (!isNew) {
    if (by == By::Place)
      llvm::append_range(met_, loansOf(variable));
    return known->second; // also of one that is being looked at: the others decide
  }
  const Body *body = bodyAround(variable);
  bool result = false;
  if (body)
    if (const auto found = body->references.find(variable); found != body->references.end())
      for (const Expr *each : found->second)
        result = result || leaks(each, by, *body);
  return remember({variable, static_cast<int>(by)}, result);
}

bool SharedLocals::leaks(const Expr *expression, By by, const Body &body) {
  const Stmt *parent = body.parents->getParent(expression);
  if (!parent)
    return false;
  return by == By::Place ? leaksAsPlace(expression, parent, body)
                         : leaksAsValue(expression, parent, body);
}

bool SharedLocals::leaksAsPlace(const Expr *expression, const Stmt *parent, const Body &body) {
  if (const auto *cast = dyn_cast<CastExpr>(parent)) {
    if (cast->getCastKind() == CK_LValueToRValue || cast->getCastKind() == CK_ToVoid)
      return false; // read
    if (cast->getCastKind() == CK_ArrayToPointerDecay)
      return leaks(cast, By::Value, body);
    return leaks(cast, By::Place, body);
  }
  if (isa<ParenExpr, MaterializeTemporaryExpr, ExprWithCleanups, CXXBindTemporaryExpr>(parent))
    return leaks(cast<Expr>(parent), By::Place, body);
  if (const auto *member = dyn_cast<MemberExpr>(parent)) {
    if (isa<CXXMethodDecl>(member->getMemberDecl()))
      return methodLeaks(*member, By::Place, body);
    return !member->getMemberDecl()->getType()->isReferenceType() && leaks(member, By::Place, body);
  }
  if (const auto *unary = dyn_cast<UnaryOperator>(parent))
    return unary->getOpcode() == UO_AddrOf && leaks(unary, By::Value, body);
  if (const auto *binary = dyn_cast<BinaryOperator>(parent))
    return binary->getOpcode() == BO_Comma && binary->getRHS() == expression &&
           leaks(binary, By::Place, body);
  if (const auto *call = dyn_cast<CallExpr>(parent))
    return argumentLeaks(*call, expression, By::Place, body);
  if (const auto *construct = dyn_cast<CXXConstructExpr>(parent))
    return constructionLeaks(*construct, expression, By::Place, body);
  if (const auto *declaration = dyn_cast<DeclStmt>(parent))
    return declarationLeaks(*declaration, expression, By::Place, body);
  if (const auto *lambda = dyn_cast<LambdaExpr>(parent)) // captured by reference
    return leaks(lambda, By::Value, body);
  if (const auto *choice = dyn_cast<ConditionalOperator>(parent))
    return choice->isGLValue() && leaks(choice, By::Place, body);
  if (const auto *list = dyn_cast<InitListExpr>(parent)) // a member that is a reference
    return leaks(list, By::Value, body);
  return isa<CXXNewExpr, CXXThrowExpr>(parent);
}

bool SharedLocals::leaksAsValue(const Expr *expression, const Stmt *parent, const Body &body) {
  if (const auto *cast = dyn_cast<CastExpr>(parent))
    return cast->getCastKind() != CK_PointerToBoolean && cast->getCastKind() != CK_ToVoid &&
           leaks(cast, By::Value, body);
  if (isa<ParenExpr, MaterializeTemporaryExpr, ExprWithCleanups, CXXBindTemporaryExpr, InitListExpr,
          CXXStdInitializerListExpr, ConditionalOperator>(parent))
    return leaks(cast<Expr>(parent), By::Value, body);
  if (const auto *member = dyn_cast<MemberExpr>(parent)) {
    if (isa<CXXMethodDecl>(member->getMemberDecl()))
      return methodLeaks(*member, By::Value, body);
    return leaks(member, member->isArrow() ? By::Place : By::Value, body);
  }
  if (const auto *unary = dyn_cast<UnaryOperator>(parent)) {
    if (unary->getOpcode() == UO_Deref)
      return leaks(unary, By::Place, body);
    return unary->getOpcode() != UO_LNot && leaks(unary, By::Value, body);
  }
  if (isa<ArraySubscriptExpr>(parent))
    return leaks(cast<Expr>(parent), By::Place, body);
  if (const auto *binary = dyn_cast<BinaryOperator>(parent)) {
    if (binary->isComparisonOp() || binary->isLogicalOp())
      return false;
    if (binary->isAssignmentOp() && binary->getRHS() == expression) {
      const VarDecl *target = localNamed(binary->getLHS());
      return !target || variableLeaks(target, By::Value);
    }
    return leaks(binary, By::Value, body);
  }
  if (const auto *call = dyn_cast<CallExpr>(parent))
    return argumentLeaks(*call, expression, By::Value, body);
  if (const auto *construct = dyn_cast<CXXConstructExpr>(parent))
    return constructionLeaks(*construct, expression, By::Value, body);
  if (const auto *declaration = dyn_cast<DeclStmt>(parent))
    return declarationLeaks(*declaration, expression, By::Value, body);
  if (const auto *lambda = dyn_cast<LambdaExpr>(parent))
    return leaks(lambda, By::Value, body);
  // What a function returns is followed where it is called; conditions only look.
  return !isa<ReturnStmt, CompoundStmt, IfStmt, WhileStmt, ForStmt, DoStmt, CXXForRangeStmt,
              SwitchStmt, CaseStmt, DefaultStmt, LabelStmt>(parent);
}

bool SharedLocals::resultLeaks(const CallExpr &call, const Body &body) {
  if (call.isGLValue())
    return leaks(&call, By::Place, body);
  return leadsElsewhere(call.getType()) && leaks(&call, By::Value, body);
}

bool SharedLocals::methodLeaks(const MemberExpr &member, By by, const Body &body) {
  const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(
      body.parents->getParentIgnoreParens(const_cast<MemberExpr *>(&member)));
  const auto *method = cast<CXXMethodDecl>(member.getMemberDecl());
  if (!call)
    return true; // a pointer to a bound member
  if (method->isStatic())
    return false;
  if (by == By::Place && leadsAway(member.getBase()))
    return false;
  const bool ofVariable = by == By::Place || member.isArrow();
  if (ofVariable && !isStandardDeclaration(method) && objectLeaks(*method, &member))
    return true;
  return resultLeaks(*call, body);
}

bool SharedLocals::objectLeaks(const CXXMethodDecl &method, const Expr *where) {
  const Body *body = method.isVirtual() ? nullptr : bodyOf(&method);
  if (!body) {
    met_.push_back({&method, -1, By::Place, where});
    return false;
  }
  const auto [known, isNew] = known_.try_emplace({&method, -1}, false);
  if (!isNew)
    return known->second;
  bool result = false;
  for (const Expr *self : body->selves)
    result = result || leaks(self, By::Value, *body);
  return remember({&method, -1}, result);
}

bool SharedLocals::argumentLeaks(const CallExpr &call, const Expr *argument, By by,
                                 const Body &body) {
  const FunctionDecl *callee = call.getDirectCallee();
  const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call);
  if (strip(call.getCallee()) == strip(argument) ||
      (operation && operation->getOperator() == OO_Call &&
       strip(operation->getArg(0)) == strip(argument)))
    return false; // it is called, now
  if (!callee)
    return by == By::Value;
  unsigned index = 0;
  while (index < call.getNumArgs() && call.getArg(index) != argument)
    ++index;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  if (operation && isStandardDeclaration(callee)) {
    // `*it`, `v[i]`, `p->x` lead on; the rest looks, or assigns.
    const OverloadedOperatorKind kind = operation->getOperator();
    if (by == By::Place && leadsAway(argument))
      return false;
    if (kind == OO_Star || kind == OO_Subscript || kind == OO_Arrow)
      return index == 0 && (kind == OO_Arrow && by == By::Value ? leaks(&call, By::Value, body)
                                                                : resultLeaks(call, body));
    if (kind == OO_Equal && index == 1 && by == By::Value) {
      const VarDecl *target = localNamed(operation->getArg(0));
      return !target || variableLeaks(target, By::Value);
    }
    return (kind == OO_Plus || kind == OO_Minus) && by == By::Value && resultLeaks(call, body);
  }
  if (operation && method && index > 0)
    --index;
  if (operation && method && operation->getArg(0) == argument)
    return objectLeaks(*method, argument) || resultLeaks(call, body);
  if (callsAtOnce(callee))
    return false;
  if (method) {
    const QualType owner = method->getASTContext().getCanonicalTagType(method->getParent());
    if (isUnlatchMap(owner) || isUnlatchSnapshot(owner))
      return false;
  }
  if (isStandardDeclaration(callee)) {
    const Result result = resultOf(*callee);
    if (result == Result::Place)
      return leaks(&call, by, body);
    if (result == Result::Value)
      return leaks(&call, By::Value, body);
    if (by == By::Value && isIterator(argument->getType()) && !method) // an algorithm's
      return resultLeaks(call, body);
    // A container that keeps a pointer, a task that runs a function.
    return by == By::Value && !isIterator(argument->getType()) && (method || !isHarmless(callee));
  }
  return parameterLeaks(*callee, index, argument, by) || resultLeaks(call, body);
}

bool SharedLocals::parameterLeaks(const FunctionDecl &callee, unsigned index, const Expr *argument,
                                  By by) {
  if (index >= callee.getNumParams())
    return by == By::Value && argument->getType()->isRecordType();
  const bool isReference = callee.getParamDecl(index)->getType()->isReferenceType();
  const By inside = isReference ? by : By::Value;
  const FunctionDecl *definition = nullptr;
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  if (callee.hasBody(definition) && !(method && method->isVirtual()))
    return variableLeaks(definition->getParamDecl(index), inside);
  met_.push_back({&callee, static_cast<int>(index), inside, argument});
  // What may be run later is taken for that; a pointer is for the call, unless a function comes
  // along with it.
  return by == By::Value && (argument->getType()->isRecordType() || takesContext(callee, index));
}

bool SharedLocals::constructionLeaks(const CXXConstructExpr &construct, const Expr *argument, By by,
                                     const Body &body) {
  const CXXConstructorDecl *constructor = construct.getConstructor();
  if (constructor->isCopyOrMoveConstructor())
    return by == By::Value && leaks(&construct, By::Value, body);
  if (startsThread(construct.getType()))
    return by == By::Value;
  if (isStandardDeclaration(constructor) || isIterator(construct.getType())) {
    if (by == By::Place && !leadsElsewhere(construct.getType()))
      return false;
    return leaks(&construct, By::Value, body);
  }
  for (unsigned index = 0; index < construct.getNumArgs(); ++index)
    if (construct.getArg(index) == argument && parameterLeaks(*constructor, index, argument, by))
      return true;
  // The object may keep the way there.
  return canHoldPointers(construct.getType()) && leaks(&construct, By::Value, body);
}

bool SharedLocals::declarationLeaks(const DeclStmt &declaration, const Expr *initial, By by,
                                    const Body &body) {
  for (const Decl *each : declaration.decls()) {
    const auto *variable = dyn_cast<VarDecl>(each);
    if (!variable || variable->getInit() != initial)
      continue;
    if (const auto *loop = dyn_cast_or_null<CXXForRangeStmt>(body.parents->getParent(&declaration)))
      if (loop->getRangeStmt() == &declaration) {
        const VarDecl *element = loop->getLoopVariable();
        return element->getType()->isReferenceType()
                   ? variableLeaks(element, By::Place)
                   : by == By::Value && variableLeaks(element, By::Value);
      }
    if (!variable->hasLocalStorage())
      return true;
    const bool reference = variable->getType()->isReferenceType();
    if (by == By::Place && !reference)
      return false;
    if (const auto *parts = dyn_cast<DecompositionDecl>(variable))
      for (const BindingDecl *part : parts->bindings())
        if (variableLeaks(part, by))
          return true;
    return variableLeaks(variable, by);
  }
  return false;
}

} // namespace unlatch
