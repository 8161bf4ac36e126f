// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/types.h"

#include "matchers/lock_types.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/QualTypeNames.h"
#include "llvm/ADT/StringSet.h"

#include <set>

using namespace clang;

namespace unlatch {

std::optional<NamedClass> namedClass(QualType type) {
  if (type.isNull())
    return std::nullopt;
  type = type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return std::nullopt;
  std::string name = record->getNameAsString();
  for (const DeclContext *context = record->getDeclContext(); context;
       context = context->getParent()) {
    if (const auto *space = dyn_cast<NamespaceDecl>(context)) {
      if (space->isInline() || space->isAnonymousNamespace())
        continue;
      name = space->getNameAsString() + "::" + name;
    } else if (const auto *outer = dyn_cast<RecordDecl>(context)) {
      name = outer->getNameAsString() + "::" + name;
    }
  }
  return NamedClass{name, record};
}

static void addTypes(ArrayRef<TemplateArgument> arguments, std::vector<QualType> &out) {
  for (const TemplateArgument &argument : arguments)
    if (argument.getKind() == TemplateArgument::Type)
      out.push_back(argument.getAsType());
    else if (argument.getKind() == TemplateArgument::Pack)
      addTypes(argument.pack_elements(), out);
}

std::vector<QualType> typeArguments(const TemplateArgumentList &arguments) {
  std::vector<QualType> result;
  addTypes(arguments.asArray(), result);
  return result;
}

std::vector<QualType> typeArguments(const CXXRecordDecl *record) {
  const auto *specialization = dyn_cast_or_null<ClassTemplateSpecializationDecl>(record);
  return specialization ? typeArguments(specialization->getTemplateArgs())
                        : std::vector<QualType>();
}

QualType templateArgument(QualType type, unsigned index) {
  std::optional<NamedClass> named = namedClass(type);
  if (!named)
    return {};
  const auto *specialization = dyn_cast<ClassTemplateSpecializationDecl>(named->record);
  if (!specialization || specialization->getTemplateArgs().size() <= index)
    return {};
  const TemplateArgument &argument = specialization->getTemplateArgs()[index];
  if (argument.getKind() != TemplateArgument::Type)
    return {};
  // As written if it was, so that `std::string` stays that.
  const auto *written = type.getNonReferenceType()->getAs<TemplateSpecializationType>();
  while (written && written->isTypeAlias())
    written = written->getAliasedType()->getAs<TemplateSpecializationType>();
  if (written && index < written->template_arguments().size())
    if (const TemplateArgument &spelled = written->template_arguments()[index];
        spelled.getKind() == TemplateArgument::Type &&
        spelled.getAsType().getCanonicalType() == argument.getAsType().getCanonicalType())
      return spelled.getAsType();
  return argument.getAsType();
}

std::string typeText(QualType type, const ASTContext &context) {
  if (type.isNull())
    return "";
  PrintingPolicy policy(context.getLangOpts());
  policy.SuppressTagKeyword = true;
  return TypeName::getFullyQualifiedName(type, context, policy);
}

bool isNamed(QualType type, std::initializer_list<StringRef> names) {
  std::optional<NamedClass> named = namedClass(type);
  return named && llvm::is_contained(names, StringRef(named->name));
}

bool isStandardDeclaration(const Decl *declaration) {
  for (const DeclContext *context = declaration->getDeclContext(); context;
       context = context->getParent())
    if (context->isStdNamespace())
      return true;
  return false;
}

bool isUnlatchMap(QualType type) { return isNamed(type, {"unlatch::map"}); }
bool isUnlatchSnapshot(QualType type) { return isNamed(type, {"unlatch::snapshot"}); }
bool isSmartPointer(QualType type) {
  return isNamed(type, {"std::shared_ptr", "std::unique_ptr", "std::weak_ptr"});
}
bool isStandardOptional(QualType type) { return isNamed(type, {"std::optional"}); }

bool holdsElements(QualType type) {
  static const llvm::StringSet<> containers = {"std::vector",
                                               "std::deque",
                                               "std::list",
                                               "std::forward_list",
                                               "std::map",
                                               "std::multimap",
                                               "std::set",
                                               "std::multiset",
                                               "std::unordered_map",
                                               "std::unordered_set",
                                               "std::unordered_multimap",
                                               "std::unordered_multiset",
                                               "std::queue",
                                               "std::stack",
                                               "std::priority_queue"};
  const CXXRecordDecl *record =
      type.isNull() ? nullptr : type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  record = record ? record->getDefinition() : nullptr;
  if (!record || isSmartPointer(type))
    return false;
  if (std::optional<NamedClass> named = namedClass(type); named && containers.contains(named->name))
    return true;
  return llvm::any_of(record->fields(),
                      [](const FieldDecl *each) { return holdsElements(each->getType()); }) ||
         llvm::any_of(record->bases(),
                      [](const CXXBaseSpecifier &each) { return holdsElements(each.getType()); });
}

bool leadsElsewhere(QualType type) {
  if (type.isNull())
    return true;
  if (type->isReferenceType() || type->isAnyPointerType() || type->isMemberPointerType())
    return true;
  std::optional<NamedClass> named = namedClass(type);
  if (!named)
    return false;
  StringRef name = named->name;
  // A bit of a vector<bool> or a bitset is handed out as an object that stands for it.
  return (name.starts_with("std::") && name.ends_with("reference")) || name.contains("iterator") ||
         name.contains("Iterator") || name.ends_with("_view") || name.ends_with("_iter") ||
         name == "std::span" || name == "std::reference_wrapper" || name == "std::move_iterator";
}

static bool hasDefaultAllocator(QualType type, unsigned index) {
  return isNamed(templateArgument(type, index), {"std::allocator"});
}

static TypeClass classifyMap(QualType type, bool ordered) {
  if (!hasDefaultAllocator(type, ordered ? 3 : 4))
    return TypeClass::Other;
  return ordered ? TypeClass::OrderedMap : TypeClass::HashMap;
}

/// Class types whose values are plain data: copyable, nothing in them is shared.
static bool isPlainData(QualType type, const ASTContext &context) {
  return isCopyable(type, context) && unsafeToShare(type, context).empty();
}

TypeClass classifyType(QualType type, const ASTContext &context) {
  if (type.isNull() || type->isDependentType())
    return TypeClass::Other;
  QualType canonical = type.getCanonicalType();
  if (canonical->isReferenceType())
    return TypeClass::Other;
  if (canonical->isIntegralOrEnumerationType() || canonical->isRealFloatingType()) {
    bool fits = context.getTypeSize(canonical) <= 64;
    return fits && !canonical.isVolatileQualified() ? TypeClass::Scalar : TypeClass::Other;
  }
  std::optional<NamedClass> named = namedClass(canonical);
  if (!named)
    return TypeClass::Other;
  StringRef name = named->name;
  if (name == "std::unordered_map")
    return classifyMap(canonical, false);
  if (name == "std::map")
    return classifyMap(canonical, true);
  if (mutexType(canonical))
    return TypeClass::Mutex;
  if (name == "std::condition_variable" || name == "std::condition_variable_any" ||
      isPosixCondition(canonical))
    return TypeClass::Wait;
  if (name == "std::atomic" || name == "std::atomic_flag")
    return TypeClass::Atomic;
  if (name.starts_with("unlatch::"))
    return TypeClass::Converted;
  if (name == "std::stop_source" || name == "std::stop_token")
    return TypeClass::Atomic;
  if (isPlainData(canonical, context))
    return TypeClass::Struct;
  return TypeClass::Other;
}

bool isCopyable(QualType type, const ASTContext &context) {
  type = type.getCanonicalType();
  if (type->isReferenceType() || type->isArrayType())
    return false;
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return true;
  std::optional<NamedClass> named = namedClass(type);
  if (named && (named->name == "std::shared_ptr" || named->name == "std::weak_ptr" ||
                named->name == "std::function"))
    return true;
  if (named && (named->name == "std::unique_ptr" || named->name == "std::thread" ||
                named->name == "std::promise" || named->name == "std::future" ||
                named->name == "std::atomic"))
    return false;
  if (const std::optional<MutexType> mutex = mutexType(type); mutex && !mutex->posix)
    return false;
  // The standard containers declare a copy constructor whatever they hold.
  if (named && StringRef(named->name).starts_with("std::")) {
    for (unsigned i = 0; i < 2; ++i) {
      QualType argument = templateArgument(type, i);
      if (argument.isNull())
        break;
      if (!isCopyable(argument, context))
        return false;
    }
    // Whether a template is instantiated here must not matter.
    if (isa<ClassTemplateSpecializationDecl>(record))
      return true;
  }
  if (!record->hasDefinition())
    return false;
  for (const CXXConstructorDecl *constructor : record->ctors())
    if (constructor->isCopyConstructor())
      return !constructor->isDeleted();
  if (record->defaultedCopyConstructorIsDeleted() || record->hasUserDeclaredMoveConstructor() ||
      record->hasUserDeclaredMoveAssignment())
    return false;
  for (const CXXBaseSpecifier &base : record->bases())
    if (!isCopyable(base.getType(), context))
      return false;
  for (const FieldDecl *field : record->fields())
    if (!field->getType()->isReferenceType() && !field->getType()->isArrayType() &&
        !isCopyable(field->getType(), context))
      return false;
  return true;
}

namespace {

/// Standard class templates whose copies, hashes and comparisons only do to their arguments what
/// is done to the whole: [res.on.data.races] makes const use from many threads safe.
const llvm::StringSet<> kTransparentStandard = {"std::basic_string",
                                                "std::vector",
                                                "std::pair",
                                                "std::tuple",
                                                "std::optional",
                                                "std::array",
                                                "std::set",
                                                "std::map",
                                                "std::unordered_map",
                                                "std::unordered_set",
                                                "std::deque",
                                                "std::list",
                                                "std::variant",
                                                "std::unique_ptr",
                                                "std::initializer_list",
                                                "std::chrono::duration",
                                                "std::chrono::time_point",
                                                "std::multimap",
                                                "std::bitset",
                                                "std::complex",
                                                "std::monostate",
                                                "std::queue",
                                                "std::stack",
                                                "std::forward_list",
                                                "std::hash",
                                                "std::equal_to",
                                                "std::less",
                                                "std::allocator",
                                                "std::char_traits",
                                                "std::error_code",
                                                "std::ratio",
                                                "std::default_delete",
                                                "std::chrono::system_clock",
                                                "std::chrono::steady_clock",
                                                "std::thread::id",
                                                "std::filesystem::path",
                                                "std::nullptr_t",
                                                "std::byte"};

std::string unsafeIn(QualType type, const ASTContext &context, std::set<const Type *> &seen) {
  if (type.isNull())
    return {};
  type = type.getCanonicalType();
  if (type.isVolatileQualified())
    return "it is volatile";
  if (type->isReferenceType())
    return "it holds a reference";
  if (const ArrayType *array = context.getAsArrayType(type))
    return unsafeIn(array->getElementType(), context, seen);
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return {};
  if (!seen.insert(type.getTypePtr()).second)
    return {};
  std::optional<NamedClass> named = namedClass(type);
  StringRef name = named->name;
  if (leadsElsewhere(type))
    return ("it holds a " + name + ", and what that leads to is not followed").str();
  // Copies of these share one object; counting references is synchronised inside.
  if (name == "std::shared_ptr" || name == "std::weak_ptr" || name == "std::function" ||
      name == "std::exception_ptr" || name == "std::shared_future")
    return {};
  if (kTransparentStandard.contains(name)) {
    for (QualType argument : typeArguments(record))
      if (std::string why = unsafeIn(argument, context, seen); !why.empty())
        return why;
    return {};
  }
  if (name.starts_with("std::"))
    return ("it holds a " + name + ", which is not known to be safe when shared").str();
  if (!record->hasDefinition())
    return ("the definition of " + name + " is not seen").str();
  for (const CXXConstructorDecl *constructor : record->ctors())
    if (constructor->isCopyOrMoveConstructor() && constructor->isUserProvided())
      return (name + " has a copy or move constructor of its own").str();
  for (const CXXMethodDecl *method : record->methods())
    if ((method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()) &&
        method->isUserProvided())
      return (name + " has an assignment of its own").str();
  if (const CXXDestructorDecl *destructor = record->getDestructor())
    if (destructor->isUserProvided())
      return (name + " has a destructor of its own, which would also run for copies").str();
  for (const CXXBaseSpecifier &base : record->bases())
    if (std::string why = unsafeIn(base.getType(), context, seen); !why.empty())
      return why;
  for (const FieldDecl *field : record->fields()) {
    if (field->isMutable())
      return (name + " has the mutable member " + field->getName()).str();
    if (std::string why = unsafeIn(field->getType(), context, seen); !why.empty())
      return why;
  }
  return {};
}

} // namespace

std::string unsafeToShare(QualType type, const ASTContext &context) {
  std::set<const Type *> seen;
  return unsafeIn(type, context, seen);
}

bool isHashableLikeOrdered(QualType key) {
  key = key.getCanonicalType();
  if (key->isIntegralOrEnumerationType() || key->isPointerType())
    return true;
  return isNamed(key, {"std::basic_string", "std::basic_string_view"});
}

static bool isSameIfEqual(QualType type, const ASTContext &context, unsigned depth) {
  type = type.getCanonicalType();
  if (type->isIntegralOrEnumerationType() || type->isPointerType())
    return true;
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || depth == 0 || isNamed(type, {"std::basic_string", "std::basic_string_view"}))
    return record && depth > 0;
  const auto areSame = [&](QualType part) {
    return part.isNull() || isSameIfEqual(part, context, depth - 1);
  };
  if (isNamed(type, {"std::pair"}))
    return areSame(templateArgument(type, 0)) && areSame(templateArgument(type, 1));
  if (isNamed(type, {"std::vector", "std::optional", "std::array", "std::shared_ptr"}))
    return isNamed(type, {"std::shared_ptr"}) || areSame(templateArgument(type, 0));
  if (isStandardDeclaration(record) || !record->hasDefinition())
    return false;
  // Compared member by member, by the compiler.
  const auto isComparison = [](const Decl *each) {
    const auto *function = dyn_cast_or_null<FunctionDecl>(each);
    return function && function->getOverloadedOperator() == OO_EqualEqual &&
           function->isDefaulted();
  };
  const bool isDefaulted = llvm::any_of(record->methods(), isComparison) ||
                           llvm::any_of(record->friends(), [&](const FriendDecl *each) {
                             return isComparison(each->getFriendDecl());
                           });
  return isDefaulted && record->getNumBases() == 0 &&
         llvm::all_of(record->fields(),
                      [&](const FieldDecl *field) { return areSame(field->getType()); });
}

bool equalMeansSame(QualType map, const ASTContext &context) {
  map = map.getNonReferenceType();
  const QualType equality = templateArgument(map, 3);
  const bool isUsual = classifyType(map, context) == TypeClass::OrderedMap ||
                       (!equality.isNull() && isNamed(equality, {"std::equal_to"}));
  return isUsual && isSameIfEqual(templateArgument(map, 0), context, 4);
}

} // namespace unlatch
