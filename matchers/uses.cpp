// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the results of container operations flow. Every node on the way must be in this
// vocabulary; whatever is not is an escape and keeps the container under its mutex.

#include "matchers/function_analysis.h"
#include "matchers/retention.h"
#include "matchers/types.h"

#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace unlatch {

namespace {

bool isStandard(const FunctionDecl *callee) { return callee && isStandardDeclaration(callee); }

QualType parameterType(const FunctionDecl *callee, unsigned index) {
  if (index < callee->getNumParams())
    return callee->getParamDecl(index)->getType();
  return {};
}

bool isConstReferenceOrValue(QualType parameter) {
  if (parameter.isNull())
    return false;
  return !parameter->isReferenceType() || parameter->getPointeeType().isConstQualified();
}

class Follower {
public:
  Follower(FunctionAnalysis &analysis, int root) : a(analysis), root(root) {}

  void from(const Expr *expression, Meaning meaning) {
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

  void variable(const ValueDecl *declaration, Meaning meaning) {
    if (a.captured.count(declaration))
      a.block(root, "escapes-reference",
              "`" + declaration->getNameAsString() +
                  "` leads into the container and is captured by a lambda",
              a.function.getBody());
    if (const auto *variable = dyn_cast<VarDecl>(declaration);
        variable && variable->isStaticLocal())
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

private:
  void escape(const Stmt *where) {
    a.block(root, "escapes-reference",
            "an iterator, reference or pointer into the container goes where it is not followed",
            where);
  }
  void unsupported(const Stmt *where, std::string message) {
    a.block(root, "unsupported-operation", std::move(message), where);
  }
  void use(UseKind kind, Meaning meaning, const Expr *node, const Expr *whole,
           bool positive = true) {
    a.addUse(root, kind, meaning, node, whole, positive);
  }
  Root &self() { return a.roots[static_cast<std::size_t>(root)]; }

  /// The other operand of a comparison is the end of the same container.
  bool isEnd(const Expr *expression) {
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

  bool sameContainer(const Expr *object) {
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

  /// `m.emplace(k, v).first` of the same container.
  bool isInsertion(const Expr *value) {
    const auto *first = dyn_cast<MemberExpr>(strip(value));
    const auto *call = first ? dyn_cast<CXXMemberCallExpr>(strip(first->getBase())) : nullptr;
    const CXXMethodDecl *method = call ? call->getMethodDecl() : nullptr;
    return method && method->getIdentifier() &&
           (method->getName() == "emplace" || method->getName() == "try_emplace" ||
            method->getName() == "insert") &&
           sameContainer(strip(call->getImplicitObjectArgument()));
  }

  /// Whether the variable holds what a look-up of this root's key, in the same container, found.
  bool findsSameKey(const VarDecl *variable) {
    const std::string key = self().key ? a.canonicalKey(self().key) : "";
    return !key.empty() && llvm::any_of(a.roots, [&](const Root &other) {
      return other.kind == RootKind::Find && other.handle == variable && other.key &&
             other.field == self().field && other.base == self().base &&
             a.canonicalKey(other.key) == key;
    });
  }

  void iterator(const Expr *expression, const Expr *last, const Stmt *parent) {
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

  /// The variable that an expression initialises within a declaration statement.
  const VarDecl *initialised(const DeclStmt *declaration, const Expr *last) {
    for (const Decl *each : declaration->decls())
      if (const auto *variable = dyn_cast<VarDecl>(each);
          variable && variable->getInit() &&
          (variable->getInit() == last || strip(variable->getInit()) == strip(last)))
        return variable;
    return nullptr;
  }

  void holder(const VarDecl *variable, Meaning meaning) {
    if (self().handle && self().handle != variable && !self().loop)
      unsupported(variable->getInit(), "the result is held by two variables");
    if (!self().loop)
      self().handle = variable;
    a.handleRoots[variable].push_back(root);
    this->variable(variable, meaning);
  }

  void comparison(const Expr *ours, const Expr *left, const Expr *right, bool notEqual,
                  const Expr *whole) {
    const Expr *other = strip(left) == strip(ours) ? right : left;
    if (!isEnd(other)) {
      a.block(root, "escapes-reference",
              "the iterator is compared with something else than the end", whole);
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

  void part(const MemberExpr *member, const Expr *handle) {
    StringRef name = member->getMemberDecl()->getName();
    a.parts.push_back({root, member, handle, name == "first"});
    if (name == "first")
      from(member, Meaning::Key);
    else if (name == "second")
      from(member, Meaning::Value);
    else
      escape(member);
  }

  void element(const Expr *expression, const Expr *last, const Stmt *parent) {
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
    if (const auto *call = dyn_cast<CallExpr>(parent); call && self().loop) {
      // `out.push_back(element)` and the like copy the pair.
      const FunctionDecl *callee = call->getDirectCallee();
      if (isStandard(callee)) {
        use(UseKind::Read, Meaning::Element, expression, expression);
        return;
      }
    }
    escape(expression);
  }

  /// `auto &[key, value] = *it`, once, in a statement of its own.
  bool bindElement(const VarDecl *variable) {
    const auto *bindings = dyn_cast<DecompositionDecl>(variable);
    if (!bindings || bindings->bindings().size() != 2 || self().binding || !self().handle)
      return false;
    self().binding = bindings;
    return true;
  }

public:
  void elementVariable(const VarDecl *variable) {
    if (const auto *bindings = dyn_cast<DecompositionDecl>(variable)) {
      if (bindings->bindings().size() != 2)
        return escape(variable->getInit());
      this->variable(bindings->bindings()[0], Meaning::Key);
      this->variable(bindings->bindings()[1], Meaning::Value);
      return;
    }
    this->variable(variable, Meaning::Element);
  }

private:
  void pair(const Expr *expression, const Expr *last, const Stmt *parent) {
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

  void flag(const Expr *expression) {
    // True means: it was not there before.
    use(UseKind::Test, Meaning::Flag, expression, expression, false);
  }

  void presence(const Expr *expression, const Expr *last, const Stmt *parent) {
    // count(k) and contains(k), alone or compared with a literal.
    const auto *binary = dyn_cast<BinaryOperator>(parent);
    if (!binary || !binary->isComparisonOp())
      return use(UseKind::Test, Meaning::Presence, expression, expression, true);
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

  /// What the runtime hands out: std::optional<V>, or the entry of update(); also a node handle.
  void optional(const Expr *expression, const Expr *last, const Stmt *parent) {
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
        if (const auto *inner =
                dyn_cast_or_null<MemberExpr>(a.meaningfulParent(operation, nullptr)))
          return arrowMember(inner, Meaning::Value);
      }
      if (operation->getOperator() == OO_Equal && self().kind == RootKind::Entry &&
          operation->getArg(0) == last && a.isDiscarded(operation))
        return use(UseKind::Replace, Meaning::Optional, operation, operation);
    }
    escape(expression);
  }

  /// `handle->member`: a member of the value, or a call on it.
  void arrowMember(const MemberExpr *member, Meaning) {
    if (isa<FieldDecl>(member->getMemberDecl()))
      return from(member, Meaning::Interior);
    if (const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member)))
      return methodOn(*call, member, Meaning::Value);
    escape(member);
  }

  void key(const Expr *expression, const Expr *last, const Stmt *parent, bool loads) {
    use(UseKind::ReadKey, Meaning::Key, expression, expression);
    if (loads)
      return;
    if (const auto *construct = dyn_cast<CXXConstructExpr>(parent)) {
      if (!leadsElsewhere(construct->getType()))
        return;
    } else if (const auto *call = dyn_cast<CallExpr>(parent)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (isStandard(callee) && !leadsElsewhere(call->getType()))
        return;
      if (isStandard(callee) && isa<CXXOperatorCallExpr>(call)) // stream output, concatenation
        return;
      // A copy is made of an argument passed by value; a reference stays within the call.
      if (callee && !returnsIntoArgument(callee))
        for (unsigned i = 0; i < call->getNumArgs(); ++i)
          if (strip(call->getArg(i)) == strip(last) && !mayRetain(callee, i))
            return;
    } else if (isa<MemberExpr>(parent)) {
      const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(parent));
      if (!call || !leadsElsewhere(call->getType()))
        return;
    } else if (isa<CompoundStmt>(parent) || isa<CXXForRangeStmt>(parent)) {
      return;
    } else if (isa<InitListExpr>(parent) && !last->isGLValue()) {
      return;
    }
    escape(expression);
  }

  void value(const Expr *expression, const Expr *last, const Stmt *parent, bool loads,
             Meaning meaning) {
    noteElementPointer(expression);
    if (loads) {
      use(UseKind::Read, meaning, expression, expression);
      if (expression->getType()->isAnyPointerType())
        notePointerFlow(last, parent);
      return;
    }
    if (const auto *member = dyn_cast<MemberExpr>(parent)) {
      if (isa<FieldDecl>(member->getMemberDecl()))
        return from(member, Meaning::Interior);
      if (const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member)))
        return methodOn(*call, expression, meaning);
      return escape(expression);
    }
    if (const auto *binary = dyn_cast<BinaryOperator>(parent)) {
      if (binary->isAssignmentOp() && binary->getLHS() == last) {
        bool whole = binary->getOpcode() == BO_Assign && meaning == Meaning::Value;
        if (binary->isCompoundAssignmentOp())
          use(UseKind::Modify, meaning, expression, binary);
        else
          use(whole ? UseKind::Replace : UseKind::Modify, meaning, expression, binary);
        if (!a.isDiscarded(binary))
          use(UseKind::Read, meaning, expression, expression);
        return;
      }
      if (binary->getOpcode() == BO_Comma && binary->getLHS() == last)
        return;
      return escape(expression);
    }
    if (const auto *unary = dyn_cast<UnaryOperator>(parent)) {
      if (unary->isIncrementDecrementOp()) {
        use(UseKind::Modify, meaning, expression, unary);
        return;
      }
      return escape(unary); // the address of an element
    }
    if (const auto *construct = dyn_cast<CXXConstructExpr>(parent))
      return constructed(*construct, expression, last, meaning);
    if (const auto *call = dyn_cast<CallExpr>(parent))
      return argument(*call, expression, last, meaning);
    if (const auto *choice = dyn_cast<ConditionalOperator>(parent)) {
      if (choice->isGLValue())
        return from(choice, Meaning::Interior);
      return use(UseKind::Read, meaning, expression, expression);
    }
    if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
      const VarDecl *variable = initialised(declaration, last);
      if (!variable || !variable->getType()->isReferenceType())
        return escape(expression);
      if (const auto *loop = dyn_cast_or_null<CXXForRangeStmt>(a.parentOf(declaration)))
        return loopOverValue(*loop, expression, meaning);
      use(UseKind::Read, meaning, expression, expression);
      self().bound = true;
      if (isa<DecompositionDecl>(variable)) {
        for (const BindingDecl *binding : cast<DecompositionDecl>(variable)->bindings())
          this->variable(binding, Meaning::Interior);
        return;
      }
      return this->variable(variable, meaning);
    }
    if (const auto *leave = dyn_cast<ReturnStmt>(parent)) {
      if (!a.function.getReturnType()->isReferenceType()) {
        return use(UseKind::Read, meaning, expression, expression);
      }
      a.block(root, "escapes-reference", "a reference to an element is returned", leave);
      return;
    }
    if (isa<CompoundStmt>(parent))
      return; // named and dropped
    if (const auto *array = dyn_cast<ArraySubscriptExpr>(parent))
      return from(array, Meaning::Interior);
    escape(expression);
  }

  void noteElementPointer(const Expr *expression) {
    bool owned =
        isSmartPointer(expression->getType()) || !expression->getType()->isAnyPointerType();
    a.elementPointers[expression] = {self().field, owned};
  }

  /// A raw pointer that was copied out still leads to what the mutex may guard.
  void notePointerFlow(const Expr *last, const Stmt *parent) {
    a.elementPointers[last] = {self().field, false};
    if (const auto *declaration = dyn_cast_or_null<DeclStmt>(parent))
      if (const VarDecl *variable = initialised(declaration, last)) {
        auto found = a.references.find(variable);
        if (found != a.references.end())
          for (const DeclRefExpr *reference : found->second)
            a.elementPointers[reference] = {self().field, false};
      }
  }

  void loopOverValue(const CXXForRangeStmt &loop, const Expr *expression, Meaning meaning) {
    const VarDecl *variable = loop.getLoopVariable();
    QualType type = variable->getType();
    use(UseKind::Read, meaning, expression, expression);
    self().bound = true;
    if (type->isReferenceType())
      this->variable(variable, Meaning::Interior);
  }

  void constructed(const CXXConstructExpr &construct, const Expr *expression, const Expr *last,
                   Meaning meaning) {
    for (unsigned i = 0; i < construct.getNumArgs(); ++i) {
      if (construct.getArg(i) != last && strip(construct.getArg(i)) != strip(last))
        continue;
      QualType parameter = parameterType(construct.getConstructor(), i);
      if (isStandard(construct.getConstructor()) && isForwarding(construct.getConstructor(), i) &&
          !leadsElsewhere(construct.getType()) && !holdsReferences(construct.getType()) &&
          last->isLValue())
        return use(UseKind::Read, meaning, expression, expression);
      if (!isConstReferenceOrValue(parameter)) {
        if (parameter->isRValueReferenceType()) {
          use(UseKind::Modify, meaning, expression, expression);
          return;
        }
        return escape(expression);
      }
      use(UseKind::Read, meaning, expression, expression);
      if (construct.getConstructor()->isCopyConstructor()) {
        noteCopyFlow(construct, expression);
        return;
      }
      if (!isStandard(construct.getConstructor()) || leadsElsewhere(construct.getType()))
        escape(expression);
      return;
    }
    escape(expression);
  }

  /// A smart pointer copied into a variable still leads to the same pointee.
  void noteCopyFlow(const CXXConstructExpr &construct, const Expr *expression) {
    if (!isSmartPointer(expression->getType()))
      return;
    a.elementPointers[&construct] = {self().field, true};
    const Expr *last = nullptr;
    if (const auto *declaration = dyn_cast_or_null<DeclStmt>(a.meaningfulParent(&construct, &last)))
      if (const VarDecl *variable = initialised(declaration, last)) {
        auto found = a.references.find(variable);
        if (found != a.references.end())
          for (const DeclRefExpr *reference : found->second)
            a.elementPointers[reference] = {self().field, true};
      }
  }

  void methodOn(const CXXMemberCallExpr &call, const Expr *expression, Meaning meaning) {
    const CXXMethodDecl *method = call.getMethodDecl();
    if (!method)
      return escape(expression);
    bool reads = method->isConst();
    bool interior = leadsElsewhere(call.getType()) || call.isGLValue();
    bool pointer = isSmartPointer(expression->getType());
    if (!isStandardDeclaration(method) &&
        !a.context.getSourceManager().isInSystemHeader(method->getLocation())) {
      // A method of the user's own on the element: it may keep what `this` points to.
      if (interior || mayRetainObject(method))
        return escape(expression);
      use(reads ? UseKind::Read : UseKind::Modify, meaning, expression, &call);
      return;
    }
    // begin() and the like of a non-const container only hand out ways to change it.
    StringRef name = method->getIdentifier() ? method->getName() : "";
    bool accessor = name == "begin" || name == "end" || name == "front" || name == "back" ||
                    name == "at" || name == "data" || name == "find" || name == "get" ||
                    name == "value";
    use(reads || accessor ? UseKind::Read : UseKind::Modify, meaning, expression, &call);
    if (pointer && name == "get")
      return escape(expression);
    if (!interior || a.isDiscarded(&call))
      return;
    from(&call, call.isGLValue() ? Meaning::Interior : Meaning::InteriorPointer);
  }

  void argument(const CallExpr &call, const Expr *expression, const Expr *last, Meaning meaning) {
    const FunctionDecl *callee = call.getDirectCallee();
    if (!callee)
      return calledThrough(call, expression, last, meaning);
    unsigned index = 0;
    while (index < call.getNumArgs() && call.getArg(index) != last &&
           strip(call.getArg(index)) != strip(last))
      ++index;
    if (index == call.getNumArgs())
      return escape(expression);
    const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call);
    const auto *method = dyn_cast<CXXMethodDecl>(callee);
    if (operation && method) {
      if (index == 0)
        return operatorOn(*operation, *method, expression, meaning);
      --index;
    }
    QualType parameter = parameterType(callee, index);
    if (method && (method->isDefaulted() || method->isTrivial()) &&
        (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()))
      return use(parameter->isRValueReferenceType() ? UseKind::Modify : UseKind::Read, meaning,
                 expression, expression);
    if (isStandard(callee) && isForwarding(callee, index) && last->isLValue() &&
        callee->getIdentifier()) {
      StringRef name = callee->getName();
      bool copies = name == "emplace" || name == "emplace_back" || name == "emplace_front" ||
                    name == "make_pair" || name == "make_tuple" || name == "make_optional" ||
                    name == "make_shared" || name == "make_unique" || name == "try_emplace" ||
                    name == "insert_or_assign" || name == "to_string" || name == "insert";
      if (copies)
        return use(UseKind::Read, meaning, expression, expression);
    }
    if (isStandard(callee) && callee->getIdentifier() &&
        (callee->getName() == "move" || callee->getName() == "forward")) {
      use(UseKind::Modify, meaning, expression, &call);
      a.uses.back().meaning = meaning;
      return;
    }
    if (isStandard(callee) && callee->getIdentifier() && callee->getName() == "exchange" &&
        index == 0) {
      use(UseKind::Read, meaning, expression, &call);
      return use(UseKind::Replace, meaning, expression, &call);
    }
    if (isStandard(callee) && callee->getIdentifier() && callee->getName() == "as_const")
      return from(&call, Meaning::Interior);
    if (!isConstReferenceOrValue(parameter)) {
      if (isStandard(callee) && !returnsIntoArgument(callee))
        return use(UseKind::Modify, meaning, expression, &call);
      if (isStandard(callee) && operation)
        return use(UseKind::Modify, meaning, expression, &call);
      a.block(root, "escapes-reference", "a reference to an element is passed on", &call);
      return;
    }
    use(UseKind::Read, meaning, expression, expression);
    if (isStandard(callee)) {
      bool streams = operation && operation->getOperator() == OO_LessLess;
      if (returnsIntoArgument(callee) && !streams && !method)
        from(&call, call.isGLValue() ? Meaning::Interior : Meaning::InteriorPointer);
      return;
    }
    if (isStandardDeclaration(callee) || !parameter->isReferenceType())
      return;
    if (a.context.getSourceManager().isInSystemHeader(callee->getLocation()))
      return escape(expression);
    if (mayRetain(callee, index))
      a.block(root, "escapes-reference", "a reference to an element is passed on", &call);
  }

