// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the results of container operations flow. Every node on the way must be in this
// vocabulary; whatever is not is an escape and keeps the container under its mutex. Here: the
// iterators, pairs and answers that lead to an element.

#include "matchers/follower.h"
#include "matchers/kept_ways.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

void Follower::from(const Expr *expression, Meaning meaning) {
  const Expr *last = nullptr;
  const Stmt *parent = a.meaningfulParent(expression, &last);
  // Conversions on the way tell how a value is used.
  bool loads = false;
  for (const Expr *up = expression; up != last;) {
    up = cast<Expr>(a.parentOf(up));
    if (const auto *cast = dyn_cast<ImplicitCastExpr>(up))
      loads |= cast->getCastKind() == CK_LValueToRValue;
  }
  while (const auto *construct = dyn_cast_or_null<CXXConstructExpr>(parent)) {
    // An iterator converts to const_iterator by construction.
    if (meaning != Meaning::Iterator || construct->getNumArgs() != 1)
      break;
    expression = construct;
    parent = a.meaningfulParent(construct, &last);
  }
  if (!parent)
    return escape(expression);
  if (const auto *cast = dyn_cast<ExplicitCastExpr>(parent);
      cast && cast->getType()->isVoidType() && a.isDiscarded(cast))
    return; // `(void)it;`
  switch (meaning) {
  case Meaning::Iterator:
    return iterator(expression, last, parent);
  case Meaning::Element:
    return element(expression, last, parent);
  case Meaning::Pair:
    return pair(expression, last, parent);
  case Meaning::Flag:
    return flag(expression);
  case Meaning::Presence:
    return presence(expression, last, parent);
  case Meaning::Optional:
    return optional(expression, last, parent);
  case Meaning::Key:
    return key(expression, last, parent, loads);
  case Meaning::Value:
  case Meaning::Interior:
    return value(expression, last, parent, loads, meaning);
  case Meaning::InteriorPointer:
    return interiorPointer(expression, last, parent);
  }
}

void Follower::variable(const ValueDecl *declaration, Meaning meaning) {
  if (const auto *parts = dyn_cast<DecompositionDecl>(declaration)) {
    for (const BindingDecl *part : parts->bindings())
      variable(part, meaning);
    return;
  }
  if (a.captured.count(declaration))
    a.block(root, "escapes-reference",
            "`" + declaration->getNameAsString() +
                "` leads into the container and is captured by a lambda",
            a.function.getBody());
  if (const auto *variable = dyn_cast<VarDecl>(declaration); variable && variable->isStaticLocal())
    a.block(root, "escapes-reference", "a static variable leads into the container",
            a.function.getBody());
  auto found = a.references.find(declaration);
  if (found == a.references.end())
    return;
  for (const DeclRefExpr *reference : found->second) {
    a.marks[reference].push_back({PathStep::Mention, false, static_cast<int>(a.mentions.size())});
    a.mentions.push_back({root, reference});
    from(reference, meaning);
  }
}

bool Follower::isStandard(const FunctionDecl *callee) {
  return callee && isStandardDeclaration(callee);
}

void Follower::escape(const Stmt *where) {
  a.block(
      root, "escapes-reference",
      self().kind == RootKind::Scalar
          ? "the field, or what leads into it, goes where it is not followed"
          : "an iterator, reference or pointer into the container goes where it is not followed",
      where);
}

void Follower::unsupported(const Stmt *where, std::string message) {
  a.block(root, "unsupported-operation", std::move(message), where);
}

void Follower::use(UseKind kind, Meaning meaning, const Expr *node, const Expr *whole,
                   bool positive) {
  a.addUse(root, kind, meaning, node, whole, positive);
}

bool Follower::isEnd(const Expr *expression) {
  expression = strip(expression);
  while (const auto *construct = dyn_cast<CXXConstructExpr>(expression)) {
    if (construct->getNumArgs() != 1)
      return false;
    expression = strip(construct->getArg(0));
  }
  const Expr *object = nullptr;
  if (const auto *call = dyn_cast<CXXMemberCallExpr>(expression)) {
    const CXXMethodDecl *method = call->getMethodDecl();
    if (!method || !method->getIdentifier() ||
        (method->getName() != "end" && method->getName() != "cend"))
      return false;
    object = strip(call->getImplicitObjectArgument());
  } else if (const auto *call = dyn_cast<CallExpr>(expression)) {
    const FunctionDecl *callee = call->getDirectCallee();
    if (!isStandard(callee) || !callee->getIdentifier() ||
        (callee->getName() != "end" && callee->getName() != "cend") || call->getNumArgs() != 1)
      return false;
    object = strip(call->getArg(0));
  }
  if (!object || !sameContainer(object))
    return false;
  a.consumed.insert(object);
  a.referenceRoot[object] = root;
  return true;
}

