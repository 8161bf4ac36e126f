// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One parse of a translation unit. The bodies of functions in system headers are skipped, and only
// the project's own declarations are visited.

#include "matchers/extract.h"

#include "analysis/content_hash.h"
#include "matchers/broken_code.h"
#include "matchers/declaration_blockers.h"
#include "matchers/edit_scope.h"
#include "matchers/erased_code.h"
#include "matchers/function_analysis.h"
#include "matchers/identity.h"
#include "matchers/lock_types.h"
#include "matchers/member_ends.h"
#include "matchers/missing_headers.h"
#include "matchers/shared_locals.h"
#include "matchers/suppression.h"
#include "matchers/types.h"
#include "matchers/visibility.h"
#include "matchers/weak_orderings.h"
#include "rewriters/annotations.h"
#include "rewriters/declarations.h"
#include "rewriters/snapshot.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/AtomicOrdering.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace clang;
using namespace clang::ast_matchers;

namespace unlatch {

namespace {

/// Turns what the matchers find into facts.
class FactCollector : public MatchFinder::MatchCallback {
public:
  FactCollector(ASTContext &context, Facts &facts)
      : context(context), text(context), facts(facts), weak(context, text, facts),
        blockers(text, facts) {}

  void run(const MatchFinder::MatchResult &result) override {
    if (const auto *function = result.Nodes.getNodeAs<FunctionDecl>("function"))
      functionBody(*function);
    else if (const auto *field = result.Nodes.getNodeAs<FieldDecl>("field"))
      variable(*field, FieldKind::Member);
    else if (const auto *record = result.Nodes.getNodeAs<CXXRecordDecl>("class"))
      unwrittenDestructor(*record);
    else if (const auto *shared = result.Nodes.getNodeAs<VarDecl>("variable"))
      staticVariable(*shared);
    else if (const auto *reference = result.Nodes.getNodeAs<DeclRefExpr>("order"))
      weak.ordering(*reference);
    else if (const auto *assembly = result.Nodes.getNodeAs<AsmStmt>("assembly"))
      weak.add("inline assembly", assembly->getAsmLoc());
    else if (const auto *builtin = result.Nodes.getNodeAs<AtomicExpr>("builtin"))
      weak.atomicBuiltin(*builtin);
    else if (const auto *type = result.Nodes.getNodeAs<TypeLoc>("decltype"))
      blockers.typeAskedIn(*type);
    else if (const auto *size = result.Nodes.getNodeAs<UnaryExprOrTypeTraitExpr>("sizeof"))
      blockers.typeAskedFor(size->isArgumentType() ? nullptr : size->getArgumentExpr());
    else if (const auto *id = result.Nodes.getNodeAs<CXXTypeidExpr>("typeid"))
      blockers.typeAskedFor(id->isTypeOperand() ? nullptr : id->getExprOperand());
  }

private:
  bool isSystem(SourceLocation location) const {
    return location.isInvalid() || context.getSourceManager().isInSystemHeader(location);
  }

  void functionBody(const FunctionDecl &function) {
    if (isSystem(function.getLocation()))
      return;
    lockAnnotationsOf(function);
    if (function.isDefaulted() && !function.isDeleted())
      blockers.defaultedComparison(function);
    if (!function.doesThisDeclarationHaveABody() || function.isDefaulted() || !function.getBody() ||
        isBroken(function))
      return;
    const auto *method = dyn_cast<CXXMethodDecl>(&function);
    if (method)
      for (const CXXMethodDecl *overridden : method->overridden_methods())
        facts.overriders[idOf(overridden)].push_back(idOf(method));
    if (method && lockCall(*method) != LockCall::None &&
        mutexType(context.getCanonicalTagType(method->getParent())))
      weak.enterLockMethod(function);
    bool genericLambda = method && method->getParent()->isGenericLambda();
    if (function.isDependentContext()) {
      const FunctionTemplateDecl *described = function.getDescribedFunctionTemplate();
      // The instantiations of a generic lambda say what it does.
      if (!genericLambda || !described || described->specializations().empty())
        dependentBody(function);
      return;
    }
    FunctionAnalysis analysis(function, text, sharedLocals);
    const FunctionDecl *pattern = function.getTemplateInstantiationPattern(false);
    auto found = given.find(pattern ? pattern : &function);
    if (found != given.end() && !found->second.field.empty())
      analysis.given = &found->second;
    FunctionFact fact = analysis.run(facts);
    if (found != given.end())
      fact.within = found->second.within;
    if (const auto *destructor = dyn_cast<CXXDestructorDecl>(&function))
      addMemberEnds(fact, *destructor);
    for (auto &entry : analysis.givenLambdas)
      given.insert(entry);
    std::string id = fact.id;
    facts.functions[id].push_back(std::move(fact));
  }

