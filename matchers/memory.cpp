// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every touch of memory that other threads may see, and every call, besides what roots.cpp
// understands. Memory that only this thread can reach is left out.

#include "matchers/function_analysis.h"
#include "matchers/harmless.h"
#include "matchers/identity.h"
#include "matchers/types.h"

using namespace clang;

namespace unlatch {

namespace {

class MemoryFinder {
public:
  MemoryFinder(FunctionAnalysis &analysis, Facts &facts) : a(analysis), facts(facts) {}

  void run() {
    for (const Expr *expression : a.expressions) {
      if (const auto *member = dyn_cast<MemberExpr>(expression))
        memberUse(*member);
      else if (const auto *reference = dyn_cast<DeclRefExpr>(expression))
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
    }
    initialisers();
    valueLifetimes();
    for (const Stmt *statement : a.statements)
      if (const auto *declaration = dyn_cast<DeclStmt>(statement))
        for (const Decl *each : declaration->decls())
          if (const auto *variable = dyn_cast<VarDecl>(each))
            destructorOf(*variable);
  }

private:
  bool isSystem(const Decl *declaration) const {
    return a.context.getSourceManager().isInSystemHeader(declaration->getLocation());
  }

  /// Members of `this` in a constructor or destructor: no other thread can see the object yet.
  bool unshared(const ObjectPath &path) const {
    return path.text == "this" &&
           (isa<CXXConstructorDecl>(a.function) || isa<CXXDestructorDecl>(a.function));
  }