bool Follower::sameContainer(const Expr *object) {
  const Expr *ours = self().reference;
  auto named = [](const Expr *e) -> const ValueDecl * {
    if (const auto *member = dyn_cast<MemberExpr>(e))
      return member->getMemberDecl();
    if (const auto *reference = dyn_cast<DeclRefExpr>(e))
      return reference->getDecl();
    return nullptr;
  };
  if (!ours || !named(object) || named(object) != named(ours))
    return false;
  const auto *left = dyn_cast<MemberExpr>(object);
  const auto *right = dyn_cast<MemberExpr>(ours);
  if (!left || !right || !isa<FieldDecl>(left->getMemberDecl()))
    return true;
  std::string path = a.pathOf(left->getBase()).text;
  return path == a.pathOf(right->getBase()).text && path != "?";
}

bool Follower::isInsertion(const Expr *value) {
  const auto *first = dyn_cast<MemberExpr>(strip(value));
  const auto *call = first ? dyn_cast<CXXMemberCallExpr>(strip(first->getBase())) : nullptr;
  const CXXMethodDecl *method = call ? call->getMethodDecl() : nullptr;
  return method && method->getIdentifier() &&
         (method->getName() == "emplace" || method->getName() == "try_emplace" ||
          method->getName() == "insert") &&
         sameContainer(strip(call->getImplicitObjectArgument()));
}

bool Follower::findsSameKey(const VarDecl *variable) {
  const std::string key = self().key ? a.canonicalKey(self().key) : "";
  return !key.empty() && llvm::any_of(a.roots, [&](const Root &other) {
    return other.kind == RootKind::Find && other.handle == variable && other.key &&
           other.field == self().field && other.base == self().base &&
           a.canonicalKey(other.key) == key;
  });
}

void Follower::iterator(const Expr *expression, const Expr *last, const Stmt *parent) {
  if (const auto *call = dyn_cast<CXXOperatorCallExpr>(parent)) {
    switch (call->getOperator()) {
    case OO_EqualEqual:
    case OO_ExclaimEqual:
      return comparison(last, call->getArg(0), call->getArg(1),
                        call->getOperator() == OO_ExclaimEqual, call);
    case OO_Arrow:
      if (const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(call, nullptr)))
        return part(member, expression);
      break;
    case OO_Star:
      if (const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(call, nullptr)))
        return part(member, expression);
      return from(call, Meaning::Element);
    case OO_Equal:
      if (strip(call->getArg(1)) == strip(last)) {
        const auto *target = dyn_cast<DeclRefExpr>(strip(call->getArg(0)));
        const auto *variable = target ? dyn_cast<VarDecl>(target->getDecl()) : nullptr;
        if (variable && variable->isLocalVarDecl() && a.isDiscarded(call)) {
          if (self().kind != RootKind::Insert || !findsSameKey(variable))
            return unsupported(call, "an iterator is assigned more than once");
          self().assignment = call;
          return;
        }
      } else if (strip(call->getArg(0)) == strip(last)) {
        // `it = m.erase(it)`: only meaningful in a loop over all elements.
        if (self().loop)
          return;
        // The insertion, when it is followed, sees to it that it is one of the same key.
        if (self().kind == RootKind::Find && isInsertion(call->getArg(1)) && a.isDiscarded(call))
          return;
        return unsupported(call, "an iterator is assigned more than once");
      }
      break;
    case OO_PlusPlus:
      if (self().loop)
        return;
      a.block(root, self().fieldType == TypeClass::OrderedMap ? "ordered" : "multi-key",
              "the iterator moves on to a neighbour", call);
      return;
    case OO_MinusMinus:
      a.block(root, "ordered", "the iterator moves to a neighbour", call);
      return;
    default:
      break;
    }
    return escape(expression);
  }
  if (const auto *call = dyn_cast<CXXMemberCallExpr>(parent)) {
    const CXXMethodDecl *method = call->getMethodDecl();
    const Expr *object = strip(call->getImplicitObjectArgument());
    if (method && method->getIdentifier() && method->getName() == "erase" &&
        call->getNumArgs() == 1 && sameContainer(object)) {
      a.consumed.insert(object);
      a.referenceRoot[object] = root;
      use(UseKind::Erase, Meaning::Iterator, call, call);
      if (!a.isDiscarded(call) && !self().loop)
        unsupported(call, "the iterator that erase returns is used");
      return;
    }
    return escape(expression);
  }
  if (isa<CallExpr>(parent) &&
      isa<CXXRewrittenBinaryOperator>(a.parentOf(parent) ? a.parentOf(parent) : parent))
    return escape(expression);
  if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
    if (const VarDecl *variable = initialised(declaration, last)) {
      if (variable->getType()->isReferenceType())
        return escape(expression);
      return holder(variable, Meaning::Iterator);
    }
  }
  if (const auto *branch = dyn_cast<IfStmt>(parent))
    if (branch->getConditionVariableDeclStmt())
      return escape(expression);
  return escape(expression);
}