  /// One that overrides another, and so may be what runs where the other is named.
  void unwrittenDestructor(const CXXRecordDecl &record) {
    const CXXDestructorDecl *destructor =
        record.isDependentContext() || isSystem(record.getLocation()) ? nullptr
                                                                      : record.getDestructor();
    if (!destructor || !destructor->isVirtual() || destructor->isUserProvided())
      return;
    for (const CXXMethodDecl *overridden : destructor->overridden_methods())
      facts.overriders[idOf(overridden)].push_back(idOf(destructor));
    FunctionFact fact = factOfUnwritten(*destructor, text);
    std::string id = fact.id;
    facts.functions[id].push_back(std::move(fact));
  }

  /// What names a mutex has to go with it: the annotations of functions, and of other mutexes.
  void lockAnnotationsOf(const Decl &declaration) {
    for (const Attr *annotation : lockAnnotations(declaration))
      for (const ValueDecl *mutex : mutexesNamed(*annotation))
        if (mutexType(mutex->getType())) {
          Candidate removal;
          removeAnnotation(removal, *annotation, text);
          const auto *function = dyn_cast<FunctionDecl>(&declaration);
          const bool isRequired = function && isa<RequiresCapabilityAttr>(annotation);
          facts.redeclarations.push_back({idOf(mutex),
                                          text.locate(annotation->getLocation()),
                                          /*defines=*/false,
                                          isRequired ? idOf(function) : "",
                                          {},
                                          std::move(removal)});
        }
  }

  /// The body of a template before instantiation: whatever it names can't be judged from here.
  void dependentBody(const FunctionDecl &function) {
    auto visit = [&](auto &self, const Stmt *node) -> void {
      if (!node)
        return;
      const ValueDecl *named = nullptr;
      if (const auto *member = dyn_cast<MemberExpr>(node))
        named = member->getMemberDecl();
      else if (const auto *reference = dyn_cast<DeclRefExpr>(node))
        named = reference->getDecl();
      const auto *variable = dyn_cast_or_null<VarDecl>(named);
      if (named && !isSystem(named->getLocation()) &&
          (isa<FieldDecl>(named) || (variable && !variable->hasLocalStorage()))) {
        Reason why{"template-dependent", "used in the body of a template",
                   text.locate(node->getBeginLoc())};
        if (mutexType(named->getType()))
          facts.mutexUses.push_back({idOf(named), why});
        else
          facts.fieldBlockers.push_back({idOf(named), Strategy::None, why});
      }
      for (const Stmt *child : node->children())
        self(self, child);
    };
    visit(visit, function.getBody());
  }

  void staticVariable(const VarDecl &declaration) {
    blockers.readyFromTheStart(declaration);
    if (declaration.isStaticDataMember())
      variable(declaration, FieldKind::StaticMember);
    else
      variable(declaration,
               declaration.isStaticLocal() ? FieldKind::LocalStatic : FieldKind::Global);
  }