  /// The element is called, or passed to something called through a pointer or an object.
  void calledThrough(const CallExpr &call, const Expr *expression, const Expr *last, Meaning) {
    if (call.getCallee() == last || strip(call.getCallee()) == strip(last)) {
      use(UseKind::Read, Meaning::Value, expression, expression);
      return;
    }
    a.block(root, "escapes-reference", "a reference to an element is passed on", &call);
  }

  void operatorOn(const CXXOperatorCallExpr &call, const CXXMethodDecl &method,
                  const Expr *expression, Meaning meaning) {
    OverloadedOperatorKind op = call.getOperator();
    if (op == OO_Equal) {
      use(meaning == Meaning::Value ? UseKind::Replace : UseKind::Modify, meaning, expression,
          &call);
      if (!a.isDiscarded(&call))
        escape(&call);
      return;
    }
    if (isSmartPointer(expression->getType()) && (op == OO_Arrow || op == OO_Star)) {
      // What is behind the pointer is another object; memory.cpp describes what is done to it.
      use(UseKind::Read, meaning, expression, expression);
      return;
    }
    if (op == OO_Call) {
      use(UseKind::Read, meaning, expression, expression);
      return;
    }
    bool reads = method.isConst();
    if (op == OO_Subscript || op == OO_Arrow || op == OO_Star) {
      use(UseKind::Read, meaning, expression, expression);
      if (op == OO_Subscript && !reads) {
        std::optional<NamedClass> type = namedClass(expression->getType());
        if (type && StringRef(type->name).contains("map"))
          use(UseKind::Modify, meaning, expression, expression);
      }
      return from(&call, Meaning::Interior);
    }
    if (!method.isInStdNamespace() && leadsElsewhere(call.getType()) && !a.isDiscarded(&call))
      return escape(expression);
    use(reads ? UseKind::Read : UseKind::Modify, meaning, expression, &call);
    if (!reads && !a.isDiscarded(&call))
      escape(&call);
  }

