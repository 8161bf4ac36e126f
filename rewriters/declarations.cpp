// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "rewriters/declarations.h"

#include "matchers/effects.h"
#include "matchers/function_analysis.h"
#include "matchers/harmless.h"
#include "matchers/identity.h"
#include "matchers/lock_types.h"
#include "matchers/quiet_code.h"
#include "matchers/types.h"
#include "rewriters/annotations.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace unlatch {

namespace {

class DeclarationRewriter {
public:
  DeclarationRewriter(FieldFact &fact, const DeclaratorDecl &declaration, const SourceText &text)
      : fact(fact), declaration(declaration), context(declaration.getASTContext()), text(text) {}

  void run() {
    if (declaration.getType().isVolatileQualified())
      return block(fact.declaration[Strategy::Atomic], "volatile-or-bitfield", "volatile");
    if (isMap(fact.typeClass))
      map(fact.declaration[Strategy::Map]);
    if (fact.typeClass == TypeClass::Scalar)
      atomic(fact.declaration[Strategy::Atomic]);
    if (fact.typeClass == TypeClass::Scalar || fact.typeClass == TypeClass::Struct ||
        (isMap(fact.typeClass) && isa<FieldDecl>(declaration)))
      snapshot(fact.declaration[Strategy::Snapshot]);
  }

private:
  void block(Candidate &out, const char *id, std::string message) {
    out.blockers.push_back({id, std::move(message), fact.where});
  }

  void common(Candidate &out) {
    if (declaration.getBeginLoc().isMacroID() || declaration.getLocation().isMacroID())
      block(out, "macro", "the declaration comes from a macro");
    if (sharesStatement())
      block(out, "unsupported-operation", "several variables are declared in one statement");
    if (const auto *variable = dyn_cast<VarDecl>(&declaration); variable && variable->isExternC())
      block(out, "external-code", "code in another language can use it");
    // What it said of the mutex is no longer so.
    for (const Attr *annotation : lockAnnotations(declaration))
      removeAnnotation(out, *annotation, text);
    if (declaration.getType()->isUnionType())
      block(out, "volatile-or-bitfield", "a union: only the code knows which member is in use");
    const auto *member = dyn_cast<FieldDecl>(&declaration);
    const auto *owner = member ? dyn_cast<CXXRecordDecl>(member->getParent()) : nullptr;
    if (!owner)
      return;
    if (owner->isDependentContext() || isa<ClassTemplateSpecializationDecl>(owner))
      block(out, "template-dependent", "the class is a template");
    if (owner->isUnion() || member->isBitField())
      block(out, "volatile-or-bitfield", "a union member or bit-field");
    if (ownerCanBeCopied(*owner))
      block(out, "not-copyable",
            "objects of `" + owner->getNameAsString() +
                "` can be copied or moved today and could not be afterwards");
  }

  bool sharesStatement() const {
    // `int a, b;`: another declarator begins at the same place.
    const DeclContext *context = declaration.getDeclContext();
    for (const Decl *other : context->decls())
      if (const auto *declarator = dyn_cast<DeclaratorDecl>(other);
          declarator && declarator != &declaration && !declarator->isImplicit() &&
          !isa<FunctionDecl>(declarator) && declarator->getBeginLoc() == declaration.getBeginLoc())
        return true;
    return false;
  }

  static bool ownerCanBeCopied(const CXXRecordDecl &owner) {
    for (const FieldDecl *field : owner.fields()) {
      if (const auto mutex = mutexType(field->getType()); mutex && !mutex->own && !mutex->posix)
        return userCopies(owner);
      TypeClass type = classifyType(field->getType(), field->getASTContext());
      if (type == TypeClass::Atomic)
        return userCopies(owner);
    }
    for (const CXXConstructorDecl *constructor : owner.ctors())
      if (constructor->isCopyOrMoveConstructor() && !constructor->isDeleted())
        return true;
    bool deleted = false;
    for (const CXXConstructorDecl *constructor : owner.ctors())
      deleted |= constructor->isCopyConstructor() && constructor->isDeleted();
    return !deleted && !owner.defaultedCopyConstructorIsDeleted();
  }