  void variable(const DeclaratorDecl &declaration, FieldKind kind) {
    if (isSystem(declaration.getLocation()) || !declaration.getIdentifier())
      return;
    if (const auto *member = dyn_cast<FieldDecl>(&declaration))
      if (const auto *record = dyn_cast<CXXRecordDecl>(member->getParent());
          record && record->isLambda())
        return;
    if (const auto *field = dyn_cast<FieldDecl>(&declaration))
      blockers.otherName(*field);
    if (const auto *field = dyn_cast<FieldDecl>(&declaration); field && patternOf(field) != field)
      return; // described by its pattern
    if (const auto *shared = dyn_cast<VarDecl>(&declaration))
      if (shared->getTLSKind() != VarDecl::TLS_None)
        return;
    if (mutexType(declaration.getType()))
      return mutex(declaration);
    if (declaration.getType().isVolatileQualified())
      weak.add("the volatile variable " + nameOf(&declaration), declaration.getLocation());
    FieldFact fact;
    fact.id = idOf(&declaration);
    fact.definedElsewhere = declaresOnly(declaration);
    fact.name = nameOf(&declaration);
    fact.kind = kind;
    fact.typeClass = classifyType(declaration.getType(), context);
    // What a reference leads to is as shared as if it stood here.
    if (declaration.getType()->isReferenceType() &&
        classifyType(declaration.getType().getNonReferenceType(), context) == TypeClass::Atomic)
      fact.typeClass = TypeClass::Atomic;
    fact.isPublic = canBeNamedOutside(declaration);
    fact.where = text.locate(declaration.getLocation());
    PrintingPolicy policy(context.getLangOpts());
    policy.SuppressTagKeyword = true;
    fact.type = declaration.getType().getAsString(policy);
    // The members of a class behind a reference have accesses of their own.
    const CXXRecordDecl *behind = declaration.getType()->isReferenceType()
                                      ? declaration.getType()->getPointeeCXXRecordDecl()
                                      : nullptr;
    fact.immutable =
        (declaration.getType().isConstQualified() && fact.typeClass != TypeClass::Atomic) ||
        (behind && !isStandardDeclaration(behind) && fact.typeClass != TypeClass::Atomic);
    if (const auto *member = dyn_cast<FieldDecl>(&declaration))
      fact.owner = idOf(member->getParent());
    fact.annotatedGuard = annotatedGuard(declaration);
    fact.keptBecause = suppressionOf(declaration, context.getSourceManager());
    if (isMap(fact.typeClass) || fact.typeClass == TypeClass::Struct)
      fact.holds = ownersIn(declaration.getType());
    describeDeclaration(fact, declaration, text);
    if (isRedeclaration(declaration))
      facts.redeclarations.push_back(
          {fact.id, fact.where, !fact.definedElsewhere, {}, std::move(fact.declaration), {}});
    else
      facts.fields.try_emplace(fact.id, std::move(fact));
  }

  static bool declaresOnly(const DeclaratorDecl &declaration) {
    const auto *variable = dyn_cast<VarDecl>(&declaration);
    return variable && variable->isThisDeclarationADefinition() == VarDecl::DeclarationOnly;
  }

  /// The fact is about the first declaration: a static member's in its class, what is `extern` in
  /// its header.
  static bool isRedeclaration(const DeclaratorDecl &declaration) {
    return declaration.getCanonicalDecl() != &declaration;
  }

  void mutex(const DeclaratorDecl &declaration) {
    lockAnnotationsOf(declaration);
    MutexFact fact;
    fact.id = idOf(&declaration);
    fact.name = nameOf(&declaration);
    fact.where = text.locate(declaration.getLocation());
    fact.type = declaration.getType().getAsString(PrintingPolicy(context.getLangOpts()));
    const std::optional<MutexType> type = mutexType(declaration.getType());
    fact.recursive = type->recursive;
    fact.isCapability = type->annotated;
    fact.isPosix = type->posix;
    if (type->posix)
      fact.recursive |= isOfSpecialKind(declaration);
    if (type->own)
      for (const CXXMethodDecl *method : lockCode(*type->own))
        fact.lockedBy.push_back(idOf(method));
    std::sort(fact.lockedBy.begin(), fact.lockedBy.end());
    fact.keptBecause = suppressionOf(declaration, context.getSourceManager());
    if (const auto *member = dyn_cast<FieldDecl>(&declaration)) {
      fact.owner = idOf(member->getParent());
      std::tie(fact.stateType, fact.stateName) = stateNames(*member);
    }
    fact.removal = removeDeclaration(declaration, text);
    fact.definedElsewhere = declaresOnly(declaration);
    if (isRedeclaration(declaration))
      facts.redeclarations.push_back(
          {fact.id, fact.where, !fact.definedElsewhere, {}, {}, std::move(fact.removal)});
    else
      facts.mutexes.try_emplace(fact.id, std::move(fact));
  }

  /// An initial value other than zeros, which may say that it is recursive.
  static bool isOfSpecialKind(const DeclaratorDecl &declaration) {
    const auto *variable = dyn_cast<VarDecl>(&declaration);
    const auto *field = dyn_cast<FieldDecl>(&declaration);
    const Expr *init = variable ? variable->getInit()
                       : field  ? field->getInClassInitializer()
                                : nullptr;
    const auto isSpecial = [](auto &self, const Stmt *node) -> bool {
      if (const auto *number = dyn_cast_or_null<IntegerLiteral>(node);
          number && number->getValue() != 0)
        return true;
      if (const auto *named = dyn_cast_or_null<DeclRefExpr>(node)) {
        const auto *constant = dyn_cast<EnumConstantDecl>(named->getDecl());
        return !constant || constant->getInitVal() != 0;
      }
      return node &&
             llvm::any_of(node->children(), [&](const Stmt *child) { return self(self, child); });
    };
    return isSpecial(isSpecial, init);
  }

