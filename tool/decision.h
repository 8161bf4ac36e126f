// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a program to what may be done with it: facts, the plan over them, and the changes whose
// verification has shown that the plan can be kept.

#pragma once

#include "tool/change.h"
#include "tool/options.h"
#include "tool/project.h"
#include "tool/verify.h"

#include <memory>
#include <set>
#include <string>

namespace unlatch {

class Decision {
public:
  /// Reads the facts and decides, or takes the plan of `--plan`; unless `--no-verify`, verifies
  /// what is to be converted and what is under review, and decides again without what fails.
  static llvm::Expected<std::unique_ptr<Decision>> make(const Options &options);

  const Project &project() const { return project_; }
  const Facts &facts() const { return facts_; }
  const Plan &plan() const { return plan_; }

  /// Ids of the fields that `verdict` says.
  std::set<std::string> fieldsOf(Verdict verdict) const;

  /// The verified change that converts `selected`. An error says what verification found.
  llvm::Expected<Change> change(const std::set<std::string> &selected);

  Verifier &verifier() { return verifier_; }
  const DecideOptions &decideOptions() const { return decideOptions_; }
  const std::set<std::string> &keepLockHeaders() const { return keepLockHeaders_; }

  /// 3 if a unit did not parse, else 0.
  int exitCode() const;

private:
  Decision(Project project, const Options &options);

  const Options &options_;
  Project project_;
  Facts facts_;
  Plan plan_;
  DecideOptions decideOptions_;
  Verifier verifier_;
  std::set<std::string> keepLockHeaders_;

  void decideAgain();
  std::vector<Objection> objectionsTo(const std::set<std::string> &selected, Change *result);
  /// Blames those fields alone that fail on their own as well, if there are such.
  std::vector<Objection> narrowed(std::vector<Objection> objections);
  bool demote(const std::vector<Objection> &objections);
  void verifyAll();
};

/// Prints what kept translation units from being parsed.
void reportUnparsed(const Facts &facts, llvm::StringRef root);

} // namespace unlatch