const VarDecl *Follower::initialised(const DeclStmt *declaration, const Expr *last) {
  for (const Decl *each : declaration->decls())
    if (const auto *variable = dyn_cast<VarDecl>(each);
        variable && variable->getInit() &&
        (variable->getInit() == last || strip(variable->getInit()) == strip(last)))
      return variable;
  return nullptr;
}

void Follower::holder(const VarDecl *variable, Meaning meaning) {
  if (self().handle && self().handle != variable && !self().loop)
    unsupported(variable->getInit(), "the result is held by two variables");
  if (!self().loop)
    self().handle = variable;
  a.handleRoots[variable].push_back(root);
  this->variable(variable, meaning);
}

void Follower::comparison(const Expr *ours, const Expr *left, const Expr *right, bool notEqual,
                          const Expr *whole) {
  const Expr *other = strip(left) == strip(ours) ? right : left;
  if (!isEnd(other)) {
    a.block(root, "escapes-reference", "the iterator is compared with something else than the end",
            whole);
    return;
  }
  // C++20 rewrites `a != b` into `!(a == b)`; the node as spelled is the outer one.
  bool positive = notEqual;
  const Expr *spelled = whole;
  for (const Stmt *up = a.parentOf(whole); up; up = a.parentOf(up)) {
    if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(up)) {
      spelled = rewritten;
      positive = rewritten->getOperator() == BO_NE;
      break;
    }
    if (!isa<ImplicitCastExpr>(up) && !isa<UnaryOperator>(up) && !isa<ParenExpr>(up))
      break;
    if (const auto *unary = dyn_cast<UnaryOperator>(up); unary && unary->getOpcode() != UO_LNot)
      break;
  }
  if (self().loop)
    return; // the loop's own condition
  use(UseKind::Test, Meaning::Iterator, spelled, spelled, positive);
  // The control flow graph may test the inner node.
  if (spelled != whole)
    a.tests[strip(whole)] = {root, notEqual};
}

void Follower::part(const MemberExpr *member, const Expr *handle) {
  StringRef name = member->getMemberDecl()->getName();
  a.parts.push_back({root, member, handle, name == "first"});
  if (name == "first")
    from(member, Meaning::Key);
  else if (name == "second")
    from(member, Meaning::Value);
  else
    escape(member);
}

void Follower::element(const Expr *expression, const Expr *last, const Stmt *parent) {
  if (const auto *member = dyn_cast<MemberExpr>(parent))
    return part(member, expression);
  if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
    const VarDecl *variable = initialised(declaration, last);
    if (!variable)
      return escape(expression);
    if (!self().loop && !bindElement(variable))
      unsupported(declaration, "the element is bound as a pair");
    return elementVariable(variable);
  }
  if (const auto *construct = dyn_cast<CXXConstructExpr>(parent);
      construct && construct->getConstructor()->isCopyConstructor()) {
    const Expr *outer = nullptr;
    const Stmt *up = a.meaningfulParent(construct, &outer);
    if (const auto *declaration = dyn_cast_or_null<DeclStmt>(up))
      if (const VarDecl *variable = initialised(declaration, outer)) {
        use(UseKind::Read, Meaning::Element, expression, expression);
        if (self().loop)
          return;
        if (!bindElement(variable))
          unsupported(declaration, "the element is copied as a pair");
        return elementVariable(variable);
      }
    use(UseKind::Read, Meaning::Element, expression, expression);
    if (!self().loop)
      unsupported(construct, "the element is copied as a pair");
    return;
  }
  // `std::pair<K, V>(element)`, mostly for `out.push_back(element)`.
  if (const auto *construct = dyn_cast<CXXConstructExpr>(parent);
      construct && self().loop && isStandard(construct->getConstructor()) &&
      construct->getNumArgs() == 1 && !mayKeepWay(*construct, *last))
    return use(UseKind::Read, Meaning::Element, expression, expression);
  if (const auto *call = dyn_cast<CallExpr>(parent); call && self().loop) {
    // `out.push_back(element)` and the like copy the pair.
    const FunctionDecl *callee = call->getDirectCallee();
    if (isStandard(callee) && !mayKeepWay(*call, *last)) {
      use(UseKind::Read, Meaning::Element, expression, expression);
      return;
    }
  }
  escape(expression);
}