  void interiorPointer(const Expr *expression, const Expr *last, const Stmt *parent) {
    if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
      const VarDecl *variable = initialised(declaration, last);
      if (!variable || variable->getType()->isReferenceType())
        return escape(expression);
      self().bound = true;
      return this->variable(variable, Meaning::InteriorPointer);
    }
    if (const auto *construct = dyn_cast<CXXConstructExpr>(parent)) {
      if (isStandard(construct->getConstructor()) && !leadsElsewhere(construct->getType()))
        return; // a std::string made of it
      if (construct->getConstructor()->isCopyOrMoveConstructor() || construct->getNumArgs() == 1)
        return from(construct, Meaning::InteriorPointer);
      return escape(expression);
    }
    if (const auto *call = dyn_cast<CXXOperatorCallExpr>(parent)) {
      switch (call->getOperator()) {
      case OO_EqualEqual:
      case OO_ExclaimEqual:
      case OO_Less:
      case OO_Minus:
        if (!leadsElsewhere(call->getType()))
          return;
        return from(call, Meaning::InteriorPointer);
      case OO_Plus:
        return from(call, Meaning::InteriorPointer);
      case OO_PlusPlus:
        return;
      case OO_Star:
      case OO_Subscript:
        return from(call, Meaning::Interior);
      case OO_Arrow:
        if (const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(call, nullptr)))
          return from(member, Meaning::Interior);
        break;
      default:
        break;
      }
      return escape(expression);
    }
    if (const auto *call = dyn_cast<CallExpr>(parent)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (!isStandard(callee) &&
          !(callee && callee->isExternC() &&
            a.context.getSourceManager().isInSystemHeader(callee->getLocation()) &&
            !leadsElsewhere(call->getType())))
        return escape(expression);
      if (leadsElsewhere(call->getType()) && !a.isDiscarded(call))
        return from(call, call->isGLValue() ? Meaning::Interior : Meaning::InteriorPointer);
      return;
    }
    if (const auto *binary = dyn_cast<BinaryOperator>(parent)) {
      if (binary->isComparisonOp())
        return;
      return escape(expression);
    }
    if (const auto *unary = dyn_cast<UnaryOperator>(parent)) {
      if (unary->getOpcode() == UO_Deref)
        return from(unary, Meaning::Interior);
      if (unary->isIncrementDecrementOp())
        return;
    }
    if (const auto *member = dyn_cast<MemberExpr>(parent)) {
      const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member));
      if (call && !leadsElsewhere(call->getType()))
        return;
      if (isa<FieldDecl>(member->getMemberDecl()))
        return from(member, Meaning::Interior);
    }
    if (isa<CompoundStmt>(parent))
      return;
    a.block(root, "escapes-reference", "a pointer or iterator into an element outlives its use",
            expression);
  }

  FunctionAnalysis &a;
  int root;
};

} // namespace

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
