// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/quiet_code.h"

#include "matchers/function_analysis.h"
#include "matchers/harmless.h"
#include "matchers/types.h"

#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace unlatch {

namespace {

using Found = llvm::SmallVector<const FunctionDecl *, 8>;

/// Whatever it is instantiated for, it does not look at the value of an element.
bool runsNothing(const FunctionDecl &callee) {
  static const llvm::StringSet<> names = {
      "size",     "empty",  "begin",     "end",       "cbegin",   "cend",  "rbegin",
      "rend",     "front",  "back",      "data",      "get",      "c_str", "capacity",
      "value",    "length", "max_size",  "has_value", "as_const", "tie",   "addressof",
      "distance", "next",   "prev",      "index",     "ref",      "cref",  "forward",
      "first",    "last",   "use_count", "at_rest"};
  if (callee.getIdentifier())
    return names.contains(callee.getName()) ||
           (callee.getName() == "move" && callee.getNumParams() == 1);
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  if (isa_and_nonnull<CXXConversionDecl>(method))
    return true;
  switch (callee.getOverloadedOperator()) {
  case OO_Star:
  case OO_Arrow:
  case OO_PlusPlus:
  case OO_MinusMinus:
    return true;
  case OO_Subscript: // of a map, it may make an element
    return method && !method->getParent()->getName().contains("map");
  default:
    return false;
  }
}

/// Puts something in, and lets go of nothing that a pointer leads to.
bool letsGoOfNothing(const FunctionDecl &callee) {
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  if (isa<CXXConstructorDecl>(callee) || (method && method->isConst()))
    return true;
  static const llvm::StringSet<> names = {"push_back", "push_front", "push",        "insert",
                                          "reserve",   "find",       "lower_bound", "upper_bound",
                                          "count",     "contains",   "try_emplace"};
  return callee.getIdentifier() &&
         (names.contains(callee.getName()) || callee.getName().starts_with("emplace"));
}

QualType ownerOf(const CXXMethodDecl &method) {
  return method.getASTContext().getCanonicalTagType(method.getParent());
}

/// What a function of the library may run, quiet or not.
Found usedBy(const FunctionDecl &callee) {
  Found found;
  if (!isOfLibrary(callee) || !isStandardDeclaration(&callee) || runsNothing(callee))
    return found;
  UsedTypes used;
  const auto *method = dyn_cast<CXXMethodDecl>(&callee);
  if (method && method->getParent()->getName().contains("iterator"))
    return found;
  if (method)
    used.add(ownerOf(*method));
  if (const TemplateArgumentList *arguments = callee.getTemplateSpecializationArgs())
    used.add(*arguments);
  const auto take = [&](const UsedTypes::Functions &functions) {
    found.append(functions.begin(), functions.end());
  };
  take(used.operators);
  if (method && method->isConst() && !callee.getReturnType()->isRecordType())
    return found; // it looks up, or compares
  take(used.constructors);
  take(used.copies);
  if (!isa<CXXConstructorDecl>(callee))
    take(used.destructors);
  if (!letsGoOfNothing(callee))
    take(used.released);
  return found;
}

/// `p->x`, `*p`: what others may change.
bool leadsToShared(const CXXMethodDecl &method) {
  if (!isSmartPointer(ownerOf(method)) &&
      !method.getParent()->getName().contains("shared_ptr_access"))
    return false;
  return method.getOverloadedOperator() == OO_Arrow || method.getOverloadedOperator() == OO_Star ||
         (method.getIdentifier() && (method.getName() == "lock" || method.getName() == "expired"));
}

/// Walks the bodies of functions, and of those that they call.
class QuietCode {
public:
  bool isQuiet(const FunctionDecl &function) {
    call(&function);
    while (!work.empty()) {
      const FunctionDecl *next = work.pop_back_val();
      if (seen.size() > kMostFunctions || !(isOfLibrary(*next) ? library(*next) : program(*next)))
        return false;
    }
    return true;
  }

private:
  void call(const FunctionDecl *function) {
    if (seen.insert(function->getCanonicalDecl()).second)
      work.push_back(function);
  }

  bool library(const FunctionDecl &function) {
    const auto *method = dyn_cast<CXXMethodDecl>(&function);
    if (!isHarmless(&function) || readsClock(&function) || (method && leadsToShared(*method)))
      return false;
    for (const FunctionDecl *unnamed : usedBy(function))
      call(unnamed);
    return true;
  }

  bool program(const FunctionDecl &function) {
    if (function.isTrivial())
      return true;
    const auto *method = dyn_cast<CXXMethodDecl>(&function);
    if (method && (method->isVirtual() || method->getParent()->isLambda()))
      return false;
    const FunctionDecl *definition = nullptr;
    if (!function.hasBody(definition)) {
      if (!function.isDefaulted() || !method)
        return false;
      UsedTypes parts;
      parts.add(ownerOf(*method));
      for (const auto *functions : {&parts.constructors, &parts.copies, &parts.destructors})
        for (const FunctionDecl *each : *functions)
          call(each);
      return true;
    }
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(definition))
      for (const CXXCtorInitializer *init : constructor->inits())
        if (!code(init->getInit()))
          return false;
    return code(definition->getBody());
  }