  /// With a mutex among the members only a constructor written by hand can copy.
  static bool userCopies(const CXXRecordDecl &owner) {
    for (const CXXConstructorDecl *constructor : owner.ctors())
      if (constructor->isCopyOrMoveConstructor() && constructor->isUserProvided())
        return true;
    return false;
  }

  /// `{}`, or `{{key, value}, ...}`, which makes the other map as well.
  static bool isEmptyOrList(const Expr &init) {
    const Expr *value = init.IgnoreImplicit();
    if (const auto *list = dyn_cast<InitListExpr>(value))
      return list->getNumInits() == 0;
    const auto *construct = dyn_cast<CXXConstructExpr>(value);
    if (!construct || isa<CXXTemporaryObjectExpr>(construct))
      return false; // it names the type
    const auto isDefault = [](const Expr *argument) { return isa<CXXDefaultArgExpr>(argument); };
    if (llvm::all_of(construct->arguments(), isDefault))
      return true;
    return construct->isListInitialization() && construct->isStdInitListInitialization() &&
           std::all_of(construct->arg_begin() + 1, construct->arg_end(), isDefault);
  }

  /// The name of the template as written, without its arguments.
  void map(Candidate &out) {
    common(out);
    QualType type = declaration.getType();
    QualType key = templateArgument(type, 0), value = templateArgument(type, 1);
    if (fact.typeClass == TypeClass::OrderedMap) {
      std::optional<NamedClass> compare = namedClass(templateArgument(type, 2));
      if (!compare || compare->name != "std::less" || comparesItself(key, *compare))
        block(out, "ordered", "the map has a comparison of its own");
      else if (!isHashableLikeOrdered(key))
        block(out, "ordered", "keys of this type are not known to hash as they compare");
    } else {
      hashing(out, type);
      if (std::optional<NamedClass> equal = namedClass(templateArgument(type, 3));
          equal && equal->name == "std::equal_to" && comparesItself(key, *equal))
        block(out, "unsupported-operation", "the map has a comparison of its own");
    }
    if (std::string why = unsafeToShare(key, context); !why.empty())
      block(out, "unsafe-value-type", "the key can't be shared between threads: " + why);
    if (!isCopyable(value, context))
      block(out, "unsupported-operation", "values of this type can't be copied out of the map");
    else if (std::string why = unsafeToShare(value, context); !why.empty())
      block(out, "unsafe-value-type", "the value can't be shared between threads: " + why);
    const auto *variable = dyn_cast<VarDecl>(&declaration);
    const auto *member = dyn_cast<FieldDecl>(&declaration);
    const Expr *init = variable ? variable->getInit()
                       : member ? member->getInClassInitializer()
                                : nullptr;
    if (init && !isEmptyOrList(*init))
      block(out, "unsupported-operation", "initialised with more than a list of elements");
    retype(out, type, fact.typeClass == TypeClass::OrderedMap);
    out.includes.push_back({fact.where.file, "<unlatch/map.h>"});
  }

  void hashing(Candidate &out, QualType type) {
    for (unsigned index : {2u, 3u}) {
      QualType functor = templateArgument(type, index);
      std::optional<NamedClass> named = namedClass(functor);
      if (!named) {
        block(out, "unsafe-value-type", "the map's hash or equality is not a class");
        continue;
      }
      StringRef name = named->name;
      if (name == "std::hash" || name == "std::equal_to") {
        const CXXRecordDecl *key = templateArgument(type, 0)->getAsCXXRecordDecl();
        if (!key || isStandardDeclaration(key))
          continue;
        if (name == "std::hash" ? !pureFunctor(*named->record) : !pureEquality(*key))
          block(out, "unsafe-value-type",
                "the key's own hash and equality are not known to be safe when run concurrently");
        continue;
      }
      if (!pureFunctor(*named->record))
        block(out, "unsafe-value-type",
              ("`" + name + "` is not seen to be safe when run concurrently").str());
    }
  }

