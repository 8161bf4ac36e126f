// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/identity.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace unlatch {

const FieldDecl *patternOf(const FieldDecl *field) {
  const auto *record = dyn_cast<CXXRecordDecl>(field->getParent());
  const CXXRecordDecl *pattern = record ? record->getTemplateInstantiationPattern() : nullptr;
  if (!pattern)
    return field;
  unsigned index = field->getFieldIndex();
  for (const FieldDecl *candidate : pattern->fields())
    if (candidate->getFieldIndex() == index)
      return candidate;
  return field;
}

static const NamedDecl *pattern(const NamedDecl *declaration) {
  if (const auto *function = dyn_cast<FunctionDecl>(declaration)) {
    if (const FunctionDecl *from = function->getTemplateInstantiationPattern(false))
      return from;
  } else if (const auto *field = dyn_cast<FieldDecl>(declaration)) {
    return patternOf(field);
  } else if (const auto *record = dyn_cast<CXXRecordDecl>(declaration)) {
    if (const CXXRecordDecl *from = record->getTemplateInstantiationPattern())
      return from;
  } else if (const auto *variable = dyn_cast<VarDecl>(declaration)) {
    if (const VarDecl *from = variable->getTemplateInstantiationPattern())
      return from;
  }
  return declaration;
}

/// The file and offset of a declaration, for what has no name that other files could use.
static std::string placeOf(const NamedDecl *declaration, bool withOffset) {
  const SourceManager &sources = declaration->getASTContext().getSourceManager();
  SourceLocation location = sources.getFileLoc(declaration->getLocation());
  std::string place;
  if (OptionalFileEntryRef entry = sources.getFileEntryRefForID(sources.getFileID(location)))
    place = entry->getFileEntry().tryGetRealPathName().str();
  if (withOffset)
    place += ":" + std::to_string(sources.getFileOffset(location));
  return place;
}

/// The source file, not header, that a class around or behind the declaration is defined in.
/// Another file's class of the same name is another program's, or the program would break the rule
/// that there is one definition ([basic.def.odr]).
static std::string sourceFileOf(const NamedDecl *declaration) {
  const DeclContext *context = dyn_cast<RecordDecl>(declaration);
  for (context = context ? context : declaration->getDeclContext(); context;
       context = context->getParent()) {
    const auto *record = dyn_cast<RecordDecl>(context);
    const RecordDecl *definition = record ? record->getDefinition() : nullptr;
    if (!definition)
      continue;
    std::string file = placeOf(definition, false);
    const StringRef extension = llvm::sys::path::extension(file);
    if (extension == ".cpp" || extension == ".cc" || extension == ".cxx" || extension == ".c++" ||
        extension == ".C" || extension == ".c")
      return file;
  }
  return {};
}

std::string idOf(const NamedDecl *declaration) {
  declaration = pattern(declaration);
  declaration = cast<NamedDecl>(declaration->getCanonicalDecl());
  SmallString<128> usr;
  bool failed = index::generateUSRForDecl(declaration, usr);
  bool local = declaration->getParentFunctionOrMethod() != nullptr;
  if (const auto *method = dyn_cast<CXXMethodDecl>(declaration))
    local |= method->getParent()->isLambda();
  if (failed || local)
    return (usr + "@" + placeOf(declaration, true)).str();
  if (!declaration->isExternallyVisible())
    return (usr + "@" + placeOf(declaration, false)).str();
  if (const std::string file = sourceFileOf(declaration); !file.empty())
    return (usr + "@" + file).str();
  return usr.str().str();
}

std::string nameOf(const NamedDecl *declaration) {
  declaration = pattern(declaration);
  std::string name;
  if (const auto *method = dyn_cast<CXXMethodDecl>(declaration);
      method && method->getParent()->isLambda())
    name = "lambda";
  else if (isa<CXXConstructorDecl>(declaration))
    name = cast<CXXConstructorDecl>(declaration)->getParent()->getNameAsString();
  else if (isa<CXXDestructorDecl>(declaration))
    name = "~" + cast<CXXDestructorDecl>(declaration)->getParent()->getNameAsString();
  else
    name = declaration->getNameAsString();
  for (const DeclContext *context = declaration->getDeclContext(); context;
       context = context->getParent()) {
    std::string part;
    if (const auto *space = dyn_cast<NamespaceDecl>(context)) {
      if (space->isAnonymousNamespace() || space->isInline())
        continue;
      part = space->getNameAsString();
    } else if (const auto *record = dyn_cast<RecordDecl>(context)) {
      if (const auto *closure = dyn_cast<CXXRecordDecl>(record); closure && closure->isLambda())
        continue;
      if (!record->getIdentifier())
        continue;
      part = record->getNameAsString();
    } else if (const auto *function = dyn_cast<FunctionDecl>(context)) {
      if (const auto *method = dyn_cast<CXXMethodDecl>(function);
          method && method->getParent()->isLambda())
        continue;
      part = isa<CXXConstructorDecl>(function)
                 ? cast<CXXConstructorDecl>(function)->getParent()->getNameAsString()
                 : function->getNameAsString();
    } else {
      continue;
    }
    name = part + "::" + name;
  }
  return name;
}

} // namespace unlatch
