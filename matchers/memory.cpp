// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every touch of memory that other threads may see, besides what roots.cpp understands. Memory
// that only this thread can reach is left out.

#include "matchers/harmless.h"
#include "matchers/identity.h"
#include "matchers/lock_types.h"
#include "matchers/memory_finder.h"
#include "matchers/retention.h"
#include "matchers/shared_locals.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

void MemoryFinder::run() {
  for (const Expr *expression : a.expressions) {
    if (const auto *operation = dyn_cast<CXXOperatorCallExpr>(expression))
      smartDereference(*operation);
    if (const auto *member = dyn_cast<MemberExpr>(expression)) {
      memberUse(*member);
      arrow(*member);
    } else if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
      variableUse(*reference);
    else if (const auto *unary = dyn_cast<UnaryOperator>(expression);
             unary && unary->getOpcode() == UO_Deref)
      dereference(*unary, unary->getSubExpr());
    else if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(expression))
      dereference(*subscript, subscript->getBase());
    else if (const auto *call = dyn_cast<CallExpr>(expression))
      callUse(*call);
    else if (const auto *construct = dyn_cast<CXXConstructExpr>(expression))
      constructUse(*construct);
    else if (const auto *list = dyn_cast<InitListExpr>(expression))
      aggregate(*list);
    else if (isa<MaterializeTemporaryExpr>(expression) || isThrownAway(*expression))
      temporaryEnds(*expression);
    else if (const auto *binary = dyn_cast<BinaryOperator>(expression);
             binary && binary->isPtrMemOp() && !binary->getType()->isFunctionType() &&
             !binary->getType()->isSpecificPlaceholderType(BuiltinType::BoundMember))
      memoryUse(*binary, a.mayWrite(binary), -1, "a member behind a pointer to member");
    else if (const auto *deleted = dyn_cast<CXXDeleteExpr>(expression))
      deletion(*deleted);
    else if (const auto *created = dyn_cast<CXXNewExpr>(expression))
      creation(*created);
    else if (const auto *given = dyn_cast<CXXDefaultArgExpr>(expression))
      defaultArgument(*given);
  }
  initialisers();
  valueLifetimes();
  for (const Stmt *statement : a.statements)
    if (const auto *declaration = dyn_cast<DeclStmt>(statement))
      for (const Decl *each : declaration->decls())
        if (const auto *variable = dyn_cast<VarDecl>(each)) {
          destructorOf(*variable);
          if (const auto *whole = dyn_cast<DecompositionDecl>(variable))
            bindings(*whole);
        }
}

bool MemoryFinder::isThrownAway(const Expr &expression) const {
  if (!isa<CXXBindTemporaryExpr>(expression))
    return false;
  const Expr *whole = &expression;
  while (const auto *cast = dyn_cast_or_null<ExplicitCastExpr>(a.parentOf(whole)))
    whole = cast;
  return a.isDiscarded(whole);
}

bool MemoryFinder::isSystem(const Decl *declaration) const {
  return a.context.getSourceManager().isInSystemHeader(declaration->getLocation());
}

bool MemoryFinder::unshared(const ObjectPath &path) const {
  return path.text == "this" &&
         (isa<CXXConstructorDecl>(a.function) || isa<CXXDestructorDecl>(a.function));
}

bool MemoryFinder::forLogging(const Expr *expression) const {
  const Stmt *node = expression;
  for (int depth = 0; node && depth < 8; ++depth) {
    node = a.parentOf(node);
    if (const auto *call = dyn_cast_or_null<CXXMemberCallExpr>(node)) {
      if (isLogging(call->getMethodDecl()))
        return true;
      const CXXMethodDecl *method = call->getMethodDecl();
      if (!(method && method->getIdentifier() && method->getName() == "get"))
        return false;
    } else if (const auto *branch = dyn_cast_or_null<IfStmt>(node)) {
      // `if (logger_) logger_->info(...)`
      return onlyLogs(branch->getThen()) && !branch->getElse();
    } else if (!isa_and_nonnull<MemberExpr>(node) && !isa_and_nonnull<CastExpr>(node) &&
               !isa_and_nonnull<ParenExpr>(node) && !isa_and_nonnull<BinaryOperator>(node) &&
               !isa_and_nonnull<CXXOperatorCallExpr>(node) &&
               !isa_and_nonnull<CXXNullPtrLiteralExpr>(node)) {
      return false;
    }
  }
  return false;
}

