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

// clang-format off: lists.

/// Classes of the standard library that are values or own their memory alone: what is done with one
/// of them reaches nobody who has no access to it.
const llvm::StringSet<> kQuietClasses = {
    "std::vector", "std::basic_string", "std::basic_string_view", "std::array", "std::deque",
    "std::list", "std::forward_list", "std::map", "std::multimap", "std::set", "std::multiset",
    "std::unordered_map", "std::unordered_multimap", "std::unordered_set",
    "std::unordered_multiset", "std::queue", "std::priority_queue", "std::stack", "std::bitset",
    "std::span", "std::initializer_list", "std::valarray", "std::pair", "std::tuple",
    "std::optional", "std::variant", "std::any", "std::monostate", "std::expected",
    "std::unexpected", "std::reference_wrapper", "std::unique_ptr", "std::default_delete",
    "std::enable_shared_from_this", "std::allocator", "std::allocator_traits",
    "std::pointer_traits", "std::basic_ios", "std::ios_base", "std::basic_ostream",
    "std::basic_stringstream", "std::basic_ostringstream", "std::basic_istringstream",
    "std::basic_stringbuf", "std::char_traits", "std::basic_regex", "std::match_results",
    "std::sub_match", "std::basic_format_string", "std::seed_seq", "std::random_device",
    "std::less", "std::greater", "std::equal_to", "std::not_equal_to", "std::less_equal",
    "std::greater_equal", "std::hash", "std::plus", "std::minus", "std::multiplies",
    "std::divides", "std::modulus", "std::negate", "std::logical_and", "std::logical_or",
    "std::logical_not", "std::bit_and", "std::bit_or", "std::bit_xor", "std::bit_not",
    "std::identity", "std::numeric_limits", "std::complex", "std::ratio", "std::error_code", "std::out_of_range", "std::invalid_argument",
    "std::error_condition", "std::error_category", "std::exception", "std::exception_ptr",
    "std::nested_exception", "std::type_info", "std::type_index", "std::thread::id",
    "std::filesystem::path", "std::integral_constant", "std::source_location",
    "std::_Bit_reference", "std::__bit_reference", "std::__bit_const_reference",
    "std::_Node_handle", "std::_Node_handle_common", "std::__basic_node_handle",
    "std::partial_ordering", "std::weak_ordering", "std::strong_ordering"};