  /// Readers compare and hash at the same time.
  void comparing(Candidate &out, QualType type) {
    const std::optional<NamedClass> container = namedClass(type);
    if (!container || !isOfLibrary(*container->record))
      return;
    const StringRef name = container->name;
    if (!name.ends_with("map") && !name.ends_with("set"))
      return;
    UsedTypes used;
    used.add(type);
    for (const FunctionDecl *each : used.operators)
      if (!isQuiet(*each))
        return block(out, "unsafe-value-type",
                     "`" + each->getQualifiedNameAsString() +
                         "` is not seen to be safe when run concurrently");
    const unsigned first = name.ends_with("map") ? 2 : 1;
    for (unsigned index : {first, first + 1})
      if (isNamed(templateArgument(type, index), {"std::function"}))
        block(out, "unsafe-value-type", "what its comparison calls is not known");
  }

  /// The program has a comparison of its own for keys of a type that the runtime compares itself.
  bool comparesItself(QualType key, const NamedClass &comparison) const {
    key = key.getCanonicalType();
    if (key->isRecordType())
      return false; // it is called
    if (!isOfLibrary(*comparison.record))
      return true;
    const auto *enumeration = key->getAs<EnumType>();
    if (!enumeration)
      return false;
    const EnumDecl *declared = enumeration->getDecl();
    const auto isItsOwn = [&](const NamedDecl *each) {
      const FunctionDecl *function = each->getAsFunction();
      return function && llvm::any_of(function->parameters(), [&](const ParmVarDecl *parameter) {
               const QualType type = parameter->getType().getNonReferenceType();
               return type->isDependentType() ||
                      type.getCanonicalType().getUnqualifiedType() == key.getUnqualifiedType();
             });
    };
    for (OverloadedOperatorKind kind : {OO_Less, OO_EqualEqual, OO_Spaceship}) {
      const DeclarationName name = context.DeclarationNames.getCXXOperatorName(kind);
      const DeclContext *space = declared->getDeclContext()->getEnclosingNamespaceContext();
      if (llvm::any_of(space->lookup(name), isItsOwn))
        return true;
      if (const auto *owner = dyn_cast<CXXRecordDecl>(declared->getDeclContext()))
        for (const FriendDecl *each : owner->friends())
          if (const NamedDecl *function = each->getFriendDecl();
              function && function->getDeclName() == name && isItsOwn(function))
            return true;
    }
    return false;
  }

  /// A class without state whose call operator is const and touches nothing but its arguments.
  static bool pureFunctor(const CXXRecordDecl &record) {
    if (!record.hasDefinition() || !record.isEmpty())
      return false;
    for (const CXXMethodDecl *method : record.methods()) {
      if (method->getOverloadedOperator() != OO_Call)
        continue;
      if (!method->isConst() || !isPure(*method))
        return false;
    }
    return true;
  }

  /// The key's `==`, a member or a function beside its class, is seen to touch nothing but its
  /// operands.
  bool pureEquality(const CXXRecordDecl &key) const {
    const DeclarationName name = context.DeclarationNames.getCXXOperatorName(OO_EqualEqual);
    std::vector<const FunctionDecl *> found;
    const auto consider = [&](const NamedDecl *declaration) {
      const auto *function = dyn_cast_or_null<FunctionDecl>(declaration);
      if (function && function->getDeclName() == name &&
          llvm::any_of(function->parameters(), [&](const ParmVarDecl *each) {
            return each->getType().getNonReferenceType()->getAsCXXRecordDecl() == &key;
          }))
        found.push_back(function);
    };
    for (const CXXMethodDecl *method : key.methods())
      consider(method);
    for (const FriendDecl *each : key.friends())
      consider(each->getFriendDecl());
    for (const NamedDecl *each : key.getDeclContext()->lookup(name))
      consider(each);
    return !found.empty() && llvm::all_of(found, [](const FunctionDecl *each) {
      return each->isDefaulted() || isPure(*each);
    });
  }

