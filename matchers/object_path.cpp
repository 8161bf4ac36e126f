// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where an expression leads: to which object, reached how, and whether what is done with it could
// write there.

#include "matchers/function_analysis.h"
#include "matchers/handles.h"
#include "matchers/identity.h"
#include "matchers/retention.h"
#include "matchers/shared_locals.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

/// Whether a variable holds memory that this function has just made: std::make_shared, new.
static bool isFresh(const VarDecl *variable) {
  const Expr *init = variable->getInit() ? stripMove(variable->getInit()) : nullptr;
  if (!init)
    return false;
  if (isa<CXXNewExpr>(init))
    return true;
  if (const auto *construct = dyn_cast<CXXConstructExpr>(init))
    return construct->getNumArgs() == 1 && isa<CXXNewExpr>(strip(construct->getArg(0)));
  const auto *call = dyn_cast<CallExpr>(init);
  const FunctionDecl *callee = call ? call->getDirectCallee() : nullptr;
  return callee && isStandardDeclaration(callee) && callee->getIdentifier() &&
         (callee->getName() == "make_shared" || callee->getName() == "make_unique");
}

/// Uses of the pointer that only go to the object, which does not tell of itself.
static bool onlyLooksThrough(const FunctionAnalysis &a, const DeclRefExpr *reference) {
  const Expr *last = reference;
  const Stmt *parent = a.meaningfulParent(reference, &last);
  if (const auto *call = dyn_cast_or_null<CXXOperatorCallExpr>(parent)) {
    if (call->getOperator() == OO_EqualEqual || call->getOperator() == OO_ExclaimEqual)
      return true;
    if (call->getOperator() != OO_Arrow && call->getOperator() != OO_Star)
      return false;
    parent = a.meaningfulParent(call, &last);
    if (call->getOperator() == OO_Star && !isa_and_nonnull<MemberExpr>(parent))
      return !a.mayWrite(call) || !isa_and_nonnull<CallExpr>(parent);
  }
  if (const auto *member = dyn_cast_or_null<MemberExpr>(parent)) {
    const auto *method = dyn_cast<CXXMethodDecl>(member->getMemberDecl());
    return !method || isStandardDeclaration(method) || !mayRetainObject(method);
  }
  const auto *unary = dyn_cast_or_null<UnaryOperator>(parent);
  return unary && (unary->getOpcode() == UO_Deref || unary->getOpcode() == UO_LNot);
}

bool FunctionAnalysis::isOwnFresh(const VarDecl *pointer, const Expr *use) const {
  // What a lambda has captured is another function's, and maybe another thread's.
  if (!isFresh(pointer) || changed.count(pointer) || pointer->getDeclContext() != &function ||
      pointer->isInitCapture())
    return false;
  const SourceManager &sources = context.getSourceManager();
  const Stmt *declared = statementOf(pointer);
  const auto loopAround = [&](const Stmt *node) -> const Stmt * {
    for (const Stmt *up = parentOf(node); up; up = parentOf(up))
      if (isLoop(up) && !(declared && isInside(declared, up)))
        return up;
    return nullptr;
  };
  const Stmt *loop = loopAround(use);
  for (const auto *where : {&references, &captured}) {
    const auto found = where->find(pointer);
    if (found == where->end())
      continue;
    for (const DeclRefExpr *each : found->second) {
      if (where == &references && onlyLooksThrough(*this, each))
        continue;
      // Given away: before, or in a round before.
      if (each != use &&
          (!sources.isBeforeInTranslationUnit(sources.getFileLoc(use->getExprLoc()),
                                              sources.getFileLoc(each->getExprLoc())) ||
           (loop && isInside(each, loop))))
        return false;
    }
  }
  return true;
}