/// Free functions of the standard library that touch nothing but their arguments.
const llvm::StringSet<> kQuietFunctions = {
    "all_of", "any_of", "none_of", "for_each", "for_each_n", "count", "count_if", "find",
    "find_if", "find_if_not", "find_end", "find_first_of", "adjacent_find", "mismatch", "equal",
    "search", "search_n", "copy", "copy_if", "copy_n", "copy_backward", "move", "move_backward",
    "fill", "fill_n", "transform", "generate", "generate_n", "remove_if", "remove_copy",
    "remove_copy_if", "replace", "replace_if", "replace_copy", "replace_copy_if", "swap",
    "swap_ranges", "iter_swap", "reverse", "reverse_copy", "rotate", "rotate_copy", "unique",
    "unique_copy", "is_partitioned", "partition", "partition_copy", "stable_partition",
    "partition_point", "is_sorted", "is_sorted_until", "sort", "stable_sort", "partial_sort",
    "partial_sort_copy", "nth_element", "lower_bound", "upper_bound", "binary_search",
    "equal_range", "merge", "inplace_merge", "includes", "set_union", "set_intersection",
    "set_difference", "set_symmetric_difference", "is_heap", "is_heap_until", "make_heap",
    "push_heap", "pop_heap", "sort_heap", "max", "min", "minmax", "max_element", "min_element",
    "minmax_element", "clamp", "lexicographical_compare", "lexicographical_compare_three_way",
    "is_permutation", "next_permutation", "prev_permutation", "iota", "accumulate",
    "inner_product", "adjacent_difference", "partial_sum", "reduce", "transform_reduce",
    "inclusive_scan", "exclusive_scan", "gcd", "lcm", "midpoint", "lerp", "sample", "shuffle",
    "erase", "erase_if", "forward", "forward_like", "move_if_noexcept", "exchange", "as_const",
    "make_pair", "get", "tie", "make_tuple", "forward_as_tuple", "tuple_cat", "make_optional",
    "make_any", "any_cast", "holds_alternative", "get_if", "ref", "cref", "addressof", "launder",
    "to_underlying", "bit_cast", "make_unique", "make_shared", "allocate_shared",
    "make_unique_for_overwrite", "make_shared_for_overwrite", "static_pointer_cast",
    "dynamic_pointer_cast", "const_pointer_cast", "reinterpret_pointer_cast", "to_address",
    "uninitialized_copy", "uninitialized_fill", "uninitialized_move", "destroy", "destroy_at",
    "destroy_n", "construct_at", "begin", "end", "cbegin", "cend", "rbegin", "rend", "crbegin",
    "crend", "size", "ssize", "empty", "data", "advance", "distance", "next", "prev",
    "back_inserter", "front_inserter", "inserter", "make_move_iterator", "make_reverse_iterator",
    "to_string", "to_wstring", "stoi", "stol", "stoll", "stoul", "stoull", "stof", "stod", "stold",
    "to_chars", "from_chars", "format", "format_to", "format_to_n", "formatted_size", "vformat",
    "make_format_args", "isspace", "isdigit", "isalpha", "isalnum", "isupper", "islower",
    "ispunct", "isxdigit", "iscntrl", "isprint", "isgraph", "tolower", "toupper", "quoted", "setw",
    "setprecision", "setfill", "setbase", "hex", "dec", "oct", "fixed", "scientific",
    "defaultfloat", "boolalpha", "noboolalpha", "left", "right", "internal", "showpos",
    "noshowpos", "uppercase", "nouppercase", "endl", "ends", "flush", "put_time", "abs", "fabs",
    "sqrt", "cbrt", "pow", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos",
    "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "floor", "ceil", "round",
    "lround", "llround", "trunc", "fmod", "remainder", "hypot", "isnan", "isinf", "isfinite",
    "isnormal", "signbit", "copysign", "fmin", "fmax", "fdim", "fma", "ldexp", "frexp", "modf",
    "nearbyint", "rint", "ilogb", "logb", "strlen", "strcmp", "strncmp", "strcpy", "strncpy",
    "strcat", "strncat", "strchr", "strrchr", "strstr", "strspn", "strcspn", "strpbrk", "memcpy",
    "memmove", "memset", "memcmp", "memchr", "atoi", "atol", "atoll", "atof", "strtol", "strtoul",
    "strtoll", "strtoull", "strtod", "strtof", "strtold", "labs", "llabs", "div", "ldiv", "lldiv",
    "snprintf", "sprintf", "vsnprintf", "sscanf", "duration_cast", "time_point_cast",
    "current_exception", "rethrow_exception", "make_exception_ptr", "uncaught_exceptions",
    "throw_with_nested", "make_error_code", "make_error_condition", "generic_category",
    "system_category", "popcount", "countl_zero", "countl_one", "countr_zero", "countr_one",
    "bit_width", "bit_ceil", "bit_floor", "rotl", "rotr", "has_single_bit", "cmp_equal",
    "cmp_less", "cmp_greater", "in_range", "regex_match", "regex_search", "regex_replace", "real",
    "imag", "norm", "arg", "conj", "polar"};

/// Functions of the C library that only compute, or write what nobody reads back.
const llvm::StringSet<> kHarmlessC = {
    "snprintf", "sprintf", "vsnprintf", "strlen", "strcmp", "strncmp", "memcpy", "memmove",
    "memset", "memcmp", "strcpy", "strncpy", "strchr", "strstr", "strrchr", "strcat", "abs",
    "labs", "llabs", "fabs", "sqrt", "pow", "floor", "ceil", "isdigit", "isalpha", "isspace",
    "tolower", "toupper", "atoi", "atol", "strtol", "strtoul", "strtoll", "strtoull", "strtod",
    "getpid", "gettid", "pthread_self", "malloc", "calloc", "realloc", "free", "isalnum",
    "isupper", "islower", "log", "exp", "fmod", "round", "lround", "strnlen", "syslog",
    "__errno_location", "strdup", "sched_yield", "__assert_fail"};

// clang-format on

