// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is read and written behind pointers, other than members of the program's own classes, which
// have accesses of their own: `*p`, `names_->size()`, and memcpy() from what it is given. Calls of
// the standard library count as harmless, for they touch nothing but their arguments; but what
// these lead to may be what the lock is there for.

#include "matchers/memory_finder.h"
#include "matchers/types.h"

#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace unlatch {

namespace {

/// The pointer is taken, kept, moved or given back: what it leads to is not looked at.
bool leavesAlone(const FunctionDecl &callee) {
  static const llvm::StringSet<> functions = {"free",       "realloc",  "next",
                                              "prev",       "distance", "make_move_iterator",
                                              "to_address", "launder",  "make_reverse_iterator"};
  static const StringRef classes[] = {
      "_ptr",      "iterator",       "pointer_traits", "hash",       "_Hash",    "std::atomic",
      "allocator", "default_delete", "std::pair",      "std::tuple", "std::any", "std::optional"};
  if (callee.isReplaceableGlobalAllocationFunction())
    return true;
  if (const auto *method = dyn_cast<CXXMethodDecl>(&callee))
    return llvm::any_of(classes, [&](StringRef part) {
      return StringRef(method->getParent()->getQualifiedNameAsString()).contains(part);
    });
  return callee.getIdentifier() && functions.contains(callee.getName());
}

/// In C++ these come twice, and the form for what can be written only hands that on.
bool onlyReads(const FunctionDecl &callee) {
  static const llvm::StringSet<> functions = {"strchr", "strrchr", "strstr", "strpbrk", "memchr"};
  return callee.getIdentifier() && functions.contains(callee.getName());
}

/// These hand on a pointer to text, and something is made of it at once.
bool makesOf(const FunctionDecl &callee) {
  static const llvm::StringSet<> functions = {"emplace",     "emplace_back", "emplace_front",
                                              "make_unique", "make_shared",  "make_optional"};
  return callee.getIdentifier() && functions.contains(callee.getName());
}

/// One of the classes that hold what they are given, with no pointer among what it holds: of a
/// pointer to text it makes something else.
bool holdsNoPointer(const FunctionDecl &callee) {
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  const CXXRecordDecl *holder = method ? method->getParent() : nullptr;
  if (!holder || !holder->getIdentifier() ||
      !llvm::is_contained({"pair", "tuple", "optional"}, holder->getName()))
    return false;
  return llvm::none_of(typeArguments(holder),
                       [](QualType argument) { return argument->isPointerType(); });
}

/// The pointer itself, without casts and steps from where it leads.
const Expr *pointerIn(const Expr *expression) {
  while (true) {
    expression = strip(expression->IgnoreParenCasts());
    if (const auto *sum = dyn_cast<BinaryOperator>(expression); sum && sum->isAdditiveOp())
      expression = sum->getLHS()->getType()->isIntegerType() ? sum->getRHS() : sum->getLHS();
    else if (const auto *step = dyn_cast<UnaryOperator>(expression);
             step && step->isIncrementDecrementOp())
      expression = step->getSubExpr();
    else
      return expression;
  }
}

bool isText(const Expr *expression) {
  const auto *list = dyn_cast<InitListExpr>(expression);
  return list ? llvm::all_of(list->inits(), isText)
              : isa<StringLiteral>(expression->IgnoreParenCasts());
}

/// A constant, or an element of one, that nothing but string literals are given to.
bool namesText(const Expr &pointer) {
  const Expr *whole = &pointer;
  while (const auto *subscript = dyn_cast<ArraySubscriptExpr>(whole))
    whole = strip(subscript->getBase());
  const auto *reference = dyn_cast<DeclRefExpr>(whole);
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  return variable && pointer.getType().isConstQualified() && variable->getAnyInitializer() &&
         isText(variable->getAnyInitializer());
}

/// What it leads to is described elsewhere: an object that is named here, one of the library's that
/// owns the memory, or a constant.
bool isSeenOtherwise(const Expr &pointer, ASTContext &context) {
  if (!pointer.getType()->isPointerType() || isa<CXXThisExpr>(pointer) ||
      pointer.isNullPointerConstant(context, Expr::NPC_ValueDependentIsNotNull))
    return true;
  if (const auto *unary = dyn_cast<UnaryOperator>(&pointer))
    return unary->getOpcode() == UO_AddrOf;
  const auto *call = dyn_cast<CallExpr>(&pointer);
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  if (!callee || !isStandardDeclaration(callee))
    return namesText(pointer);
  const auto *member = dyn_cast<CXXMemberCallExpr>(call);
  return !(member && isSmartPointer(strip(member->getImplicitObjectArgument())->getType()));
}

} // namespace

