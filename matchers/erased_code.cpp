// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/erased_code.h"

#include "matchers/harmless.h"
#include "matchers/identity.h"
#include "matchers/quiet_code.h"

#include "clang/AST/DeclTemplate.h"

#include <set>

using namespace clang;

namespace unlatch {

namespace {

constexpr unsigned kDepth = 6; ///< types within types
constexpr const char *kAny = "std::any";

std::string owner(const char *name, QualType of) {
  return std::string(name) + "<" + of.getCanonicalType().getUnqualifiedType().getAsString() + ">";
}

std::string function(QualType signature) { return owner("std::function", signature); }

class Owners {
public:
  std::set<std::string> found;

  void in(QualType type, unsigned depth = kDepth) {
    if (type.isNull() || depth == 0)
      return;
    type = type.getNonReferenceType().getCanonicalType();
    while (const auto *array = dyn_cast<ArrayType>(type.getTypePtr()))
      type = array->getElementType().getCanonicalType();
    const std::optional<NamedClass> named = namedClass(type);
    if (!named || !seen.insert(named->record).second)
      return;
    if (named->name == "std::shared_ptr")
      found.insert(sharedPointer(templateArgument(type, 0)));
    else if (named->name == "std::any")
      found.insert(kAny);
    else if (named->name == "std::function")
      found.insert(function(templateArgument(type, 0)));
    if (isOfLibrary(*named->record)) {
      for (QualType argument : typeArguments(named->record))
        in(argument, depth - 1);
      return;
    }
    const CXXRecordDecl *record = named->record->getDefinition();
    if (!record)
      return;
    for (const FieldDecl *field : record->fields())
      in(field->getType(), depth - 1);
    for (const CXXBaseSpecifier &base : record->bases())
      in(base.getType(), depth - 1);
  }

private:
  std::set<const CXXRecordDecl *> seen;
};

void addBases(const CXXRecordDecl &record, std::vector<QualType> &out) {
  if (!record.hasDefinition())
    return;
  for (const CXXBaseSpecifier &base : record.bases()) {
    out.push_back(base.getType());
    if (const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl())
      addBases(*parent, out);
  }
}

/// Deletes what it is given, or hands it to a function that no other thread sees.
bool isQuietDeleter(const Stmt *node) {
  if (!node)
    return true;
  if (const auto *deletion = dyn_cast<CXXDeleteExpr>(node)) {
    if (!runByEnding(deletion->getDestroyedType(), /*owners=*/true).empty())
      return false;
  } else if (const auto *call = dyn_cast<CallExpr>(node)) {
    if (!isHarmless(call->getDirectCallee()))
      return false;
  } else if (const auto *reference = dyn_cast<DeclRefExpr>(node)) {
    if (!isa<ParmVarDecl, FunctionDecl>(reference->getDecl()) ||
        reference->refersToEnclosingVariableOrCapture())
      return false;
  } else if (!isa<CompoundStmt, ImplicitCastExpr, ExplicitCastExpr, ParenExpr, IfStmt,
                  CXXNullPtrLiteralExpr>(node)) {
    return false;
  }
  return llvm::all_of(node->children(), isQuietDeleter);
}

/// The instances of shared_ptr and std::function, and of what makes them of others.
class Instances {
public:
  Instances(ASTContext &context, const SourceText &text, Facts &facts)
      : context(context), text(text), facts(facts) {}

  void note() {
    for (const NamedDecl *library : context.getTranslationUnitDecl()->lookup(name("std")))
      if (const auto *space = dyn_cast<NamespaceDecl>(library)) {
        each(*space, "shared_ptr", &Instances::sharedPointerOf);
        each(*space, "function", &Instances::functionOf);
        facts.typeBlockers.push_back(
            {kAny,
             Strategy::None,
             {"unsafe-value-type", "it holds a std::any, and what that holds is not known", {}}});
        return;
      }
  }

private:
  using Note = void (Instances::*)(const ClassTemplateSpecializationDecl &);

  DeclarationName name(const char *text) const { return &context.Idents.get(text); }

  void each(const DeclContext &space, const char *of, Note note) {
    for (const NamedDecl *found : space.lookup(name(of)))
      if (const auto *pattern = dyn_cast<ClassTemplateDecl>(found))
        for (const ClassTemplateSpecializationDecl *instance : pattern->specializations())
          (this->*note)(*instance);
  }

  /// The functions that its member templates have become.
  static std::vector<const FunctionDecl *> madeBy(const ClassTemplateSpecializationDecl &instance) {
    std::vector<const FunctionDecl *> result;
    for (const Decl *member : instance.decls())
      if (const auto *pattern = dyn_cast<FunctionTemplateDecl>(member))
        for (const FunctionDecl *function : pattern->specializations())
          result.push_back(function);
    return result;
  }

