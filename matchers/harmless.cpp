// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/harmless.h"

#include "matchers/types.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/CharInfo.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace unlatch {

namespace {

/// Standard classes whose operations reach other threads, or the world outside.
const llvm::StringSet<> kReachingClasses = {"std::thread",
                                            "std::jthread",
                                            "std::condition_variable",
                                            "std::condition_variable_any",
                                            "std::promise",
                                            "std::future",
                                            "std::shared_future",
                                            "std::packaged_task",
                                            "std::atomic",
                                            "std::atomic_flag",
                                            "std::counting_semaphore",
                                            "std::latch",
                                            "std::barrier",
                                            "std::stop_source",
                                            "std::stop_token",
                                            "std::stop_callback",
                                            "std::function",
                                            "std::move_only_function",
                                            "std::weak_ptr",
                                            "std::atomic_ref",
                                            "std::mutex",
                                            "std::shared_mutex",
                                            "std::recursive_mutex",
                                            "std::basic_fstream",
                                            "std::basic_ifstream",
                                            "std::basic_ofstream"};

/// Free functions of the standard library with effects of their own, or hidden shared state.
const llvm::StringSet<> kReachingFunctions = {"async",
                                              "call_once",
                                              "strtok",
                                              "localtime",
                                              "gmtime",
                                              "ctime",
                                              "asctime",
                                              "rand",
                                              "srand",
                                              "setlocale",
                                              "getenv",
                                              "system",
                                              "exit",
                                              "quick_exit",
                                              "abort",
                                              "terminate",
                                              "signal",
                                              "raise",
                                              "setenv",
                                              "putenv",
                                              "notify_all_at_thread_exit",
                                              "invoke",
                                              "apply",
                                              "remove",
                                              "rename",
                                              "fopen",
                                              "fclose",
                                              "fread",
                                              "tmpfile",
                                              "tmpnam",
                                              "strerror",
                                              "mblen",
                                              "atexit",
                                              "lock",
                                              "try_lock",
                                              "atomic_thread_fence",
                                              "atomic_signal_fence",
                                              "getline",
                                              "getchar",
                                              "fgets",
                                              "scanf",
                                              "fscanf",
                                              "printf",
                                              "fprintf",
                                              "puts",
                                              "putchar",
                                              "fputs",
                                              "fputc",
                                              "fflush",
                                              "perror",
                                              "fwrite",
                                              "print",
                                              "println",
                                              "vprintf",
                                              "vfprintf"};

/// Functions of the C library that only compute, or write what nobody reads back.
const llvm::StringSet<> kHarmlessC = {"snprintf",      "sprintf",
                                      "vsnprintf",     "strlen",
                                      "strcmp",        "strncmp",
                                      "memcpy",        "memmove",
                                      "memset",        "memcmp",
                                      "strcpy",        "strncpy",
                                      "strchr",        "strstr",
                                      "strrchr",       "strcat",
                                      "abs",           "labs",
                                      "llabs",         "fabs",
                                      "sqrt",          "pow",
                                      "floor",         "ceil",
                                      "time",          "clock",
                                      "clock_gettime", "gettimeofday",
                                      "isdigit",       "isalpha",
                                      "isspace",       "tolower",
                                      "toupper",       "atoi",
                                      "atol",          "strtol",
                                      "strtoul",       "strtoll",
                                      "strtoull",      "strtod",
                                      "getpid",        "gettid",
                                      "pthread_self",  "malloc",
                                      "calloc",        "realloc",
                                      "free",          "isalnum",
                                      "isupper",       "islower",
                                      "log",           "exp",
                                      "fmod",          "round",
                                      "lround",        "strnlen",
                                      "syslog",        "__errno_location",
                                      "strdup",        "sched_yield",
                                      "__assert_fail"};

bool isSystem(const FunctionDecl *callee) {
  return callee->getASTContext().getSourceManager().isInSystemHeader(callee->getLocation()) ||
         callee->getLocation().isInvalid() || callee->getBuiltinID() != 0;
}

} // namespace