  bool forLogging(const Expr *expression) const {
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

  static bool onlyLogs(const Stmt *statement) {
    if (const auto *block = dyn_cast_or_null<CompoundStmt>(statement)) {
      return !block->body_empty() &&
             llvm::all_of(block->body(), [](const Stmt *s) { return onlyLogs(s); });
    }
    if (const auto *expression = dyn_cast_or_null<Expr>(statement))
      if (const auto *call = dyn_cast<CallExpr>(strip(expression)))
        return isLogging(call->getDirectCallee());
    return false;
  }

  void memberUse(const MemberExpr &member) {
    const auto *field = dyn_cast<FieldDecl>(member.getMemberDecl());
    if (!field) {
      if (const auto *variable = dyn_cast<VarDecl>(member.getMemberDecl()))
        sharedVariable(*variable, member);
      return;
    }
    if (isSystem(field))
      return;
    ObjectPath path = a.pathOf(member.getBase());
    // A member of a member is part of the outer one, which has its own access.
    if (!member.isArrow())
      if (const Expr *base = strip(member.getBase());
          isa<MemberExpr>(base) && !base->getType()->isReferenceType())
        if (const auto *outer = dyn_cast<FieldDecl>(cast<MemberExpr>(base)->getMemberDecl()))
          if (!outer->getType()->isReferenceType() && !isSystem(outer))
            return;
    if (path.root == ObjectPath::Local && !path.throughPointer)
      return;
    // A member of the looked-up value itself; what happens to values is described by their uses.
    if (!member.isArrow() && a.elementPointers.count(strip(member.getBase())))
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
    if (path.root == ObjectPath::Parameter && !hasMutex(field->getParent()) &&
        type != TypeClass::Atomic) {
      // What a caller lends us; whether it is shared is for the callers to say.
      if (a.mayWrite(&member))
        memoryUse(member, true, path.parameter,
                  "`" + path.text + "->" + field->getNameAsString() + "`");
      return;
    }
    Access access;
    access.field = idOf(field);
    access.base = path.text;
    access.where = a.text.locate(member.getMemberLoc());
    access.unshared = unshared(path);
    access.forLogging = forLogging(&member);
    access.throughElementOf = path.elementOf;
    access.ownedByElement = path.elementOwns;
    add(std::move(access), member, type, path);
  }

  static bool hasMutex(const RecordDecl *record) {
    for (const FieldDecl *field : record->fields())
      if (mutexType(field->getType()))
        return true;
    return false;
  }

  void variableUse(const DeclRefExpr &reference) {
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

  /// A reference to something that may be used under other names, whatever lock is held here. The
  /// members of the program's own classes have accesses of their own.
  static bool refersElsewhere(const ValueDecl &declaration) {
    if (!declaration.getType()->isReferenceType())
      return false;
    const CXXRecordDecl *behind = declaration.getType()->getPointeeCXXRecordDecl();
    return !behind || isStandardDeclaration(behind);
  }

  void sharedVariable(const VarDecl &variable, const Expr &reference) {
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

  void add(Access access, const Expr &node, TypeClass type, const ObjectPath &path) {
    FunctionAnalysis::FieldSite site;
    site.node = &node;
    // What a reference leads to may be written under its own name.
    const auto *member = dyn_cast<MemberExpr>(&node);
    bool behind = member && member->getMemberDecl()->getType()->isReferenceType();
    access.writes = type == TypeClass::Atomic ? behind || !onlyLoads(node) : a.mayWrite(&node);
    if (auto found = a.referenceRoot.find(&node); found != a.referenceRoot.end()) {
      site.root = found->second;
    } else if (type == TypeClass::Scalar || type == TypeClass::Struct ||
               type == TypeClass::Converted || type == TypeClass::Atomic) {
      site.root = scalarRoot(access, node, type, path);
    }
    site.fact = std::move(access);
    auto index = static_cast<int>(a.fields.size());
    a.fields.push_back(std::move(site));
    a.marks[&node].insert(a.marks[&node].begin(), {PathStep::Field, false, index});
  }

  /// `a.load()`, or a conversion to the value.
  bool onlyLoads(const Expr &atomic) const {
    const auto *member = dyn_cast_or_null<MemberExpr>(a.meaningfulParent(&atomic, nullptr));
    if (!member)
      return false;
    const ValueDecl *called = member->getMemberDecl();
    return isa<CXXConversionDecl>(called) ||
           (called->getIdentifier() &&
            (called->getName() == "load" || called->getName() == "stop_requested"));
  }

  int scalarRoot(const Access &access, const Expr &node, TypeClass type, const ObjectPath &) {
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

  void memoryUse(const Expr &node, bool writes, int parameter, std::string description) {
    MemoryUse use;
    use.writes = writes;
    use.parameter = parameter;
    use.description = std::move(description);
    use.where = a.text.locate(node.getExprLoc());
    auto index = static_cast<int>(a.memory.size());
    a.memory.push_back({std::move(use), &node});
    a.marks[&node].push_back({PathStep::Memory, false, index});
  }

  void dereference(const Expr &node, const Expr *pointer) {
    ObjectPath path = a.pathOf(&node);
    if (isa<ArraySubscriptExpr>(node) &&
        isa<ArrayType>(strip(pointer)->getType().getCanonicalType()))
      return; // part of the array, which has its own access
    if (path.root == ObjectPath::Local && !path.throughPointer)
      return;
    if (path.root == ObjectPath::This)
      return; // `*this`, whose members have their own accesses
    if (classifyType(node.getType(), a.context) == TypeClass::Atomic)
      return memoryUse(node, true, -1, "an atomic behind a pointer");
    const Stmt *parent = a.meaningfulParent(&node, nullptr);
    if (isa_and_nonnull<MemberExpr>(parent))
      return; // `(*p).x` is described as an access to x
    bool writes = a.mayWrite(&node);
    if (path.root == ObjectPath::Parameter) {
      if (writes)
        memoryUse(node, true, path.parameter, "what the parameter points to");
      return;
    }
    memoryUse(node, writes, -1, "memory behind a pointer");
  }

  // ------------------------------------------------------------------ calls

  std::string describe(const Expr &call) const {
    std::string written = a.text.textOr(call.getSourceRange(), "a call in a macro");
    std::replace(written.begin(), written.end(), '\n', ' ');
    if (written.size() > 60)
      written = written.substr(0, 57) + "...";
    return written;
  }

  std::string argumentPath(const Expr *argument) const {
    ObjectPath path = a.pathOf(argument);
    const auto *reference = dyn_cast<DeclRefExpr>(stripMove(argument));
    const auto *unary = dyn_cast<UnaryOperator>(stripMove(argument));
    if (unary && unary->getOpcode() == UO_AddrOf)
      reference = dyn_cast<DeclRefExpr>(strip(unary->getSubExpr()));
    if (path.root == ObjectPath::Local && !path.throughPointer) {
      // A local that another thread may have been given is shared after all.
      if (reference && a.captured.count(reference->getDecl()))
        return "local-captured";
      return "local";
    }
    return path.text;
  }

  void addCall(Call call, const Stmt *node) {
    call.where = a.text.locate(node->getBeginLoc());
    auto index = static_cast<int>(a.calls.size());
    a.calls.push_back({std::move(call), node});
    a.marks[node].push_back({PathStep::Invoke, false, index});
  }

  void callUse(const CallExpr &call) {
    const FunctionDecl *callee = call.getDirectCallee();
    const auto *operation = dyn_cast<CXXOperatorCallExpr>(&call);
    if (!callee) {
      if (isa<CXXPseudoDestructorExpr>(call.getCallee()->IgnoreParens()))
        return;
      Call out;
      out.description = describe(call) + ", a call through a pointer";
      addCall(std::move(out), &call);
      return;
    }
    for (const Expr *argument : call.arguments())
      functionArgument(*callee, argument, call);
    for (const Expr *argument : call.arguments())
      if (auto found = a.referenceRoot.find(strip(argument));
          found != a.referenceRoot.end() && isStandardDeclaration(callee) &&
          (callsAtOnce(callee) || a.roots[static_cast<std::size_t>(found->second)].call == &call))
        return; // an operation of the map itself
    for (const CXXConstructorDecl *constructor : constructorsRunBy(callee))
      constructorCall(*constructor, call, call.arguments());
    if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call);
        member && callee->getIdentifier() &&
        (callee->getName() == "reset" || callee->getName() == "clear" ||
         callee->getName() == "pop_back" || callee->getName() == "erase") &&
        isStandardDeclaration(callee) &&
        !a.referenceRoot.count(strip(member->getImplicitObjectArgument())))
      for (const CXXDestructorDecl *destructor : destructorsRunBy(
               member->getImplicitObjectArgument()->getType().getNonReferenceType(), true))
        implicitCall(*destructor, &call, "a destructor");
    if (isHarmless(callee))
      return;
    const auto *method = dyn_cast<CXXMethodDecl>(callee);
    if (method && method->getIdentifier() && method->getName() == "stop_requested" &&
        isStandardDeclaration(method))
      return; // the access to the source or token says it all
    if (method && mutexType(a.context.getCanonicalTagType(method->getParent())))
      return; // locks are described by locks.cpp
    if (method && isGuard(method))
      return;
    if (method && isStandardDeclaration(method) &&
        (method->getParent()->getName() == "atomic" ||
         method->getParent()->getName().starts_with("__atomic")))
      return; // the access to the atomic says it all
    if (method && (method->isTrivial() || method->isDefaulted()) &&
        (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()))
      return;
    Call out;
    out.callee = idOf(callee);
    out.description = describe(call);
    if (operation && method && operation->getOperator() == OO_Call &&
        method->getParent()->isLambda()) {
      out.base = "this";
    }
    const Expr *object = nullptr;
    unsigned first = 0;
    if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call)) {
      object = member->getImplicitObjectArgument();
    } else if (operation && method) {
      object = operation->getArg(0);
      first = 1;
    }
    if (method && method->isVirtual() && !method->hasAttr<FinalAttr>() &&
        !method->getParent()->hasAttr<FinalAttr>()) {
      const auto *callee = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParens());
      out.isVirtual = !(callee && callee->hasQualifier());
    }
    if (object && out.base.empty()) {
      ObjectPath path = a.pathOf(object);
      bool value = a.elementPointers.count(stripMove(object)) != 0 &&
                   !stripMove(object)->getType()->isAnyPointerType();
      const auto *reference = dyn_cast<DeclRefExpr>(stripMove(object));
      bool own = path.root == ObjectPath::Local && !path.throughPointer &&
                 !(reference && a.captured.count(reference->getDecl()));
      // The looked-up value itself is this thread's copy once the map is another.
      out.base = value || own ? "local" : path.text;
      if (!value) {
        out.throughElementOf = path.elementOf;
        out.ownedByElement = path.elementOwns;
      }
    }
    for (unsigned i = first; i < call.getNumArgs(); ++i)
      out.arguments.push_back(argumentPath(call.getArg(i)));
    out.logging = isLogging(callee);
    addCall(std::move(out), &call);
  }