  std::string annotatedGuard(const DeclaratorDecl &declaration) {
    const auto *guarded = declaration.getAttr<GuardedByAttr>();
    if (!guarded || !guarded->getArg())
      return {};
    const Expr *argument = guarded->getArg()->IgnoreParenImpCasts();
    const ValueDecl *named = nullptr;
    if (const auto *member = dyn_cast<MemberExpr>(argument))
      named = member->getMemberDecl();
    else if (const auto *reference = dyn_cast<DeclRefExpr>(argument))
      named = reference->getDecl();
    return named ? idOf(named) : "";
  }

  ASTContext &context;
  SourceText text;
  Facts &facts;
  SharedLocals sharedLocals;
  WeakOrderings weak;
  DeclarationBlockers blockers;
  std::map<const FunctionDecl *, FunctionAnalysis::Given> given;
};

class FactConsumer : public ASTConsumer {
public:
  FactConsumer(CompilerInstance &compiler, Facts &facts) : compiler(compiler), facts(facts) {}

  bool HandleTopLevelDecl(DeclGroupRef group) override {
    for (Decl *declaration : group)
      if (!compiler.getSourceManager().isInSystemHeader(declaration->getLocation()))
        project.push_back(declaration);
    return true;
  }

  bool shouldSkipFunctionBody(Decl *declaration) override {
    if (!compiler.getSourceManager().isInSystemHeader(declaration->getLocation()))
      return false;
    // These instantiate the generic lambdas that they are given: erase_if of the libraries, by way
    // of their own function, and all of the runtime.
    const FunctionDecl *function = declaration->getAsFunction();
    if (function && function->getIdentifier() &&
        llvm::is_contained({"erase_if", "__erase_nodes_if", "__libcpp_erase_if_container"},
                           function->getName()))
      return false;
    for (const DeclContext *context = declaration->getDeclContext(); context;
         context = context->getParent())
      if (const auto *space = dyn_cast<NamespaceDecl>(context))
        if (space->getName() == "unlatch")
          return false;
    return true;
  }

  void HandleTranslationUnit(ASTContext &context) override {
    context.setTraversalScope(project);
    const KnownLocks known;
    FactCollector collector(context, facts);
    MatchFinder finder;
    finder.addMatcher(functionDecl().bind("function"), &collector);
    finder.addMatcher(fieldDecl().bind("field"), &collector);
    finder.addMatcher(cxxRecordDecl(isDefinition()).bind("class"), &collector);
    finder.addMatcher(varDecl(hasGlobalStorage(), unless(parmVarDecl())).bind("variable"),
                      &collector);
    finder.addMatcher(declRefExpr().bind("order"), &collector);
    finder.addMatcher(atomicExpr().bind("builtin"), &collector);
    finder.addMatcher(asmStmt().bind("assembly"), &collector);
    finder.addMatcher(typeLoc(loc(decltypeType())).bind("decltype"), &collector);
    finder.addMatcher(unaryExprOrTypeTraitExpr().bind("sizeof"), &collector);
    const ast_matchers::internal::VariadicDynCastAllOfMatcher<Stmt, CXXTypeidExpr> cxxTypeidExpr;
    finder.addMatcher(cxxTypeidExpr().bind("typeid"), &collector);
    finder.matchAST(context);
    noteErasedCode(context, SourceText(context), facts);
  }

private:
  CompilerInstance &compiler;
  Facts &facts;
  std::vector<Decl *> project;
};

class FactAction : public ASTFrontendAction {
public:
  FactAction(Facts &facts, const ExtractOptions &options) : facts(facts), options(options) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &compiler, StringRef) override {
    compiler.getFrontendOpts().SkipFunctionBodies = true;
    return std::make_unique<FactConsumer>(compiler, facts);
  }

  bool BeginSourceFileAction(CompilerInstance &compiler) override {
    Preprocessor &preprocessor = compiler.getPreprocessor();
    preprocessor.addPPCallbacks(std::make_unique<MissingHeaders>(preprocessor, includesUnknown));
    return true;
  }