  static QualType parameter(const FunctionDecl &function, unsigned index) {
    return index < function.getNumParams()
               ? function.getParamDecl(index)->getType().getNonReferenceType()
               : QualType();
  }

  /// Everything that may lead to the object: its own class and its bases.
  std::vector<QualType> leadingTo(QualType object) const {
    std::vector<QualType> result{object, context.VoidTy};
    if (const CXXRecordDecl *record = object->getAsCXXRecordDecl())
      addBases(*record, result);
    return result;
  }

  void sharedPointerOf(const ClassTemplateSpecializationDecl &instance) {
    const QualType object = templateArgument(context.getCanonicalTagType(&instance), 0);
    if (object.isNull() || object->isDependentType())
      return;
    ends(object);
    for (const FunctionDecl *function : madeBy(instance)) {
      const QualType first = parameter(*function, 0), second = parameter(*function, 1);
      const bool makes = isa<CXXConstructorDecl>(function) ||
                         (function->getIdentifier() && function->getName() == "reset");
      if (!makes || first.isNull())
        continue;
      if (first->isPointerType() && !second.isNull())
        deleter(object, second, *function);
      else if (isNamed(first, {"std::unique_ptr"}))
        deleter(object, templateArgument(first, 1), *function);
      if (const QualType from =
              first->isPointerType() ? first->getPointeeType() : templateArgument(first, 0);
          !from.isNull() && from.getCanonicalType().getUnqualifiedType() !=
                                object.getCanonicalType().getUnqualifiedType())
        ends(from);
    }
  }

  void deleter(QualType object, QualType type, const FunctionDecl &given) {
    if (type.isNull() || isNamed(type, {"std::default_delete"}))
      return;
    const CXXRecordDecl *record = type->getAsCXXRecordDecl();
    for (QualType other : leadingTo(object)) {
      if (!record)
        add(sharedPointer(other), "a function that is its deleter",
            text.locate(given.getPointOfInstantiation()));
      else
        for (const CXXMethodDecl *method : record->methods())
          if (const FunctionDecl *definition = nullptr;
              method->getOverloadedOperator() == OO_Call &&
              !(method->hasBody(definition) && isQuietDeleter(definition->getBody())))
            add(sharedPointer(other), "its deleter", text.locate(method->getLocation()));
    }
  }

  /// A destructor that runs though a shared_ptr to a base, or to nothing special, does not say so.
  void ends(QualType object) {
    for (const FunctionDecl *run : runByEnding(object, /*owners=*/true))
      for (QualType other : leadingTo(object)) {
        const CXXRecordDecl *record = other->getAsCXXRecordDecl();
        const CXXDestructorDecl *named =
            record && record->hasDefinition() ? record->getDestructor() : nullptr;
        // Its own destructor, and virtual ones, are asked where they run.
        if (other != object && !(named && named->isVirtual()))
          add(sharedPointer(other), "`" + nameOf(run) + "`", text.locate(run->getLocation()));
      }
  }

  void functionOf(const ClassTemplateSpecializationDecl &instance) {
    const QualType signature = templateArgument(context.getCanonicalTagType(&instance), 0);
    for (const FunctionDecl *made : madeBy(instance)) {
      const QualType functor = parameter(*made, 0);
      const CXXRecordDecl *record = functor.isNull() ? nullptr : functor->getAsCXXRecordDecl();
      if (!record || !record->hasDefinition() || isOfLibrary(*record))
        continue;
      std::vector<const FunctionDecl *> run = runByCopying(*record);
      for (const FunctionDecl *each : runByEnding(functor, /*owners=*/true))
        run.push_back(each);
      for (const FunctionDecl *each : run)
        add(function(signature), "`" + nameOf(each) + "`", text.locate(each->getLocation()));
    }
  }

  void add(const std::string &type, const std::string &what, Location where) {
    facts.typeBlockers.push_back(
        {type,
         Strategy::None,
         {"unsafe-value-type",
          "it holds a " + type + ", and " + what + " would run outside of the mutex",
          std::move(where)}});
  }

  ASTContext &context;
  const SourceText &text;
  Facts &facts;
};

} // namespace

std::string sharedPointer(QualType target) { return owner("std::shared_ptr", target); }

std::vector<std::string> ownersIn(QualType type) {
  Owners owners;
  owners.in(type);
  return {owners.found.begin(), owners.found.end()};
}

void noteErasedCode(ASTContext &context, const SourceText &text, Facts &facts) {
  Instances(context, text, facts).note();
}

} // namespace unlatch