  /// Seen to use no variable that others share, and to call nothing but the library.
  static bool isPure(const FunctionDecl &function) {
    const FunctionDecl *definition = nullptr;
    if (!function.hasBody(definition))
      return false;
    bool pure = true;
    auto visit = [&](auto &self, const Stmt *node) -> void {
      if (!node)
        return;
      if (const auto *reference = dyn_cast<DeclRefExpr>(node))
        if (const auto *variable = dyn_cast<VarDecl>(reference->getDecl()))
          if (!variable->hasLocalStorage() && !variable->getType().isConstQualified())
            pure = false;
      if (const auto *declaration = dyn_cast<DeclStmt>(node))
        for (const Decl *each : declaration->decls())
          if (const auto *variable = dyn_cast<VarDecl>(each);
              variable && variable->isStaticLocal() && !variable->getType().isConstQualified())
            pure = false;
      // What a pointer leads to is not the operand's own.
      if (const auto *unary = dyn_cast<UnaryOperator>(node);
          unary && unary->getOpcode() == UO_Deref)
        pure = false;
      if (const auto *member = dyn_cast<MemberExpr>(node);
          member && member->isArrow() && !isa<CXXThisExpr>(strip(member->getBase())))
        pure = false;
      if (const auto *call = dyn_cast<CallExpr>(node))
        if (const FunctionDecl *callee = call->getDirectCallee(); !callee || !isHarmless(callee))
          pure = false;
      for (const Stmt *child : node->children())
        self(self, child);
    };
    visit(visit, definition->getBody());
    return pure;
  }

  void retype(Candidate &out, QualType type, bool ordered) {
    TypeLoc written = declaration.getTypeSourceInfo()->getTypeLoc().getUnqualifiedLoc();
    std::optional<std::string> spelled = text.text(written.getSourceRange());
    if (!spelled)
      return block(out, "macro", "the type comes from a macro");
    std::size_t bracket = spelled->find('<');
    StringRef name = StringRef(*spelled).substr(0, bracket).trim();
    bool direct =
        bracket != std::string::npos && (name.ends_with("unordered_map") || name.ends_with("map"));
    // A std::map's comparison and a spelled allocator have no place in ours.
    unsigned given = direct ? countArguments(*spelled) : 0;
    if (direct && given <= (ordered ? 2u : 4u) && given >= 2) {
      auto length = static_cast<unsigned>(bracket);
      SourceLocation begin = written.getBeginLoc();
      unsigned offset = text.sources().getFileOffset(text.sources().getFileLoc(begin));
      out.edits.push_back({text.fileOf(begin), offset, length, "unlatch::map"});
      return;
    }
    std::string full = "unlatch::map<";
    full += typeText(templateArgument(type, 0), context) + ", ";
    full += typeText(templateArgument(type, 1), context);
    if (!ordered) {
      std::optional<NamedClass> hash = namedClass(templateArgument(type, 2));
      std::optional<NamedClass> equal = namedClass(templateArgument(type, 3));
      if ((hash && hash->name != "std::hash") || (equal && equal->name != "std::equal_to"))
        full += ", " + typeText(templateArgument(type, 2), context) + ", " +
                typeText(templateArgument(type, 3), context);
    }
    text.replace(out, written.getSourceRange(), full + ">");
  }

  static unsigned countArguments(StringRef type) {
    unsigned depth = 0, count = 1;
    for (char c : type) {
      if (c == '<' || c == '(')
        ++depth;
      else if (c == '>' || c == ')')
        --depth;
      else if (c == ',' && depth == 1)
        ++count;
    }
    return count;
  }

  void atomic(Candidate &out) {
    common(out);
    TypeLoc written = declaration.getTypeSourceInfo()->getTypeLoc().getUnqualifiedLoc();
    std::optional<std::string> spelled = text.text(written.getSourceRange());
    if (!spelled)
      return block(out, "macro", "the type comes from a macro");
    if (written.getType()->getContainedAutoType())
      return block(out, "unsupported-operation", "the type is deduced");
    text.replace(out, written.getSourceRange(), "std::atomic<" + *spelled + ">");
    // `= 0` needs a copy before C++17.
    if (!context.getLangOpts().CPlusPlus17) {
      const Expr *init = nullptr;
      if (const auto *member = dyn_cast<FieldDecl>(&declaration))
        init = member->getInClassInitializer();
      else if (const auto *variable = dyn_cast<VarDecl>(&declaration))
        init = variable->getInit();
      if (init && !isa<InitListExpr>(init->IgnoreImplicit()))
        block(out, "language-too-old", "initialising an atomic by `=` needs C++17");
    }
    out.includes.push_back({fact.where.file, "<atomic>"});
  }