bool MemoryFinder::onlyLogs(const Stmt *statement) {
  if (const auto *block = dyn_cast_or_null<CompoundStmt>(statement)) {
    return !block->body_empty() &&
           llvm::all_of(block->body(), [](const Stmt *s) { return onlyLogs(s); });
  }
  if (const auto *expression = dyn_cast_or_null<Expr>(statement))
    if (const auto *call = dyn_cast<CallExpr>(strip(expression)))
      return isLogging(call->getDirectCallee());
  return false;
}

bool MemoryFinder::guardsItself(QualType type) {
  const RecordDecl *record = type->getAsRecordDecl();
  if (!record || !record->isCompleteDefinition() || isSystem(record))
    return false;
  // Classes of hundreds of members are used member by member.
  const auto [known, isNew] = guarding.try_emplace(record, false);
  if (isNew)
    known->second = llvm::any_of(record->fields(), [&](const FieldDecl *each) {
      const TypeClass kind = classifyType(each->getType(), a.context);
      return kind == TypeClass::Mutex || kind == TypeClass::Atomic || kind == TypeClass::Converted;
    });
  return known->second;
}

void MemoryFinder::memberUse(const MemberExpr &member) {
  const auto *field = dyn_cast<FieldDecl>(member.getMemberDecl());
  if (!field) {
    if (const auto *variable = dyn_cast<VarDecl>(member.getMemberDecl()))
      sharedVariable(*variable, member);
    return;
  }
  if (isSystem(field)) {
    if (field->getType()->isReferenceType()) // of a std::pair
      behindReferencePart(member);
    return;
  }
  ObjectPath path = a.pathOf(member.getBase());
  // A member of a member is part of the outer one, which has its own access; not so in a class that
  // is there to be used by several threads.
  if (const auto *part = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&member, nullptr));
      part && isa<FieldDecl>(part->getMemberDecl()) && guardsItself(field->getType()))
    return;
  if (!member.isArrow())
    if (const Expr *base = strip(member.getBase());
        isa<MemberExpr>(base) && !base->getType()->isReferenceType())
      if (const auto *outer = dyn_cast<FieldDecl>(cast<MemberExpr>(base)->getMemberDecl()))
        if (!outer->getType()->isReferenceType() && !isSystem(outer) &&
            !guardsItself(outer->getType()))
          return;
  if (path.root == ObjectPath::Local && !path.throughPointer) {
    if (field->getType()->isReferenceType())
      behindReferencePart(member);
    return;
  }
  // A member of the looked-up value itself; what happens to values is described by their uses.
  const Expr *base = strip(member.getBase());
  const auto *arrow = dyn_cast<CXXOperatorCallExpr>(base);
  const bool inOptional = arrow && arrow->getOperator() == OO_Arrow &&
                          isStandardOptional(strip(arrow->getArg(0))->getType());
  if (a.elementPointers.count(base) && (inOptional || !member.isArrow()))
    return;
  // What the runtime hands to a function is a copy, or seen by it alone.
  if (a.given && path.root == ObjectPath::Parameter)
    return;
  TypeClass type = classifyType(field->getType().getNonReferenceType(), a.context);
  if (type == TypeClass::Mutex || type == TypeClass::Wait)
    return;
  // A pointer to an atomic leads to it by a call on the arrow.
  if (field->getType()->isPointerType() &&
      classifyType(field->getType()->getPointeeType(), a.context) == TypeClass::Atomic)
    memoryUse(member, true, -1, "the atomic behind `" + field->getNameAsString() + "`");
  if (refersElsewhere(*field))
    memoryUse(member, type == TypeClass::Atomic || a.mayWrite(&member), -1,
              "what `" + field->getNameAsString() + "` refers to");
  field = patternOf(field);
  Access access;
  access.field = idOf(field);
  access.base = path.text;
  access.where = a.text.locate(member.getMemberLoc());
  access.unshared = unshared(path);
  access.lent = path.root == ObjectPath::Parameter && mutexesOf(*field->getParent()).empty() &&
                type != TypeClass::Atomic;
  access.forLogging = forLogging(&member);
  access.throughElementOf = path.elementOf;
  access.ownedByElement = path.elementOwns;
  add(std::move(access), member, type, path);
}