bool Follower::bindElement(const VarDecl *variable) {
  const auto *bindings = dyn_cast<DecompositionDecl>(variable);
  if (!bindings || bindings->bindings().size() != 2 || self().binding || !self().handle)
    return false;
  self().binding = bindings;
  return true;
}

void Follower::elementVariable(const VarDecl *variable) {
  if (const auto *bindings = dyn_cast<DecompositionDecl>(variable)) {
    if (bindings->bindings().size() != 2)
      return escape(variable->getInit());
    this->variable(bindings->bindings()[0], Meaning::Key);
    this->variable(bindings->bindings()[1], Meaning::Value);
    return;
  }
  this->variable(variable, Meaning::Element);
}

void Follower::pair(const Expr *expression, const Expr *last, const Stmt *parent) {
  bool runtime = self().kind == RootKind::LoadOrStore;
  Meaning first = runtime ? Meaning::Value : Meaning::Iterator;
  if (const auto *member = dyn_cast<MemberExpr>(parent)) {
    StringRef name = member->getMemberDecl()->getName();
    return from(member, name == "first" ? first : Meaning::Flag);
  }
  if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
    const VarDecl *variable = initialised(declaration, last);
    if (!variable)
      return escape(expression);
    self().handle = variable;
    a.handleRoots[variable].push_back(root);
    if (const auto *bindings = dyn_cast<DecompositionDecl>(variable)) {
      if (bindings->bindings().size() != 2)
        return escape(expression);
      this->variable(bindings->bindings()[0], first);
      this->variable(bindings->bindings()[1], Meaning::Flag);
      return;
    }
    return this->variable(variable, Meaning::Pair);
  }
  escape(expression);
}

void Follower::flag(const Expr *expression) {
  // True means: it was not there before.
  use(UseKind::Test, Meaning::Flag, expression, expression, false);
}

/// Compared with zero or one, or taken for a truth value, wherever it is named.
bool Follower::isOnlyTested(const VarDecl &count) const {
  const auto found = a.references.find(&count);
  return !a.captured.contains(&count) && found != a.references.end() &&
         llvm::all_of(found->second, [&](const DeclRefExpr *each) {
           const Expr *last = each;
           const auto *binary = dyn_cast_or_null<BinaryOperator>(a.meaningfulParent(each, &last));
           if (!binary || !binary->isComparisonOp())
             return a.isBooleanContext(each);
           Expr::EvalResult result;
           const Expr *other = binary->getLHS() == last ? binary->getRHS() : binary->getLHS();
           return strip(other)->EvaluateAsInt(result, a.context) &&
                  (result.Val.getInt() == 0 || result.Val.getInt() == 1);
         });
}

/// Where a number that is zero or one does what false and true do.
bool Follower::isTruth(const Expr &count, const Expr *last, const Stmt &parent) const {
  if (count.getType()->isBooleanType() || a.isBooleanContext(&count) || a.isDiscarded(&count))
    return true;
  if (const auto *cast = dyn_cast<ExplicitCastExpr>(&parent))
    return cast->getType()->isArithmeticType();
  if (isa<ReturnStmt>(parent)) {
    const QualType result = a.function.getDeclaredReturnType();
    return result->isArithmeticType() && !result->getContainedAutoType();
  }
  if (const auto *declaration = dyn_cast<DeclStmt>(&parent))
    return llvm::any_of(declaration->decls(), [&](const Decl *each) {
      const auto *variable = dyn_cast<VarDecl>(each);
      return variable && variable->getInit() == last && variable->getType()->isArithmeticType() &&
             (!variable->getType()->getContainedAutoType() || isOnlyTested(*variable));
    });
  const auto *assignment = dyn_cast<BinaryOperator>(&parent);
  return assignment && assignment->getRHS() == last &&
         assignment->getLHS()->getType()->isIntegerType() &&
         llvm::is_contained({BO_Assign, BO_AddAssign, BO_SubAssign}, assignment->getOpcode());
}

