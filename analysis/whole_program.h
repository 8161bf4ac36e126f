// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#pragma once

#include "analysis/one_action.h"

namespace unlatch {

/// What follows from the facts before anything is decided, each part from those before it.
struct WholeProgram {
  explicit WholeProgram(const Facts &facts)
      : program(facts), locksets(program), guards(program, locksets),
        sections(program, locksets, guards), oneAction(program, guards) {
    for (const FunctionFact *body : program.allBodies())
      for (const Operation &operation : body->operations)
        operations_[operation.field].push_back(&operation);
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

  Program program;
  Locksets locksets;
  Guards guards;
  Sections sections;
  OneAction oneAction;

private:
  std::map<std::string, std::vector<const Operation *>> operations_;
};

} // namespace unlatch