void MemoryFinder::variableUse(const DeclRefExpr &reference) {
  if (const auto *field = dyn_cast<FieldDecl>(reference.getDecl())) // &Class::member
    facts.fieldBlockers.push_back(
        {idOf(patternOf(field)), Strategy::None,
         a.reason("address-taken", "a pointer to the member is formed", &reference)});
  // Lines written under a lock are kept apart by it.
  if (const auto *stream = dyn_cast<VarDecl>(reference.getDecl());
      stream && !stream->hasLocalStorage() && isSystem(stream))
    if (std::optional<NamedClass> type = namedClass(stream->getType());
        type && (type->name == "std::basic_ostream" || type->name == "std::basic_istream"))
      memoryUse(reference, true, -1, "the stream " + stream->getNameAsString());
  if (const auto *variable = dyn_cast<VarDecl>(reference.getDecl()))
    sharedVariable(*variable, reference);
  sharedLocal(reference);
  if (const auto *part = dyn_cast<BindingDecl>(reference.getDecl())) {
    const auto *whole = cast<DecompositionDecl>(part->getDecomposedDecl());
    const auto *member = dyn_cast_or_null<MemberExpr>(part->getBinding());
    if (holdsReferences(whole->getType().getNonReferenceType()) ||
        (member && member->getMemberDecl()->getType()->isReferenceType()))
      behindReferencePart(reference);
  }
  const auto *parameter = dyn_cast<ParmVarDecl>(reference.getDecl());
  if (const auto *variable = dyn_cast<VarDecl>(reference.getDecl());
      variable && variable->hasLocalStorage() && variable->getType()->isReferenceType() &&
      classifyType(variable->getType().getNonReferenceType(), a.context) == TypeClass::Atomic)
    return memoryUse(reference, true, -1,
                     "the atomic behind `" + variable->getNameAsString() + "`");
  if (parameter && parameter->getType()->isReferenceType() &&
      parameter->getDeclContext() == &a.function) {
    std::optional<NamedClass> type = namedClass(parameter->getType());
    bool member = isa_and_nonnull<MemberExpr>(a.meaningfulParent(&reference, nullptr)) &&
                  !(type && StringRef(type->name).starts_with("std::"));
    if (!member && !parameter->getType()->isRValueReferenceType() && a.mayWrite(&reference))
      memoryUse(reference, true, static_cast<int>(parameter->getFunctionScopeIndex()),
                "the parameter `" + parameter->getNameAsString() + "`");
  }
}

void MemoryFinder::sharedLocal(const DeclRefExpr &reference) {
  const ValueDecl *local = reference.getDecl();
  const auto *variable = dyn_cast<VarDecl>(local);
  const QualType type = local->getType();
  if ((variable ? !variable->hasLocalStorage() : !isa<BindingDecl>(local)) ||
      type->isReferenceType() || type.isConstQualified())
    return;
  // The members of classes of one's own have accesses of their own.
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  const TypeClass kind = classifyType(type, a.context);
  if ((record && !isStandardDeclaration(record)) || kind == TypeClass::Mutex ||
      kind == TypeClass::Wait || kind == TypeClass::Synchronised ||
      a.sharedLocals.isOnlyRead(local) || !a.sharedLocals.mayBeShared(local))
    return;
  memoryUse(reference, kind == TypeClass::Atomic || a.mayWrite(&reference), -1,
            "`" + local->getNameAsString() + "`, which other threads may use");
}

bool MemoryFinder::refersElsewhere(const ValueDecl &declaration) {
  if (!declaration.getType()->isReferenceType())
    return false;
  const CXXRecordDecl *behind = declaration.getType()->getPointeeCXXRecordDecl();
  return !behind || isStandardDeclaration(behind);
}