  static bool isGuard(const CXXMethodDecl *method) {
    StringRef owner = method->getParent()->getName();
    return isStandardDeclaration(method) && (owner == "lock_guard" || owner == "unique_lock" ||
                                             owner == "shared_lock" || owner == "scoped_lock");
  }

  /// A function passed as an argument: called at once by an algorithm, or by someone later.
  void functionArgument(const FunctionDecl &callee, const Expr *argument, const CallExpr &call) {
    const Expr *inner = stripMove(argument);
    const CXXMethodDecl *body = nullptr;
    if (const auto *lambda = dyn_cast<LambdaExpr>(inner)) {
      body = lambda->getCallOperator();
    } else if (const auto *reference = dyn_cast<DeclRefExpr>(inner)) {
      if (const auto *function = dyn_cast<FunctionDecl>(reference->getDecl())) {
        if (callsAtOnce(&callee)) {
          Call out;
          out.callee = isHarmless(function) ? "" : idOf(function);
          out.description = describe(call);
          if (!isHarmless(function))
            addCall(std::move(out), &call);
        }
        return;
      }
      const CXXRecordDecl *record = reference->getType()->getAsCXXRecordDecl();
      if (record && record->isLambda())
        body = record->getLambdaCallOperator();
      else if (callsAtOnce(&callee))
        calledBack(*reference, call);
    } else if (const CXXRecordDecl *record = inner->getType()->getAsCXXRecordDecl();
               record && !isSystem(record) && callsAtOnce(&callee)) {
      for (const CXXMethodDecl *method : record->methods())
        if (method->getOverloadedOperator() == OO_Call)
          body = method;
    }
    if (!body)
      return;
    bool runtime = false;
    if (const auto *method = dyn_cast<CXXMethodDecl>(&callee))
      runtime = namedClass(a.context.getCanonicalTagType(method->getParent())) &&
                StringRef(namedClass(a.context.getCanonicalTagType(method->getParent()))->name)
                    .starts_with("unlatch::");
    if (!callsAtOnce(&callee) && !runtime)
      return;
    Call out;
    out.callee = idOf(body);
    out.description = describe(call);
    out.base = "this";
    addCall(std::move(out), &call);
  }

