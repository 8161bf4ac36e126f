// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "matchers/written_through.h"

#include "matchers/effects.h"
#include "matchers/function_analysis.h"
#include "matchers/types.h"

#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;

namespace unlatch {

namespace {

/// Algorithms that leave what they go through as it is, unless a function that they are given does
/// not; and what only hands an iterator on.
bool isReader(StringRef name) {
  static const llvm::StringSet<> names = {"accumulate",
                                          "adjacent_find",
                                          "advance",
                                          "all_of",
                                          "any_of",
                                          "as_const",
                                          "binary_search",
                                          "cbegin",
                                          "cend",
                                          "count",
                                          "count_if",
                                          "distance",
                                          "equal",
                                          "equal_range",
                                          "find",
                                          "find_end",
                                          "find_first_of",
                                          "find_if",
                                          "find_if_not",
                                          "for_each",
                                          "for_each_n",
                                          "forward",
                                          "includes",
                                          "inner_product",
                                          "is_heap",
                                          "is_heap_until",
                                          "is_partitioned",
                                          "is_permutation",
                                          "is_sorted",
                                          "is_sorted_until",
                                          "lexicographical_compare",
                                          "lower_bound",
                                          "max_element",
                                          "min_element",
                                          "minmax_element",
                                          "mismatch",
                                          "next",
                                          "none_of",
                                          "partition_point",
                                          "prev",
                                          "reduce",
                                          "search",
                                          "search_n",
                                          "transform_reduce",
                                          "upper_bound"};
  return names.contains(name);
}

/// The first argument that is written to, of algorithms that read the others.
unsigned firstTarget(StringRef name, unsigned arguments) {
  if (name == "transform")
    return arguments >= 5 ? 3 : 2;
  return llvm::StringSwitch<unsigned>(name)
      .Cases({"copy", "copy_if", "copy_n", "reverse_copy", "remove_copy", "remove_copy_if",
              "replace_copy", "unique_copy", "partial_sum", "adjacent_difference"},
             2)
      .Default(0);
}

bool isWritable(QualType target) { return !target.isConstQualified() && !target->isFunctionType(); }

/// `*it` can be assigned to.
bool leadsToWritable(QualType type) {
  if (type->isPointerType())
    return isWritable(type->getPointeeType());
  const std::optional<NamedClass> named = namedClass(type);
  if (!named || named->name == "std::basic_string_view")
    return false;
  const CXXRecordDecl *record = named->record->getDefinition();
  if (!record)
    return true;
  const DeclarationName star = record->getASTContext().DeclarationNames.getCXXOperatorName(OO_Star);
  for (const NamedDecl *each : record->lookup(star))
    if (const auto *method = dyn_cast<CXXMethodDecl>(each)) {
      const QualType result = method->getReturnType();
      // What is given back by value is a copy, or a class that stands for the element.
      return result->isReferenceType() ? isWritable(result->getPointeeType())
                                       : result->isRecordType();
    }
  return true;
}

/// It is called with elements that it may change.
bool takesToChange(const Expr &callable) {
  const auto takes = [](const FunctionDecl *function) {
    return llvm::any_of(function->parameters(), [](const ParmVarDecl *parameter) {
      const QualType type = parameter->getType();
      return type->isReferenceType() && isWritable(type->getPointeeType());
    });
  };
  const Expr *given = stripMove(&callable);
  const CXXRecordDecl *record = given->getType().getNonReferenceType()->getAsCXXRecordDecl();
  if (record && record->isLambda())
    return takes(record->getLambdaCallOperator());
  const std::vector<const FunctionDecl *> functions = functionsIn(&callable);
  return functions.empty() || llvm::any_of(functions, takes);
}

} // namespace

bool isWrittenThrough(const CallExpr &call, const Expr &argument) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee || !leadsToWritable(argument.getType()))
    return callee == nullptr;
  const StringRef name = callee->getIdentifier() ? callee->getName() : StringRef();
  if (isa<CXXMethodDecl>(callee)) // iterators say where to read, or which element is meant
    return argument.getType()->isPointerType();
  unsigned index = 0;
  while (index < call.getNumArgs() && strip(call.getArg(index)) != strip(&argument))
    ++index;
  if (!isStandardDeclaration(callee) || callee->isExternC())
    return index < callee->getNumParams() || !name.contains("printf");
  const unsigned target = firstTarget(name, call.getNumArgs());
  if (!isReader(name) && !(name == "move" && call.getNumArgs() == 1) && index >= target)
    return true;
  return llvm::any_of(call.arguments(), [](const Expr *other) {
    return isCallable(other->getType()) && takesToChange(*other);
  });
}

} // namespace unlatch