void Follower::presence(const Expr *expression, const Expr *last, const Stmt *parent) {
  // count(k) and contains(k), alone or compared with a literal.
  const auto *binary = dyn_cast<BinaryOperator>(parent);
  if (!binary || !binary->isComparisonOp()) {
    if (self().kind == RootKind::Presence && !isTruth(*expression, last, *parent))
      unsupported(expression, "how often the key is there is used as a number");
    return use(UseKind::Test, Meaning::Presence, expression, expression, true);
  }
  const Expr *other = binary->getLHS() == last ? binary->getRHS() : binary->getLHS();
  bool left = binary->getLHS() == last;
  Expr::EvalResult result;
  if (!strip(other)->EvaluateAsInt(result, a.context))
    return unsupported(binary, "the count is compared with something that is not a constant");
  auto literal = result.Val.getInt().getExtValue();
  BinaryOperatorKind op = binary->getOpcode();
  if (!left)
    op = BinaryOperator::reverseComparisonOp(op);
  bool positive = (op == BO_GT && literal == 0) || (op == BO_NE && literal == 0) ||
                  (op == BO_EQ && literal == 1) || (op == BO_GE && literal == 1);
  bool negative = (op == BO_EQ && literal == 0) || (op == BO_LT && literal == 1) ||
                  (op == BO_LE && literal == 0) || (op == BO_NE && literal == 1);
  if (!positive && !negative)
    return unsupported(binary, "the count is compared in a way that is not a test of presence");
  use(UseKind::Test, Meaning::Presence, binary, binary, positive);
}

void Follower::optional(const Expr *expression, const Expr *last, const Stmt *parent) {
  if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
    if (const VarDecl *variable = initialised(declaration, last))
      return holder(variable, Meaning::Optional);
  }
  if (const auto *branch = dyn_cast<IfStmt>(parent); branch && branch->getConditionVariable())
    if (branch->getConditionVariable()->getInit() == last ||
        strip(branch->getConditionVariable()->getInit()) == strip(last))
      return holder(branch->getConditionVariable(), Meaning::Optional);
  if (isa<CXXConstructExpr>(parent)) { // `return m.load(k);` copies or moves the whole answer
    use(UseKind::Read, Meaning::Optional, expression, expression);
    return;
  }
  if (isa<ReturnStmt>(parent)) {
    use(UseKind::Read, Meaning::Optional, expression, expression);
    return;
  }
  const auto *member = dyn_cast<MemberExpr>(parent);
  const auto *call = member ? dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member)) : nullptr;
  if (call && call->getMethodDecl()) {
    const CXXMethodDecl *method = call->getMethodDecl();
    if (isa<CXXConversionDecl>(method))
      return use(UseKind::Test, Meaning::Optional, call, expression, true);
    StringRef name = method->getIdentifier() ? method->getName() : "";
    if (name == "has_value")
      return use(UseKind::Test, Meaning::Optional, call, call, true);
    if (name == "empty" && self().method == "extract")
      return use(UseKind::Test, Meaning::Optional, call, call, false);
    if (name == "value" || name == "mapped") {
      a.parts.push_back({root, call, expression, false});
      return from(call, Meaning::Value);
    }
    if (name == "key") {
      a.parts.push_back({root, call, expression, true});
      return from(call, Meaning::Key);
    }
    if (name == "value_or")
      return use(UseKind::Read, Meaning::Optional, call, call);
    if (name == "emplace" && self().kind == RootKind::Entry) {
      use(UseKind::Replace, Meaning::Optional, call, call);
      if (!a.isDiscarded(call))
        from(call, Meaning::Interior);
      return;
    }
    if (name == "reset" && self().kind == RootKind::Entry)
      return use(UseKind::Discard, Meaning::Optional, call, call);
  }
  if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(parent)) {
    if (operation->getOperator() == OO_Star)
      return from(operation, Meaning::Value);
    if (operation->getOperator() == OO_Arrow) {
      noteElementPointer(operation);
      if (const auto *inner = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(operation, nullptr)))
        return arrowMember(inner, Meaning::Value);
    }
    if (operation->getOperator() == OO_Equal && self().kind == RootKind::Entry &&
        operation->getArg(0) == last && a.isDiscarded(operation))
      return use(UseKind::Replace, Meaning::Optional, operation, operation);
  }
  escape(expression);
}

void FunctionAnalysis::follow(int root, const Expr *expression, Meaning meaning) {
  Follower(*this, root).from(expression, meaning);
}

void FunctionAnalysis::followVariable(int root, const ValueDecl *variable, Meaning meaning) {
  Follower follower(*this, root);
  if (const auto *declaration = dyn_cast<VarDecl>(variable);
      declaration && meaning == Meaning::Element)
    follower.elementVariable(declaration);
  else
    follower.variable(variable, meaning);
}

} // namespace unlatch