bool isQuietClass(StringRef name) {
  // What the libraries build the listed classes from, and where some of their methods stand.
  static const StringRef parts[] = {"std::chrono::",
                                    "std::bad_",
                                    "std::__detail::",
                                    "std::_Rb_tree",
                                    "std::_Hashtable",
                                    "std::_Optional",
                                    "std::__optional",
                                    "std::_Tuple",
                                    "std::__tuple",
                                    "std::_Vector",
                                    "std::__vector",
                                    "std::__map_node_handle",
                                    "std::__set_node_handle",
                                    "std::_Deque",
                                    "std::_List",
                                    "std::__tree",
                                    "std::__hash_table",
                                    "std::__cmp_cat",
                                    "std::_CmpUnspecifiedParam"};
  return kQuietClasses.contains(name) || name.ends_with("_engine") ||
         name.ends_with("_distribution") || name.ends_with("_error") || name.contains("iterator") ||
         name.contains("_iter") ||
         llvm::any_of(parts, [&](StringRef part) { return name.starts_with(part); });
}

bool isSystem(const FunctionDecl *callee) {
  return callee->getASTContext().getSourceManager().isInSystemHeader(callee->getLocation()) ||
         callee->getLocation().isInvalid() || callee->getBuiltinID() != 0;
}

} // namespace

bool readsClock(const FunctionDecl *callee) {
  if (!callee || !callee->getIdentifier())
    return false;
  const StringRef name = callee->getName();
  if (const auto *method = dyn_cast<CXXMethodDecl>(callee)) {
    std::optional<NamedClass> named =
        namedClass(callee->getASTContext().getCanonicalTagType(method->getParent()));
    return name == "now" && method->isStatic() && named &&
           StringRef(named->name).starts_with("std::chrono::");
  }
  const bool ofTheLibrary =
      isStandardDeclaration(callee) ||
      callee->getASTContext().getSourceManager().isInSystemHeader(callee->getLocation());
  return ofTheLibrary && (name == "time" || name == "clock" || name == "clock_gettime" ||
                          name == "gettimeofday" || name == "timespec_get");
}

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
      // These reach other threads by what is done with them, not by being made.
      static const llvm::StringSet<> atRest = {"std::shared_ptr",
                                               "std::__shared_ptr",
                                               "std::weak_ptr",
                                               "std::__weak_ptr",
                                               "std::function",
                                               "std::move_only_function",
                                               "std::atomic",
                                               "std::atomic_flag",
                                               "std::packaged_task",
                                               "std::promise",
                                               "std::future",
                                               "std::shared_future",
                                               "std::counting_semaphore",
                                               "std::latch",
                                               "std::barrier",
                                               "std::stop_source",
                                               "std::mutex",
                                               "std::shared_mutex",
                                               "std::recursive_mutex",
                                               "std::condition_variable",
                                               "std::condition_variable_any"};
      return cast<CXXConstructorDecl>(method)->isDefaultConstructor() ||
             isQuietClass(named->name) || atRest.contains(named->name);
    }
    StringRef name = method->getIdentifier() ? method->getName() : "";
    if (StringRef(named->name) == "std::shared_ptr" || named->name == "std::__shared_ptr" ||
        named->name == "std::__shared_ptr_access")
      return name != "use_count" && name != "unique";
    // To copy, set or ask one is not to call it.
    if (named->name == "std::function" || named->name == "std::move_only_function" ||
        StringRef(named->name).starts_with("std::_Function"))
      return method->getOverloadedOperator() != OO_Call;
    if (StringRef(named->name).starts_with("std::filesystem::"))
      return named->name == "std::filesystem::path";
    // Reading input is an effect; so is opening a file.
    if (named->name == "std::basic_istream" || named->name == "std::basic_iostream")
      return false;
    return isQuietClass(named->name);
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
    // Of the two of this name, not the one that deletes a file.
    if (name == "remove")
      return callee->getNumParams() >= 3;
    // The access to the atomic says it all.
    if (name.starts_with("atomic_"))
      return !name.contains("fence") && !name.contains("wait") && !name.contains("notify");
    return name.empty() || name.starts_with("__") || kQuietFunctions.contains(name);
  }
  if (name.starts_with("__builtin_") || name.starts_with("operator"))
    return true;
  if (callee->getBuiltinID() != 0 && kHarmlessC.contains(name))
    return true;
  // Operators found in namespaces that the implementation reserves, and the fences of ours.
  if (const auto *space =
          dyn_cast<NamespaceDecl>(callee->getDeclContext()->getEnclosingNamespaceContext()))
    if (space->getName().starts_with("__") || space->getName() == "unlatch")
      return true;
  return kHarmlessC.contains(name);
}