  /// A function pointer or function object that an algorithm calls.
  void calledBack(const DeclRefExpr &reference, const CallExpr &call) {
    QualType type = reference.getType().getNonReferenceType();
    std::optional<NamedClass> named = namedClass(type);
    if (!type->isFunctionPointerType() && !(named && named->name == "std::function"))
      return;
    Call out;
    out.description =
        describe(call) + ", which calls `" + reference.getDecl()->getNameAsString() + "`";
    addCall(std::move(out), &call);
  }

  /// What inserting, erasing and replacing do to the values besides: their constructors and
  /// destructors run under the lock.
  void valueLifetimes() {
    for (std::size_t i = 0; i < a.roots.size(); ++i) {
      const Root &root = a.roots[i];
      if (root.fieldType != TypeClass::HashMap && root.fieldType != TypeClass::OrderedMap)
        continue;
      QualType value = templateArgument(root.reference->getType(), 1);
      const Expr *node = root.call ? root.call : root.reference;
      bool constructs = root.kind == RootKind::Subscript ||
                        (root.kind == RootKind::Insert && root.values.empty());
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

  void implicitCall(const FunctionDecl &callee, const Expr *node, const char *description) {
    Call out;
    out.callee = idOf(&callee);
    out.description = description;
    out.base = "local";
    addCall(std::move(out), node);
  }

  void constructUse(const CXXConstructExpr &construct) {
    const CXXConstructorDecl *constructor = construct.getConstructor();
    if (constructor->isTrivial() || constructor->isDefaulted() || constructor->isImplicit())
      return;
    if (isHarmless(constructor) || isGuardType(construct.getType()))
      return;
    constructorCall(*constructor, construct, construct.arguments());
  }

  template <class Arguments>
  void constructorCall(const CXXConstructorDecl &constructor, const Expr &node,
                       Arguments &&arguments) {
    Call out;
    out.callee = idOf(&constructor);
    out.description = describe(node);
    out.base = "local";
    for (const Expr *argument : arguments)
      out.arguments.push_back(argumentPath(argument));
    addCall(std::move(out), &node);
  }

  static bool isGuardType(QualType type) {
    std::optional<NamedClass> named = namedClass(type);
    return named && (named->name == "std::lock_guard" || named->name == "std::unique_lock" ||
                     named->name == "std::shared_lock" || named->name == "std::scoped_lock" ||
                     named->name == "std::atomic");
  }

  void destructorOf(const VarDecl &variable) {
    if (!variable.hasLocalStorage() || isGuardType(variable.getType()))
      return;
    if (variable.getType()->isReferenceType())
      return;
    for (const CXXDestructorDecl *destructor : destructorsRunBy(variable.getType(), false)) {
      Call out;
      out.callee = idOf(destructor);
      out.description = "the destructor of `" + variable.getNameAsString() + "`";
      out.base = "local";
      out.where = a.text.locate(variable.getLocation());
      auto index = static_cast<int>(a.calls.size());
      a.calls.push_back({std::move(out), nullptr});
      a.destructorMarks[&variable].push_back({PathStep::Invoke, false, index});
    }
  }

  /// `Owner{...}` that gives a value to a member which would become another type.
  void aggregate(const InitListExpr &list) {
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

  void initialisers() {
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
      if ((type == TypeClass::HashMap || type == TypeClass::OrderedMap) && !empty)
        facts.fieldBlockers.push_back({id, Strategy::Map, why});
      // A member initialiser would have to become part of the state's.
      facts.fieldBlockers.push_back({id, Strategy::Snapshot, why});
    }
  }

  FunctionAnalysis &a;
  Facts &facts;
};

} // namespace

void FunctionAnalysis::findMemory(Facts &facts) { MemoryFinder(*this, facts).run(); }

} // namespace unlatch