bool isHarmless(const FunctionDecl *callee) {
  if (!callee || !isSystem(callee))
    return false;
  if (callee->isReplaceableGlobalAllocationFunction() || isa<CXXDestructorDecl>(callee))
    return true;
  const auto *method = dyn_cast<CXXMethodDecl>(callee);
  if (method) {
    std::optional<NamedClass> named =
        namedClass(callee->getASTContext().getCanonicalTagType(method->getParent()));
    if (!named || !isStandardDeclaration(callee))
      return named && (StringRef(named->name).starts_with("unlatch::") ||
                       StringRef(named->name).starts_with("__gnu_cxx::"));
    if (isa<CXXConstructorDecl>(method)) {
      // Most of them reach other threads by what is done with them, not by being made.
      static const llvm::StringSet<> starting = {"std::thread",         "std::jthread",
                                                 "std::stop_callback",  "std::basic_fstream",
                                                 "std::basic_ifstream", "std::basic_ofstream"};
      bool empty = cast<CXXConstructorDecl>(method)->isDefaultConstructor();
      return empty || !starting.contains(named->name);
    }
    StringRef name = method->getIdentifier() ? method->getName() : "";
    if (StringRef(named->name) == "std::shared_ptr" || named->name == "std::__shared_ptr" ||
        named->name == "std::__shared_ptr_access")
      return name != "use_count" && name != "unique";
    if (named->name == "std::function" && isa<CXXConversionDecl>(method))
      return true;
    if (StringRef(named->name).starts_with("std::filesystem::"))
      return named->name == "std::filesystem::path";
    // Reading input is an effect; so is opening a file.
    if (named->name == "std::basic_istream" || named->name == "std::basic_iostream")
      return false;
    return !kReachingClasses.contains(named->name);
  }
  StringRef name = callee->getIdentifier() ? callee->getName() : "";
  if (isStandardDeclaration(callee)) {
    for (const DeclContext *context = callee->getDeclContext(); context;
         context = context->getParent())
      if (const auto *space = dyn_cast<NamespaceDecl>(context);
          space && (space->getName() == "filesystem" || space->getName() == "this_thread"))
        return name == "get_id" || name == "yield";
    if (callee->getNumParams() > 0)
      if (std::optional<NamedClass> stream = namedClass(callee->getParamDecl(0)->getType());
          stream && stream->name == "std::basic_istream")
        return false;
    return !kReachingFunctions.contains(name);
  }
  if (name.starts_with("__builtin_") || name.starts_with("operator"))
    return true;
  if (callee->getBuiltinID() != 0 && kHarmlessC.contains(name))
    return true;
  // Operators found in namespaces that the implementation reserves.
  if (const auto *space =
          dyn_cast<NamespaceDecl>(callee->getDeclContext()->getEnclosingNamespaceContext()))
    if (space->getName().starts_with("__"))
      return true;
  return kHarmlessC.contains(name);
}

std::vector<const CXXConstructorDecl *> constructorsRunBy(const FunctionDecl *callee) {
  std::vector<const CXXConstructorDecl *> constructors;
  if (!callee || !isStandardDeclaration(callee) || !callee->getIdentifier())
    return constructors;
  StringRef name = callee->getName();
  QualType made;
  if (name == "make_shared" || name == "make_unique" || name == "make_optional") {
    if (const TemplateArgumentList *arguments = callee->getTemplateSpecializationArgs();
        arguments && arguments->size() > 0 && arguments->get(0).getKind() == TemplateArgument::Type)
      made = arguments->get(0).getAsType();
  } else if (name.starts_with("emplace") || name == "try_emplace") {
    if (const auto *method = dyn_cast<CXXMethodDecl>(callee)) {
      QualType container = callee->getASTContext().getCanonicalTagType(method->getParent());
      made = templateArgument(container, 0);
      std::optional<NamedClass> named = namedClass(container);
      if (named && StringRef(named->name).contains("map"))
        made = templateArgument(container, 1);
    }
  }
  const CXXRecordDecl *record = made.isNull() ? nullptr : made->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || isStandardDeclaration(record))
    return constructors;
  for (const CXXConstructorDecl *constructor : record->ctors())
    if (constructor->isUserProvided() && !constructor->isCopyOrMoveConstructor())
      constructors.push_back(constructor);
  return constructors;
}

static void collectDestructors(QualType type, bool owners, unsigned depth,
                               std::vector<const CXXDestructorDecl *> &out) {
  const CXXRecordDecl *record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
  if (!record || depth > 4)
    return;
  if (isStandardDeclaration(record)) {
    if (record->getName() == "shared_ptr" && !owners)
      return;
    for (unsigned i = 0; i < 2; ++i)
      collectDestructors(templateArgument(type, i), owners, depth + 1, out);
    return;
  }
  if (!record->hasDefinition())
    return;
  if (const CXXDestructorDecl *destructor = record->getDestructor();
      destructor && destructor->isUserProvided()) {
    out.push_back(destructor);
    return;
  }
}