void MemoryFinder::sharedVariable(const VarDecl &variable, const Expr &reference) {
  if (variable.hasLocalStorage() || isa<ParmVarDecl>(variable) || isSystem(&variable) ||
      variable.isConstexpr())
    return;
  if (variable.getTLSKind() != VarDecl::TLS_None)
    return;
  TypeClass type = classifyType(variable.getType(), a.context);
  if (type == TypeClass::Mutex || type == TypeClass::Wait)
    return;
  if (refersElsewhere(variable))
    memoryUse(reference, true, -1, "what `" + variable.getNameAsString() + "` refers to");
  Access access;
  access.field = idOf(&variable);
  access.where = a.text.locate(reference.getExprLoc());
  access.forLogging = forLogging(&reference);
  add(std::move(access), reference, type, {});
}

void MemoryFinder::add(Access access, const Expr &node, TypeClass type, const ObjectPath &path) {
  FunctionAnalysis::FieldSite site;
  site.node = &node;
  // What a reference leads to may be written under its own name.
  const auto *member = dyn_cast<MemberExpr>(&node);
  bool behind = member && member->getMemberDecl()->getType()->isReferenceType();
  access.writes = type == TypeClass::Atomic ? behind || !onlyLoads(node) : a.mayWrite(&node);
  if (auto found = a.referenceRoot.find(&node); found != a.referenceRoot.end()) {
    site.root = found->second;
  } else if (type == TypeClass::Scalar || type == TypeClass::Struct ||
             (isMap(type) && a.mapsAreObjects) || type == TypeClass::Converted ||
             type == TypeClass::Atomic) {
    site.root = scalarRoot(access, node, isMap(type) ? TypeClass::Struct : type, path);
  }
  // Nobody else sees the object yet, but whoever gets the pointer will.
  if (access.unshared && isKept(node))
    facts.fieldBlockers.push_back({access.field, Strategy::None,
                                   a.reason("address-taken", "a pointer to it is kept", &node)});
  site.fact = std::move(access);
  auto index = static_cast<int>(a.fields.size());
  a.fields.push_back(std::move(site));
  a.marks[&node].insert(a.marks[&node].begin(), {PathStep::Field, false, index});
}

/// `p_ = &field_`, or `reference_(field_)` in a constructor.
bool MemoryFinder::isKept(const Expr &node) const {
  const Stmt *parent = a.meaningfulParent(&node, nullptr);
  if (const auto *unary = dyn_cast_or_null<UnaryOperator>(parent);
      unary && unary->getOpcode() == UO_AddrOf) {
    const Stmt *outer = a.meaningfulParent(unary, nullptr);
    const auto *assignment = dyn_cast_or_null<BinaryOperator>(outer);
    return !outer || (assignment && assignment->isAssignmentOp());
  }
  const auto *constructor = dyn_cast<CXXConstructorDecl>(&a.function);
  return constructor && llvm::any_of(constructor->inits(), [&](const CXXCtorInitializer *init) {
           return init->isAnyMemberInitializer() && init->isWritten() &&
                  init->getAnyMember()->getType()->isReferenceType() &&
                  strip(init->getInit()) == strip(&node);
         });
}

bool MemoryFinder::onlyLoads(const Expr &atomic) const {
  const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&atomic, nullptr));
  if (!member)
    return false;
  const ValueDecl *called = member->getMemberDecl();
  return isa<CXXConversionDecl>(called) ||
         (called->getIdentifier() &&
          (called->getName() == "load" || called->getName() == "stop_requested"));
}

int MemoryFinder::scalarRoot(const Access &access, const Expr &node, TypeClass type,
                             const ObjectPath &) {
  Root root;
  root.kind = RootKind::Scalar;
  root.field = access.field;
  root.base = access.base;
  root.fieldType = type;
  root.reference = &node;
  // read, replace, modify of the runtime's snapshot.
  if (const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&node, nullptr));
      member && type == TypeClass::Converted) {
    root.call = dyn_cast_or_null<CXXMemberCallExpr>(a.parentOf(member));
    if (root.call && member->getMemberDecl()->getIdentifier())
      root.method = member->getMemberDecl()->getName().str();
  }
  auto index = static_cast<int>(a.roots.size());
  a.referenceRoot[&node] = index;
  a.consumed.insert(&node);
  a.roots.push_back(std::move(root));
  a.marks[&node].push_back({PathStep::Root, false, index});
  if (type != TypeClass::Converted && type != TypeClass::Atomic)
    a.follow(index, &node, Meaning::Value);
  return index;
}