  /// Something in it leads elsewhere: into the same state, maybe. A pointer by itself is followed
  /// where it is assigned.
  bool holdsWays(QualType type, unsigned depth, bool isPart = false) const {
    type = type.getCanonicalType();
    if (type->isPointerType())
      return isPart;
    const CXXRecordDecl *record = type->getAsCXXRecordDecl();
    if (!record || depth == 0 || isSmartPointer(type))
      return false;
    if (leadsElsewhere(type))
      return true;
    for (QualType argument : typeArguments(record))
      if (holdsWays(argument, depth - 1, true))
        return true;
    return !isStandardDeclaration(record) && record->hasDefinition() &&
           llvm::any_of(record->fields(), [&](const FieldDecl *field) {
             return holdsWays(field->getType(), depth - 1, true);
           });
  }

  static bool looksAround(const Stmt *node) {
    if (!node)
      return false;
    const auto *reference = dyn_cast<DeclRefExpr>(node);
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    return isa<CXXThisExpr>(node) || isa<CallExpr>(node) ||
           (variable && !variable->isConstexpr() && !variable->getType().isConstQualified()) ||
           llvm::any_of(node->children(), looksAround);
  }

  void snapshot(Candidate &out) {
    common(out);
    if (!isa<FieldDecl>(declaration))
      return block(out, "unsupported-operation", "only members of a class form a snapshot");
    if (declaration.getType().isConstQualified())
      return block(out, "unsupported-operation", "it is const");
    if (!isCopyable(declaration.getType(), context))
      block(out, "not-copyable", "a state that holds it could not be copied");
    else if (std::string why = unsafeToShare(declaration.getType(), context); !why.empty())
      block(out, "unsafe-value-type", "it can't be shared between threads: " + why);
    comparing(out, declaration.getType());
    if (holdsWays(declaration.getType(), 4))
      block(out, "unsafe-value-type",
            "it holds views or pointers, which in a copy of the state lead into the old one");
    if (const Expr *init = cast<FieldDecl>(declaration).getInClassInitializer();
        init && (hasEffects(init) || looksAround(init)))
      block(out, "unsupported-operation",
            "its initialiser does something, or uses other members, and would run at another time");
    out.edits.clear(); // the whole declaration moves
    std::optional<std::string> whole = withoutAnnotations(declaration, text);
    if (!whole)
      return block(out, "macro", "the declaration comes from a macro");
    const QualType type = declaration.getType();
    // Code that does not compile may have classes without a layout.
    if (!type->isIncompleteType() && !context.getDiagnostics().hasUncompilableErrorOccurred())
      fact.bytes = static_cast<unsigned>(context.getTypeSizeInChars(type).getQuantity());
    fact.grows = holdsElements(type);
    fact.declarationText = *whole + ";";
    if (StringRef(fact.declarationText).starts_with("mutable "))
      fact.declarationText = fact.declarationText.substr(8);
    Candidate removal = removeDeclaration(declaration, text);
    if (removal.edits.size() == 1)
      fact.removal = removal.edits.front();
    out.includes.push_back({fact.where.file, "<unlatch/snapshot.h>"});
  }

  FieldFact &fact;
  const DeclaratorDecl &declaration;
  const ASTContext &context;
  const SourceText &text;
};

} // namespace

void describeDeclaration(FieldFact &fact, const DeclaratorDecl &declaration,
                         const SourceText &text) {
  DeclarationRewriter(fact, declaration, text).run();
}

Candidate removeDeclaration(const DeclaratorDecl &declaration, const SourceText &text) {
  Candidate out;
  const DeclContext *context = declaration.getDeclContext();
  for (const Decl *other : context->decls())
    if (const auto *declarator = dyn_cast<DeclaratorDecl>(other);
        declarator && declarator != &declaration && !isa<FunctionDecl>(declarator) &&
        !declarator->isImplicit() && declarator->getBeginLoc() == declaration.getBeginLoc()) {
      out.blockers.push_back({"unsupported-operation",
                              "several variables are declared in one statement",
                              text.locate(declaration.getLocation())});
      return out;
    }
  SourceRange range = declaration.getSourceRange();
  // The initial value may be a macro, which goes in whole.
  SourceLocation end;
  if (range.getEnd().isMacroID() &&
      Lexer::isAtEndOfMacroExpansion(range.getEnd(), text.sources(), text.language(), &end))
    range.setEnd(end);
  text.removeStatement(out, range, endOfAnnotations(declaration, text));
  return out;
}

} // namespace unlatch