bool givesBack(const FunctionDecl *callee) {
  static const llvm::StringSet<> names = {"close",   "fclose", "closedir",
                                          "dlclose", "munmap", "freeaddrinfo"};
  return callee && callee->isExternC() && callee->getIdentifier() &&
         names.contains(callee->getName());
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
  if (!record || depth > 6 || leadsElsewhere(type))
    return;
  const bool isOfStandard = isStandardDeclaration(record);
  if (isOfStandard && ((record->getName() == "shared_ptr" && !owners) ||
                       record->getName() == "weak_ptr" || record->getName() == "allocator"))
    return;
  // What the library instantiates is not seen.
  if (isOfStandard || !record->hasDefinition())
    for (QualType argument : typeArguments(record))
      collectDestructors(argument, owners, depth + 1, out);
  if (isOfStandard)
    return;
  if (!record->hasDefinition())
    return;
  // What a pointer leads to may be of any class that overrides the destructor.
  if (const CXXDestructorDecl *destructor = record->getDestructor();
      destructor && (destructor->isUserProvided() || (owners && destructor->isVirtual())))
    out.push_back(destructor);
  for (const FieldDecl *field : record->fields())
    collectDestructors(field->getType(), owners, depth + 1, out);
  for (const CXXBaseSpecifier &base : record->bases())
    collectDestructors(base.getType(), owners, depth + 1, out);
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
    if (constructor->isDefaultConstructor() &&
        (constructor->isUserProvided() ||
         (constructor->hasBody() && !onlyInitialises(constructor))))
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
      plain &= isHarmless(call->getDirectCallee()) && !readsClock(call->getDirectCallee()) &&
               constructorsRunBy(call->getDirectCallee()).empty();
    else if (const auto *construct = dyn_cast<CXXConstructExpr>(node))
      plain &= construct->getConstructor()->isTrivial() ||
               isHarmless(construct->getConstructor()) ||
               (construct->getConstructor() != constructor &&
                onlyInitialises(construct->getConstructor()));
    else if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
      const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
      plain &= !variable || variable->hasLocalStorage() || variable->getType().isConstQualified();
    } else if (isa<LambdaExpr>(node) || isa<CXXNewExpr>(node) || isa<CXXThrowExpr>(node))
      plain = false;
    else if (const auto *unary = dyn_cast<UnaryOperator>(node))
      plain &= !unary->isIncrementDecrementOp();
    else if (const auto *binary = dyn_cast<BinaryOperator>(node))
      plain &= !binary->isAssignmentOp();
    else if (const auto *given = dyn_cast<CXXDefaultInitExpr>(node))
      self(self, given->getExpr());
    else if (const auto *given = dyn_cast<CXXDefaultArgExpr>(node))
      self(self, given->getExpr());
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
    const bool isLogger =
        owner.ends_with("Logger") || owner.ends_with("logger") || owner == "Log" || owner == "log";
    // A log that is written to can be the data itself.
    const bool isLog = owner.ends_with("Log") && name.lower() != "write" && name.lower() != "print";
    return methods.contains(name.lower()) && (isLogger || isLog);
  }
  // The word, not the beginning of another: `logInfo`, not `LoginUser` nor `logIn`.
  if (!name.starts_with("log") && !name.starts_with("Log") && !name.starts_with("LOG_"))
    return false;
  StringRef rest = name.drop_front(3);
  const bool isWord = rest.empty() || rest.consume_front("_") ||
                      isUppercase(static_cast<unsigned char>(rest.front()));
  static const llvm::StringSet<> others = {"in", "out", "on", "off"};
  return isWord && !others.contains(rest.lower());
}

bool callsAtOnce(const FunctionDecl *callee) {
  if (!callee || !isStandardDeclaration(callee) || !callee->getIdentifier())
    return false;
  // A wait asks its predicate with the lock held.
  if (const auto *method = dyn_cast<CXXMethodDecl>(callee);
      method && method->getParent()->getName().starts_with("condition_variable"))
    return method->getName().starts_with("wait");
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