std::vector<const CXXDestructorDecl *> destructorsRunBy(QualType type, bool owners) {
  std::vector<const CXXDestructorDecl *> out;
  collectDestructors(type, owners, 0, out);
  return out;
}

const CXXConstructorDecl *defaultConstructor(QualType type) {
  const CXXRecordDecl *record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || isStandardDeclaration(record))
    return nullptr;
  for (const CXXConstructorDecl *constructor : record->ctors())
    if (constructor->isDefaultConstructor() && constructor->isUserProvided())
      return constructor;
  return nullptr;
}

bool onlyInitialises(const CXXConstructorDecl *constructor) {
  const FunctionDecl *definition = nullptr;
  if (!constructor->hasBody(definition))
    return false;
  const auto *body = dyn_cast_or_null<CompoundStmt>(definition->getBody());
  if (!body || !body->body_empty())
    return false;
  bool plain = true;
  auto visit = [&](auto &self, const Stmt *node) -> void {
    if (!node || !plain)
      return;
    if (const auto *call = dyn_cast<CallExpr>(node))
      plain &=
          isHarmless(call->getDirectCallee()) && constructorsRunBy(call->getDirectCallee()).empty();
    else if (const auto *construct = dyn_cast<CXXConstructExpr>(node))
      plain &= isHarmless(construct->getConstructor()) ||
               !construct->getConstructor()->isUserProvided() ||
               (construct->getConstructor() != constructor &&
                onlyInitialises(construct->getConstructor()));
    else if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
      const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
      plain &= !variable || variable->hasLocalStorage() || variable->getType().isConstQualified();
    } else if (isa<LambdaExpr>(node) || isa<CXXNewExpr>(node))
      plain = false;
    else if (const auto *unary = dyn_cast<UnaryOperator>(node))
      plain &= !unary->isIncrementDecrementOp();
    for (const Stmt *child : node->children())
      self(self, child);
  };
  for (const CXXCtorInitializer *init : cast<CXXConstructorDecl>(definition)->inits())
    visit(visit, init->getInit());
  return plain;
}

bool isLogging(const FunctionDecl *callee) {
  if (!callee || !callee->getIdentifier())
    return false;
  static const llvm::StringSet<> methods = {
      "log",   "trace",  "debug", "info",  "warn", "warning", "error", "critical",
      "fatal", "notice", "print", "write", "logf", "debugf",  "infof", "verbose"};
  StringRef name = callee->getName();
  if (const auto *method = dyn_cast<CXXMethodDecl>(callee)) {
    StringRef owner = method->getParent()->getName();
    return methods.contains(name.lower()) &&
           (owner.ends_with("Logger") || owner.ends_with("logger") || owner == "Log" ||
            owner.ends_with("Log") || owner == "log");
  }
  StringRef lower = name;
  return lower == "log" || lower.starts_with("log_") || lower.starts_with("LOG_") ||
         lower.starts_with("Log") ||
         (lower.starts_with("log") && lower.size() > 3 &&
          isUppercase(static_cast<unsigned char>(lower[3])));
}

bool callsAtOnce(const FunctionDecl *callee) {
  if (!callee || !isStandardDeclaration(callee) || !callee->getIdentifier())
    return false;
  if (const auto *method = dyn_cast<CXXMethodDecl>(callee))
    return !isa<CXXConstructorDecl>(method) &&
           (method->getName() == "sort" || method->getName() == "remove_if" ||
            method->getName() == "and_then" || method->getName() == "transform" ||
            method->getName() == "or_else");
  static const llvm::StringSet<> algorithms = {"for_each",
                                               "find_if",
                                               "find_if_not",
                                               "any_of",
                                               "all_of",
                                               "none_of",
                                               "count_if",
                                               "remove_if",
                                               "erase_if",
                                               "sort",
                                               "stable_sort",
                                               "partial_sort",
                                               "min_element",
                                               "max_element",
                                               "accumulate",
                                               "transform",
                                               "copy_if",
                                               "partition",
                                               "lower_bound",
                                               "upper_bound",
                                               "generate",
                                               "replace_if",
                                               "unique",
                                               "adjacent_find",
                                               "equal",
                                               "mismatch",
                                               "nth_element",
                                               "for_each_n",
                                               "binary_search",
                                               "reduce",
                                               "transform_reduce",
                                               "invoke",
                                               "apply",
                                               "visit",
                                               "is_sorted",
                                               "inner_product",
                                               "search",
                                               "generate_n",
                                               "stable_partition",
                                               "min",
                                               "max"};
  return algorithms.contains(callee->getName());
}

} // namespace unlatch
