// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/kept_loans.h"
#include "analysis/lent_memory.h"
#include "analysis/one_action.h"

#include <algorithm>

namespace unlatch {

/// What follows from the facts before anything is decided, each part from those before it.
struct WholeProgram {
  explicit WholeProgram(const Facts &facts)
      : program(facts), locksets(program), guards(program, locksets),
        sections(program, locksets, guards), oneAction(program, guards),
        lentMemory(program, locksets), keptLoans(program) {
    for (const FunctionFact *body : program.allBodies())
      for (const Operation &operation : body->operations)
        operations_[operation.field].push_back(&operation);
    for (const Redeclaration &each : facts.redeclarations)
      redeclarations_[each.variable].push_back(&each);
  }

  const Facts &facts() const { return program.facts(); }
  const FieldFact *field(const std::string &id) const {
    auto found = facts().fields.find(id);
    return found == facts().fields.end() ? nullptr : &found->second;
  }

  /// Of all functions.
  const std::vector<const Operation *> &operationsOn(const std::string &field) const {
    static const std::vector<const Operation *> none;
    auto found = operations_.find(field);
    return found == operations_.end() ? none : found->second;
  }

  /// Of a field or mutex, besides the declaration that its fact is about.
  const std::vector<const Redeclaration *> &redeclarationsOf(const std::string &variable) const {
    static const std::vector<const Redeclaration *> none;
    auto found = redeclarations_.find(variable);
    return found == redeclarations_.end() ? none : found->second;
  }
  /// Whether one of them defines it, as somewhere one must.
  bool hasDefinition(const std::string &variable) const {
    const auto &all = redeclarationsOf(variable);
    return std::any_of(all.begin(), all.end(), [](const auto *each) { return each->defines; });
  }

  /// Whether a file is a source file of its own, which nobody else includes.
  bool isMainFile(const std::string &file) const {
    const auto &units = facts().units;
    return std::any_of(units.begin(), units.end(),
                       [&](const TranslationUnit &unit) { return unit.file == file; });
  }
  /// Whether what stands in that file can be used in the unit.
  bool couldSee(const TranslationUnit &unit, const std::string &file) const {
    // What it includes is not known if a header is missing: anything, then.
    if (unit.dependencies.empty())
      return unit.file == file || !isMainFile(file);
    return std::find(unit.dependencies.begin(), unit.dependencies.end(), file) !=
           unit.dependencies.end();
  }

  Program program;
  Locksets locksets;
  Guards guards;
  Sections sections;
  OneAction oneAction;
  LentMemory lentMemory;
  KeptLoans keptLoans;

private:
  std::map<std::string, std::vector<const Operation *>> operations_;
  std::map<std::string, std::vector<const Redeclaration *>> redeclarations_;
};

} // namespace unlatch