bool FunctionAnalysis::handleOfRoot(const Expr *handle) const {
  handle = strip(handle);
  const Expr *whole = handle;
  while (const auto *member = dyn_cast<MemberExpr>(whole)) // `.first` of what emplace returns
    whole = strip(member->getBase());
  const auto *reference = dyn_cast<DeclRefExpr>(whole);
  const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
  return (variable && handleRoots.count(variable)) || elementPointers.count(handle) ||
         llvm::any_of(mentions, [&](const auto &each) { return each.second == whole; }) ||
         llvm::any_of(
             parts, [&](const Part &part) { return part.handle && strip(part.handle) == handle; });
}

/// What a function that the runtime calls gets is an entry: a pointer in it leads to where it led
/// from the entry of the map.
static void pointOutOfEntry(ObjectPath &path, const FunctionAnalysis::Given *given, bool owns) {
  if (!given || !given->ofMap || path.root != ObjectPath::Parameter)
    return;
  path.root = ObjectPath::Element;
  path.text = "pointee";
  path.elementOf = given->field;
  path.elementOwns = owns;
}

static bool isPointer(QualType type) {
  type = type.getNonReferenceType();
  return (type->isAnyPointerType() || isSmartPointer(type)) && !type.isConstQualified();
}

/// A pointer that does not lead to one object all along: it is assigned, or lent to what may do so.
bool FunctionAnalysis::mayPointElsewhere(const ValueDecl *pointer) const {
  if (!isPointer(pointer->getType()))
    return false;
  if (changed.count(pointer))
    return true;
  const auto writes = [&](const auto &where) {
    const auto found = where.find(pointer);
    return found != where.end() && llvm::any_of(found->second, [&](const DeclRefExpr *reference) {
             const auto *call = dyn_cast_or_null<CallExpr>(meaningfulParent(reference, nullptr));
             // What is moved from is not used again.
             return mayWrite(reference) && !(call && call->isCallToStdMove());
           });
  };
  return writes(references) || writes(captured);
}

/// The same of a member, as far as this function goes.
bool FunctionAnalysis::memberMayPointElsewhere(const Expr *base) const {
  const auto *member = dyn_cast<MemberExpr>(strip(base));
  return member && isa<FieldDecl>(member->getMemberDecl()) &&
         isPointer(member->getMemberDecl()->getType()) && mayChange(member);
}

/// A part of a function object that changes itself: whoever calls that shares it.
static bool isPartOfClosure(const FunctionDecl &function, const VarDecl &variable) {
  for (const DeclContext *context = &function; context && context != variable.getDeclContext();
       context = context->getParent())
    if (const auto *method = dyn_cast<CXXMethodDecl>(context);
        method && method->getParent()->isLambda() && !method->isConst())
      for (const LambdaCapture &capture : method->getParent()->captures())
        if (capture.capturesVariable() && capture.getCapturedVar() == &variable &&
            capture.getCaptureKind() == LCK_ByCopy)
          return true;
  return variable.isInitCapture() && !variable.getType()->isReferenceType();
}