  void EndSourceFileAction() override {
    const SourceManager &sources = getCompilerInstance().getSourceManager();
    TranslationUnit &unit = facts.units.front();
    for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file) {
      FileEntryRef entry = file->first;
      FileID id = sources.translateFile(entry);
      if (id.isInvalid())
        continue;
      bool system =
          SrcMgr::isSystem(sources.getFileCharacteristic(sources.getLocForStartOfFile(id)));
      std::string path = entry.getFileEntry().tryGetRealPathName().str();
      if (system || path.empty())
        continue;
      if (!includesUnknown)
        unit.dependencies.push_back(path);
      SourceFile fact;
      fact.hash = contentHash(sources.getBufferData(id));
      facts.files[path] = std::move(fact);
    }
    std::sort(unit.dependencies.begin(), unit.dependencies.end());
    unit.dependencies.erase(std::unique(unit.dependencies.begin(), unit.dependencies.end()),
                            unit.dependencies.end());
    blockEditsOutside(facts, options.editableRoots, sources);
  }

private:
  Facts &facts;
  const ExtractOptions &options;
  bool includesUnknown = false;
};

bool isOfThreadSafety(StringRef warning) { return warning.starts_with("thread-safety"); }

/// Keeps the first errors, and what the thread-safety analysis says.
class MessageCollector : public DiagnosticConsumer {
public:
  explicit MessageCollector(TranslationUnit &unit) : unit(unit) {}
  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic &diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level >= DiagnosticsEngine::Error && unit.errors.size() < 5)
      keep(unit.errors, diagnostic);
    else if (level == DiagnosticsEngine::Warning &&
             isOfThreadSafety(diagnostic.getDiags()->getDiagnosticIDs()->getWarningOptionForDiag(
                 diagnostic.getID())))
      keep(unit.lockWarnings, diagnostic);
  }

private:
  void keep(std::vector<CompilerMessage> &messages, const Diagnostic &diagnostic) {
    SmallString<128> message;
    diagnostic.FormatDiagnostic(message);
    CompilerMessage kept{{unit.file, 1, 1}, message.str().str()};
    if (diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
      const SourceManager &sources = diagnostic.getSourceManager();
      const PresumedLoc place =
          sources.getPresumedLoc(sources.getFileLoc(diagnostic.getLocation()));
      if (place.isValid()) {
        // As the compile command names it: relative to the folder of that command, maybe.
        SmallString<256> file(place.getFilename());
        sources.getFileManager().makeAbsolutePath(file);
        kept.where = {file.str().str(), place.getLine(), place.getColumn()};
      }
    }
    messages.push_back(std::move(kept));
  }

  TranslationUnit &unit;
};

} // namespace

Facts extract(const tooling::CompileCommand &command, const ExtractOptions &options) {
  Facts facts;
  facts.units.emplace_back();
  facts.units.front().file = command.Filename;

  // The real file system serves the working directory of each compile command by itself, so that
  // several translation units can be read at once.
  auto overlay = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(
      llvm::vfs::createPhysicalFileSystem());
  auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  for (const auto &[path, content] : options.overlay)
    memory->addFile(path, 0, llvm::MemoryBuffer::getMemBufferCopy(content, path));
  overlay->pushOverlay(memory);
  overlay->setCurrentWorkingDirectory(command.Directory);
  auto files =
      llvm::makeIntrusiveRefCnt<FileManager>(FileSystemOptions{command.Directory}, overlay);

  std::vector<std::string> arguments = command.CommandLine;
  arguments.push_back("-resource-dir=" + options.resourceDirectory);
  arguments.push_back("-fsyntax-only");
  // No warnings, unless the program has its locks checked: then they are to pass afterwards, too.
  if (llvm::none_of(arguments, [](StringRef argument) {
        return argument.consume_front("-W") && isOfThreadSafety(argument);
      }))
    arguments.push_back("-w");
  arguments.push_back("-fno-caret-diagnostics"); // nor a count of errors on the terminal
  arguments.insert(arguments.end(), options.extraArguments.begin(), options.extraArguments.end());
  if (!options.runtimeInclude.empty()) {
    arguments.push_back("-idirafter");
    arguments.push_back(options.runtimeInclude);
  }
  MessageCollector errors(facts.units.front());
  tooling::ToolInvocation invocation(arguments, std::make_unique<FactAction>(facts, options),
                                     files.get());
  invocation.setDiagnosticConsumer(&errors);
  bool fine = invocation.run();
  facts.units.front().parsed = fine && errors.getNumErrors() == 0;
  return facts;
}

} // namespace unlatch