  bool code(const Stmt *each) {
    if (!each)
      return true;
    if (const auto *given = dyn_cast<CXXDefaultInitExpr>(each))
      return code(given->getExpr());
    if (const auto *given = dyn_cast<CXXDefaultArgExpr>(each))
      return code(given->getExpr());
    if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(each))
      return code(rewritten->getSemanticForm());
    return node(*each) &&
           llvm::all_of(each->children(), [&](const Stmt *child) { return code(child); });
  }

  bool node(const Stmt &each) {
    if (const auto *reference = dyn_cast<DeclRefExpr>(&each)) {
      const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
      return !variable || variable->hasLocalStorage() || isConstant(*variable);
    }
    if (const auto *member = dyn_cast<MemberExpr>(&each)) {
      if (const auto *variable = dyn_cast<VarDecl>(member->getMemberDecl()))
        return isConstant(*variable);
      const auto *field = dyn_cast<FieldDecl>(member->getMemberDecl());
      return !field || (!field->isMutable() && !field->getType()->isReferenceType() &&
                        (!member->isArrow() || isa<CXXThisExpr>(strip(member->getBase()))));
    }
    if (const auto *unary = dyn_cast<UnaryOperator>(&each))
      return unary->getOpcode() != UO_Deref || isa<CXXThisExpr>(strip(unary->getSubExpr()));
    if (const auto *subscript = dyn_cast<ArraySubscriptExpr>(&each))
      return isa<ArrayType>(strip(subscript->getBase())->getType().getCanonicalType());
    if (const auto *called = dyn_cast<CallExpr>(&each)) {
      if (const FunctionDecl *callee = called->getDirectCallee())
        call(callee);
      return called->getDirectCallee() != nullptr;
    }
    if (const auto *construct = dyn_cast<CXXConstructExpr>(&each)) {
      call(construct->getConstructor());
      return true;
    }
    if (const auto *temporary = dyn_cast<CXXBindTemporaryExpr>(&each)) {
      ends(temporary->getType());
      return true;
    }
    if (const auto *declaration = dyn_cast<DeclStmt>(&each))
      return llvm::all_of(declaration->decls(), [&](const Decl *declared) {
        const auto *variable = dyn_cast<VarDecl>(declared);
        if (variable)
          ends(variable->getType());
        return !variable || variable->hasLocalStorage() || isConstant(*variable);
      });
    return !isa<LambdaExpr, CXXNewExpr, CXXDeleteExpr, AtomicExpr, StmtExpr, AsmStmt,
                CoroutineSuspendExpr>(each);
  }

  void ends(QualType type) {
    UsedTypes parts;
    if (!leadsElsewhere(type))
      parts.add(type);
    for (const auto *functions : {&parts.destructors, &parts.released})
      for (const FunctionDecl *each : *functions)
        call(each);
  }

  static bool isConstant(const VarDecl &variable) {
    return variable.isConstexpr() || variable.getType().isConstQualified();
  }

  static constexpr unsigned kMostFunctions = 400;
  llvm::SmallVector<const FunctionDecl *, 16> work;
  llvm::SmallPtrSet<const FunctionDecl *, 32> seen;
};

void addLoud(std::vector<const FunctionDecl *> &out, llvm::ArrayRef<const FunctionDecl *> all) {
  for (const FunctionDecl *function : all)
    if (!QuietCode().isQuiet(*function))
      out.push_back(function);
}

} // namespace

bool isQuiet(const FunctionDecl &function) { return QuietCode().isQuiet(function); }

std::vector<const FunctionDecl *> runByLibrary(const FunctionDecl &callee) {
  std::vector<const FunctionDecl *> result;
  addLoud(result, usedBy(callee));
  return result;
}

std::vector<const FunctionDecl *> runByCopying(const CXXRecordDecl &record) {
  UsedTypes parts;
  parts.add(record.getASTContext().getCanonicalTagType(&record));
  std::vector<const FunctionDecl *> result;
  addLoud(result, parts.copies.getArrayRef());
  return result;
}

std::vector<const FunctionDecl *> runByEnding(QualType type, bool owners) {
  std::vector<const FunctionDecl *> result;
  if (leadsElsewhere(type))
    return result; // what it leads to stays
  UsedTypes parts;
  parts.add(type);
  addLoud(result, parts.destructors.getArrayRef());
  if (owners)
    addLoud(result, parts.released.getArrayRef());
  return result;
}

} // namespace unlatch