ObjectPath FunctionAnalysis::pathOf(const Expr *expression) const {
  expression = stripMove(expression);
  ObjectPath path;
  if (!expression)
    return path;
  if (auto found = elementPointers.find(expression); found != elementPointers.end()) {
    path.root = ObjectPath::Element;
    path.text = "pointee";
    path.elementOf = found->second.first;
    path.elementOwns = found->second.second;
    return path;
  }
  if (isa<CXXThisExpr>(expression)) {
    path.root = ObjectPath::This;
    path.text = "this";
    return path;
  }
  if (const auto *reference = dyn_cast<DeclRefExpr>(expression)) {
    const ValueDecl *declaration = reference->getDecl();
    if (const auto *parameter = dyn_cast<ParmVarDecl>(declaration)) {
      QualType type = parameter->getType();
      if (mayPointElsewhere(parameter))
        return path;
      if (parameter->getDeclContext() == &function &&
          (type->isReferenceType() || type->isAnyPointerType() || isSmartPointer(type))) {
        path.root = ObjectPath::Parameter;
        path.parameter = static_cast<int>(parameter->getFunctionScopeIndex());
        path.text = "param:" + std::to_string(path.parameter);
        return path;
      }
      // Of the function around a lambda: where a reference leads is for the callers to say.
      if (parameter->getDeclContext() != &function &&
          (type->isReferenceType() || type->isAnyPointerType() || isSmartPointer(type))) {
        if (given) // as that function calls it
          path.text = "param:" + std::to_string(parameter->getFunctionScopeIndex());
        return path;
      }
      path.root = ObjectPath::Local;
      path.text = "local:" + declaration->getNameAsString();
      path.throughPointer =
          sharedLocals.mayBeShared(parameter) || isPartOfClosure(function, *parameter);
      return path;
    }
    if (const auto *binding = dyn_cast<BindingDecl>(declaration)) {
      const auto *whole = cast<DecompositionDecl>(binding->getDecomposedDecl());
      if (!whole->getType()->isReferenceType()) {
        path.root = ObjectPath::Local;
        path.text = "local:" + declaration->getNameAsString();
        path.throughPointer = sharedLocals.mayBeShared(binding);
      }
      return path;
    }
    const auto *variable = dyn_cast<VarDecl>(declaration);
    if (!variable)
      return path;
    if (!variable->hasLocalStorage()) {
      path.root = ObjectPath::Static;
      path.text = "static:" + idOf(variable);
      return path;
    }
    bool leads = variable->getType()->isReferenceType() || variable->getType()->isAnyPointerType();
    if (leads && mayPointElsewhere(variable))
      return path;
    if (leads && variable->getInit() && !changed.count(variable) &&
        variable->getInit() != expression) {
      path = pathOf(variable->getInit());
      // A pointer that was itself kept in something local leads to who knows where.
      const Expr *from = stripMove(variable->getInit());
      bool address =
          isa<UnaryOperator>(from) && cast<UnaryOperator>(from)->getOpcode() == UO_AddrOf;
      if (variable->getType()->isAnyPointerType() && path.root == ObjectPath::Local && !address)
        path = isOwnFresh(variable, expression) ? path : ObjectPath();
      // Wherever it leads, it goes on leading there.
      if (path.root == ObjectPath::Unknown || path.text == "?") {
        path.root = ObjectPath::Local;
        path.text = "local:" + variable->getNameAsString() + localOrdinal(variable);
        path.throughPointer = true;
      }
      return path;
    }
    if (!leads) {
      path.root = ObjectPath::Local;
      path.text = "local:" + variable->getNameAsString() + localOrdinal(variable);
      path.throughPointer =
          sharedLocals.mayBeShared(variable) || isPartOfClosure(function, *variable);
    }
    return path;
  }
  if (const auto *member = dyn_cast<MemberExpr>(expression)) {
    if (const auto *variable = dyn_cast<VarDecl>(member->getMemberDecl())) {
      path.root = ObjectPath::Static;
      path.text = "static:" + idOf(variable);
      return path;
    }
    path = pathOf(member->getBase());
    // A local object's reference leads to who knows where.
    if (member->getMemberDecl()->getType()->isReferenceType() && path.root == ObjectPath::Local)
      return {};
    if (member->isArrow() && path.root == ObjectPath::Local)
      path.throughPointer = true;
    if (member->isArrow() && strip(member->getBase())->getType()->isPointerType() &&
        !isa<CXXOperatorCallExpr>(strip(member->getBase())))
      pointOutOfEntry(path, given, false);
    if (member->isArrow() && path.root != ObjectPath::Element &&
        memberMayPointElsewhere(member->getBase()))
      path.text = "?";
    if (path.text != "?")
      path.text += "->" + member->getMemberDecl()->getNameAsString();
    return path;
  }
  if (const auto *unary = dyn_cast<UnaryOperator>(expression)) {
    if (unary->getOpcode() == UO_Deref || unary->getOpcode() == UO_AddrOf) {
      path = pathOf(unary->getSubExpr());
      path.throughPointer |= unary->getOpcode() == UO_Deref && path.root == ObjectPath::Local;
      return path;
    }
    return path;
  }
  if (const auto *call = dyn_cast<CXXOperatorCallExpr>(expression)) {
    bool dereference = call->getOperator() == OO_Arrow || call->getOperator() == OO_Star;
    // The operators of a smart pointer can be a base class's.
    if (dereference && isSmartPointer(strip(call->getArg(0))->getType())) {
      path = pathOf(call->getArg(0));
      if (path.root == ObjectPath::Local) {
        const auto *reference = dyn_cast<DeclRefExpr>(strip(call->getArg(0)));
        const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
        if (variable && mayPointElsewhere(variable))
          path.text = "?";
        path.throughPointer =
            !(variable && isOwnFresh(variable, cast<DeclRefExpr>(strip(call->getArg(0)))));
      }
      // What an entry points to is not known to be one object anyway.
      if (path.root != ObjectPath::Element && memberMayPointElsewhere(call->getArg(0)))
        path.text = "?";
      pointOutOfEntry(path, given, true);
      return path;
    }
    // An element of a local container is as local as the container.
    if (isHandle(call->getArg(0)->getType()) &&
        targetOf(*this, call->getArg(0)).kind != HandleTarget::ThreadLocal &&
        !handleOfRoot(call->getArg(0)))
      return path;
    const std::optional<NamedClass> container = namedClass(call->getArg(0)->getType());
    const bool isKnown = container && (isStandardDeclaration(container->record) ||
                                       StringRef(container->name).starts_with("unlatch::"));
    if (isKnown && (call->getOperator() == OO_Subscript || dereference)) {
      ObjectPath inner = pathOf(call->getArg(0));
      if (inner.root == ObjectPath::Local && !inner.throughPointer &&
          !isa<PointerType>(call->getArg(0)->getType().getCanonicalType()) &&
          (call->getOperator() == OO_Arrow ||
           (!call->getType()->isAnyPointerType() && !isSmartPointer(call->getType()))))
        return inner;
    }
    return path;
  }
  if (const auto *call = dyn_cast<CXXMemberCallExpr>(expression)) {
    const CXXMethodDecl *method = call->getMethodDecl();
    if (method && method->getIdentifier() && method->getName() == "get" &&
        isSmartPointer(strip(call->getImplicitObjectArgument())->getType())) {
      path = pathOf(call->getImplicitObjectArgument());
      path.throughPointer |= path.root == ObjectPath::Local;
      return path;
    }
    if (method && isStandardDeclaration(method)) {
      const Expr *object = call->getImplicitObjectArgument();
      if (isHandle(object->getType()) &&
          targetOf(*this, object).kind != HandleTarget::ThreadLocal && !handleOfRoot(object))
        return path;
      // front(), back(), at(), begin() of a local container.
      ObjectPath inner = pathOf(call->getImplicitObjectArgument());
      if (inner.root == ObjectPath::Local && !inner.throughPointer &&
          !call->getType()->isAnyPointerType() && !isSmartPointer(call->getType()))
        return inner;
    }
    return path;
  }
  if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(expression)) {
    path = pathOf(subscript->getBase());
    if (path.root == ObjectPath::Local && !path.throughPointer)
      return path; // an element is as local as its array
    const std::string index = canonicalKey(subscript->getIdx());
    path.text = index.empty() || path.text == "?" ? "?" : path.text + "[" + index + "]";
    return path;
  }
  if (!expression->isGLValue() && !expression->getType()->isAnyPointerType() &&
      !isSmartPointer(expression->getType())) {
    path.root = ObjectPath::Local; // a temporary
    path.text = "local";
  }
  return path;
}