void MemoryFinder::memoryUse(const Expr &node, bool writes, int parameter,
                             std::string description) {
  MemoryUse use;
  use.writes = writes;
  use.parameter = parameter;
  use.description = std::move(description);
  use.where = a.text.locate(node.getExprLoc());
  auto index = static_cast<int>(a.memory.size());
  a.memory.push_back({std::move(use), &node});
  a.marks[&node].push_back({PathStep::Memory, false, index});
}

void MemoryFinder::valueLifetimes() {
  for (std::size_t i = 0; i < a.roots.size(); ++i) {
    const Root &root = a.roots[i];
    if (!isMap(root.fieldType))
      continue;
    QualType value = templateArgument(root.reference->getType(), 1);
    const Expr *node = root.call ? root.call : root.reference;
    bool constructs =
        root.kind == RootKind::Subscript || (root.kind == RootKind::Insert && root.values.empty());
    if (const CXXConstructorDecl *constructor = constructs ? defaultConstructor(value) : nullptr)
      implicitCall(*constructor, node, "the default constructor of the value");
    bool copied = false, ends = root.kind == RootKind::EraseKey || root.kind == RootKind::Put ||
                                root.kind == RootKind::EraseIf ||
                                root.kind == RootKind::EraseLoop || root.kind == RootKind::Clear;
    for (const Use &use : a.uses) {
      if (use.root != static_cast<int>(i))
        continue;
      copied |= use.kind == UseKind::Read || use.kind == UseKind::Modify;
      ends |= use.kind == UseKind::Erase || use.kind == UseKind::Replace;
    }
    if (!ends || (copied && root.kind == RootKind::Find))
      continue;
    for (const CXXDestructorDecl *destructor : destructorsRunBy(value, true))
      implicitCall(*destructor, node, "the destructor of the value");
  }
}

void MemoryFinder::aggregate(const InitListExpr &list) {
  const CXXRecordDecl *record = list.getType()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || isSystem(record))
    return;
  unsigned index = 0;
  for (const FieldDecl *field : record->fields()) {
    if (index >= list.getNumInits())
      return;
    const Expr *init = list.getInit(index++);
    if (isa<CXXDefaultInitExpr>(init) || isa<ImplicitValueInitExpr>(init))
      continue;
    if (const auto *inner = dyn_cast<InitListExpr>(init); inner && inner->getNumInits() == 0)
      continue;
    facts.fieldBlockers.push_back(
        {idOf(patternOf(field)), Strategy::None,
         a.reason("not-copyable", "initialised as part of an aggregate here", &list)});
  }
}

void MemoryFinder::initialisers() {
  const auto *constructor = dyn_cast<CXXConstructorDecl>(&a.function);
  if (!constructor)
    return;
  for (const CXXCtorInitializer *init : constructor->inits()) {
    if (!init->isWritten() || !init->isAnyMemberInitializer() || !init->getInit())
      continue;
    const FieldDecl *field = init->getAnyMember();
    TypeClass type = classifyType(field->getType(), a.context);
    const Expr *value = strip(init->getInit());
    bool empty = false;
    if (const auto *construct = dyn_cast<CXXConstructExpr>(value))
      empty = construct->getNumArgs() == 0 ||
              llvm::all_of(construct->arguments(),
                           [](const Expr *e) { return isa<CXXDefaultArgExpr>(e); });
    if (isa<ImplicitValueInitExpr>(value))
      empty = true;
    Reason why = {"unsupported-operation", "initialised with a value in a constructor",
                  a.text.locate(init->getSourceLocation())};
    std::string id = idOf(patternOf(field));
    if (isMap(type) && !empty)
      facts.fieldBlockers.push_back({id, Strategy::Map, why});
    // A member initialiser would have to become part of the state's.
    facts.fieldBlockers.push_back({id, Strategy::Snapshot, why});
  }
}

void FunctionAnalysis::findMemory(Facts &facts) { MemoryFinder(*this, facts).run(); }

} // namespace unlatch
