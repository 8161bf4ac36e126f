// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is done with a key or value that was found, and with its parts: it is read, changed,
// replaced, or passed to a call.

#include "matchers/follower.h"
#include "matchers/kept_ways.h"
#include "matchers/retention.h"
#include "matchers/types.h"
#include "matchers/written_through.h"

using namespace clang;

namespace unlatch {

namespace {

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

} // namespace

void Follower::key(const Expr *expression, const Expr *last, const Stmt *parent, bool loads) {
  // The rewritten code has the key that was asked for, not the one in the map.
  if ((self().kind == RootKind::Find || self().kind == RootKind::Insert) && self().reference &&
      !equalMeansSame(self().reference->getType(), a.context))
    a.block(root, "unsupported-operation",
            "keys of this type can be equal and not the same, and the one in the map is used here",
            expression);
  use(UseKind::ReadKey, Meaning::Key, expression, expression);
  if (loads)
    return;
  if (const auto *construct = dyn_cast<CXXConstructExpr>(parent)) {
    if (!leadsElsewhere(construct->getType()) && !mayKeepWay(*construct, *last))
      return;
  } else if (const auto *call = dyn_cast<CallExpr>(parent)) {
    const FunctionDecl *callee = call->getDirectCallee();
    if (mayKeepWay(*call, *last))
      return escape(expression);
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

void Follower::value(const Expr *expression, const Expr *last, const Stmt *parent, bool loads,
                     Meaning meaning) {
  noteElementPointer(expression);
  if (loads) {
    use(UseKind::Read, meaning, expression, expression);
    // A flag that a branch asks for: what it was is known on either side.
    if (self().kind == RootKind::Scalar && expression->getType()->isBooleanType())
      a.tests[strip(expression)] = {root, true};
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

void Follower::noteElementPointer(const Expr *expression) {
  bool owned = isSmartPointer(expression->getType()) || !expression->getType()->isAnyPointerType();
  a.elementPointers[expression] = {self().field, owned};
}

void Follower::notePointerFlow(const Expr *last, const Stmt *parent) {
  a.elementPointers[last] = {self().field, false};
  if (const auto *declaration = dyn_cast_or_null<DeclStmt>(parent))
    if (const VarDecl *variable = initialised(declaration, last)) {
      auto found = a.references.find(variable);
      if (found != a.references.end())
        for (const DeclRefExpr *reference : found->second)
          a.elementPointers[reference] = {self().field, false};
    }
}

void Follower::loopOverValue(const CXXForRangeStmt &loop, const Expr *expression, Meaning meaning) {
  const VarDecl *variable = loop.getLoopVariable();
  QualType type = variable->getType();
  use(UseKind::Read, meaning, expression, expression);
  self().bound = true;
  if (type->isReferenceType())
    this->variable(variable, Meaning::Interior);
  else if (leadsElsewhere(type) && !type->isAnyPointerType())
    this->variable(variable, Meaning::InteriorPointer); // a view of the element
  else if (variable->getInit() && holdsWay(type, strip(variable->getInit())->getType()))
    escape(expression);
}

void Follower::constructed(const CXXConstructExpr &construct, const Expr *expression,
                           const Expr *last, Meaning meaning) {
  for (unsigned i = 0; i < construct.getNumArgs(); ++i) {
    if (construct.getArg(i) != last && strip(construct.getArg(i)) != strip(last))
      continue;
    if (mayKeepWay(construct, *last))
      return escape(expression);
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

void Follower::noteCopyFlow(const CXXConstructExpr &construct, const Expr *expression) {
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

void Follower::arrowMember(const MemberExpr *member, Meaning) {
  if (isa<FieldDecl>(member->getMemberDecl()))
    return from(member, Meaning::Interior);
  if (const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member)))
    return methodOn(*call, member, Meaning::Value);
  escape(member);
}

void Follower::asksForConstness(const CXXMethodDecl &method, const Expr *object, const Expr &call) {
  // What a loop goes through is as constant as it was.
  if (self().loop || self().kind == RootKind::EraseIf || !method.isConst() ||
      isStandardDeclaration(&method) || !strip(object)->getType().isConstQualified())
    return;
  for (const NamedDecl *other : method.getParent()->lookup(method.getDeclName())) {
    const auto *pattern = dyn_cast<FunctionTemplateDecl>(other);
    const auto *overload = dyn_cast<CXXMethodDecl>(pattern ? pattern->getTemplatedDecl() : other);
    if (overload && !overload->isConst() && !overload->isStatic())
      return unsupported(&call, "another function of its class would be called, which is for "
                                "elements that are not constant");
  }
}

void Follower::methodOn(const CXXMemberCallExpr &call, const Expr *expression, Meaning meaning) {
  const CXXMethodDecl *method = call.getMethodDecl();
  if (!method)
    return escape(expression);
  asksForConstness(*method, call.getImplicitObjectArgument(), call);
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
  StringRef name = method->getIdentifier() ? method->getName() : "";
  // A copy has room for what is in it, whatever it was copied from had.
  if (llvm::is_contained({"capacity", "bucket_count", "bucket", "bucket_size", "load_factor"},
                         name))
    unsupported(&call, "it is asked how much room it has, which a copy does not keep");
  // begin() and the like of a non-const container only hand out ways to change it.
  bool accessor = name == "begin" || name == "end" || name == "front" || name == "back" ||
                  name == "at" || name == "data" || name == "find" || name == "get" ||
                  name == "value";
  use(reads || accessor ? UseKind::Read : UseKind::Modify, meaning, expression, &call);
  if (pointer && name == "get")
    return escape(expression);
  // `m.insert(k).second`; or two iterators, and the like.
  if (!interior && !a.isDiscarded(&call) && !call.getType()->isVoidType() &&
      holdsWay(call.getType(), expression->getType())) {
    const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&call, nullptr));
    if (!member || holdsWay(member->getType()))
      escape(expression);
    return;
  }
  if (!interior || a.isDiscarded(&call))
    return;
  from(&call, call.isGLValue() ? Meaning::Interior : Meaning::InteriorPointer);
}

void Follower::argument(const CallExpr &call, const Expr *expression, const Expr *last,
                        Meaning meaning) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee)
    return calledThrough(call, expression, last, meaning);
  unsigned index = 0;
  while (index < call.getNumArgs() && call.getArg(index) != last &&
         strip(call.getArg(index)) != strip(last))
    ++index;
  if (index == call.getNumArgs())
    return escape(expression);
  if (mayKeepWay(call, *last))
    return escape(expression);
  if (expression->getType()->isArrayType() && last->getType()->isPointerType() &&
      isWrittenThrough(call, *last))
    return use(UseKind::Modify, meaning, expression, &call);
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
    passedOn(call, meaning);
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
    passedOn(call, meaning);
}

void Follower::passedOn(const CallExpr &call, Meaning meaning) {
  const bool isWhole = self().kind == RootKind::Scalar && meaning == Meaning::Value;
  a.block(root, "escapes-reference",
          isWhole ? "a reference to the field is passed on"
                  : "a reference to an element is passed on",
          &call);
}

void Follower::calledThrough(const CallExpr &call, const Expr *expression, const Expr *last,
                             Meaning meaning) {
  if (call.getCallee() == last || strip(call.getCallee()) == strip(last)) {
    use(UseKind::Read, Meaning::Value, expression, expression);
    return;
  }
  passedOn(call, meaning);
}

void Follower::operatorOn(const CXXOperatorCallExpr &call, const CXXMethodDecl &method,
                          const Expr *expression, Meaning meaning) {
  asksForConstness(method, call.getArg(0), call);
  OverloadedOperatorKind op = call.getOperator();
  if (op == OO_Equal) {
    use(meaning == Meaning::Value ? UseKind::Replace : UseKind::Modify, meaning, expression, &call);
    if (!a.isDiscarded(&call))
      escape(&call);
    return;
  }
  if (isSmartPointer(expression->getType()) && (op == OO_Arrow || op == OO_Star)) {
    // What is behind the pointer is another object; memory.cpp describes what is done to it.
    use(UseKind::Read, meaning, expression, expression);
    return;
  }
  const bool reads = method.isConst();
  if (op == OO_Call) {
    use(reads ? UseKind::Read : UseKind::Modify, meaning, expression, expression);
    return;
  }
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

void Follower::interiorPointer(const Expr *expression, const Expr *last, const Stmt *parent) {
  if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
    const VarDecl *variable = initialised(declaration, last);
    if (!variable || variable->getType()->isReferenceType())
      return escape(expression);
    self().bound = true;
    return this->variable(variable, Meaning::InteriorPointer);
  }
  if (const auto *construct = dyn_cast<CXXConstructExpr>(parent)) {
    if (mayKeepWay(*construct, *last))
      return escape(expression);
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
    case OO_MinusMinus:
      if (a.isDiscarded(call))
        return;
      return from(call, Meaning::InteriorPointer);
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
    if (mayKeepWay(*call, *last))
      return escape(expression);
    if (!isStandard(callee) &&
        !(callee && callee->isExternC() &&
          a.context.getSourceManager().isInSystemHeader(callee->getLocation()) &&
          !leadsElsewhere(call->getType())))
      return escape(expression);
    if (isWrittenThrough(*call, *last))
      use(UseKind::Modify, Meaning::Interior, expression, call);
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
    if (unary->isIncrementDecrementOp()) {
      if (a.isDiscarded(unary))
        return;
      return from(unary, Meaning::InteriorPointer);
    }
  }
  if (const auto *member = dyn_cast<MemberExpr>(parent)) {
    const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member));
    if (call && call->isGLValue()) // of a reference_wrapper, or a span
      return from(call, Meaning::Interior);
    // What stands for a bit changes it.
    if (call && !leadsElsewhere(call->getType()) && call->getMethodDecl() &&
        (call->getMethodDecl()->isConst() || !call->getMethodDecl()->getIdentifier() ||
         call->getMethodDecl()->getName() != "flip"))
      return;
    if (isa<FieldDecl>(member->getMemberDecl()))
      return from(member, Meaning::Interior);
  }
  if (isa<CompoundStmt>(parent))
    return;
  a.block(root, "escapes-reference", "a pointer or iterator into an element outlives its use",
          expression);
}

} // namespace unlatch