bool FunctionAnalysis::mayWrite(const Expr *lvalue) const {
  const Expr *child = lvalue;
  bool decayed = false; // an array, of which a pointer is passed on
  if (lvalue->getType().isConstQualified())
    return false;
  while (true) {
    const Stmt *parent = parentOf(child);
    if (!parent)
      return false;
    if (const auto *cast = dyn_cast<ImplicitCastExpr>(parent)) {
      if (cast->getCastKind() == CK_LValueToRValue)
        return false;
      if (cast->isGLValue() && cast->getType().isConstQualified())
        return false;
      decayed |= cast->getCastKind() == CK_ArrayToPointerDecay;
      if (decayed && cast->getType()->isPointerType() &&
          cast->getType()->getPointeeType().isConstQualified())
        return false;
      child = cast;
      continue;
    }
    if (isa<ParenExpr>(parent)) {
      child = cast<Expr>(parent);
      continue;
    }
    if (const auto *member = dyn_cast<MemberExpr>(parent)) {
      if (const auto *method = dyn_cast<CXXMethodDecl>(member->getMemberDecl())) {
        if (method->isConst() || method->isStatic())
          return false;
        // Iterators into maps only hand out: what is done with them is followed by uses.cpp.
        StringRef name = method->getIdentifier() ? method->getName() : "";
        TypeClass type = classifyType(lvalue->getType().getNonReferenceType(), context);
        return !(isMap(type) && (name == "begin" || name == "end" || name == "find"));
      }
      if (member->isArrow() || member->getType().isConstQualified())
        return false;
      child = member;
      continue;
    }
    if (const auto *call = dyn_cast<CallExpr>(parent)) {
      const FunctionDecl *callee = call->getDirectCallee();
      if (!callee)
        return true;
      for (unsigned i = 0; i < call->getNumArgs(); ++i) {
        if (call->getArg(i) != child)
          continue;
        unsigned index = i;
        if (const auto *method = dyn_cast<CXXMethodDecl>(callee);
            method && isa<CXXOperatorCallExpr>(call)) {
          if (i == 0)
            return !method->isConst();
          --index;
        }
        if (index >= callee->getNumParams())
          return !call->getArg(i)->isPRValue();
        QualType type = callee->getParamDecl(index)->getType();
        // The library's forwarding functions copy from lvalues.
        if (callee->getIdentifier() && isStandardDeclaration(callee) && child->isLValue()) {
          StringRef name = callee->getName();
          if (name.starts_with("emplace") || name == "try_emplace" || name == "insert_or_assign" ||
              name == "insert" || name == "make_pair" || name == "make_tuple" ||
              name == "make_shared" || name == "make_unique" || name == "make_optional" ||
              (name == "exchange" && index == 1))
            return false;
        }
        return (type->isReferenceType() || decayed) && !type->getPointeeType().isConstQualified();
      }
      return true;
    }
    if (const auto *construct = dyn_cast<CXXConstructExpr>(parent)) {
      for (unsigned i = 0; i < construct->getNumArgs(); ++i)
        if (construct->getArg(i) == child && i < construct->getConstructor()->getNumParams()) {
          QualType type = construct->getConstructor()->getParamDecl(i)->getType();
          return (type->isReferenceType() || decayed) && !type->getPointeeType().isConstQualified();
        }
      return true;
    }
    if (isa<ConditionalOperator>(parent) && cast<Expr>(parent)->isGLValue()) {
      child = cast<Expr>(parent);
      continue;
    }
    if (const auto *declaration = dyn_cast<DeclStmt>(parent)) {
      for (const Decl *each : declaration->decls())
        if (const auto *variable = dyn_cast<VarDecl>(each); variable && variable->getInit()) {
          if (const auto *loop = dyn_cast_or_null<CXXForRangeStmt>(parentOf(declaration));
              loop && loop->getRangeStmt() == declaration) {
            QualType type = loop->getLoopVariable()->getType();
            return type->isReferenceType() && !type->getPointeeType().isConstQualified();
          }
          if (variable->getType()->isReferenceType() || decayed)
            return !variable->getType()->getPointeeType().isConstQualified();
        }
      return false;
    }
    if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(parent)) {
      decayed = false;
      child = subscript;
      continue;
    }
    if (isa<CompoundStmt>(parent) || isa<UnaryExprOrTypeTraitExpr>(parent))
      return false;
    return true;
  }
}

} // namespace unlatch