void MemoryFinder::behind(const Expr &node, QualType type, const ObjectPath &path, bool writes) {
  if (path.root == ObjectPath::Local && !path.throughPointer)
    return;
  switch (classifyType(type.getNonReferenceType(), a.context)) {
  case TypeClass::Atomic:
    return memoryUse(node, true, -1, "an atomic behind a pointer");
  case TypeClass::Mutex:
  case TypeClass::Wait:
  case TypeClass::Synchronised:
  case TypeClass::Converted:
    return; // what is done to these is described by the calls
  default:
    break;
  }
  if (path.root != ObjectPath::Parameter)
    return memoryUse(node, writes, -1, "memory behind a pointer");
  if (writes)
    memoryUse(node, true, path.parameter, "what the parameter points to");
  else
    readThrough(node, path.parameter);
}

void MemoryFinder::readThrough(const Expr &node, int parameter) {
  const bool known = llvm::any_of(a.memory, [&](const auto &each) {
    return each.first.parameter == parameter && !each.first.writes;
  });
  if (known)
    return;
  MemoryUse use;
  use.parameter = parameter;
  use.description = "memory behind a pointer";
  use.where = a.text.locate(node.getExprLoc());
  a.memory.push_back({std::move(use), &node});
}

void MemoryFinder::dereference(const Expr &node, const Expr *pointer) {
  if (isa<ArraySubscriptExpr>(node) && isa<ArrayType>(strip(pointer)->getType().getCanonicalType()))
    return; // part of the array, which has its own access
  if (isa<CXXThisExpr>(strip(pointer)))
    return; // `*this`, whose members have their own accesses
  const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&node, nullptr));
  if (member && !isSystem(member->getMemberDecl()))
    return; // `(*p).x` is described as an access to x
  behind(node, node.getType(), a.pathOf(&node), a.mayWrite(&node));
}

void MemoryFinder::smartDereference(const CXXOperatorCallExpr &call) {
  if ((call.getOperator() != OO_Star && call.getOperator() != OO_Subscript) ||
      !isSmartPointer(strip(call.getArg(0))->getType()))
    return;
  const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&call, nullptr));
  if (member && !isSystem(member->getMemberDecl()))
    return;
  const bool writes = a.mayWrite(&call);
  // One of these keeps alive what nobody can change.
  if (!writes && call.getType().isConstQualified())
    return;
  ObjectPath path = a.pathOf(&call);
  if (call.getOperator() == OO_Subscript) {
    path = a.pathOf(call.getArg(0));
    path.throughPointer = true;
  }
  behind(call, call.getType(), path, writes);
}

void MemoryFinder::arrow(const MemberExpr &member) {
  const ValueDecl *called = member.getMemberDecl();
  const Expr *pointer = strip(member.getBase());
  if (!member.isArrow() || !isSystem(called) || isa<CXXThisExpr>(pointer))
    return;
  const auto *method = dyn_cast<CXXMethodDecl>(called);
  if (isa<VarDecl>(called) || (method && method->isStatic()))
    return;
  const bool writes = method ? !method->isConst() : a.mayWrite(&member);
  const auto *operation = dyn_cast<CXXOperatorCallExpr>(pointer);
  const QualType type = pointer->getType()->getPointeeType();
  if (operation) {
    if (!isSmartPointer(strip(operation->getArg(0))->getType()) ||
        (!writes && type.isConstQualified()))
      return;
  }
  ObjectPath path = a.pathOf(pointer);
  if (path.root == ObjectPath::Local && !operation && !isa<DeclRefExpr>(pointer))
    path.throughPointer = true;
  behind(member, type, path, writes);
}

void MemoryFinder::lentPointer(const Expr &call, const Expr &argument, bool writes) {
  const Expr *pointer = pointerIn(&argument);
  if (isSeenOtherwise(*pointer, a.context))
    return;
  ObjectPath path = a.pathOf(pointer);
  if (path.root == ObjectPath::Local && !isa<DeclRefExpr>(pointer))
    path.throughPointer = true;
  behind(call, pointer->getType()->getPointeeType(), path, writes);
}

void MemoryFinder::lentPointers(const Expr &call, const FunctionDecl &callee,
                                ArrayRef<const Expr *> arguments) {
  if (makesOf(callee) || holdsNoPointer(callee)) {
    for (const Expr *argument : arguments)
      if (argument->getType()->isPointerType() &&
          argument->getType()->getPointeeType()->isAnyCharacterType())
        lentPointer(call, *argument, false);
    return;
  }
  if (leavesAlone(callee))
    return;
  const StringRef name = callee.getIdentifier() ? callee.getName() : "";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool named = i < callee.getNumParams();
    const QualType type =
        named ? callee.getParamDecl(static_cast<unsigned>(i))->getType() : arguments[i]->getType();
    if (!type->isPointerType() || type->isFunctionPointerType() || (!named && !callee.isVariadic()))
      continue;
    // For printf() and the like a pointer may be a mere number, but not one to text.
    const QualType behind = type->getPointeeType();
    if (!named && !name.contains("scanf") && !behind->isAnyCharacterType())
      continue;
    const bool writes =
        named ? !behind.isConstQualified() && !onlyReads(callee) : name.contains("scanf");
    lentPointer(call, *arguments[i], writes);
  }
}

} // namespace unlatch
