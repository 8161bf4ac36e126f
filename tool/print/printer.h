// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The forms in which results are printed: one file a format.

#pragma once

#include "tool/decision.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace unlatch {

llvm::StringRef nameOf(Verdict verdict);
llvm::StringRef nameOf(Strategy strategy);
llvm::StringRef nameOf(Mode mode);
llvm::StringRef nameOf(FieldKind kind);

/// The plan's table. `reported` holds the ids of the fields to print.
void printPlanText(llvm::raw_ostream &out, const Decision &decision,
                   const std::set<std::string> &reported, bool withHints);

/// The plan as JSON, as documented.
llvm::json::Object planJson(const Decision &decision, const std::set<std::string> &reported);

/// One field as in planJson().
llvm::json::Object fieldJson(const Decision &decision, const PlannedField &field);

/// The source of a planned section.
struct SectionSource {
  std::map<unsigned, std::string> lines; ///< by number: the lock, every access, every reason
  std::string change;                    ///< lines with '-' and '+': what becomes of them
  std::vector<const Reason *> reasons;   ///< those of the field that stand in it
};
std::vector<SectionSource> sectionSources(const Decision &decision, const PlannedField &field);

/// What the declaration becomes, as SectionSource::change.
std::string declarationChange(const Decision &decision, const PlannedField &field);

/// What somebody could do about a reason, in a sentence.
llvm::StringRef adviceFor(llvm::StringRef reason);

void printExplanationText(llvm::raw_ostream &out, const Decision &decision,
                          const PlannedField &field);

/// A unified diff, coloured if `out` shows colours.
void printDiffText(llvm::raw_ostream &out, llvm::StringRef diff);

/// "broker/io.cpp:30:3"
std::string describePlace(const Location &where, llvm::StringRef root);

} // namespace unlatch
