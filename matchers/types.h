// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vocabulary of types: what a variable's type means to the analysis.

#pragma once

#include "analysis/model.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Type.h"

#include <optional>
#include <string>
#include <vector>

namespace unlatch {

/// The class behind aliases, references and qualifiers, as (qualified name, declaration); inline
/// namespaces of standard libraries are left out: `std::__1::map` is "std::map".
struct NamedClass {
  std::string name;
  const clang::CXXRecordDecl *record = nullptr;
};
std::optional<NamedClass> namedClass(clang::QualType type);

/// A class of one of these names.
bool isNamed(clang::QualType type, std::initializer_list<llvm::StringRef> names);

/// Template argument number `index` of a class template specialization, or a null type.
clang::QualType templateArgument(clang::QualType type, unsigned index);
/// The types among template arguments, those in packs included.
std::vector<clang::QualType> typeArguments(const clang::TemplateArgumentList &arguments);
/// Those of a class, if it is a specialization.
std::vector<clang::QualType> typeArguments(const clang::CXXRecordDecl *record);
/// A type as it can be written anywhere: names qualified, aliases kept.
std::string typeText(clang::QualType type, const clang::ASTContext &context);

TypeClass classifyType(clang::QualType type, const clang::ASTContext &context);

/// Declared somewhere inside namespace std.
bool isStandardDeclaration(const clang::Decl *declaration);

bool isUnlatchMap(clang::QualType type);
bool isUnlatchSnapshot(clang::QualType type);
bool isSmartPointer(clang::QualType type);
bool isStandardOptional(clang::QualType type);
/// Holds as many elements as there happen to be, so that a copy may cost anything; text is taken to
/// be short.
bool holdsElements(clang::QualType type);
/// Pointers, references, iterators and views: values that lead into something else.
bool leadsElsewhere(clang::QualType type);

/// Why values of this type can't be copied, hashed, compared or destroyed by several threads at
/// once on const objects, or an empty string if they can.
std::string unsafeToShare(clang::QualType type, const clang::ASTContext &context);
/// Why values of this type can't be copied at all, or an empty string.
bool isCopyable(clang::QualType type, const clang::ASTContext &context);
/// For the key of a std::map: whether std::hash and == agree with std::less on it.
bool isHashableLikeOrdered(clang::QualType key);

/// For a map: whether its equal keys can't be told apart.
bool equalMeansSame(clang::QualType map, const clang::ASTContext &context);

} // namespace unlatch
